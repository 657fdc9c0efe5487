#include <bit>
#include <cmath>
#include <string>

#include "match/replay.h"
#include "match/replay_codec.h"

namespace match {
namespace {

// Takes bytes from the front. After the first failure everything reads as 0 and ok() stays false.
class Source {
 public:
  explicit Source(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::span<const std::uint8_t> rest() const { return rest_; }
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  void require(bool condition) {
    if (!condition) fail();
  }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const auto taken = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(static_cast<std::size_t>(count));
    return taken;
  }

  std::uint8_t u8() {
    const auto byte = take(1);
    return byte.empty() ? std::uint8_t{0} : byte[0];
  }

  std::uint8_t u8_below(unsigned limit) {
    const std::uint8_t value = u8();
    require(value < limit);
    return ok_ ? value : std::uint8_t{0};
  }

  std::uint64_t u64() {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(8)) {
      value |= static_cast<std::uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  // At most `limit`, in the shortest form.
  std::uint64_t number(std::uint64_t limit) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      const std::uint64_t part = byte & 0x7fu;
      if (shift == 63 && part > 1) break;
      value |= part << shift;
      if ((byte & 0x80u) != 0) continue;
      require(value <= limit && (byte != 0 || shift == 0));
      return ok_ ? value : 0;
    }
    fail();
    return 0;
  }

  double real() {
    const double value = std::bit_cast<double>(u64());
    require(std::isfinite(value));
    return ok_ ? value : 0.0;
  }

 private:
  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

constexpr std::uint64_t kAny32 = 0xffffffffu;
constexpr std::uint64_t kAny64 = ~std::uint64_t{0};
constexpr std::uint64_t kKeyMask = 0xfff;

base::Error damaged(Tick tick, const char* what) {
  return {"invalid", "replay damaged at tick " + std::to_string(tick) + ": " + what};
}

std::string text(Source& in) {
  const auto bytes = in.take(in.number(kMaxReplayText));
  return std::string(bytes.begin(), bytes.end());
}

sim::WeaponId weapon(Source& in) {
  return static_cast<sim::WeaponId>(in.u8_below(sim::kWeaponCount));
}

double coordinate(Source& in, double before) {
  const std::uint64_t code = in.number(kAny64);
  if (code == 1) return in.real();
  in.require((code & 1u) == 0);
  const double steps = static_cast<double>(replay::steps_of(before)) +
                       static_cast<double>(replay::unzigzag(code >> 1u));
  in.require(std::abs(steps) < replay::kStepLimit);
  return in.ok() ? replay::coordinate_of(static_cast<std::int64_t>(steps)) : 0.0;
}

void read_flags(Source& in, sim::Command& command) {
  const std::uint8_t flags = in.u8_below(4);
  command.flag = (flags & 1u) != 0;
  command.flag2 = (flags & 2u) != 0;
}

void read_loadout(Source& in, sim::Loadout& loadout) {
  loadout.primary = weapon(in);
  loadout.secondary = weapon(in);
  for (sim::WeaponId& each : loadout.support) each = weapon(in);
}

sim::Command read_command(Source& in, ReplayContext& context) {
  const std::uint8_t code = in.u8();
  const auto kind = static_cast<sim::CommandKind>(code / 16u);
  const auto slot_code = static_cast<std::uint8_t>(code % 16u);
  in.require(code / 16u < sim::kCommandKinds);
  in.require(slot_code < sim::kMaxPlayers || slot_code == replay::kNoSlotCode);
  if (!in.ok()) return {};
  const Slot slot = slot_code == replay::kNoSlotCode ? sim::kNoSlot : slot_code;
  ReplayContext::Lane& lane = context.lane(slot);
  sim::Command command = replay::previous(lane, kind);
  command.kind = kind;
  command.slot = slot;
  command.sequence = replay::expected_sequence(lane, kind);
  const std::uint64_t mask = in.number(replay::kAllFields);
  if (mask & replay::kPointX) command.point.x = coordinate(in, command.point.x);
  if (mask & replay::kPointY) command.point.y = coordinate(in, command.point.y);
  if (mask & replay::kSequence) command.sequence = static_cast<std::uint32_t>(in.number(kAny32));
  if (mask & replay::kKeys) command.keys = static_cast<std::uint16_t>(in.number(kKeyMask));
  if (mask & replay::kButtons) command.buttons = in.u8();
  if (mask & replay::kWeapon) command.weapon = weapon(in);
  if (mask & replay::kFlags) read_flags(in, command);
  if (mask & replay::kViewDelay) command.view_delay = static_cast<std::uint16_t>(in.number(0xffff));
  if (mask & replay::kAngle) command.angle = in.real();
  if (mask & replay::kCharge) command.charge = in.u8();
  if (mask & replay::kTeam) command.team = static_cast<sim::Team>(in.u8_below(2));
  if (mask & replay::kLoadout) read_loadout(in, command.loadout);
  if (in.ok()) replay::remember(lane, command);
  return command;
}

void read_names(Source& in, std::vector<ReplayName>& names) {
  const std::uint64_t count = in.number(kMaxReplayCommands);
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const Slot slot = in.u8_below(sim::kMaxPlayers);
    names.push_back({slot, text(in)});
  }
}

}  // namespace

