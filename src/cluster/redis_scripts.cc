#include "cluster/redis_scripts.h"

#include "cluster/redis_attempt_scripts.h"
#include "cluster/redis_party_scripts.h"
#include "cluster/redis_session_scripts.h"

namespace cluster {
namespace {

// `now` in milliseconds, and what all scripts know of nodes. Death is declared by taking a holder
// out of server_nodes; whoever finds itself missing there asks what it still owns.
constexpr const char* kPrelude = R"lua(
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local holder, lease, gone_after = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local lives = {}
local function alive(who)
  if lives[who] == nil then
    local beat = redis.call('ZSCORE', 'server_nodes', who)
    local age = beat and now - tonumber(beat)
    lives[who] = (age and age < lease and
      (age < gone_after or redis.call('PUBSUB', 'NUMSUB', 'alive:' .. who)[2] > 0)) or false
  end
  return lives[who]
end
local function node_of(who) return string.match(who, '^(.*)/[^/]*$') or who end
local function no_pulse()
  local pulse = redis.call('GET', 'cluster_pulse')
  return not pulse or now - tonumber(pulse) > lease / 2
end
)lua";

// A lobby as the scripts give it out: id, node, 1 when the owner lives, fields and values.
constexpr const char* kLobbies = R"lua(
local function row(id)
  local fields = redis.call('HGETALL', 'lobby:' .. id)
  if #fields == 0 then return nil end
  local owner = redis.call('HGET', 'lobby:' .. id, 'owner')
  return {id, node_of(owner), alive(owner) and 1 or 0, fields}
end
local function disown(owner, id)
  redis.call('SREM', 'owned:' .. owner, id)
  if redis.call('EXISTS', 'owned:' .. owner) == 0 then redis.call('ZREM', 'lobby_owners', owner) end
end
local function forget(id)
  local old = redis.call('HMGET', 'lobby:' .. id, 'owner', 'mode', 'region', 'code')
  redis.call('ZREM', 'lobby_index', id)
  if not old[1] then return end
  disown(old[1], id)
  redis.call('ZREM', 'joinable:' .. old[2] .. ':' .. old[3], id)
  if old[4] ~= '' and redis.call('GET', 'code:' .. old[4]) == id then
    redis.call('DEL', 'code:' .. old[4])
  end
  redis.call('DEL', 'lobby:' .. id, 'lobby_holds:' .. id, 'snapshot:' .. id)
end
)lua";

// node_unseen, 1 for the first beat of this process, fields and values of the report -> {1 when
// this node was held for dead, now}
constexpr const char* kBeat = R"lua(
local unseen = tonumber(ARGV[4])
local lapsed = alive(holder) and 0 or 1
if ARGV[5] == '1' then
  for _, other in ipairs(redis.call('ZRANGE', 'server_nodes', 0, 999)) do
    if other ~= holder and node_of(other) == node_of(holder) then
      redis.call('ZREM', 'server_nodes', other)
    end
  end
end
if no_pulse() then redis.call('SET', 'cluster_calm', now, 'PX', lease) end
redis.call('SET', 'cluster_pulse', now, 'PX', lease * 4)
redis.call('ZREMRANGEBYSCORE', 'server_nodes', '-inf', now - unseen)
redis.call('ZADD', 'server_nodes', now, holder)
redis.call('PEXPIRE', 'server_nodes', unseen)
if #ARGV > 5 then redis.call('HSET', 'server_node:' .. holder, unpack(ARGV, 6)) end
redis.call('PEXPIRE', 'server_node:' .. holder, unseen)
return {lapsed, now}
)lua";

// node_unseen -> {{node id, ms since its beat, 1 when alive, {fields and values}}, ...}
constexpr const char* kNodes = R"lua(
local found = {}
local beats = redis.call('ZRANGEBYSCORE', 'server_nodes', now - tonumber(ARGV[4]), '+inf',
                         'WITHSCORES', 'LIMIT', 0, 1000)
for i = 1, #beats, 2 do
  local report = redis.call('HGETALL', 'server_node:' .. beats[i])
  if #report > 0 then
    found[#found + 1] = {node_of(beats[i]), now - tonumber(beats[i + 1]),
                         alive(beats[i]) and 1 or 0, report}
  end
