#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace app {

// Runs a chore again and again, on a thread of its own, until it is destroyed (which waits for a
// run under way). The first time soon after the start, then about once a period: each wait is up to
// a quarter shorter or longer, so that the nodes of a cluster that started together do not ask the
// database together.
class Periodic {
 public:
  Periodic(std::chrono::milliseconds period, std::function<void()> chore);
  ~Periodic();
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

 private:
  void run();

  const std::chrono::milliseconds period_;
  const std::function<void()> chore_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace app
