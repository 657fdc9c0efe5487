#pragma once

// A run from the first player's coming to the last one's going, on the main thread; the players are
// on the loops' threads.

#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include "loadtest/accounts.h"
#include "loadtest/loop.h"
#include "loadtest/progress.h"
#include "loadtest/report.h"
#include "loadtest/series.h"

namespace loadtest {

class Run {
 public:
  // `stop` is looked at ten times a second: once it is not 0 the players leave.
  // `options` and `stop` outlive the run.
  Run(const Options& options, std::vector<Account> accounts, std::uint64_t seed,
      const volatile std::sig_atomic_t& stop);

  Report go();
  // After go(): with those made that were registered.
  const std::vector<Account>& accounts() const { return accounts_; }

 private:
  int total(int (Loop::*what)() const) const;
  bool stopped() const { return stop_ != 0; }
  bool all_gone() const { return total(&Loop::gone) == options_.players; }
  double seconds() const;  // since the begin
  // Sleeps a tenth of a second, then takes what the loops have, shows it and reads the servers.
  void tend(const char* stage);
  void take_slices();
  std::size_t read_servers();  // the number of the reading
  void settle();
  void measure();
  void end();

  const Options& options_;
  const volatile std::sig_atomic_t& stop_;
  std::vector<Account> accounts_;
  Stage stage_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
  Series series_;
  Progress progress_;
  Report report_;
  Time start_{};
  Clock::duration slice_{};
  double next_reading_ = 0;
};

}  // namespace loadtest