end
return found
)lua";

// -> 1 when more lobbies are left to forget: call again
constexpr const char* kLeave = R"lua(
redis.call('ZREM', 'server_nodes', holder)
redis.call('DEL', 'server_node:' .. holder)
for _, id in ipairs(redis.call('SRANDMEMBER', 'owned:' .. holder, 500)) do
  if redis.call('HGET', 'lobby:' .. id, 'owner') == holder then forget(id) end
  redis.call('SREM', 'owned:' .. holder, id)
end
if redis.call('EXISTS', 'owned:' .. holder) == 1 then return 1 end
redis.call('ZREM', 'lobby_owners', holder)
return 0
)lua";

// id, fence, life, rank among joinable lobbies or '', created, code, mode, region, fields and
// values
// -> 0 when another node owns the lobby
constexpr const char* kPublish = R"lua(
local id, fence, life, rank = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local code, mode, region = ARGV[9], ARGV[10], ARGV[11]
local key, joinable = 'lobby:' .. id, 'joinable:' .. mode .. ':' .. region
local old = redis.call('HMGET', key, 'owner', 'fence', 'mode', 'region', 'code')
if old[1] then
  if tonumber(old[2]) > fence or (tonumber(old[2]) == fence and old[1] ~= holder) then return 0 end
  if old[1] ~= holder then
    disown(old[1], id)
    redis.call('PUBLISH', 'alive:' .. old[1], id)
  end
  if old[3] ~= mode or old[4] ~= region then
    redis.call('ZREM', 'joinable:' .. old[3] .. ':' .. old[4], id)
  end
  if old[5] ~= '' and old[5] ~= code then redis.call('DEL', 'code:' .. old[5]) end
end
redis.call('HSET', key, 'owner', holder, 'fence', ARGV[5], 'code', code, 'mode', mode,
           'region', region, 'created', ARGV[8], unpack(ARGV, 12))
redis.call('PEXPIRE', key, life)
redis.call('ZADD', 'lobby_index', ARGV[8], id)
redis.call('PEXPIRE', 'lobby_index', life)
redis.call('SADD', 'owned:' .. holder, id)
redis.call('PEXPIRE', 'owned:' .. holder, life)
redis.call('ZADD', 'lobby_owners', now, holder)
redis.call('PEXPIRE', 'lobby_owners', life)
if rank == '' then
  redis.call('ZREM', joinable, id)
else
  redis.call('ZADD', joinable, rank, id)
  redis.call('PEXPIRE', joinable, life)
end
if code ~= '' then redis.call('SET', 'code:' .. code, id, 'PX', life) end
return 1
)lua";

// id, fence
constexpr const char* kClose = R"lua(
local old = redis.call('HMGET', 'lobby:' .. ARGV[4], 'owner', 'fence')
if old[1] == holder and old[2] == ARGV[5] then forget(ARGV[4]) end
return 1
)lua";

// id or code -> row
constexpr const char* kLocate = R"lua(
local found = row(ARGV[4])
if not found then
  local id = redis.call('GET', 'code:' .. ARGV[4])
  found = id and row(id)
end
return found
)lua";

// from, limit, mode, then 1 or 0 each: private, full, in progress, finished
// -> {next or 0, {rows}}
constexpr const char* kBrowse = R"lua(
local from, limit, mode = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local rows, at, stale = {}, from, {}
local ids = redis.call('ZRANGE', 'lobby_index', from, from + 499)
for _, id in ipairs(ids) do
  if #rows == limit then break end
  at = at + 1
  local r = redis.call('HMGET', 'lobby:' .. id, 'owner', 'mode', 'private', 'players', 'max',
                       'status')
  if not r[1] then
    stale[#stale + 1] = id
  elseif alive(r[1]) and (mode == '' or mode == r[2]) and (ARGV[7] == '1' or r[3] == '0') and
      (ARGV[8] == '1' or tonumber(r[4]) < tonumber(r[5])) and
      (r[6] == 'waiting' or (r[6] == 'playing' and ARGV[9] == '1') or
       (r[6] == 'finished' and ARGV[10] == '1')) then
    rows[#rows + 1] = row(id)
  end
end
if at >= from + #ids and #ids < 500 then
  at = 0
elseif at > #stale then
  for _, id in ipairs(stale) do redis.call('ZREM', 'lobby_index', id) end
  at = at - #stale
end
return {at, rows}
)lua";

// name of the hold, its life, mode, lobby to avoid, seats, regions -> row
constexpr const char* kFind = R"lua(
local hold, life, mode, avoid, seats = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7],
                                       tonumber(ARGV[8])
