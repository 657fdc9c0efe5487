#pragma once

// One lobby: its seats, its life cycle, its match. Lives on one shard and is only touched there.
//
//   waiting --2 players--> starting --countdown--> playing --victory--> results --> voting --+-->
//   playing (>= 2 stay)
//      ^                      | fewer than 2                                                 |
//      +----------------------+<-------------------------------------------------------------+
//   and closed as soon as the last person is gone (L3).
//
// The files: lobby.cc who sits where; lobby_flow.cc the life cycle; lobby_play.cc the ticks of a
// match; lobby_watch.cc the eye on its people; lobby_save.cc the lobby as bytes; lobby_talk.cc chat
// and reports; lobby_banish.cc whom moderators send away.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lobby/ballot.h"
#include "lobby/directory.h"
#include "lobby/moderator.h"
#include "lobby/outlet.h"
#include "lobby/seat.h"
#include "lobby/types.h"
#include "match/match.h"
#include "match/replay.h"
#include "store/recorder.h"
#include "wire/client_event.h"
#include "wire/events.h"
#include "wire/packets.h"
#include "wire/state.h"

namespace anticheat {
class Watch;
struct Finding;
}  // namespace anticheat

namespace lobby {

struct SavedName;
class Keeper;
class MapPool;
class Navigation;
class ReplayArchive;

// How long things take, in ticks. Defaults from rules 10.1, L7, L8 and wire contract 9.
struct Timing {
  sim::Tick countdown = 10 * sim::kTickRate;
  sim::Tick alone = 3 * sim::kTickRate;  // one person and bots: nobody to wait for
  sim::Tick full = 1 * sim::kTickRate;
  sim::Tick forced = 3 * sim::kTickRate;
  sim::Tick results = 5 * sim::kTickRate;  // from the end of a match to the opening of the vote
  sim::Tick vote =
      10 * sim::kTickRate;          // results + vote = the scoreboard's 15 s, below the client's 30
  sim::Tick state_after_join = 24;  // 400 ms: the waiting room's scene is up (recipe 2)
  sim::Tick late_start = 36;        // 600 ms (recipe 2)
  sim::Tick result_patience =
      5 * sim::kTickRate;  // announce a match end at the latest after this, durable or not
  sim::Tick claim = 60 * sim::kTickRate;  // the players of an adopted lobby come back within (L9)
};

// What a lobby needs of its shard. Outlives the lobby.
struct LobbyContext {
  Outlet& outlet;
  Directory& directory;
  const MapPool& maps;
  store::Recorder& recorder;
  Moderator* moderator = nullptr;    // null: nothing is masked, nobody reported or watched
  ReplayArchive* replays = nullptr;  // null: matches are not recorded
  Keeper* keeper = nullptr;          // null: a lobby ends with its node
  std::function<void(std::function<void()>)> post;  // to the lobby's shard, from any thread
  // A match result of this lobby is durable; set by the engine, called on the shard. The lobby may
  // be gone by then.
  std::function<void(LobbyNumber, std::uint32_t ordinal)> result_kept;
  wire::StateEncoder* states = nullptr;  // set by the engine, shared by its lobbies
  std::string node_id;
  ShardIndex shard = 0;
  std::uint8_t max_players_per_lobby = sim::kMaxPlayers;  // MAX_PLAYERS_PER_LOBBY
  std::uint8_t bot_fill = 0;                              // BOT_FILL
  std::string bot_skill = "normal";
  Timing timing;
  bool draining = false;  // set by the engine: no match after the running one (C5)
};

class Lobby {
 public:
  Lobby(LobbyContext& context, const Directory::Place& place, LobbyOptions options);
  ~Lobby();

  LobbyNumber number() const { return number_; }
  const std::string& id() const { return id_; }
  Status status() const { return status_; }
  bool empty() const { return people() == 0; }
  std::uint64_t fence() const { return fence_; }

  // --- from sessions ---
  void join(const JoinRequest& request);
  // A person leaves for good. Unknown or outdated seats are ignored, here and below.
  void leave(SeatRef seat);
  void transport_lost(SeatRef seat);
  void greet_again(SeatRef seat);  // typed the code of the lobby he sits in
  void resume(SeatRef seat);       // recovered (L9): told all that was missed
  // Another connection of the same account takes the seat (its packets carry the new player id from
  // now on).
  void take_over(SeatRef seat, SessionRef session, const std::string& player_id);
  // A guest turned out to be this account.
  void identify(SeatRef seat, const std::string& account_id, const std::string& name);
  void event(SeatRef seat, const wire::ClientEvent& event);
  void match_command(SeatRef seat, const sim::Command& command);  // input, fire and the like
  bool has_player(std::string_view player_id) const { return slot_of(player_id).has_value(); }
  // A player of this lobby is back on another connection: the seat is its now. Does nothing when
  // he has no seat.
  void reclaim(std::string_view player_id, std::string_view account_id, SessionRef session,
               std::uint64_t ticket);
  // A moderator sends somebody away: seats of his, or ones that he has only just left.
  bool holds(const Banished& whom) const;
  void banish(const Banished& whom);
  // Whether that session has that seat. One of another node says so from time to time, or loses it.
  bool still_here(SeatRef seat, SessionRef session, bool connected);
  void node_lost(NodeIndex node);

