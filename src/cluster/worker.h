#pragma once

// The cluster's own thread: an event loop with posts and timers.

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace cluster {

// Thread safe, but start() and stop() belong to the owner. What a function throws is logged and
// stops nothing else.
class Worker {
 public:
  Worker();
  ~Worker();  // stop()s
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  // Ends after the present function; functions not yet run never are.
  void stop();

  void post(std::function<void()> fn);
  void after(std::chrono::milliseconds delay, std::function<void()> fn);
  boost::asio::io_context& loop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cluster