local draining = {}
local function drains(who)
  if draining[who] == nil then
    draining[who] = redis.call('HGET', 'server_node:' .. who, 'draining') == '1'
  end
  return draining[who]
end
for i = 9, #ARGV do
  local joinable = 'joinable:' .. mode .. ':' .. ARGV[i]
  for _, id in ipairs(redis.call('ZRANGE', joinable, 0, 255)) do
    local r = redis.call('HMGET', 'lobby:' .. id, 'owner', 'players', 'max')
    if not r[1] then
      redis.call('ZREM', joinable, id)
    elseif id ~= avoid and alive(r[1]) and not drains(r[1]) then
      local holds = 'lobby_holds:' .. id
      redis.call('ZREMRANGEBYSCORE', holds, '-inf', now)
      if tonumber(r[2]) + redis.call('ZCARD', holds) + seats <= tonumber(r[3]) then
        for seat = 1, seats do redis.call('ZADD', holds, now + life, hold .. ':' .. seat) end
        redis.call('PEXPIRE', holds, life)
        return row(id)
      end
    end
  end
end
return nil
)lua";

// limit -> {rows}
constexpr const char* kOrphans = R"lua(
local limit, rows = tonumber(ARGV[4]), {}
for _, owner in ipairs(redis.call('ZRANGE', 'lobby_owners', 0, 99)) do
  if not alive(owner) then
    local ids = redis.call('SRANDMEMBER', 'owned:' .. owner, limit)
    if #ids == 0 then redis.call('ZREM', 'lobby_owners', owner) end
    for _, id in ipairs(ids) do
      if redis.call('HGET', 'lobby:' .. id, 'owner') ~= owner then
        redis.call('SREM', 'owned:' .. owner, id)
      elseif #rows < limit then
        rows[#rows + 1] = row(id)
      end
    end
  end
end
return rows
)lua";

// id, life -> nil, 0 or row
constexpr const char* kTakeOver = R"lua(
local id, life = ARGV[4], ARGV[5]
local key = 'lobby:' .. id
local old = redis.call('HMGET', key, 'owner', 'fence')
if not old[1] then return nil end
if alive(old[1]) or not alive(holder) or no_pulse() or redis.call('EXISTS', 'cluster_calm') == 1 then
  return 0
end
redis.call('ZREM', 'server_nodes', old[1])
redis.call('PUBLISH', 'alive:' .. old[1], id)
redis.call('HSET', key, 'owner', holder, 'fence', string.format('%.0f', tonumber(old[2]) + 1))
redis.call('PEXPIRE', key, life)
redis.call('DEL', 'lobby_holds:' .. id)
disown(old[1], id)
redis.call('SADD', 'owned:' .. holder, id)
redis.call('PEXPIRE', 'owned:' .. holder, life)
redis.call('ZADD', 'lobby_owners', now, holder)
redis.call('PEXPIRE', 'lobby_owners', life)
return row(id)
)lua";

// id, fence as 20 digits, life, bytes
constexpr const char* kWriteSnapshot = R"lua(
local key = 'snapshot:' .. ARGV[4]
local have = redis.call('GETRANGE', key, 0, 19)
if have > ARGV[5] then return 0 end
redis.call('SET', key, ARGV[5] .. ARGV[7], 'PX', ARGV[6])
return 1
)lua";

// requeue() puts a ticket back where it was.
constexpr const char* kTickets = R"lua(
local function queue_of(mode, region) return 'queue:' .. mode .. ':' .. region end
local function requeue(id)
  redis.call('ZREM', 'ticket_holds', id)
  local t = redis.call('HMGET', 'ticket:' .. id, 'state', 'mode', 'home', 'queued')
  if t[1] ~= 'forming' then return end
  redis.call('HSET', 'ticket:' .. id, 'state', 'waiting', 'match', '')
  local queue = queue_of(t[2], t[3])
  redis.call('ZADD', queue, t[4], id)
  redis.call('PEXPIRE', queue, 3600000)
  redis.call('SADD', 'queue_regions:' .. t[2], t[3])
  redis.call('PEXPIRE', 'queue_regions:' .. t[2], 3600000)
