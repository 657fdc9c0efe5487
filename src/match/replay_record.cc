#include <algorithm>
#include <bit>
#include <cstring>

#include "match/replay.h"
#include "match/replay_codec.h"

namespace match {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_u64(Bytes& out, std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_number(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7u) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

template <class Range>
void put_bytes(Bytes& out, const Range& range) {
  put_number(out, std::size(range));
  out.insert(out.end(), std::begin(range), std::end(range));
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void put_coordinate(Bytes& out, double value, double before) {
  const std::int64_t steps = replay::steps_of(value);
  if (same_bits(replay::coordinate_of(steps), value)) {
    put_number(out, replay::zigzag(steps - replay::steps_of(before)) << 1u);
  } else {
    put_number(out, 1);
    put_u64(out, std::bit_cast<std::uint64_t>(value));
  }
}

std::uint8_t flags_of(const sim::Command& command) {
  return static_cast<std::uint8_t>((command.flag ? 1 : 0) | (command.flag2 ? 2 : 0));
}

std::uint32_t differences(const sim::Command& now, const sim::Command& before,
                          std::uint32_t expected) {
  std::uint32_t mask = 0;
  const auto mark = [&](bool differs, replay::Field field) { mask |= differs ? field : 0u; };
  mark(!same_bits(now.point.x, before.point.x), replay::kPointX);
  mark(!same_bits(now.point.y, before.point.y), replay::kPointY);
  mark(now.sequence != expected, replay::kSequence);
  mark(now.keys != before.keys, replay::kKeys);
  mark(now.buttons != before.buttons, replay::kButtons);
  mark(now.weapon != before.weapon, replay::kWeapon);
  mark(flags_of(now) != flags_of(before), replay::kFlags);
  mark(now.view_delay != before.view_delay, replay::kViewDelay);
  mark(!same_bits(now.angle, before.angle), replay::kAngle);
  mark(now.charge != before.charge, replay::kCharge);
  mark(now.team != before.team, replay::kTeam);
  mark(now.loadout != before.loadout, replay::kLoadout);
  return mask;
}

void put_loadout(Bytes& out, const sim::Loadout& loadout) {
  out.push_back(static_cast<std::uint8_t>(loadout.primary));
  out.push_back(static_cast<std::uint8_t>(loadout.secondary));
  for (const sim::WeaponId weapon : loadout.support)
    out.push_back(static_cast<std::uint8_t>(weapon));
}

class Hash {
 public:
  void add(double value) { add_bits(std::bit_cast<std::uint64_t>(value)); }
  void add_bits(std::uint64_t bits) {
    for (unsigned shift = 0; shift < 64; shift += 8) {  // FNV-1a
      hash_ = (hash_ ^ ((bits >> shift) & 0xffu)) * 0x100000001b3ULL;
    }
  }
  void add(const std::vector<sim::Vec2>& points) {
    add_bits(points.size());
    for (const sim::Vec2 point : points) {
      add(point.x);
      add(point.y);
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace

std::uint64_t map_hash(const sim::Map& map) {
  Hash hash;
  hash.add_bits(map.walls.size());
  for (const sim::Wall& wall : map.walls) {
    hash.add(wall.corner.x);
    hash.add(wall.corner.y);
    hash.add_bits(wall.tiles * 16u + static_cast<unsigned>(wall.material) * 2u +
                  (wall.horizontal ? 1u : 0u));
  }
  hash.add(map.red_spawns);
  hash.add(map.blue_spawns);
  return hash.value();
}

Recorder::Recorder(const ReplayHeader& header) {
  bytes_.reserve(32 * 1024);
  for (const char letter : std::string_view("TPRP"))
    bytes_.push_back(static_cast<std::uint8_t>(letter));
  bytes_.push_back(replay::kVersion);
  put_u64(bytes_, header.seed);
  put_u64(bytes_, header.map_hash);
  put_bytes(bytes_, std::string_view(header.map_name).substr(0, kMaxReplayText));
  put_number(bytes_, header.settings.kill_limit);
  put_number(bytes_, header.settings.time_limit);
  bytes_.push_back(header.settings.friendly_fire ? 1 : 0);
  put_number(bytes_, header.settings.forfeit_after);
  put_bytes(bytes_, header.initial);
}

void Recorder::name(Slot slot, std::string_view name) {
  if (slot < sim::kMaxPlayers)
    names_.push_back({slot, std::string(name.substr(0, kMaxReplayText))});
}

void Recorder::tick(std::span<const sim::Command> commands, const Match& after) {
  const bool hashed = ticks_ % kReplayHashEvery == 0;
  ++ticks_;
  put_number(bytes_, (commands.size() << replay::kHeadCountShift) |
                         (hashed ? replay::kHeadHash : 0) |
                         (names_.empty() ? 0 : replay::kHeadNames));
  if (hashed) put_u64(bytes_, after.hash());
  if (!names_.empty()) {
    put_number(bytes_, names_.size());
    for (const ReplayName& entry : names_) {
      bytes_.push_back(entry.slot);
      put_bytes(bytes_, entry.name);
    }
    names_.clear();
  }
  for (const sim::Command& each : commands) command(each);
}

void Recorder::command(const sim::Command& command) {
  ReplayContext::Lane& lane = context_.lane(command.slot);
  const sim::Command& before = replay::previous(lane, command.kind);
  const std::uint8_t slot = command.slot < sim::kMaxPlayers ? command.slot : replay::kNoSlotCode;
  const std::uint32_t mask =
      differences(command, before, replay::expected_sequence(lane, command.kind));
  bytes_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(command.kind) * 16u + slot));
  put_number(bytes_, mask);
  if (mask & replay::kPointX) put_coordinate(bytes_, command.point.x, before.point.x);
  if (mask & replay::kPointY) put_coordinate(bytes_, command.point.y, before.point.y);
  if (mask & replay::kSequence) put_number(bytes_, command.sequence);
  if (mask & replay::kKeys) put_number(bytes_, command.keys);
  if (mask & replay::kButtons) bytes_.push_back(command.buttons);
  if (mask & replay::kWeapon) bytes_.push_back(static_cast<std::uint8_t>(command.weapon));
  if (mask & replay::kFlags) bytes_.push_back(flags_of(command));
  if (mask & replay::kViewDelay) put_number(bytes_, command.view_delay);
  if (mask & replay::kAngle) put_u64(bytes_, std::bit_cast<std::uint64_t>(command.angle));
  if (mask & replay::kCharge) bytes_.push_back(command.charge);
  if (mask & replay::kTeam) bytes_.push_back(static_cast<std::uint8_t>(command.team));
  if (mask & replay::kLoadout) put_loadout(bytes_, command.loadout);
  replay::remember(lane, command);
}

void Recorder::finish(const Match& after) {
  put_number(bytes_, replay::kHeadEnd);
  put_number(bytes_, ticks_);
  put_u64(bytes_, after.hash());
}

}  // namespace match
