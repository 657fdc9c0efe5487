#pragma once

// Bounds the TCP connections that one client address holds open on all shards of a node (S1, S2):
// each costs a descriptor and memory before anything has been said on it.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace base {
class ClientAddress;
}

namespace net {

// One a node; any thread. Addresses of one IPv6 network (/64) count as one.
class AddressCount {
 public:
  // A connection among those of its address, as long as it lives. The count must outlive it.
  class Place {
   public:
    Place() = default;  // of nobody who is counted
    Place(AddressCount& of, std::string network) : of_(&of), network_(std::move(network)) {}
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    ~Place();

   private:
    AddressCount* of_ = nullptr;
    std::string network_;
  };

  // `most` is at least 1. Addresses that `proxies` trusts carry many clients and are not counted;
  // it must outlive the count.
  AddressCount(std::size_t most, const base::ClientAddress& proxies)
      : most_(most), proxies_(proxies) {}

  // Nothing when the address holds as many as it may.
  std::optional<Place> enter(const std::string& address);

 private:
  void leave(const std::string& network);

  const std::size_t most_;
  const base::ClientAddress& proxies_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;  // none is 0
};

}  // namespace net
