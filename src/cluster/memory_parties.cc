#include "cluster/memory_parties.h"

#include <algorithm>
#include <set>

#include "cluster/party_check.h"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;
const base::Error kNotFound{"not_found", "There is no such party."};

auto member_of(Party& party, const std::string& player) {
  return std::find_if(party.members.begin(), party.members.end(),
                      [&](const PartyMember& member) { return member.player == player; });
}

// Somebody left: whom he left behind waits for nothing.
void settle(Party& party) {
  party.ticket.clear();
  if (!party.members.empty() && member_of(party, party.leader) == party.members.end())
    party.leader = party.members.front().player;
}

}  // namespace

MemoryWorld::PartyRecord* MemoryParties::find(const std::string& code) {
  auto& parties = core_.world->parties;
  const auto found = parties.find(code);
  if (found == parties.end()) return nullptr;
  MemoryWorld::PartyRecord& record = found->second;
  const auto now = Clock::now();
  const auto gone = std::erase_if(record.party.members, [&](const PartyMember& member) {
    return record.until.at(member.player) <= now;
  });
  std::erase_if(record.until, [&](const auto& entry) { return entry.second <= now; });
  if (record.party.members.empty()) {
    parties.erase(found);
    return nullptr;
  }
  if (gone > 0) {
    settle(record.party);
    tell(record.party);
  }
  return &record;
}

void MemoryParties::tell(const Party& party) {
  std::set<std::string> nodes;
  for (const PartyMember& member : party.members) nodes.insert(member.node);
  for (const std::string& id : nodes) {
    const MemoryNode* node = core_.world->find_node(id);
    if (node != nullptr && node->on_party)
      node->worker->post([told = node->on_party, code = party.code] { told(code); });
  }
}

base::Result<Party> MemoryParties::create_now(const std::string& code, const PartyMember& founder) {
  if (const auto wrong = what_is_wrong(code, founder)) return base::Error{"invalid", *wrong};
  std::lock_guard lock(core_.world->mutex);
  if (find(code) != nullptr) return base::Error{"conflict", "There is such a party."};
  MemoryWorld::PartyRecord& record = core_.world->parties[code];
  record.party = {.code = code, .leader = founder.player, .members = {founder}, .ticket = ""};
  record.until[founder.player] = Clock::now() + core_.world->timing.party_life;
  tell(record.party);
  return record.party;
}

void MemoryParties::create(const std::string& code, const PartyMember& founder,
                           Answer<Party> answer) {
  core_.give(answer, create_now(code, founder));
}

base::Result<Party> MemoryParties::join_now(const std::string& code, const PartyMember& member) {
  if (const auto wrong = what_is_wrong(code, member)) return base::Error{"invalid", *wrong};
  std::lock_guard lock(core_.world->mutex);
  MemoryWorld::PartyRecord* record = find(code);
  if (record == nullptr) return kNotFound;
  Party& party = record->party;
  const auto known = member_of(party, member.player);
  if (known == party.members.end()) {
    if (party.members.size() >= kMaxParty) return base::Error{"conflict", "The party is full."};
    if (!party.ticket.empty()) return base::Error{"conflict", "The party waits for a match."};
    party.members.push_back(member);
    tell(party);
  } else if (*known != member) {
    *known = member;
    tell(party);
  }
  record->until[member.player] = Clock::now() + core_.world->timing.party_life;
  return party;
}

void MemoryParties::join(const std::string& code, const PartyMember& member, Answer<Party> answer) {
  core_.give(answer, join_now(code, member));
}

base::Result<Party> MemoryParties::leave_now(const std::string& code, const std::string& player) {
  std::lock_guard lock(core_.world->mutex);
  MemoryWorld::PartyRecord* record = find(code);
  if (record == nullptr) return Party{.code = code, .leader = "", .members = {}, .ticket = ""};
  Party& party = record->party;
  const auto known = member_of(party, player);
  if (known == party.members.end()) return party;
  const Party before = party;  // the one who goes hears of it, too
  party.members.erase(known);
  record->until.erase(player);
  settle(party);
  Party left = party;
  if (party.members.empty()) core_.world->parties.erase(code);
  tell(before);
  return left;
}

void MemoryParties::leave(const std::string& code, const std::string& player,
                          Answer<Party> answer) {
  core_.give(answer, leave_now(code, player));
}

base::Result<Party> MemoryParties::wait_now(const std::string& code, const std::string& player,
                                            const std::string& ticket) {
  std::lock_guard lock(core_.world->mutex);
  MemoryWorld::PartyRecord* record = find(code);
  if (record == nullptr) return kNotFound;
  if (record->party.leader != player)
    return base::Error{"conflict", "Only the leader of the party can do that."};
  if (record->party.ticket != ticket) {
    record->party.ticket = ticket;
    tell(record->party);
  }
  return record->party;
}

void MemoryParties::wait_with(const std::string& code, const std::string& player,
                              const std::string& ticket, Answer<Party> answer) {
  core_.give(answer, wait_now(code, player, ticket));
}

void MemoryParties::look(const std::string& code, Answer<Party> answer) {
  base::Result<Party> found = kNotFound;
  {
    std::lock_guard lock(core_.world->mutex);
    if (const auto* record = find(code)) found = record->party;
  }
  core_.give(answer, std::move(found));
}

void MemoryParties::on_changed(std::function<void(const std::string&)> listener) {
  std::lock_guard lock(core_.world->mutex);
  core_.world->nodes[core_.holder].on_party = std::move(listener);
}

}  // namespace cluster
