#include "replay/projector.h"

#include <algorithm>
#include <utility>

namespace replay_tool {
namespace {

// The length of a replay, read to its end without playing it.
base::Result<match::Tick> length_of(match::ReplayReader reader) {
  match::ReplayTick tick;
  while (true) {
    const auto more = reader.next(tick);
    if (!more) return more.error();
    if (!*more) return reader.ticks();
    if (reader.ticks() > kMaxProjectedTicks)
      return base::Error{"invalid", "this replay is longer than six hours"};
  }
}

}  // namespace

base::Result<bool> Projector::Playing::step() {
  if (ended) return false;
  const auto more = reader.next(tick);
  if (!more) return more;
  ended = !*more;
  if (ended) return false;
  for (const match::ReplayName& name : tick.names) names.set(name.slot, name.name);
  match->step(tick.commands);
  return true;
}

base::Result<std::unique_ptr<Projector>> Projector::open(std::vector<std::uint8_t> bytes,
                                                         const Maps& maps) {
  auto reader = match::ReplayReader::open(bytes);
  if (!reader) return reader.error();
  const auto ticks = length_of(*reader);
  if (!ticks) return ticks.error();
  const auto map = std::find_if(maps.begin(), maps.end(), [&](const auto& each) {
    return match::map_hash(*each) == reader->header().map_hash;
  });
  if (map == maps.end()) {
    return base::Error{"not_found", "it was played on a map that is not known here"};
  }
  auto match = match::match_of(reader->header(), *map);
  if (!match) return match.error();
  // The readers look at the bytes themselves, which stay where they are when the vector moves.
  return std::unique_ptr<Projector>(
      new Projector(std::move(bytes), *map,
                    Playing{std::move(*reader), {}, std::move(*match), {}, false}, *ticks));
}

Projector::Projector(std::vector<std::uint8_t> bytes, std::shared_ptr<const sim::Map> map,
                     Playing front, match::Tick ticks)
    : bytes_(std::move(bytes)),
      map_(std::move(map)),
      header_(front.reader.header()),
      ticks_(ticks),
      first_tick_(front.match->world().tick),
      keyframe_every_(
          std::max(kKeyframeEvery, ticks / static_cast<match::Tick>(kMaxKeyframes) + 1)),
      front_(std::move(front)) {
  keep();
}

void Projector::keep() {
  Keyframe keyframe{front_.reader, front_.names, {}};
  front_.match->snapshot(keyframe.state);
  keyframes_.push_back(std::move(keyframe));
}

void Projector::compare(std::uint64_t expected) {
  ++compared_;
  if (!differs_at_ && expected != hash()) differs_at_ = verified();
}

void Projector::note_deaths() {
  for (const sim::Event& event : front_.match->events()) {
    if (event.kind != sim::EventKind::player_died) continue;
    deaths_.push_back({verified(), event.slot, event.other, event.team});
  }
}

base::Result<bool> Projector::verify(match::Tick at_most) {
  for (match::Tick i = 0; i < at_most && !done_; ++i) {
    const auto more = front_.step();
    if (!more) return more.error();
    if (!*more) {
      compare(front_.reader.final_hash());
      done_ = true;
      break;
    }
    if (front_.tick.hash) compare(*front_.tick.hash);
    note_deaths();
    if (verified() % keyframe_every_ == 0) keep();
  }
  return !done_;
}

base::Result<match::Tick> Projector::cue(match::Tick tick, std::string& out) {
  const auto after =
      std::upper_bound(keyframes_.begin() + 1, keyframes_.end(), std::min(tick, ticks_),
                       [](match::Tick wanted, const Keyframe& keyframe) {
                         return wanted < keyframe.reader.ticks() + kProjectorLead;
                       });
  const Keyframe& from = *(after - 1);
  auto match = std::make_unique<match::Match>(map_, header_.settings, header_.seed);
  if (const auto restored = match->restore(from.state); !restored) return restored.error();
  reel_.emplace(Playing{from.reader, from.names, std::move(match), {}, false});
  writer_ = FilmWriter();
  writer_.tick(*reel_->match, reel_->names, out);
  return rolled();
}

base::Result<bool> Projector::roll(match::Tick at_most, std::string& out) {
  if (!reel_) return false;
  for (match::Tick i = 0; i < at_most; ++i) {
    const auto more = reel_->step();
    if (!more || !*more) return more;
    writer_.tick(*reel_->match, reel_->names, out);
  }
  return true;
}

}  // namespace replay_tool