end
local function return_expired()
  local late = redis.call('ZRANGEBYSCORE', 'ticket_holds', '-inf', now, 'LIMIT', 0, 500)
  for _, id in ipairs(late) do requeue(id) end
end
local function players_of(id)
  local all = {}
  for p in string.gmatch(redis.call('HGET', 'ticket:' .. id, 'players') or '', '[^\n]+') do
    all[#all + 1] = p
  end
  return all
end
local function free(id)
  for _, p in ipairs(players_of(id)) do
    if redis.call('GET', 'player_ticket:' .. p) == id then
      redis.call('DEL', 'player_ticket:' .. p)
    end
  end
end
)lua";

// id, mode, regions by line, players by line, skill, queue time or 0, life, node
// -> its queue time, or -1 when a player waits elsewhere
constexpr const char* kEnqueue = R"lua(
local id, mode, life = ARGV[4], ARGV[5], ARGV[10]
local key = 'ticket:' .. id
local queued = redis.call('HGET', key, 'queued')
if queued then return tonumber(queued) end
for p in string.gmatch(ARGV[7], '[^\n]+') do
  local other = redis.call('GET', 'player_ticket:' .. p)
  local state = other and redis.call('HGET', 'ticket:' .. other, 'state')
  if state and state ~= 'assigned' then return -1 end
end
queued = tonumber(ARGV[9])
if queued == 0 then queued = now end
local home = string.match(ARGV[6], '^[^\n]+')
redis.call('HSET', key, 'state', 'waiting', 'mode', mode, 'home', home, 'regions', ARGV[6],
           'players', ARGV[7], 'skill', ARGV[8], 'queued', string.format('%.0f', queued),
           'node', ARGV[11], 'match', '', 'place', '')
redis.call('PEXPIRE', key, life)
for p in string.gmatch(ARGV[7], '[^\n]+') do
  redis.call('SET', 'player_ticket:' .. p, id, 'PX', life)
end
redis.call('ZADD', queue_of(mode, home), queued, id)
redis.call('PEXPIRE', queue_of(mode, home), 3600000)
redis.call('SADD', 'queue_regions:' .. mode, home)
redis.call('PEXPIRE', 'queue_regions:' .. mode, 3600000)
return queued
)lua";

// id -> 0 when it is assigned
constexpr const char* kCancel = R"lua(
local key = 'ticket:' .. ARGV[4]
local t = redis.call('HMGET', key, 'state', 'mode', 'home')
if t[1] == 'assigned' then return 0 end
if t[1] then
  redis.call('ZREM', queue_of(t[2], t[3]), ARGV[4])
  redis.call('ZREM', 'ticket_holds', ARGV[4])
  free(ARGV[4])
  redis.call('DEL', key)
end
return 1
)lua";

// {fields and values, place in the queue or -1, length of the queue, mean wait or -1, now}
constexpr const char* kStatusOf = R"lua(
local function status(id)
  local fields = redis.call('HGETALL', 'ticket:' .. id)
  if #fields == 0 then return nil end
  local t = redis.call('HMGET', 'ticket:' .. id, 'mode', 'home')
  local queue = queue_of(t[1], t[2])
  local wait = redis.call('GET', 'queue_wait:' .. t[1] .. ':' .. t[2])
  return {id, fields, redis.call('ZRANK', queue, id) or -1, redis.call('ZCARD', queue),
          wait and math.floor(tonumber(wait)) or -1, now}
end
)lua";

// id -> status
constexpr const char* kStatus = R"lua(
return_expired()
return status(ARGV[4])
)lua";

// player, node -> status
constexpr const char* kAdopt = R"lua(
local id = redis.call('GET', 'player_ticket:' .. ARGV[4])
if not id or redis.call('EXISTS', 'ticket:' .. id) == 0 then return nil end
local kept = {}
if #players_of(id) > 1 then
  for n in string.gmatch(redis.call('HGET', 'ticket:' .. id, 'node'), '[^\n]+') do
    if n ~= ARGV[5] and #kept < 7 then kept[#kept + 1] = n end
  end