base::Result<ReplayReader> ReplayReader::open(std::span<const std::uint8_t> bytes) {
  Source in(bytes);
  for (const char letter : std::string_view("TPRP"))
    in.require(in.u8() == static_cast<std::uint8_t>(letter));
  if (!in.ok()) return base::Error{"invalid", "this is not a replay"};
  if (in.u8() != replay::kVersion)
    return base::Error{"invalid", "this replay is of another version"};
  ReplayHeader header;
  header.seed = in.u64();
  header.map_hash = in.u64();
  header.map_name = text(in);
  header.settings.kill_limit = static_cast<std::uint16_t>(in.number(0xffff));
  header.settings.time_limit = static_cast<Tick>(in.number(kAny32));
  header.settings.friendly_fire = in.u8_below(2) != 0;
  header.settings.forfeit_after = static_cast<Tick>(in.number(kAny32));
  const auto initial = in.take(in.number(kMaxReplaySnapshot));
  header.initial.assign(initial.begin(), initial.end());
  if (!in.ok()) return damaged(0, "the header is cut off or out of range");
  return ReplayReader(in.rest(), std::move(header));
}

base::Result<bool> ReplayReader::next(ReplayTick& tick) {
  tick.commands.clear();
  tick.names.clear();
  tick.hash.reset();
  Source in(rest_);
  const std::uint64_t head = in.number(kAny64);
  if (in.ok() && head == replay::kHeadEnd) {
    in.require(in.number(kAny32) == ticks_);
    final_hash_ = in.u64();
    if (!in.ok() || !in.rest().empty())
      return damaged(ticks_, "the end does not fit what went before");
    rest_ = {};
    return false;
  }
  const std::uint64_t count = head >> replay::kHeadCountShift;
  in.require((head & replay::kHeadEnd) == 0 && count <= kMaxReplayCommands);
  if (in.ok() && (head & replay::kHeadHash) != 0) tick.hash = in.u64();
  if (in.ok() && (head & replay::kHeadNames) != 0) read_names(in, tick.names);
  for (std::uint64_t i = 0; i < count && in.ok(); ++i)
    tick.commands.push_back(read_command(in, context_));
  if (!in.ok()) return damaged(ticks_, "a tick is cut off or out of range");
  rest_ = in.rest();
  ++ticks_;
  return true;
}

base::Result<std::unique_ptr<Match>> match_of(const ReplayHeader& header,
                                              std::shared_ptr<const sim::Map> map) {
  if (map_hash(*map) != header.map_hash) {
    return base::Error{"conflict",
                       "the replay was played on another map called " + header.map_name};
  }
  auto match = std::make_unique<Match>(std::move(map), header.settings, header.seed);
  if (!header.initial.empty()) {
    if (auto restored = match->restore(header.initial); !restored) return restored.error();
  }
  return match;
}

base::Result<Tick> run_replay(
    std::span<const std::uint8_t> bytes, std::shared_ptr<const sim::Map> map,
    const std::function<void(const Match&, const ReplayTick&)>& after_tick) {
  auto reader = ReplayReader::open(bytes);
  if (!reader) return reader.error();
  auto match = match_of(reader->header(), std::move(map));
  if (!match) return match.error();
  ReplayTick tick;
  while (true) {
    auto more = reader->next(tick);
    if (!more) return more.error();
    if (!*more) break;
    (*match)->step(tick.commands);
    if (tick.hash && *tick.hash != (*match)->hash()) {
      return base::Error{
          "conflict", "the match went another way before tick " + std::to_string(reader->ticks())};
    }
    if (after_tick) after_tick(**match, tick);
  }
  if (reader->final_hash() != (*match)->hash())
    return base::Error{"conflict", "the match ended another way"};
  return reader->ticks();
}

}  // namespace match
