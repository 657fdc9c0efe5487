#pragma once

// Business figures (O6): brings what this node counts to the store about once a minute, and reads
// from there, every few minutes, the figures of all nodes together. Of several nodes whichever
// comes first takes the minute's sample and works the figures out.

#include <functional>
#include <memory>
#include <mutex>

#include "app/periodic.h"
#include "store/business.h"
#include "store/store.h"

namespace app {

struct BusinessSources {
  store::Store& store;
  // Players and lobbies of all nodes now; may wait a moment.
  struct Online {
    std::uint32_t players = 0;
    std::uint32_t lobbies = 0;
  };
  std::function<Online()> online;
  std::function<store::DayTally()> ever;  // of this node since its start
};

class BusinessSystem {
 public:
  // What the sources refer to outlives it.
  explicit BusinessSystem(BusinessSources sources,
                          std::chrono::milliseconds every = std::chrono::minutes(1));

  using Report = std::shared_ptr<const store::BusinessReport>;
  // As they were read last; null before the first time. Any thread, at once.
  Report report() const;

  static constexpr std::chrono::minutes kFresh{4};  // figures are not worked out again before that

 private:
  void run();
  void bring(store::Time now);
  void read(store::Time now);

  const BusinessSources sources_;
  store::DayTally brought_;  // of what was counted here
  store::Time read_at_{};
  mutable std::mutex mutex_;
  Report report_;
  Periodic chore_;  // goes first: it uses all of the above
};

}  // namespace app
