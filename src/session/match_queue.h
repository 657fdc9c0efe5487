#pragma once

// Players of this node who wait for a match of their own skill (C3), and their parties.
//
// Tickets wait in the cluster, where every node's MatchHost looks at them. While the cluster cannot
// be reached (C1) the tickets whose players are all on this node wait in a cluster of this node's
// own, in memory, and are matched among themselves; they go back, with their old queue times, when
// it is there again. A player keeps his place on another connection, also on another node, by his
// account or, a guest, by the pass that queue:status has told him.
//
// The files: match_queue.cc who waits and who is called; match_queue_watch.cc what is looked at
// from time to time; match_queue_party.cc parties.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "lobby/directory.h"
#include "session/match_host.h"
#include "session/queue_gauge.h"
#include "wire/client_event.h"

namespace session {

// Who speaks.
struct QueuePlayer {
  lobby::SessionRef session;
  std::string id;       // player id
  std::string account;  // "" = guest
  std::string name;
};

// One a node. Public members may be called from any thread but for start() and stop(), and what
// they do happens on the cluster's thread.
class MatchQueue {
 public:
  struct Settings {
    MatchHost::Settings host;  // `serves` is filled in here
    bool alone = false;        // there can be no other node: the cluster is memory itself
    std::chrono::milliseconds watch{1'000};  // between two looks at those who wait
    std::chrono::milliseconds tell{2'000};   // a status goes out this often though nothing changed
    std::chrono::milliseconds patience{8'000};     // for a seat that was assigned
    std::chrono::milliseconds name_again{10'000};  // of party members
    double newcomer = 1500;                        // rating points of guests
  };

  // Both are called on the cluster's threads and must only pass it on.
  struct Outlet {
    std::function<void(lobby::SessionRef to, std::string packet)> tell;
    // Gives the session the reserved seat; answered by seated() or refused().
    std::function<void(lobby::SessionRef to, const QueuePlace& place)> seat;
    // The rating of an account; `done` from any thread. Empty = everybody is a newcomer.
    std::function<void(const std::string& account, std::function<void(double)> done)> skill;
  };

  // The directory outlives it; the Cluster is destroyed first.
  MatchQueue(cluster::Cluster& cluster, lobby::Directory& directory, Settings settings,
             Outlet outlet);
  ~MatchQueue();

  void start();  // after the cluster's
  void stop();   // before the cluster is destroyed; no more calls afterwards
  // C5: makes no more matches here; who waits may be called by other nodes.
  void drain();

  // What clients ask for.
  void join(const QueuePlayer& player, const wire::QueueJoin& wish);
  void leave(lobby::SessionRef session, bool answer);
  void status(lobby::SessionRef session);
  void create_party(const QueuePlayer& player);
  void join_party(const QueuePlayer& player, const std::string& code, const std::string& pass);
  void leave_party(lobby::SessionRef session);
  void party_state(lobby::SessionRef session);

  // What became of sessions.
  void gone(lobby::SessionRef session);  // the connection, for good
  void seated(lobby::SessionRef session);
  void refused(lobby::SessionRef session);  // the seat is gone: waits again at the old place
  // The lobby does not take him, today or in a moment: he hears why and waits no more. The same
  // seat would be his again and again, as the oldest goes first, and nobody else's.
  void turned_away(lobby::SessionRef session, const std::string& reason);

  const QueueGauge& gauge() const { return gauge_; }

 private:
  using Ref = std::pair<lobby::ShardIndex, std::uint64_t>;
  using Time = std::chrono::steady_clock::time_point;

  // A session that waits or is in a party.
  struct Person {
    QueuePlayer who;
    std::string key;  // as in Ticket::players
    double skill = 1500;
    std::string party;          // code
    std::string wait;           // ticket
    std::uint64_t attempt = 0;  // grows; an answer to an older wish counts for nothing
    bool asking = false;        // an answer is on its way
    // Was called and is on the way to the seat: the ticket, to wait with again.
    std::optional<cluster::Ticket> called;
    Time called_at{};
  };
  // A ticket with players of this node.
  struct Wait {
    cluster::Ticket ticket;
    bool own = false;  // waits in this node's own cluster
    std::string party;
    bool named = false;  // the party has said that it waits with this ticket
    std::set<Ref> people;
    cluster::TicketStatus status;  // the last one known
    Time told_at{};
    int missing = 0;  // looks in a row that did not find it
  };
  struct PartyHere {
    cluster::Party party;
    std::set<Ref> people;
    Time named_at{};
  };

  // --- who waits (match_queue.cc) ---
  void post(std::function<void()> fn);
  Person* find(lobby::SessionRef session);
  Person& arrive(const QueuePlayer& player, const std::string& pass);
  void with_skill(lobby::SessionRef session, std::function<void(Person&)> then);
  void do_join(const QueuePlayer& player, const wire::QueueJoin& wish);
  void resume(Person& person, const wire::QueueJoin& wish);
  void resumed(lobby::SessionRef session, const wire::QueueJoin& wish,
               const cluster::TicketStatus& found);
  void begin(Person& person, const wire::QueueJoin& wish, std::int64_t queued_ms);
  void put(cluster::Ticket ticket, const std::string& party);
  void put_in(const std::string& ticket, bool own);
  void put_answer(const std::string& ticket, bool own, const base::Result<std::int64_t>& queued);
  cluster::Ticket ticket_of(const Person& person, const wire::QueueJoin& wish) const;
  std::vector<std::string> regions_of(const wire::QueueJoin& wish) const;
  void do_leave(lobby::SessionRef session, bool answer);
  void drop(const std::string& ticket, bool cancel, const std::string& reason);
  void call(const cluster::Ticket& ticket, const std::string& place);
  void wait_again(Person& person);
  cluster::Tickets& tickets(bool own);
  bool reachable() const;

  // --- from time to time (match_queue_watch.cc) ---
  void watch();
  void look_at(bool own);
  void looked(bool own, const std::string& mode, const cluster::Tickets::Pool& pool);
  void look_closer(const std::string& ticket);
  void judge(const std::string& ticket, const base::Result<cluster::TicketStatus>& status);
  void change_lanes();
  void learn_nodes();
  void learn(Wait& wait, cluster::TicketStatus status);
  void tell_status(Wait& wait);
  void tell(const Person& person, const std::string& packet) const;
  static std::string_view pass_of(const Person& person);
  std::string status_packet(const Wait& wait, const Person& person) const;
  void fail(lobby::SessionRef session, std::string_view reason) const;
  void count_waiting();
  void sweep();

  // --- parties (match_queue_party.cc) ---
  cluster::PartyMember member_of(const Person& person) const;
  void enter(lobby::SessionRef session, const base::Result<cluster::Party>& party);
  void changed(const std::string& code);
  void learn_party(const cluster::Party& party);
  void settle(const std::string& ticket);
  void follow(const std::string& code);
  void followed(const std::string& code, const cluster::TicketStatus& status);
  void leave_party_now(Person& person);
  void name_members();
  void tell_party(const Person& person) const;
  void party_failed(lobby::SessionRef session, std::string_view reason) const;
  static std::string party_code_of(std::string_view typed);

  cluster::Cluster& cluster_;
  const Settings settings_;
  const Outlet outlet_;
  QueueGauge gauge_;
  std::mutex gate_;  // between post() and the end of the cluster
  std::atomic<bool> stopped_{false};
  MatchHost host_;
  // For when the cluster is away; none where there is only this node.
  std::unique_ptr<cluster::Cluster> own_;
  std::unique_ptr<MatchHost> own_host_;
  bool started_ = false;
  bool drained_ = false;

  // The cluster's thread.
  std::map<Ref, Person> people_;
  std::map<std::string, Ref> by_key_;
  std::map<std::string, Wait> waits_;  // by ticket
  std::map<std::string, PartyHere> parties_;
  std::set<std::string> regions_;  // of nodes that take players
  int away_ = 0;                   // looks in a row without a cluster
  int looks_ = 0;
};

}  // namespace session
