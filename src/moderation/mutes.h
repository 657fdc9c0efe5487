#pragma once

// Who may not chat at present (S6), as every node knows it: told by notices, made good by the
// database, asked by the shards.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/mutes.h"

namespace moderation {

// One a node. Any thread; nothing here waits.
class Mutes {
 public:
  // Words for the muted: why and until when; none = may chat. `account_id` "" = a guest of
  // `address`. Mutes of addresses are for guests alone.
  std::optional<std::string> of(const std::string& account_id, const std::string& address,
                                store::Time now) const;

  // A mute was made or lifted: told by a notice.
  void apply(const store::Mute& mute);

  // The mutes in force as the database had them: what was told since mark() stays as it was told.
  std::uint64_t mark() const;
  void replace(const std::vector<store::Mute>& in_force, std::uint64_t mark);

 private:
  struct Known {
    store::Mute mute;
    std::uint64_t told = 0;  // 0 = read from the database
  };
  void index();

  mutable std::mutex mutex_;
  std::uint64_t told_ = 0;
  std::map<std::int64_t, Known> known_;                    // by number; lifted ones until replaced
  std::unordered_multimap<std::string, std::int64_t> by_;  // by account or network
};

}  // namespace moderation
