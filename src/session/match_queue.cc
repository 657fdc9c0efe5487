#include "session/match_queue.h"

#include <algorithm>
#include <future>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "cluster/memory_cluster.h"
#include "wire/queue_packets.h"

namespace session {
namespace {

constexpr std::size_t kMostRegions = cluster::kMaxRegions;

MatchHost::Settings with_regions(MatchHost::Settings settings,
                                 std::function<bool(const std::string&)> serves) {
  settings.serves = std::move(serves);
  return settings;
}

}  // namespace

MatchQueue::MatchQueue(cluster::Cluster& cluster, lobby::Directory& directory, Settings settings,
                       Outlet outlet)
    : cluster_(cluster),
      settings_(std::move(settings)),
      outlet_(std::move(outlet)),
      host_(cluster, directory, gauge_,
            with_regions(settings_.host, [this](const std::string& region) {
              // A region without nodes is served by whoever finds its players.
              return region == settings_.host.region || !regions_.contains(region);
            })) {
  regions_.insert(settings_.host.region);
  cluster_.tickets().on_assigned(
      [this](const cluster::Ticket& ticket, const std::string& place) { call(ticket, place); });
  cluster_.parties().on_changed([this](const std::string& code) { changed(code); });
  if (settings_.alone) return;
  own_ = cluster::make_memory_cluster(cluster_.node_id());
  own_host_ = std::make_unique<MatchHost>(*own_, directory, gauge_, settings_.host);
  own_->tickets().on_assigned([this](const cluster::Ticket& ticket, const std::string& place) {
    post([this, ticket, place] { call(ticket, place); });
  });
}

MatchQueue::~MatchQueue() { stop(); }

void MatchQueue::start() {
  started_ = true;
  host_.start();
  if (own_) {
    own_host_->pause(true);
    own_->start();
    own_host_->start();
  }
  cluster_.after(settings_.watch, [this] { watch(); });
}

void MatchQueue::stop() {
  {
    const std::lock_guard lock(gate_);
    if (stopped_.exchange(true) || !started_) return;
  }
  // Where it is used.
  std::promise<void> ended;
  cluster_.after(std::chrono::milliseconds(0), [this, &ended] {
    own_.reset();
    ended.set_value();
  });
  ended.get_future().wait();
}

void MatchQueue::drain() {
  host_.pause(true);
  post([this] {
    drained_ = true;
    if (own_host_) own_host_->pause(true);
  });
}

void MatchQueue::post(std::function<void()> fn) {
  const std::lock_guard lock(gate_);
  if (stopped_) return;
  cluster_.after(std::chrono::milliseconds(0), [this, fn = std::move(fn)] {
    if (!stopped_) fn();
  });
}

cluster::Tickets& MatchQueue::tickets(bool own) {
  return own && own_ ? own_->tickets() : cluster_.tickets();
}

bool MatchQueue::reachable() const { return !own_ || cluster_.gauge().connected; }

// --- who is here ---

MatchQueue::Person* MatchQueue::find(lobby::SessionRef session) {
  const auto found = people_.find({session.shard, session.number});
  return found == people_.end() ? nullptr : &found->second;
}

// One place a player: whoever shows the pass of another connection has its place from now on.
MatchQueue::Person& MatchQueue::arrive(const QueuePlayer& player, const std::string& pass) {
  const Ref ref{player.session.shard, player.session.number};
  Person& person = people_[ref];
  person.who = player;
  const std::string key = !player.account.empty() ? "account:" + player.account
                          : !pass.empty()         ? "guest:" + pass
                          : !person.key.empty()   ? person.key
                                                  : "guest:" + base::secure_id();
  if (key == person.key) return person;
  if (!person.wait.empty()) drop(std::string(person.wait), true, "");
  if (!person.party.empty()) leave_party_now(person);
  if (!person.key.empty()) by_key_.erase(person.key);
  const auto before = by_key_.find(key);
  if (before != by_key_.end() && before->second != ref) {
    Person older = std::move(people_.at(before->second));
    people_.erase(before->second);
    const auto wait = waits_.find(older.wait);
    if (wait != waits_.end()) {
      wait->second.people.erase(before->second);
      wait->second.people.insert(ref);
    }
    const auto party = parties_.find(older.party);
    if (party != parties_.end()) {
      party->second.people.erase(before->second);
      party->second.people.insert(ref);
    }
    person.wait = older.wait;
    person.party = older.party;
    person.skill = older.skill;
    std::string packet;
    wire::queue_failed(packet, "You wait on another connection");
    tell(older, packet);
  }
  person.key = key;
  by_key_[key] = ref;
  return person;
}

void MatchQueue::with_skill(lobby::SessionRef session, std::function<void(Person&)> then) {
  Person* person = find(session);
  if (person == nullptr) return;
  const std::uint64_t attempt = ++person->attempt;
  person->asking = true;
  const auto go_on = [this, session, attempt, then = std::move(then)](double skill) {
    Person* asking = find(session);
    if (asking == nullptr || asking->attempt != attempt) return;
    asking->skill = skill;
    then(*asking);
  };
  if (person->who.account.empty() || !outlet_.skill) return go_on(settings_.newcomer);
  outlet_.skill(person->who.account,
                [this, go_on](double skill) { post([go_on, skill] { go_on(skill); }); });
}

// --- into the queue ---

void MatchQueue::join(const QueuePlayer& player, const wire::QueueJoin& wish) {
  post([this, player, wish] { do_join(player, wish); });
}

void MatchQueue::do_join(const QueuePlayer& player, const wire::QueueJoin& wish) {
  const std::vector<std::string>& modes = settings_.host.modes;
  if (std::find(modes.begin(), modes.end(), wish.mode) == modes.end())
    return fail(player.session, "There is no queue for this game mode");
  Person& person = arrive(player, wish.pass);
  person.called.reset();
  if (const auto wait = waits_.find(person.wait); wait != waits_.end()) {
    wait->second.told_at = {};
    return tell_status(wait->second);  // said again
  }
  if (!wish.party.empty() && party_code_of(wish.party) != person.party)
    return fail(player.session, "You are not in this party");
  if (const auto party = parties_.find(person.party);
      party != parties_.end() && party->second.party.leader != person.key)
    return fail(player.session, "Only the leader of the party can do that");
  with_skill(player.session, [this, wish](Person& ready) {
    const bool is_new = wish.pass.empty() && ready.who.account.empty();
    if (is_new) return begin(ready, wish, 0);
    resume(ready, wish);
  });
}

// May have been waiting, on another connection.
void MatchQueue::resume(Person& person, const wire::QueueJoin& wish) {
  cluster_.tickets().adopt(person.key,
                           [this, session = person.who.session, attempt = person.attempt,
                            wish](const base::Result<cluster::TicketStatus>& found) {
                             Person* waiting = find(session);
                             if (waiting == nullptr || waiting->attempt != attempt) return;
                             if (!found) return begin(*waiting, wish, 0);
                             resumed(session, wish, *found);
                           });
}

void MatchQueue::resumed(lobby::SessionRef session, const wire::QueueJoin& wish,
                         const cluster::TicketStatus& found) {
  Person& person = *find(session);
  person.asking = false;
  if (found.state == cluster::TicketState::assigned) {
    // An account that does not say that it was waiting wants another match than its last one.
    if (wish.pass.empty()) return begin(person, wish, 0);
    Wait& wait = waits_[found.ticket.id];
    wait.ticket = found.ticket;
    wait.people.insert({session.shard, session.number});
    person.wait = found.ticket.id;
    return call(found.ticket, found.place);
  }
  if (found.ticket.players.size() > 1) {  // stays with the others
    Wait& wait = waits_[found.ticket.id];
    wait.ticket = found.ticket;
    wait.party = person.party;
    wait.people.insert({session.shard, session.number});
    person.wait = found.ticket.id;
    return learn(wait, found);
  }
  person.asking = true;
  // A new ticket at the old place: the node it was on cancels the old one as soon as it misses him.
  cluster_.tickets().cancel(found.ticket.id,
                            [this, session, attempt = person.attempt, wish,
                             queued = found.ticket.queued_ms](const base::Result<void>&) {
                              Person* waiting = find(session);
                              if (waiting != nullptr && waiting->attempt == attempt)
                                begin(*waiting, wish, queued);
                            });
}

std::vector<std::string> MatchQueue::regions_of(const wire::QueueJoin& wish) const {
  std::vector<std::string> regions{wish.region.empty() ? settings_.host.region : wish.region};
  const auto add = [&regions](const std::string& region) {
    if (regions.size() < kMostRegions &&
        std::find(regions.begin(), regions.end(), region) == regions.end())
      regions.push_back(region);
  };
  for (const std::string& region : wish.regions) add(region);
  if (wish.regions.empty()) {
    for (const std::string& region : regions_) add(region);
  }
  return regions;
}

cluster::Ticket MatchQueue::ticket_of(const Person& person, const wire::QueueJoin& wish) const {
  cluster::Ticket ticket;
  ticket.id = base::secure_id();
  ticket.mode = wish.mode;
  ticket.regions = regions_of(wish);
  const auto party = parties_.find(person.party);
  if (party == parties_.end()) {
    ticket.players = {person.key};
    ticket.skill = person.skill;
    return ticket;
  }
  const std::vector<cluster::PartyMember>& members = party->second.party.members;
  for (const cluster::PartyMember& member : members) {
    ticket.players.push_back(member.player);
    ticket.skill += member.skill / static_cast<double>(members.size());
  }
  return ticket;
}

void MatchQueue::begin(Person& person, const wire::QueueJoin& wish, std::int64_t queued_ms) {
  person.asking = false;
  cluster::Ticket ticket = ticket_of(person, wish);
  ticket.queued_ms = queued_ms;
  if (ticket.players.size() > settings_.host.rules.seats)
    return fail(person.who.session, "The party is too large for a match");
  put(std::move(ticket), person.party);
}

void MatchQueue::put(cluster::Ticket ticket, const std::string& party) {
  Wait& wait = waits_[ticket.id];
  wait.party = party;
  wait.status.ticket = ticket;
  for (const std::string& key : ticket.players) {
    const auto here = by_key_.find(key);
    if (here == by_key_.end()) continue;
    Person& person = people_.at(here->second);
    if (!person.wait.empty() && person.wait != ticket.id) drop(std::string(person.wait), true, "");
    person.wait = ticket.id;
    wait.people.insert(here->second);
    ++gauge_.joined;
  }
  wait.ticket = std::move(ticket);
  count_waiting();
  put_in(wait.ticket.id, !reachable());
}

void MatchQueue::put_in(const std::string& id, bool own) {
  Wait& wait = waits_.at(id);
  wait.own = own;
  wait.missing = 0;
  if (own && wait.people.size() < wait.ticket.players.size()) {
    // Friends on other nodes are out of reach: they wait until the cluster is back.
    wait.own = false;
    own = false;
  }
  tickets(own).enqueue(wait.ticket, [this, id, own](const base::Result<std::int64_t>& queued) {
    if (own) return post([this, id, own, queued] { put_answer(id, own, queued); });
    put_answer(id, own, queued);
  });
}

void MatchQueue::put_answer(const std::string& id, bool own,
                            const base::Result<std::int64_t>& queued) {
  const auto found = waits_.find(id);
  if (found == waits_.end()) {  // did not want to wait any more
    if (queued) tickets(own).cancel(id, {});
    return;
  }
  Wait& wait = found->second;
  if (wait.own != own) return;
  if (!queued && queued.error().code != "unavailable") {
    const bool elsewhere = queued.error().code == "conflict";
    return drop(id, false, elsewhere ? "You wait on another connection already" : "Try again");
  }
  if (queued) wait.ticket.queued_ms = *queued;
  wait.status.ticket = wait.ticket;
  wait.told_at = {};
  if (!queued) return tell_status(wait);  // out of reach: the next look finds it another place
  look_closer(id);                        // and tells
  const auto party = parties_.find(wait.party);
  if (party != parties_.end())
    cluster_.parties().wait_with(wait.party, party->second.party.leader, id, {});
}

// --- out of the queue ---

void MatchQueue::leave(lobby::SessionRef session, bool answer) {
  post([this, session, answer] { do_leave(session, answer); });
}

void MatchQueue::do_leave(lobby::SessionRef session, bool answer) {
  Person* person = find(session);
  if (person != nullptr) {
    ++person->attempt;
    person->asking = false;
    person->called.reset();
    if (!person->wait.empty()) drop(std::string(person->wait), true, "");
  }
  if (!answer) return;
  std::string packet;
  wire::queue_status(packet, {});
  outlet_.tell(session, std::move(packet));
}

// Nobody of this node waits with the ticket any more, and with `cancel` nobody at all. Without a
// reason the players hear that they do not wait.
void MatchQueue::drop(const std::string& ticket, bool cancel, const std::string& reason) {
  const auto found = waits_.find(ticket);
  if (found == waits_.end()) return;
  const Wait wait = std::move(found->second);
  waits_.erase(found);
  std::string packet;
  if (reason.empty()) {
    wire::queue_status(packet, {});
  } else {
    wire::queue_failed(packet, reason);
  }
  for (const Ref& ref : wait.people) {
    const auto person = people_.find(ref);
    if (person == people_.end()) continue;
    person->second.wait.clear();
    ++gauge_.left;
    tell(person->second, packet);
  }
  count_waiting();
  if (!cancel) return;
  tickets(wait.own).cancel(ticket, {});
  const auto party = parties_.find(wait.party);
  if (party != parties_.end() && party->second.party.ticket == ticket)
    cluster_.parties().wait_with(wait.party, party->second.party.leader, "", {});
}

// A match has been made: all of this node who wait with the ticket go to their seats.
void MatchQueue::call(const cluster::Ticket& ticket, const std::string& text) {
  const auto found = waits_.find(ticket.id);
  if (found == waits_.end()) return;  // cancelled too late: nobody comes for the seat
  const Wait wait = std::move(found->second);
  waits_.erase(found);
  const QueuePlace place = place_of(text);
  const std::int64_t waited = std::max<std::int64_t>(0, base::wall_ms() - ticket.queued_ms);
  std::string packet;
  wire::queue_matched(packet, place.lobby, waited);
  const auto now = std::chrono::steady_clock::now();
  for (const Ref& ref : wait.people) {
    const auto at = people_.find(ref);
    if (at == people_.end()) continue;
    Person& person = at->second;
    person.wait.clear();
    person.called = ticket;
    person.called_at = now;
    gauge_.waited(static_cast<std::uint64_t>(waited));
    tell(person, packet);
    outlet_.seat(person.who.session, place);
  }
  count_waiting();
  if (wait.own) cluster_.tickets().cancel(ticket.id, {});  // of before the cluster went away
  const auto party = parties_.find(wait.party);
  if (party != parties_.end() && by_key_.contains(party->second.party.leader))
    cluster_.parties().wait_with(wait.party, party->second.party.leader, "", {});
}

// --- seats ---

void MatchQueue::seated(lobby::SessionRef session) {
  post([this, session] {
    Person* person = find(session);
    if (person == nullptr) return;
    person->called.reset();
    // The answer came after he had been given up.
    if (!person->wait.empty()) drop(std::string(person->wait), true, "");
  });
}

void MatchQueue::refused(lobby::SessionRef session) {
  post([this, session] {
    Person* person = find(session);
    if (person != nullptr && person->called) wait_again(*person);
  });
}

void MatchQueue::turned_away(lobby::SessionRef session, const std::string& reason) {
  post([this, session, reason] {
    Person* person = find(session);
    if (person == nullptr || !person->called) return;
    person->called.reset();
    fail(session, reason);
  });
}

// The seat was lost on the way. One who waited alone is back at his old place; of a party, the
// leader brings it back.
void MatchQueue::wait_again(Person& person) {
  cluster::Ticket ticket = *std::exchange(person.called, std::nullopt);
  const auto party = parties_.find(person.party);
  const bool leads = party != parties_.end() && party->second.party.leader == person.key;
  if (ticket.players.size() > 1 && !leads) {
    fail(person.who.session, "The match could not be reached");
    return;
  }
  ++gauge_.returned;
  ticket.id = base::secure_id();
  put(std::move(ticket), person.party);
}

void MatchQueue::gone(lobby::SessionRef session) {
  post([this, session] {
    Person* person = find(session);
    if (person == nullptr) return;
    ++person->attempt;
    person->called.reset();
    const auto party = parties_.find(person->party);
    bool moved = false;  // plays on from another node
    if (party != parties_.end()) {
      for (const cluster::PartyMember& member : party->second.party.members)
        moved = moved || (member.player == person->key && member.node != cluster_.node_id());
    }
    if (moved) {
      const auto wait = waits_.find(person->wait);
      if (wait != waits_.end()) wait->second.people.erase({session.shard, session.number});
      party->second.people.erase({session.shard, session.number});
      person->wait.clear();
      person->party.clear();
    }
    if (!person->wait.empty()) drop(std::string(person->wait), true, "");
    if (!person->party.empty()) leave_party_now(*person);
    by_key_.erase(person->key);
    people_.erase({session.shard, session.number});
  });
}

}  // namespace session
