#pragma once

// A match as bytes: how it began and every command since. Running the commands again gives the same
// match, tick by tick, and the state hashes inside prove it. Pure transforms: files and compression
// are the caller's (lobby/replay_file.h).
//
// Grammar (numbers are LEB128 varints unless u8 or u64 = 8 bytes little endian; version 1):
//
//   replay   := header tick* end
//   header   := "TPRP" u8:1 u64:seed u64:map_hash text:map_name
//               kill_limit time_limit u8:friendly_fire forfeit_after bytes:initial
//   tick     := head [u64:hash] [names] command{count}
//   end      := head:4 ticks u64:hash
//   head     := count * 8 + 1 when a hash follows + 2 when names follow; 4 alone is the end
//   names    := count (u8:slot text)*
//   command  := u8:(kind * 16 + slot, 15 = none) mask field*
//   bytes    := length u8*
//   text     := bytes
//
// The hash is the state's after the tick; at the end, after the last of `ticks` ticks. Names hold
// from their tick on and are opaque bytes. A command is told as what differs from the one before it
// of the same slot (inputs among inputs, the rest among the rest), except that its sequence is
// expected to follow the slot's last one. Bits of the mask, fields in their order:
//
//   1 point.x     2 point.y       4 sequence    8 keys        16 buttons     32 weapon
//   64 flags      128 view_delay  256 angle     512 charge    1024 team      2048 loadout
//
// A coordinate that is a whole number of 1/64 px is twice the zigzag difference to the old one's in
// those steps; any other number is a 1 and the 8 bytes of the double, so nothing is ever rounded.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "match/match.h"

namespace match {

inline constexpr std::size_t kMaxReplayText = 256;          // bytes of a name
inline constexpr std::size_t kMaxReplaySnapshot = 1 << 20;  // bytes of the initial state
inline constexpr std::size_t kMaxReplayCommands = 4096;     // commands of one tick
inline constexpr Tick kReplayHashEvery = sim::kTickRate;    // ticks between two hashes

// How the match began.
struct ReplayHeader {
  std::uint64_t seed = 0;
  std::uint64_t map_hash = 0;
  std::string map_name;
  Settings settings;
  std::vector<std::uint8_t>
      initial;  // Match::snapshot() at the first tick recorded; empty: a match just made
};

struct ReplayName {
  Slot slot = 0;
  std::string name;
};

// One tick read back. The vectors are reused from tick to tick.
struct ReplayTick {
  std::vector<sim::Command> commands;
  std::vector<ReplayName> names;
  std::optional<std::uint64_t> hash;  // of the match after this tick
};

// Equal for equal walls and spawns, whatever the map is called.
std::uint64_t map_hash(const sim::Map& map);

// The last command of each slot, in two groups; the same on both sides.
class ReplayContext {
 public:
  struct Lane {
    sim::Command input;
    sim::Command other;
    std::uint32_t sequence = 0;
  };
  Lane& lane(Slot slot) { return lanes_[slot < sim::kMaxPlayers ? slot : sim::kMaxPlayers]; }

 private:
  std::array<Lane, sim::kMaxPlayers + 1> lanes_{};
};

// Writes a replay while the match runs. One a match, on the match's shard. Its bytes can be taken
// away at any time, so that it needs little memory however long the match is.
class Recorder {
 public:
  explicit Recorder(const ReplayHeader& header);

  // The name shown for a slot from the next tick on; cut at 256 bytes.
  void name(Slot slot, std::string_view name);
  // To be called after each step() with what step() was given. Commands must hold finite numbers.
  void tick(std::span<const sim::Command> commands, const Match& after);
  // To be called once, after the last tick.
  void finish(const Match& after);

  // What was written since the last drop().
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  void drop() { bytes_.clear(); }

 private:
  void command(const sim::Command& command);

  std::vector<std::uint8_t> bytes_;
  std::vector<ReplayName> names_;
  ReplayContext context_;
  Tick ticks_ = 0;
};

// Reads a replay tick by tick. `bytes` must outlive it. Every byte is checked: a file of an enemy
// gives an Error, never a command that the wire could not have made.
class ReplayReader {
 public:
  // Error "invalid": no replay, or of another version.
  static base::Result<ReplayReader> open(std::span<const std::uint8_t> bytes);

  const ReplayHeader& header() const { return header_; }
  // Reads the next tick. False at the end. Error "invalid": damaged or cut off; then the reader is
  // of no more use.
  base::Result<bool> next(ReplayTick& tick);
  // Ticks read so far, and after next() gave false the hash of the end.
  Tick ticks() const { return ticks_; }
  std::uint64_t final_hash() const { return final_hash_; }

 private:
  ReplayReader(std::span<const std::uint8_t> bytes, ReplayHeader header)
      : rest_(bytes), header_(std::move(header)) {}

  std::span<const std::uint8_t> rest_;
  ReplayHeader header_;
  ReplayContext context_;
  Tick ticks_ = 0;
  std::uint64_t final_hash_ = 0;
};

// The match a replay begins with. Errors: "conflict" when the map is another one, "invalid" when
// the initial state is no snapshot on this map.
base::Result<std::unique_ptr<Match>> match_of(const ReplayHeader& header,
                                              std::shared_ptr<const sim::Map> map);

// Runs the replay again, compares each hash, and calls after_tick (when given) after each tick.
// Gives the number of ticks. Errors: those of reading and of match_of(), and "conflict" naming the
// first tick whose hash differs.
base::Result<Tick> run_replay(
    std::span<const std::uint8_t> bytes, std::shared_ptr<const sim::Map> map,
    const std::function<void(const Match&, const ReplayTick&)>& after_tick);
inline base::Result<Tick> verify_replay(std::span<const std::uint8_t> bytes,
                                        std::shared_ptr<const sim::Map> map) {
  return run_replay(bytes, std::move(map), nullptr);
}

}  // namespace match
