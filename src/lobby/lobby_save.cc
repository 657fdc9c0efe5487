#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "lobby/bot.h"
#include "lobby/lobby.h"
#include "lobby/map_pool.h"
#include "lobby/options_archive.h"
#include "sim/archive.h"

// A lobby as bytes, and back on another node: what lets a match outlive its node. The connections
// are gone by then; the seats wait for their players to claim them.
//
//   save := version lobby match
//
// Fields in the order of the archive functions below, as base/bytes.h writes them.

namespace store {
constexpr std::uint64_t last_of(Side) { return 1; }
}  // namespace store

namespace lobby {

constexpr std::uint64_t last_of(Status) { return 5; }
constexpr std::uint64_t last_of(SeatKind) { return 2; }

namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kMaxText = 1024;        // of an id, a name, a password
constexpr std::size_t kMaxMatch = 64 * 1024;  // of a match's snapshot
constexpr std::size_t kMaxRows = 4096;        // departed, kicked
constexpr sim::Tick kSaveEvery = 15;          // four times a second

template <class Archive>
void archive(Archive& a, Seat& seat) {
  a.value(seat.kind);
  a.value(seat.generation);
  if (!seat.taken()) return;
  a.value(seat.in_match);
  a.value(seat.body);
  a.value(seat.told_match);
  a.value(seat.told_end);
  a.value(seat.joined_tick);
  a.value(seat.entered_tick);
  a.value(seat.joined_ms);
  a.text(seat.player_id, kMaxText);
  a.text(seat.account_id, kMaxText);
  a.text(seat.name, kMaxText);
  a.text(seat.address, kMaxText);
  a.text(seat.party, kMaxText);
  a.value(seat.played);
}

template <class Archive>
void archive_time(Archive& a, store::Time& time) {
  std::int64_t ms = time.time_since_epoch().count();
  a.value(ms);
  time = store::Time(std::chrono::milliseconds(ms));
}

template <class Archive>
void archive(Archive& a, store::MatchPlayer& player) {
  a.text(player.seat, kMaxText);
  std::string account = player.player_id.value_or("");
  a.text(account, kMaxText);
  if (!account.empty()) player.player_id = account;
  a.text(player.display_name, kMaxText);
  a.value(player.team);
  a.value(player.kills);
  a.value(player.deaths);
  archive_time(a, player.joined_at);
  bool left = player.left_at.has_value();
  a.value(left);
  if (left) {
    store::Time at = player.left_at.value_or(store::Time{});
    archive_time(a, at);
    player.left_at = at;
  }
  a.value(player.won);
}

// One list of both: those who are barred for a match alone have a mark that no id begins with, so
// that nodes from before there was such a thing can read the save and be read.
template <class Archive>
void archive_shut_out(Archive& a, std::vector<std::string>& kicked,
                      std::vector<std::string>& barred) {
  constexpr char kMark = '~';
  std::vector<std::string> all = kicked;
  for (const std::string& one : barred) all.push_back(kMark + one);
  a.count(all, kMaxRows);
  for (std::string& one : all) a.text(one, kMaxText);
  if constexpr (Archive::kReads) {
    kicked.clear();
    barred.clear();
    for (const std::string& one : all) {
      if (one.starts_with(kMark)) {
        barred.push_back(one.substr(1));
      } else {
        kicked.push_back(one);
      }
    }
  }
}

}  // namespace

template <class Archive>
void Lobby::archive(Archive& a) {
  archive_options(a, options_, kMaxText);
  a.value(status_);
  a.value(created_ms_);
  for (Seat& seat : seats_) lobby::archive(a, seat);
  a.value(host_);
  archive_shut_out(a, kicked_, barred_);
  ballot_.archive(a);
  a.value(tick_);
  a.value(countdown_end_);
  a.value(countdown_forced_);
  a.value(phase_end_);
  a.value(ordinal_);
  a.text(match_id_, kMaxText);
  a.value(match_began_ms_);
  a.value(end_announced_);
  a.value(result_durable_);
  a.value(ended_tick_);
  a.value(match_ticks_);
  a.text(last_match_id_, kMaxText);
  a.value(last_match_ticks_);
  a.count(standings_, kMaxRows);
  for (Standing& one : standings_) {
    a.text(one.id, kMaxText);
    a.text(one.name, kMaxText);
    a.value(one.team);
    a.value(one.kills);
    a.value(one.deaths);
  }
  a.value(vote_ends_ms_);
  a.count(departed_, kMaxRows);
  for (store::MatchPlayer& player : departed_) lobby::archive(a, player);
  a.text(match_map_, kMaxText);
  a.value(clock_.wall_ms_at_tick0);
}