end
kept[#kept + 1] = ARGV[5]
redis.call('HSET', 'ticket:' .. id, 'node', table.concat(kept, '\n'))
return_expired()
return status(id)
)lua";

// mode, limit -> {now, {{id, fields}, ...}, {{region, mean wait}, ...}}
constexpr const char* kWaiting = R"lua(
return_expired()
local mode, limit = ARGV[4], tonumber(ARGV[5])
local all, waits = {}, {}
for _, region in ipairs(redis.call('SMEMBERS', 'queue_regions:' .. mode)) do
  local wait = redis.call('GET', 'queue_wait:' .. mode .. ':' .. region)
  if wait then waits[#waits + 1] = {region, math.floor(tonumber(wait))} end
  local queue = queue_of(mode, region)
  local ids = redis.call('ZRANGE', queue, 0, limit - 1, 'WITHSCORES')
  if #ids == 0 then redis.call('SREM', 'queue_regions:' .. mode, region) end
  for i = 1, #ids, 2 do
    all[#all + 1] = {ids[i], tonumber(ids[i + 1]), queue}
  end
end
table.sort(all, function(a, b) return a[2] < b[2] or (a[2] == b[2] and a[1] < b[1]) end)
local found = {}
for _, each in ipairs(all) do
  if #found == limit then break end
  local fields = redis.call('HMGET', 'ticket:' .. each[1], 'mode', 'regions', 'players', 'skill',
                            'queued', 'state')
  if fields[6] == 'waiting' then
    found[#found + 1] = {each[1], fields[1], fields[2], fields[3], fields[4], fields[5]}
  else
    redis.call('ZREM', each[3], each[1])
  end
end
return {now, found, waits}
)lua";

// match, life of the hold, ids -> 0 when one does not wait any more
constexpr const char* kTake = R"lua(
for i = 6, #ARGV do
  if redis.call('HGET', 'ticket:' .. ARGV[i], 'state') ~= 'waiting' then return 0 end
end
for i = 6, #ARGV do
  local key = 'ticket:' .. ARGV[i]
  local t = redis.call('HMGET', key, 'mode', 'home')
  redis.call('HSET', key, 'state', 'forming', 'match', ARGV[4])
  redis.call('ZREM', queue_of(t[1], t[2]), ARGV[i])
  redis.call('ZADD', 'ticket_holds', now + tonumber(ARGV[5]), ARGV[i])
end
redis.call('PEXPIRE', 'ticket_holds', 3600000)
return 1
)lua";

// match, place, how long it is remembered, ids -> {ids that were in the match}
constexpr const char* kAssign = R"lua(
local kept = {}
for i = 7, #ARGV do
  local key = 'ticket:' .. ARGV[i]
  local t = redis.call('HMGET', key, 'state', 'match', 'mode', 'home', 'queued', 'node')
  if t[2] == ARGV[4] and (t[1] == 'forming' or t[1] == 'assigned') then
    kept[#kept + 1] = ARGV[i]
    if t[1] == 'forming' then
      redis.call('ZREM', 'ticket_holds', ARGV[i])
      redis.call('HSET', key, 'state', 'assigned', 'place', ARGV[5])
      redis.call('PEXPIRE', key, ARGV[6])
      for _, p in ipairs(players_of(ARGV[i])) do
        redis.call('PEXPIRE', 'player_ticket:' .. p, ARGV[6])
      end
      local wait_key = 'queue_wait:' .. t[3] .. ':' .. t[4]
      local waited = math.max(0, now - tonumber(t[5]))
      local before = tonumber(redis.call('GET', wait_key) or waited)
      redis.call('SET', wait_key, string.format('%.0f', before + (waited - before) / 16),
                 'PX', 3600000)
      for n in string.gmatch(t[6], '[^\n]+') do
        redis.call('PUBLISH', 'assigned:' .. n, ARGV[i] .. '\n' .. ARGV[5])
      end
    end
  end
end
return kept
)lua";

// match, ids
constexpr const char* kGiveBack = R"lua(
for i = 5, #ARGV do
  if redis.call('HGET', 'ticket:' .. ARGV[i], 'match') == ARGV[4] then requeue(ARGV[i]) end
end
return 1
)lua";

