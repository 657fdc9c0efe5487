#include "accounts/guest_bans.h"

#include <algorithm>
#include <utility>

#include "base/client_address.h"

namespace accounts {

GuestBans::GuestBans(LookUp look_up, std::function<Clock::time_point()> now)
    : look_up_(std::move(look_up)), now_(std::move(now)) {}

void GuestBans::ask(const std::string& address, Done done) {
  const std::string network = base::network_of(address);
  std::uint64_t serial = 0;
  {
    std::unique_lock lock(mutex_);
    const auto now = now_();
    forget_old(now);
    Known& known = known_[network];
    if (known.answer && known.until > now) {
      const base::Result<Ban> answer = *known.answer;
      lock.unlock();
      return done(answer);
    }
    known.waiting.push_back(std::move(done));
    if (!known.answer && known.serial != 0) return;  // asked already
    known.answer.reset();
    serial = known.serial = ++serials_;
  }
  look_up_(network, [this, network, serial](base::Result<Ban> answer) {
    answered(network, serial, answer);
  });
}

void GuestBans::answered(const std::string& network, std::uint64_t serial,
                         const base::Result<Ban>& answer) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(network);
    if (found != known_.end() && found->second.serial == serial) {
      found->second.answer = answer;
      found->second.until = now_() + kKeep;
      waiting = std::exchange(found->second.waiting, {});
    } else if (auto stale = overtaken_.extract(serial)) {
      waiting = std::move(stale.mapped());
    }
  }
  for (const Done& done : waiting) done(answer);
}

// Who waits already is answered by the look-up he waits for; the caller has news for him.
void GuestBans::forget(const std::string& address) {
  const std::lock_guard lock(mutex_);
  auto gone = known_.extract(base::network_of(address));
  if (gone && !gone.mapped().answer)
    overtaken_.emplace(gone.mapped().serial, std::move(gone.mapped().waiting));
}

void GuestBans::forget_old(Clock::time_point now) {
  if (known_.size() < sweep_at_) return;
  std::erase_if(
      known_, [&](const auto& entry) { return entry.second.answer && entry.second.until <= now; });
  sweep_at_ = std::max<std::size_t>(1024, known_.size() * 2);
}

}  // namespace accounts
