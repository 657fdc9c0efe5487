#include "net/address_count.h"

#include <utility>

#include "base/client_address.h"

namespace net {

AddressCount::Place::Place(Place&& other) noexcept
    : of_(std::exchange(other.of_, nullptr)), network_(std::move(other.network_)) {}

AddressCount::Place& AddressCount::Place::operator=(Place&& other) noexcept {
  std::swap(of_, other.of_);
  std::swap(network_, other.network_);
  return *this;
}

AddressCount::Place::~Place() {
  if (of_ != nullptr) of_->leave(network_);
}

AddressCount::AddressCount(Bounds bounds, const base::ClientAddress& proxies)
    : bounds_(bounds), proxies_(proxies) {
  if (bounds.per_minute > 0) openings_.emplace(bounds.per_minute);
}

std::optional<AddressCount::Place> AddressCount::enter(const std::string& address,
                                                       base::RateLimit::Clock::time_point now) {
  if (proxies_.trusts(address)) return Place();
  if (openings_ && !openings_->take(address, now).allowed) return std::nullopt;
  if (bounds_.open == 0) return Place();
  std::string network = base::network_of(address);
  {
    const std::lock_guard lock(mutex_);
    std::size_t& count = open_[network];
    if (count == bounds_.open) return std::nullopt;
    ++count;
  }
  return Place(*this, std::move(network));
}

void AddressCount::leave(const std::string& network) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(network);
  if (--found->second == 0) open_.erase(found);
}

}  // namespace net