  // --- between nodes ---
  // All of the lobby but its connections, in place of what `out` held. About 3 kB, and 13 kB more
  // while there is a match.
  void save(std::string& out) const;
  // Makes this fresh lobby the saved one of the same id; its seats wait for claims. On failure the
  // lobby is to be destroyed.
  base::Result<void> restore(std::string_view bytes);
  // What has to be known to make the lobby that restore() needs.
  static base::Result<SavedName> saved_name(std::string_view bytes);
  // Is this tick one after which the lobby is saved? Lobbies take turns, and none does in a tick
  // that sends states.
  bool save_tick() const;
  // Another node is the owner now. Nothing is stored; the lobby is to be destroyed.
  void lose();
  // The node will stop (C5): dissolves now unless there is a match to be played to its end.
  void drain();

  // --- from the engine ---
  void tick();
  // So many ticks were left out before the next one.
  void stalled(sim::Tick ticks);
  void result_kept(std::uint32_t ordinal);
  // Something is broken here, or staff end it: everybody is told why and sent away, and the lobby
  // closes. Never throws; the lobby is empty afterwards.
  void collapse(std::string_view why = "The lobby broke down");

  struct Shape {  // for health, dashboards and tests
    LobbyNumber number = 0;
    std::string id;
    Status status = Status::waiting;
    int people = 0;
    int bots = 0;
    std::uint16_t red = 0;
    std::uint16_t blue = 0;
  };
  Shape shape() const;
  // The warm-up or match, null while there is none.
  const match::Match* match() const { return match_.get(); }
  // Somebody on a seat, by his id on the wire; bots are nobody.
  std::optional<Accusation::Person> person(std::string_view player_id) const;
  // The same by account, or by the id on the wire.
  std::optional<Accusation::Person> anybody(std::string_view id) const;
  // Who sits where; the views end with the lobby's next change.
  wire::Roster roster() const;

 private:
  // seats (lobby.cc)
  Seat* find(SeatRef ref);
  SeatRef ref_of(sim::Slot slot) const;
  std::optional<sim::Slot> free_slot();
  void admit(sim::Slot slot, const JoinRequest& request);
  void greet(sim::Slot slot, const JoinRequest& request);
  void vacate(sim::Slot slot);
  void expect_sign_of_life(Seat& seat) const;
  void dismiss(sim::Slot slot, std::string_view reason, bool kicked);
  void say_goodbye(sim::Slot slot, std::string_view reason, bool kicked);
  void refuse(SeatRef seat, std::string_view command, std::string_view reason);
  void kick(SeatRef by, std::string_view player_id);
  void hand_over(SeatRef by, std::string_view player_id);
  void change_settings(SeatRef by, const wire::LobbyOptions& wanted);
  void pick_host();
  bool is_host(SeatRef seat);
  int people() const;
  int bots() const;
  int wanted_bots() const;
  void fit_bots();
  void add_bot();
  void drop_bot();
  void remove_bot(sim::Slot slot);
  std::optional<sim::Slot> slot_of(std::string_view player_id) const;

  // bytes (lobby_save.cc)
  template <class Archive>
  void archive(Archive& a);
  base::Result<void> restore_match(std::string_view world);
  void settle_in();
  void dissolve();
  void expire_claims();

  // life cycle (lobby_flow.cc)
  void set_status(Status status);
  void count_changed(bool joined);
  void start_countdown(sim::Tick ticks, bool forced);
  void cancel_countdown(std::string_view reason);
  void begin_match();
  void announce_match(Seat& seat);
  void finish_match();
  void announce_end();
  void announce_end_to(Seat& seat);
  void open_vote();
  void cast_vote(sim::Slot slot, std::string_view option);
  void conclude_vote();
  void back_to_waiting();
  void run_clock();
  void send_lobby_state();
  void lobby_changed();
  static store::Time now();
  void log_end(const match::Outcome& outcome) const;
  void store_result();
  void abandon_match();
  store::MatchResult match_result() const;
  store::MatchPlayer part_of(sim::Slot slot) const;
  std::vector<wire::VoteOption> vote_options() const;
  void tell_vote(const Seat& seat);
  void tell_votes();
  void tell_own_death(sim::Slot slot);
  void note_departure(sim::Slot slot);

  // play (lobby_play.cc)
  void step_match();
  void gather_commands();
  void deliver_events();
  void answer_joins();
  void send_states();
  void send_full_state(sim::Slot slot);
  void balance_bots();
  sim::Team smaller_team() const;
  bool snapshot_tick() const;
  void leave_world(sim::Slot slot);
  void begin_replay(std::uint64_t seed, bool midway = false);
  void record_tick();
  void end_replay();
  void enter_world(sim::Slot slot, const wire::PlayerJoin& join);
  void answer_spawn_position(sim::Slot slot);
  void host_start(SeatRef seat);
  void test_hook(SeatRef seat, const wire::ClientEvent& event);
  void debug_state(const Seat& to_whom);
  std::shared_ptr<const sim::Map> map_for_next() const;
  match::Settings match_settings() const;
  std::uint64_t new_match();

