#include <algorithm>
#include <utility>

#include "base/random.h"
#include "session/match_queue.h"
#include "wire/queue_packets.h"

// Parties: this node speaks for its own players in them.

namespace session {
namespace {

constexpr std::size_t kCodeLength = 8;  // 40 bits, tried once a second at most, for an hour perhaps

bool has_member(const cluster::Party& party, const std::string& player) {
  return std::any_of(party.members.begin(), party.members.end(),
                     [&](const cluster::PartyMember& member) { return member.player == player; });
}

}  // namespace

// As a person reads it out: see base::parse_lobby_code, which wants longer ones.
std::string MatchQueue::party_code_of(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    code += upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
  }
  return code;
}

cluster::PartyMember MatchQueue::member_of(const Person& person) const {
  return {.player = person.key,
          .id = person.who.id,
          .name = person.who.name,
          .skill = person.skill,
          .node = cluster_.node_id()};
}

void MatchQueue::create_party(const QueuePlayer& player) {
  post([this, player] {
    const Person& person = arrive(player, "");
    if (!person.party.empty()) return tell_party(person);
    with_skill(player.session, [this](Person& founder) {
      cluster_.parties().create(
          base::lobby_code().substr(0, kCodeLength), member_of(founder),
          [this, session = founder.who.session](const base::Result<cluster::Party>& party) {
            enter(session, party);
          });
    });
  });
}

void MatchQueue::join_party(const QueuePlayer& player, const std::string& typed,
                            const std::string& pass) {
  post([this, player, code = party_code_of(typed), pass] {
    Person& person = arrive(player, pass);
    if (person.party == code) return tell_party(person);
    if (!person.party.empty()) leave_party_now(person);
    if (!person.wait.empty()) drop(std::string(person.wait), true, "");
    with_skill(player.session, [this, code](Person& friend_of) {
      cluster_.parties().join(
          code, member_of(friend_of),
          [this, session = friend_of.who.session](const base::Result<cluster::Party>& party) {
            enter(session, party);
          });
    });
  });
}

void MatchQueue::enter(lobby::SessionRef session, const base::Result<cluster::Party>& party) {
  Person* person = find(session);
  if (person != nullptr) person->asking = false;
  if (!party) {
    const std::string& code = party.error().code;
    return party_failed(session, code == "unavailable"
                                     ? "Parties are out of reach. Try again later."
                                     : party.error().message);
  }
  if (person == nullptr) return;  // the party forgets one who is not named again
  person->party = party->code;
  parties_[party->code].people.insert({session.shard, session.number});
  parties_[party->code].named_at = std::chrono::steady_clock::now();
  learn_party(*party);
}

void MatchQueue::leave_party(lobby::SessionRef session) {
  post([this, session] {
    Person* person = find(session);
    if (person != nullptr && !person->party.empty()) return leave_party_now(*person);
    std::string packet;
    wire::party_state(packet, {});
    outlet_.tell(session, std::move(packet));
  });
}

// The others of the party wait for nothing any more: they are fewer than they were.
void MatchQueue::leave_party_now(Person& person) {
  const std::string code = std::exchange(person.party, {});
  if (!person.wait.empty()) drop(std::string(person.wait), true, "");
  cluster_.parties().leave(code, person.key, {});
  const auto party = parties_.find(code);
  if (party != parties_.end()) {
    party->second.people.erase({person.who.session.shard, person.who.session.number});
    if (party->second.people.empty()) parties_.erase(party);
  }
  tell_party(person);
}

void MatchQueue::party_state(lobby::SessionRef session) {
  post([this, session] {
    if (const Person* person = find(session)) return tell_party(*person);
    std::string packet;
    wire::party_state(packet, {});
    outlet_.tell(session, std::move(packet));
  });
}

void MatchQueue::changed(const std::string& code) {
  if (!parties_.contains(code)) return;
  cluster_.parties().look(code, [this, code](const base::Result<cluster::Party>& party) {
    if (party) return learn_party(*party);
    if (party.error().code == "not_found")
      learn_party({.code = code, .leader = "", .members = {}, .ticket = ""});
  });
}

