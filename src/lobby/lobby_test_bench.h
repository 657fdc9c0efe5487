#pragma once

// For tests of the lobby engine: an engine without sockets or clock. Players are names; what they
// hear is kept.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lobby/engine.h"
#include "lobby/map_pool.h"

namespace lobby::testing {

// One who plays: hears packets, owns a seat.
struct Player {
  std::string id;
  std::uint64_t number = 0;
  std::uint64_t ticket = 0;
  SeatRef seat;
  std::string refused;               // the reason of the last refusal
  bool may_look_again = false;       // said with it
  std::vector<std::string> packets;  // since clear()

  // The packets of this event, e.g. heard("lobby_joined").
  std::vector<std::string> heard(std::string_view event) const {
    std::vector<std::string> found;
    const std::string head = "42[\"" + std::string(event) + "\"";
    for (const std::string& packet : packets) {
      if (packet.starts_with(head)) found.push_back(packet);
    }
    return found;
  }
  std::string last(std::string_view event) const {
    const auto all = heard(event);
    return all.empty() ? "" : all.back();
  }
  void clear() { packets.clear(); }
};

class Recorder final : public store::Recorder {
 public:
  void lobby_opened(store::LobbyOpened lobby) override {
    if (broken) throw std::runtime_error("the recorder is broken");
    opened.push_back(lobby.lobby_id);
  }
  void lobby_state(std::string, store::LobbyState state, store::Time) override {
    states.push_back(state);
  }
  void player_joined(std::string, std::string, store::Side, store::Time) override {}
  void player_left(std::string, std::string, store::Time) override {}
  void match_finished(store::MatchResult result, std::function<void(bool)> durable) override {
    if (broken) throw std::runtime_error("the recorder is broken");
    results.push_back(std::move(result));
    pending.push_back(std::move(durable));
    if (durable_at_once) confirm();
  }
  void confirm() {
    for (const auto& done : pending) done(true);
    pending.clear();
  }

