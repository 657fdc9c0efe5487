#include "app/memory_return.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/machine_watch.h"
#include "base/clock.h"
#include "base/log.h"

namespace app {

namespace {

constexpr std::chrono::seconds kLook{5};

}  // namespace

bool CrowdWatch::has_gone(std::uint64_t present) {
  most_ = std::max(most_, present);
  const bool going = present < std::exchange(before_, present);
  if (going || most_ < present + kCrowd || present > most_ / 2) return false;
  most_ = present;
  return true;
}

MemoryReturn::MemoryReturn(std::function<std::uint64_t()> present)
    : present_(std::move(present)), looking_(kLook, [this] { look(); }) {}

void MemoryReturn::look() {
  if (!crowd_.has_gone(present_())) return;
  const std::uint64_t before = api::process_figures().resident_bytes;
  const std::int64_t began = base::steady_ms();
  ::malloc_trim(0);
  base::log::info("memory_returned", {{"ms", base::steady_ms() - began},
                                      {"before", before},
                                      {"after", api::process_figures().resident_bytes}});
}

}  // namespace app
