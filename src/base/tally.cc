#include "base/tally.h"

#include <algorithm>

namespace base::tally {
namespace {

using Count = std::atomic<std::uint64_t>;

struct Durations {
  std::array<Count, Spread::kEnds_us.size() + 1> counts{};
  Count sum_ns{0};
};

struct Tally {
  std::array<Count, kEvents> events{};
  std::array<Count, kSuspicions.size()> suspicions{};
  std::array<Durations, kDurations> durations{};
};
constinit Tally tally;

template <class Enum>
std::size_t index(Enum value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

void count(Event event, std::uint64_t times) {
  tally.events[index(event)].fetch_add(times, std::memory_order_relaxed);
}

void count(Suspicion kind) {
  tally.suspicions[index(kind)].fetch_add(1, std::memory_order_relaxed);
}

void took(Duration what, std::chrono::nanoseconds span) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(span.count(), 0));
  const auto end = std::lower_bound(Spread::kEnds_us.begin(), Spread::kEnds_us.end(),
                                    (ns + 999) / 1000);  // an end belongs to its bucket
  Durations& durations = tally.durations[index(what)];
  durations.counts[static_cast<std::size_t>(end - Spread::kEnds_us.begin())].fetch_add(
      1, std::memory_order_relaxed);
  durations.sum_ns.fetch_add(ns, std::memory_order_relaxed);
}

std::uint64_t counted(Event event) { return tally.events[index(event)].load(); }

std::uint64_t counted(Suspicion kind) { return tally.suspicions[index(kind)].load(); }

Spread spread(Duration what) {
  const Durations& durations = tally.durations[index(what)];
  Spread spread;
  for (std::size_t i = 0; i < spread.counts.size(); ++i)
    spread.counts[i] = durations.counts[i].load(std::memory_order_relaxed);
  spread.sum_ns = durations.sum_ns.load(std::memory_order_relaxed);
  return spread;
}

}  // namespace base::tally