  bool durable_at_once = true;
  bool broken = false;  // throws instead of taking a lobby or a result
  std::vector<std::string> opened;
  std::vector<store::LobbyState> states;
  std::vector<store::MatchResult> results;
  std::vector<std::function<void(bool)>> pending;
};

class Bench final : public Outlet {
 public:
  explicit Bench(std::uint8_t bot_fill = 0, std::uint32_t max_lobbies = 2500,
                 const std::filesystem::path& map_folder = TRESPASSER_SOURCE_DIR "/maps",
                 std::string_view default_map = "foundry",
                 const std::function<void(LobbyContext&)>& adjust = nullptr)
      : directory(max_lobbies, 10'000, 1),
        maps(MapPool::load(map_folder, default_map).value()),
        now(std::chrono::steady_clock::time_point{} + std::chrono::hours(1)),
        engine(context(bot_fill, adjust), now) {}

  Player& player(const std::string& id) {
    Player& made = players[id];
    if (made.number == 0) {
      made.id = id;
      made.number = players.size();
      by_number[made.number] = &made;
    }
    return made;
  }

  Player& quick(const std::string& id, LobbyOptions options = {}) {
    return enter(id, JoinKind::quick, directory.quick_play(options, 0, 0), options);
  }
  Player& create(const std::string& id, LobbyOptions options = {}) {
    options.is_private = true;
    return enter(id, JoinKind::create_private, directory.create(options, 0), options);
  }
  Player& by_code(const std::string& id, const std::string& code,
                  const std::string& password = "") {
    return enter(id, JoinKind::code, directory.by_code(code), {}, password);
  }

  Player& force_create(const std::string& id, const std::string& why) {
    return enter(id, JoinKind::force_create, directory.create({}, 0), {}, "", why);
  }

  void join_world(Player& who, sim::Team team = sim::Team::red,
                  const sim::Loadout& loadout = {
                      sim::WeaponId::rifle,
                      sim::WeaponId::pistol,
                      {sim::WeaponId::grenade, sim::WeaponId::none, sim::WeaponId::none}}) {
    wire::PlayerJoin join;
    join.name = who.id;
    join.team = team;
    join.loadout = loadout;
    say(who, wire::ClientKind::player_join, join);
  }
  void say(Player& who, wire::ClientKind kind, wire::ClientEvent::Body body = {}) {
    engine.event(who.seat, {kind, std::move(body)});
  }
  void leave(Player& who) {
    engine.leave(who.seat);
    who.seat = {};
  }

  void run(sim::Tick ticks) {
    for (sim::Tick i = 0; i < ticks; ++i) {
      now += std::chrono::nanoseconds(1'000'000'000 / sim::kTickRate + 1);
      engine.run(now, [] {});
    }
  }
  void run_seconds(double seconds) { run(static_cast<sim::Tick>(seconds * sim::kTickRate)); }

  // Outlet
  void send(SessionRef to, std::string_view packet) override {
    if (before_send) before_send(*by_number.at(to.number), packet);
    by_number.at(to.number)->packets.emplace_back(packet);
  }
  void send_volatile(SessionRef to, std::string_view packet) override { send(to, packet); }
  void seated(SessionRef to, std::uint64_t, SeatRef seat, std::string_view) override {
    by_number.at(to.number)->seat = seat;
  }
  void refused(SessionRef to, std::uint64_t, JoinKind, bool gone,
               std::string_view reason) override {
    by_number.at(to.number)->refused = reason;
    by_number.at(to.number)->may_look_again = gone;
  }
  void handed_over(SessionRef to, SeatRef seat, std::string_view) override {
    by_number.at(to.number)->seat = seat;
  }
  void unseated(SessionRef to, SeatRef) override { by_number.at(to.number)->seat = {}; }

  // A test of faults may throw here, as a broken outlet would.
  std::function<void(const Player&, std::string_view packet)> before_send;
  std::map<std::string, Player> players;
  std::map<std::string, std::string> accounts;   // of players; who is not in it is a guest
  std::map<std::string, std::string> addresses;  // likewise
  std::map<std::uint64_t, Player*> by_number;
  Recorder recorder;
  Directory directory;
  MapPool maps;
  TickClock::Time now;
  Engine engine;

 private:
  LobbyContext context(std::uint8_t bot_fill, const std::function<void(LobbyContext&)>& adjust) {
    LobbyContext made{.outlet = *this,
                      .directory = directory,
                      .maps = maps,
                      .recorder = recorder,
                      .replays = nullptr,
                      .post = [](const std::function<void()>& fn) { fn(); },
                      .result_kept = {},
                      .node_id = "test",
                      .shard = 0,
                      .bot_fill = bot_fill,
                      .bot_skill = "normal",
                      .timing = {}};
    if (adjust) adjust(made);
    return made;
  }

 public:
  // A bench with another lobby context than the default one.
  static Bench adjusted(const std::function<void(LobbyContext&)>& adjust) {
    return Bench(0, 2500, TRESPASSER_SOURCE_DIR "/maps", "foundry", adjust);
  }

 private:
  Player& enter(const std::string& id, JoinKind kind, const base::Result<Directory::Place>& place,
                const LobbyOptions& options, const std::string& password = "",
                const std::string& reason = "") {
    Player& who = player(id);
    who.refused.clear();
    if (!place) {
      who.refused = place.error().message;
      return who;
    }
    JoinRequest request;
    request.session = {0, who.number};
    request.kind = kind;
    request.lobby = place->lobby;
    request.player_id = id;
    request.name = id;
    if (const auto known = accounts.find(id); known != accounts.end())
      request.account_id = known->second;
    if (const auto known = addresses.find(id); known != addresses.end())
      request.address = known->second;
    request.password = password;
    request.reason = reason;
    request.by_invite = place->by_invite || place->create;
    engine.join(*place, options, request, now);
    return who;
  }
};

}  // namespace lobby::testing