void Lobby::save(std::string& out) const {
  out.clear();
  base::ByteWriter writer(out);
  writer.value(kVersion);
  writer.text(id_, kMaxText);
  writer.text(invite_code_, kMaxText);
  // A writer leaves the lobby as it is.
  const_cast<Lobby*>(this)->archive(writer);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  scratch_.clear();
  if (match_) match_->snapshot(scratch_);
  writer.text({reinterpret_cast<const char*>(scratch_.data()), scratch_.size()}, kMaxMatch);
}

base::Result<SavedName> Lobby::saved_name(std::string_view bytes) {
  base::ByteReader reader(bytes);
  std::uint8_t version = 0;
  SavedName name;
  reader.value(version);
  reader.text(name.id, kMaxText);
  reader.text(name.invite_code, kMaxText);
  if (!reader.ok() || version != kVersion || name.id.empty()) {
    return base::Error{"invalid", "lobby save: not one of this version"};
  }
  return name;
}

base::Result<void> Lobby::restore(std::string_view bytes) {
  base::ByteReader reader(bytes);
  std::uint8_t version = 0;
  std::string id;
  std::string code;
  reader.value(version);
  reader.text(id, kMaxText);
  reader.text(code, kMaxText);
  archive(reader);
  const std::string_view world = reader.view(kMaxMatch);
  const auto wrong = [](const char* why) {
    return base::Error{"invalid", std::string("lobby save: ") + why};
  };
  if (!reader.ok() || !reader.at_end() || version != kVersion || id != id_) return wrong("damaged");
  if (status_ == Status::closed || options_.max_players > sim::kMaxPlayers)
    return wrong("impossible state");
  if (host_ != sim::kNoSlot && host_ >= sim::kMaxPlayers) return wrong("impossible host");
  if (!context_.maps.find(options_.map)) return wrong("a map that is not here");
  if (const auto back = restore_match(world); !back) return back;
  settle_in();
  return {};
}

base::Result<void> Lobby::restore_match(std::string_view world) {
  if (world.empty()) {
    if (status_ != Status::waiting && status_ != Status::starting)
      return base::Error{"invalid", "lobby save: a match without a world"};
    return {};
  }
  const auto map = context_.maps.find(match_map_);
  if (!map) return base::Error{"invalid", "lobby save: a map that is not here"};
  match_ = std::make_unique<match::Match>(map, match_settings(), 0);
  const auto restored =
      match_->restore({reinterpret_cast<const std::uint8_t*>(world.data()), world.size()});
  if (restored && status_ == Status::playing) begin_replay(0, true);
  return restored;
}

// Nobody is connected yet: each seat waits for its player as after a lost line (L9), bots go on.
void Lobby::settle_in() {
  for (Seat& seat : seats_) {
    if (seat.kind == SeatKind::bot) {
      if (!ways_) ways_ = std::make_shared<Navigation>();
      seat.bot = std::make_unique<Bot>(base::secure_u64(), context_.bot_skill, ways_);
    }
    if (!seat.person()) continue;
    seat.connected = false;
    seat.session = {};
    // Who came into the world after the save was made must be told to come again.
    if (!seat.in_match) seat.told_match = 0;
    seat.claim_until = tick_ + context_.timing.claim;
  }
  // What the other node may have had no time to keep is kept here; twice is as good as once (D4).
  if ((status_ == Status::results || status_ == Status::voting) && !result_durable_) store_result();
  base::log::info("lobby_adopted", {{"lobby", id_}, {"people", people()}});
  lobby_changed();
}

// States go out in ticks with remainder 0 of three.
bool Lobby::save_tick() const {
  static_assert(kSaveEvery % sim::kSnapshotEvery == 0);
  return status_ != Status::closed && (tick_ + number_) % kSaveEvery == 1;
}

void Lobby::lose() {
  base::log::warn("lobby_lost", {{"lobby", id_}, {"people", people()}});
  replay_.reset();  // the new owner's goes on from where it took over
  status_ = Status::closed;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].person() && seats_[slot].session.number != 0)
      context_.outlet.stranded(seats_[slot].session, ref_of(slot));
  }
}

// Whoever does not come back in time has left.
void Lobby::expire_claims() {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const Seat& seat = seats_[slot];
    if (seat.person() && seat.claim_until != 0 && tick_ >= seat.claim_until) vacate(slot);
    if (status_ == Status::closed) return;
  }
}

}  // namespace lobby