  // eye on cheats (lobby_watch.cc)
  void begin_watch();
  void watch_step();
  void tell_suspicion(const anticheat::Finding& finding);

  // talk (lobby_talk.cc)
  struct Gone {  // somebody of this match or the last
    Accusation::Person person;
    std::uint32_t played = 0;  // the match he was last in, by ordinal
  };
  void chat(sim::Slot slot, const wire::Chat& chat);
  bool same_team(sim::Slot a, sim::Slot b) const;
  static Accusation::Person person_of(const Seat& seat);
  static bool is_meant(const Banished& whom, const Accusation::Person& person);
  void bar(const Accusation::Person& person);
  bool is_barred(const JoinRequest& request) const;
  void remember_gone(const Seat& seat);
  void forget_gone();
  std::optional<Gone> find_fellow(std::string_view player_id) const;
  void report(sim::Slot slot, const wire::Report& wanted);
  void refuse_report(const Seat& reporter, std::string_view target_id, std::string_view reason);
  void judged(SeatRef by, std::string_view target_id, std::string_view target_name,
              const Judgement& judgement);

  // packets
  void to_all(std::string_view packet);
  void to_others(sim::Slot except, std::string_view packet);
  void to(const Seat& seat, std::string_view packet);
  // Events of the last ticks that wait for a seat's next state, or for whatever it is told before.
  struct HeldBack {
    std::string bytes;  // the packets, one after the other
    std::vector<std::size_t> ends;
    void add(std::string_view packet) {
      bytes.append(packet);
      ends.push_back(bytes.size());
    }
    void clear() {
      bytes.clear();
      ends.clear();
    }
  };
  void tell_held_back();
  void tell_held_back(sim::Slot slot);
  wire::LobbyView view() const;

  LobbyContext& context_;
  const LobbyNumber number_;
  const std::string id_;
  const std::string invite_code_;
  const std::uint64_t fence_;
  LobbyOptions options_;
  Status status_ = Status::waiting;
  std::int64_t created_ms_;
  std::array<Seat, sim::kMaxPlayers> seats_;
  sim::Slot host_ = sim::kNoSlot;
  std::vector<std::string> kicked_;  // players and accounts that may not come back
  // Accounts, and networks of guests, that may not come back before a match has ended.
  std::vector<std::string> barred_;
  Ballot ballot_;

  sim::Tick tick_ = 0;           // of the lobby, runs in every status
  sim::Tick countdown_end_ = 0;  // 0 = none
  bool countdown_forced_ = false;
  sim::Tick phase_end_ = 0;  // of results and voting
  sim::Tick state_due_ = 0;  // when to send lobby:state; 0 = nothing new
  sim::Tick last_join_ = 0;

  std::unique_ptr<match::Match> match_;  // warm-up or match; none while nobody entered the world
  std::string match_map_;                // of match_
  std::uint32_t ordinal_ = 0;            // of the match in this lobby, from 1
  std::string match_id_;
  std::int64_t match_began_ms_ = 0;
  bool end_announced_ = false;
  bool result_durable_ = false;
  sim::Tick ended_tick_ = 0;
  sim::Tick forced_start_ = 0;  // test hook: when to begin the forced countdown
  // How the match ended for each, as it was at the end.
  struct Standing {
    std::string id;
    std::string name;
    sim::Team team;
    std::uint32_t kills;
    std::uint32_t deaths;
  };
  std::vector<Standing> standings_;
  std::int64_t vote_ends_ms_ = 0;
  sim::Tick last_snapshot_ = 0;
  std::array<HeldBack, sim::kMaxPlayers> held_back_;  // by slot
  wire::Clock clock_;
  wire::EventEncoder encoder_;
  std::vector<sim::Command> pending_;         // the lobby's own commands for the next step
  std::vector<sim::Command> commands_;        // of one step, reused
  std::shared_ptr<Navigation> ways_;          // of all bots here; made for the first one
  std::unique_ptr<anticheat::Watch> watch_;   // of matches; none without a moderator
  std::unique_ptr<match::Recorder> replay_;   // of the running match
  std::vector<store::MatchPlayer> departed_;  // of this match
  std::vector<Gone> gone_;                    // who left this match or the last; lost on adoption
  sim::Tick match_ticks_ = 0;  // how long the match of match_id_ was, once it is over
  std::string last_match_id_;  // of the match before match_id_
  sim::Tick last_match_ticks_ = 0;
  // For those who answer later: this lobby, unless it is gone. Used on the lobby's shard only.
  std::shared_ptr<Lobby*> self_ = std::make_shared<Lobby*>(this);
  std::string packet_;                         // scratch
  mutable std::vector<std::uint8_t> scratch_;  // of save()
};

// The names under which a saved lobby is found.
struct SavedName {
  std::string id;
  std::string invite_code;
};

}  // namespace lobby
