#pragma once

// Bounds the TCP connections that one client address holds open on all shards of a node, and how
// often it opens them (S1, S2): each costs a descriptor and memory before anything has been said on
// it, and with TLS a proof with our key.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/rate_limit.h"

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

  struct Bounds {
    std::size_t open = 0;  // at once; 0 = no bound
    int per_minute = 0;    // opened, a minute's worth at once; 0 = no bound
  };
  // Addresses that `proxies` trusts carry many clients and are not counted; it must outlive the
  // count.
  AddressCount(Bounds bounds, const base::ClientAddress& proxies);

  // Nothing when the address holds as many as it may, or has opened too many lately.
  std::optional<Place> enter(const std::string& address, base::RateLimit::Clock::time_point now);

 private:
  void leave(const std::string& network);

  const Bounds bounds_;
  std::optional<base::RateLimit> openings_;
  const base::ClientAddress& proxies_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;  // none is 0
};

}  // namespace net