void MatchQueue::learn_party(const cluster::Party& party) {
  const auto found = parties_.find(party.code);
  if (found == parties_.end()) return;
  PartyHere& here = found->second;
  here.party = party;
  for (const Ref& ref : std::set<Ref>(here.people)) {
    const auto at = people_.find(ref);
    if (at != people_.end() && has_member(party, at->second.key)) {
      tell_party(at->second);
      continue;
    }
    here.people.erase(ref);
    if (at == people_.end()) continue;
    at->second.party.clear();
    tell_party(at->second);
  }
  std::vector<std::string> unnamed;
  bool is_here = party.ticket.empty();
  for (auto& [id, wait] : waits_) {
    if (wait.party != party.code) continue;
    is_here = is_here || id == party.ticket;
    if (id != party.ticket && wait.named) unnamed.push_back(id);
    wait.named = wait.named || id == party.ticket;
  }
  const bool somebody = !here.people.empty();
  if (!somebody) parties_.erase(found);
  for (const std::string& id : unnamed) settle(id);
  if (!is_here && somebody) follow(party.code);
}

// The party does not wait with this ticket any more: because there is a match, or because a member
// has gone or cancelled.
void MatchQueue::settle(const std::string& ticket) {
  const auto wait = waits_.find(ticket);
  if (wait == waits_.end()) return;
  tickets(wait->second.own)
      .status(ticket, [this, ticket](const base::Result<cluster::TicketStatus>& status) {
        post([this, ticket, status] {
          if (!status && status.error().code != "not_found") return;
          if (status && status->state == cluster::TicketState::assigned)
            return call(status->ticket, status->place);
          drop(ticket, status.ok(), "");
        });
      });
}

// The leader has begun to wait, here or elsewhere.
void MatchQueue::follow(const std::string& code) {
  const PartyHere& here = parties_.at(code);
  const auto member = people_.find(*here.people.begin());
  if (member == people_.end()) return;
  cluster_.tickets().adopt(member->second.key,
                           [this, code](const base::Result<cluster::TicketStatus>& status) {
                             if (status) followed(code, *status);
                           });
}

void MatchQueue::followed(const std::string& code, const cluster::TicketStatus& status) {
  const auto party = parties_.find(code);
  if (party == parties_.end() || party->second.party.ticket != status.ticket.id) return;
  Wait& wait = waits_[status.ticket.id];
  wait.ticket = status.ticket;
  wait.party = code;
  wait.named = true;
  for (const Ref& ref : party->second.people) {
    const auto at = people_.find(ref);
    if (at == people_.end() || at->second.wait == status.ticket.id) continue;
    if (!at->second.wait.empty()) drop(std::string(at->second.wait), true, "");
    at->second.wait = status.ticket.id;
    at->second.called.reset();
    wait.people.insert(ref);
    ++gauge_.joined;
  }
  count_waiting();
  if (status.state == cluster::TicketState::assigned) return call(status.ticket, status.place);
  wait.told_at = {};
  learn(wait, status);
}

// Members are named again, which is how the others know that they are there; a party that the
// cluster has forgotten is founded anew by its leader's node.
void MatchQueue::name_members() {
  const auto now = std::chrono::steady_clock::now();
  for (auto& [code, here] : parties_) {
    if (now - here.named_at < settings_.name_again) continue;
    here.named_at = now;
    for (const Ref& ref : here.people) {
      const auto at = people_.find(ref);
      if (at == people_.end()) continue;
      const cluster::PartyMember member = member_of(at->second);
      const bool leads = member.player == here.party.leader;
      cluster_.parties().join(
          code, member, [this, code, member, leads](const base::Result<cluster::Party>& party) {
            const auto known = parties_.find(code);
            if (known == parties_.end()) return;
            if (party && !(*party == known->second.party)) learn_party(*party);
            if (!party && party.error().code == "not_found" && leads)
              cluster_.parties().create(code, member, {});
          });
    }
  }
}

void MatchQueue::tell_party(const Person& person) const {
  std::string packet;
  const auto found = parties_.find(person.party);
  if (person.party.empty() || found == parties_.end()) {
    wire::party_state(packet, {});
    return tell(person, packet);
  }
  const cluster::Party& party = found->second.party;
  std::vector<wire::PartyPerson> members;
  std::string_view leader;
  for (const cluster::PartyMember& member : party.members) {
    members.push_back({member.id, member.name});
    if (member.player == party.leader) leader = member.id;
  }
  wire::party_state(packet, {.code = party.code,
                             .leader_id = leader,
                             .members = members,
                             .queued = !party.ticket.empty(),
                             .pass = pass_of(person)});
  tell(person, packet);
}

void MatchQueue::party_failed(lobby::SessionRef session, std::string_view reason) const {
  std::string packet;
  wire::party_failed(packet, reason);
  outlet_.tell(session, std::move(packet));
}

}  // namespace session
