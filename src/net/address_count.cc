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

std::optional<AddressCount::Place> AddressCount::enter(const std::string& address) {
  if (proxies_.trusts(address)) return Place();
  std::string network = base::network_of(address);
  {
    const std::lock_guard lock(mutex_);
    std::size_t& count = open_[network];
    if (count == most_) return std::nullopt;
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
