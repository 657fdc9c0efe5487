#include "cluster/redis_attempt_scripts.h"

namespace cluster {

// window, longest block, memory, 1 to count, then keys and limits -> how long each makes wait. A
// try counts against all when none does. A block begins with the try after the last one that is
// free.
const char* const kAttempt = R"lua(
local window, longest, memory = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local function kept(key)
  local t = redis.call('HMGET', key, 'failures', 'blocks', 'window_end', 'blocked_until')
  return tonumber(t[1] or 0), tonumber(t[2] or 0), tonumber(t[3] or 0), tonumber(t[4] or 0)
end
local function keep(key, life, ...)
  redis.call('HSET', key, ...)
  redis.call('PEXPIRE', key, string.format('%.0f', math.max(life, redis.call('PTTL', key))))
end
local function whole(number) return string.format('%.0f', number) end
local waits, free = {}, true
for i = 8, #ARGV, 2 do
  local key = 'tries:' .. ARGV[i]
  local failures, blocks, window_end, blocked_until = kept(key)
  if failures >= tonumber(ARGV[i + 1]) and blocked_until <= now and now < window_end then
    local length = math.min(window * 2 ^ math.min(blocks, 10), longest)
    blocked_until = now + length
    keep(key, length + memory, 'blocks', blocks + 1, 'window_end', whole(blocked_until),
         'blocked_until', whole(blocked_until))
  end
  waits[#waits + 1] = math.max(0, blocked_until - now)
  free = free and waits[#waits] == 0
end
if free and ARGV[7] == '1' then
  for i = 8, #ARGV, 2 do
    local key = 'tries:' .. ARGV[i]
    local failures, blocks, window_end = kept(key)
    if now >= window_end then failures, window_end = 0, now + window end
    keep(key, window_end - now, 'failures', math.min(failures + 1, tonumber(ARGV[i + 1])),
         'window_end', whole(window_end))
  end
end
return waits
)lua";

// key that is forgotten or '', key that has one try more or ''
const char* const kAttemptSucceeded = R"lua(
if ARGV[4] ~= '' then redis.call('DEL', 'tries:' .. ARGV[4]) end
local key = 'tries:' .. ARGV[5]
if tonumber(redis.call('HGET', key, 'failures') or 0) > 0 then
  redis.call('HINCRBY', key, 'failures', -1)
end
return 1
)lua";

}  // namespace cluster
