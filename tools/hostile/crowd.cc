#include "hostile/crowd.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>

#include "base/json_writer.h"

namespace hostile {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kLook{50};      // how often deadlines are looked at
constexpr milliseconds kAgain{1'000};  // until one that is gone comes again
constexpr std::size_t kScratch = 65'536;

Clock::duration seconds(double value) {
  return duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

}  // namespace

Crowd::Crowd(const Options& options)
    : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), scratch_(kScratch) {}

Crowd::~Crowd() { ::close(epoll_); }

std::array<Outcome, kKinds.size()> Crowd::run() {
  start_ = Clock::now();
  const std::size_t kinds = options_.kinds.size();
  const int all = options_.each * static_cast<int>(kinds);
  for (int i = 0; i < all; ++i) {
    Place place;
    place.kind = options_.kinds[static_cast<std::size_t>(i) % kinds];
    place.begin_at = start_ + seconds(options_.ramp * i / all);
    places_.push_back(std::move(place));
  }
  const Time latest = start_ + seconds(options_.ramp + options_.seconds + options_.patience);
  Time look = start_;
  while (done_ < places_.size() && Clock::now() < latest) {
    poll();
    if (Clock::now() < look) continue;
    look = Clock::now() + kLook;
    run_due(Clock::now());
  }
  const Time now = Clock::now();
  for (const Place& place : places_) {
    if (place.done || !place.attacker) continue;
    Outcome& outcome = outcomes_[static_cast<std::size_t>(place.kind)];
    ++outcome.still_there;
    outcome.longest = std::max(outcome.longest, place.attacker->age(now));
  }
  return outcomes_;
}

// Another address each time, spread over 127.64.0.0/10, so that limits by address do not do the
// work.
std::uint32_t Crowd::next_address() {
  constexpr std::uint32_t kFirst = 0x7f400001;
  return kFirst + static_cast<std::uint32_t>(made_ % 0x3ffff0);
}

void Crowd::begin(std::size_t index, Time now) {
  Place& place = places_[index];
  place.attacker = std::make_unique<Attacker>(place.kind, index / options_.kinds.size());
  const std::uint32_t from = next_address();
  ++made_;
  if (!place.attacker->begin(options_.server, from, now)) {
    ++outcomes_[static_cast<std::size_t>(place.kind)].failed;
    place.attacker.reset();
    place.done = true;
    ++done_;
    return;
  }
  watch(index, EPOLL_CTL_ADD);
}

void Crowd::watch(std::size_t index, int operation) {
  Place& place = places_[index];
  place.watched = place.attacker->watched();
  epoll_event event{};
  event.events = place.watched;
  event.data.u64 = index;
  ::epoll_ctl(epoll_, operation, place.attacker->fd(), &event);
}

void Crowd::end(std::size_t index, Time now) {
  Place& place = places_[index];
  Outcome& outcome = outcomes_[static_cast<std::size_t>(place.kind)];
  if (place.attacker->connected()) {
    const auto age = place.attacker->age(now);
    ++outcome.attacks;
    outcome.in_time += age <= kInTime ? 1u : 0u;
    outcome.longest = std::max(outcome.longest, age);
  } else {
    ++outcome.failed;
  }
  place.attacker.reset();
  if (now - start_ < seconds(options_.seconds)) {
    place.begin_at = now + kAgain;
  } else {
    place.done = true;
    ++done_;
  }
}

void Crowd::poll() {
  std::array<epoll_event, 256> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 20);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
    const std::size_t index = events[i].data.u64;
    Place& place = places_[index];
    if (!place.attacker) continue;
    const Time now = Clock::now();
    if (!place.attacker->on_socket(events[i].events, scratch_, now)) {
      end(index, now);
    } else if (place.watched != place.attacker->watched()) {
      watch(index, EPOLL_CTL_MOD);
    }
  }
}

void Crowd::run_due(Time now) {
  for (std::size_t index = 0; index < places_.size(); ++index) {
    Place& place = places_[index];
    if (place.done) continue;
    if (!place.attacker) {
      if (place.begin_at <= now) begin(index, now);
      continue;
    }
    if (!place.attacker->connected() || place.attacker->due() > now) continue;
    if (!place.attacker->on_time(now)) {
      end(index, now);
    } else if (place.watched != place.attacker->watched()) {
      watch(index, EPOLL_CTL_MOD);
    }
  }
}

std::string json_of(const Options& options, const std::array<Outcome, kKinds.size()>& outcomes) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("each", options.each).member("seconds", options.seconds, 1);
  json.key("kinds").begin_object();
  for (const Kind kind : options.kinds) {
    const auto i = static_cast<std::size_t>(kind);
    const Outcome& outcome = outcomes[i];
    json.key_text(kKinds[i]).begin_object();
    json.member("attacks", outcome.attacks)
        .member("failed", outcome.failed)
        .member("gone_within_10_s", outcome.in_time)
        .member("still_there", outcome.still_there);
    json.member("longest_s", std::chrono::duration<double>(outcome.longest).count(), 2);
    json.end_object();
  }
  json.end_object().end_object();
  out += '\n';
  return out;
}

}  // namespace hostile
