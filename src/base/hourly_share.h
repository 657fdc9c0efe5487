#pragma once

// So many an hour of each, and no more: what strangers can bring about again and again does not
// fill a table or the log.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace base {

// Any thread; nothing here waits.
class HourlyShare {
 public:
  // `most` of one key in an hour; of the keys of an hour beyond the first `keys` nothing is taken.
  HourlyShare(int most, std::size_t keys) : most_(most), keys_(keys) {}

  // Takes one of the key's share; false when there is none left. `now` counts from any beginning.
  bool take(const std::string& key, std::chrono::milliseconds now);

 private:
  const int most_;
  const std::size_t keys_;
  std::mutex mutex_;
  std::chrono::milliseconds since_{};           // the beginning of the present hour
  std::unordered_map<std::string, int> taken_;  // in this hour
};

}  // namespace base