// life, node, ids -> for each {state, place}; the state is '' when it is forgotten, moved when it
// is in another node's care
constexpr const char* kTouch = R"lua(
return_expired()
local states = {}
for i = 6, #ARGV do
  local key = 'ticket:' .. ARGV[i]
  local t = redis.call('HMGET', key, 'state', 'place', 'node')
  local ours = string.find('\n' .. (t[3] or '') .. '\n', '\n' .. ARGV[5] .. '\n', 1, true)
  states[#states + 1] = {t[1] and not ours and 'moved' or t[1] or '', t[2] or ''}
  if t[1] and t[1] ~= 'assigned' and ours then
    redis.call('PEXPIRE', key, ARGV[4])
    for _, p in ipairs(players_of(ARGV[i])) do
      redis.call('SET', 'player_ticket:' .. p, ARGV[i], 'PX', ARGV[4])
    end
  end
end
return states
)lua";

std::string plain(const char* body) { return std::string(kPrelude) + body; }
std::string of_lobbies(const char* body) { return plain(kLobbies) + body; }
std::string of_sessions(const char* body) { return plain(kRemember) + body; }
std::string of_tickets(const char* body) { return plain(kTickets) + body; }
std::string with_status(const char* body) { return plain(kTickets) + kStatusOf + body; }

}  // namespace

const Scripts& scripts() {
  static const Scripts all{
      .beat = Script(plain(kBeat)),
      .nodes = Script(plain(kNodes)),
      .leave = Script(of_lobbies(kLeave)),
      .publish = Script(of_lobbies(kPublish)),
      .close = Script(of_lobbies(kClose)),
      .locate = Script(of_lobbies(kLocate)),
      .browse = Script(of_lobbies(kBrowse)),
      .find = Script(of_lobbies(kFind)),
      .orphans = Script(of_lobbies(kOrphans)),
      .take_over = Script(of_lobbies(kTakeOver)),
      .write_snapshot = Script(plain(kWriteSnapshot)),
      .session_started = Script(of_sessions(kSessionStarted)),
      .session_ended = Script(of_sessions(kSessionEnded)),
      .attempt = Script(plain(kAttempt)),
      .attempt_succeeded = Script(plain(kAttemptSucceeded)),
      .notice = Script(plain(kNotice)),
      .spoken = Script(plain(kSpoken)),
      .missed = Script(plain(kMissed)),
      .enqueue = Script(of_tickets(kEnqueue)),
      .cancel = Script(of_tickets(kCancel)),
      .status = Script(with_status(kStatus)),
      .adopt = Script(with_status(kAdopt)),
      .waiting = Script(of_tickets(kWaiting)),
      .take = Script(of_tickets(kTake)),
      .assign = Script(of_tickets(kAssign)),
      .give_back = Script(of_tickets(kGiveBack)),
      .touch = Script(of_tickets(kTouch)),
      .party_create = Script(plain(kPartyPrelude) + kPartyCreate),
      .party_join = Script(plain(kPartyPrelude) + kPartyJoin),
      .party_leave = Script(plain(kPartyPrelude) + kPartyLeave),
      .party_wait = Script(plain(kPartyPrelude) + kPartyWait),
      .party_look = Script(plain(kPartyPrelude) + kPartyLook),
  };
  return all;
}

std::vector<const Script*> all_scripts() {
  const Scripts& all = scripts();
  return {&all.beat,          &all.nodes,          &all.leave,
          &all.publish,       &all.close,          &all.locate,
          &all.browse,        &all.find,           &all.orphans,
          &all.take_over,     &all.write_snapshot, &all.session_started,
          &all.session_ended, &all.attempt,        &all.attempt_succeeded,
          &all.notice,        &all.spoken,         &all.missed,
          &all.enqueue,       &all.cancel,         &all.status,
          &all.adopt,         &all.waiting,        &all.take,
          &all.assign,        &all.give_back,      &all.touch,
          &all.party_create,  &all.party_join,     &all.party_leave,
          &all.party_wait,    &all.party_look};
}

}  // namespace cluster
