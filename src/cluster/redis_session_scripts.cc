#include "cluster/redis_session_scripts.h"

namespace cluster {

// A player's sessions: id -> 'L' or 'E' and the time it is forgotten. At most 64, the oldest go.
const char* const kRemember = R"lua(
local function remember(player, session, state, life)
  local key = 'session:' .. player
  local all = redis.call('HGETALL', key)
  local known, oldest, age = 0, nil, math.huge
  for i = 1, #all, 2 do
    local till = tonumber(string.sub(all[i + 1], 2))
    if till <= now then
      redis.call('HDEL', key, all[i])
    else
      known = known + 1
      if till < age and all[i] ~= session then oldest, age = all[i], till end
      if all[i] == session and string.sub(all[i + 1], 1, 1) == 'E' then state = 'E' end
    end
  end
  if known >= 64 and oldest then redis.call('HDEL', key, oldest) end
  redis.call('HSET', key, session, state .. string.format('%.0f', now + life))
  redis.call('PEXPIRE', key, life)
end
)lua";

// player, session, life
const char* const kSessionStarted = R"lua(
remember(ARGV[4], ARGV[5], 'L', tonumber(ARGV[6]))
return 1
)lua";

// player, session, life
const char* const kSessionEnded = R"lua(
remember(ARGV[4], ARGV[5], 'E', tonumber(ARGV[6]))
return 1
)lua";

// number, kind, body: told to all nodes now, and for a day to those that come back
const char* const kNotice = R"lua(
local id = redis.call('XADD', 'notices', 'MAXLEN', '~', 10000, '*', 'from', holder,
                      'number', ARGV[4], 'kind', ARGV[5], 'body', ARGV[6])
redis.call('PEXPIRE', 'notices', 86400000)
redis.call('PUBLISH', 'notices', table.concat({id, holder, ARGV[4], ARGV[5] .. ARGV[6]}, '\n'))
return id
)lua";

// For one that joins: {the last entry or nothing, speaker, its last number, speaker, number ...}
const char* const kSpoken = R"lua(
local entries = redis.call('XRANGE', 'notices', '-', '+')
local numbers, answer = {}, {entries[#entries] or {}}
for _, entry in ipairs(entries) do numbers[entry[2][2]] = entry[2][4] end
for speaker, number in pairs(numbers) do
  answer[#answer + 1] = speaker
  answer[#answer + 1] = number
end
return answer
)lua";

// id, speaker, number of the last entry heard: the entries behind it, or all when it is not there,
// for then the stream is another one or has lost its end.
const char* const kMissed = R"lua(
local known, from = redis.call('XRANGE', 'notices', ARGV[4], ARGV[4])[1], '-'
if known and known[2][2] == ARGV[5] and known[2][4] == ARGV[6] then from = '(' .. ARGV[4] end
return redis.call('XRANGE', 'notices', from, '+')
)lua";

}  // namespace cluster
