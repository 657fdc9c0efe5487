#include "cluster/redis_party_scripts.h"

namespace cluster {

// party:{code} has a field for each member, m:{player}: when it was named last, its place in the
// order, its node, skill, id and name, by line.
const char* const kPartyPrelude = R"lua(
local code, life = ARGV[4], tonumber(ARGV[5])
local key = 'party:' .. code
local function field_of(player) return 'm:' .. player end
local function load()
  local all, fields, stale = {}, redis.call('HGETALL', key), {}
  for i = 1, #fields, 2 do
    local player = string.match(fields[i], '^m:(.*)$')
    if player then
      local seen, order, node, skill, id, name =
        string.match(fields[i + 1], '^(%d+)\n(%d+)\n(.-)\n(.-)\n(.-)\n(.*)$')
      if now - tonumber(seen) > life then
        stale[#stale + 1] = fields[i]
      else
        all[#all + 1] = {player = player, order = tonumber(order), node = node, skill = skill,
                         id = id, name = name}
      end
    end
  end
  table.sort(all, function(a, b) return a.order < b.order end)
  return all, stale
end
local function tell(members)
  local told = {}
  for _, m in ipairs(members) do
    if not told[m.node] then redis.call('PUBLISH', 'parties:' .. m.node, code) end
    told[m.node] = true
  end
end
local function put(m)
  redis.call('HSET', key, field_of(m.player),
             string.format('%.0f', now) .. '\n' .. string.format('%.0f', m.order) .. '\n' ..
             m.node .. '\n' .. m.skill .. '\n' .. m.id .. '\n' .. m.name)
  redis.call('PEXPIRE', key, life)
end
local function settle(members)
  redis.call('HSET', key, 'ticket', '')
  local leader = redis.call('HGET', key, 'leader')
  for _, m in ipairs(members) do
    if m.player == leader then return end
  end
  if members[1] then redis.call('HSET', key, 'leader', members[1].player) end
end
local function members_now()
  local all, stale = load()
  if #stale > 0 then
    redis.call('HDEL', key, unpack(stale))
    if #all == 0 then
      redis.call('DEL', key)
    else
      settle(all)
      tell(all)
    end
  end
  return all
end
local function find(members, player)
  for i, m in ipairs(members) do
    if m.player == player then return i, m end
  end
end
local function view(members)
  local rows = {}
  for _, m in ipairs(members) do
    for _, what in ipairs({'player', 'node', 'skill', 'id', 'name'}) do rows[#rows + 1] = m[what] end
  end
  local of = redis.call('HMGET', key, 'leader', 'ticket')
  return {code, of[1] or '', of[2] or '', rows}
end
)lua";

// player, node, skill, id, name -> 0 when there is such a party
const char* const kPartyCreate = R"lua(
if #members_now() > 0 then return 0 end
redis.call('HSET', key, 'leader', ARGV[6], 'ticket', '')
put({player = ARGV[6], order = 0, node = ARGV[7], skill = ARGV[8], id = ARGV[9], name = ARGV[10]})
local members = members_now()
tell(members)
return view(members)
)lua";

// the most members, then as above -> 1 when it is full, 2 when it waits for a match
const char* const kPartyJoin = R"lua(
local members = members_now()
if #members == 0 then return nil end
local _, old = find(members, ARGV[7])
local m = {player = ARGV[7], node = ARGV[8], skill = ARGV[9], id = ARGV[10], name = ARGV[11]}
if not old then
  if #members >= tonumber(ARGV[6]) then return 1 end
  if redis.call('HGET', key, 'ticket') ~= '' then return 2 end
  m.order = members[#members].order + 1
else
  m.order = old.order
end
put(m)
local changed = not old or old.node ~= m.node or old.skill ~= m.skill or old.id ~= m.id or
                old.name ~= m.name
members = members_now()
if changed then tell(members) end
return view(members)
)lua";

// player
const char* const kPartyLeave = R"lua(
local members = members_now()
local at = find(members, ARGV[6])
if #members == 0 then return nil end
if at then
  tell(members)
  table.remove(members, at)
  redis.call('HDEL', key, field_of(ARGV[6]))
  settle(members)
end
local left = view(members)
if #members == 0 then redis.call('DEL', key) end
return left
)lua";

// player, ticket or '' -> 1 when the player does not lead
const char* const kPartyWait = R"lua(
local members = members_now()
if #members == 0 then return nil end
if redis.call('HGET', key, 'leader') ~= ARGV[6] then return 1 end
if redis.call('HGET', key, 'ticket') ~= ARGV[7] then
  redis.call('HSET', key, 'ticket', ARGV[7])
  tell(members)
end
return view(members)
)lua";

const char* const kPartyLook = R"lua(
local members = members_now()
if #members == 0 then return nil end
return view(members)
)lua";

}  // namespace cluster
