#include "app/business_system.h"

#include "base/log.h"

namespace app {
namespace {

store::DayTally difference(const store::DayTally& now, const store::DayTally& before) {
  return {now.guests - before.guests, now.matches_aborted - before.matches_aborted,
          now.queue_matched - before.queue_matched, now.queue_left - before.queue_left,
          now.queue_wait_ms - before.queue_wait_ms};
}

}  // namespace

BusinessSystem::BusinessSystem(BusinessSources sources, std::chrono::milliseconds every)
    : sources_(std::move(sources)), chore_(every, [this] { run(); }) {}

BusinessSystem::Report BusinessSystem::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

void BusinessSystem::run() {
  const store::Time now = store::now();
  bring(now);
  if (now - read_at_ >= kFresh) read(now);
}

// What cannot be brought now is brought with the next lot.
void BusinessSystem::bring(store::Time now) {
  const BusinessSources::Online online = sources_.online();
  const store::DayTally ever = sources_.ever();
  const store::DayTally more = difference(ever, brought_);
  const auto done = sources_.store.transact([&](store::Connection& db) -> base::Result<void> {
    if (auto added = store::add_sample(db, now, online.players, online.lobbies); !added)
      return added;
    return store::add_to_day(db, now, more);
  });
  if (done) {
    brought_ = ever;
  } else {
    base::log::warn("business_not_kept", {{"reason", done.error().message}});
  }
}

void BusinessSystem::read(store::Time now) {
  auto told =
      sources_.store.transact([&](store::Connection& db) -> base::Result<store::BusinessReport> {
        const auto refreshed = store::refresh_business(db, now, now - kFresh);
        if (!refreshed) return refreshed.error();
        return store::read_business(db, now);
      });
  if (!told) return base::log::warn("business_not_read", {{"reason", told.error().message}});
  read_at_ = now;
  const std::lock_guard lock(mutex_);
  report_ = std::make_shared<const store::BusinessReport>(std::move(told).value());
}

}  // namespace app
