#pragma once

// Threads for work that takes its time: hashing passwords, calls that wait for the database.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace accounts {

// Bounded twice, so that a storm of requests is answered at once or refused at once, and nobody
// waits forever (A2): a full queue takes no more, and a job that waited too long is given up.
// Thread safe. The destructor gives up what is queued and waits for what is running.
class WorkPool {
 public:
  struct Options {
    std::string name;  // of the threads, at most 15 characters
    std::size_t threads = 2;
    std::size_t queue = 64;                    // jobs waiting; more are refused
    std::chrono::milliseconds patience{2000};  // longest wait in the queue
    bool background = false;  // only when nobody else wants the core, and never a moment longer:
                              // hashing, so that ticks are on time (A2)
  };
  explicit WorkPool(Options options);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // Runs `job` on a thread of the pool, or `give_up` in its place: there when it waited too long,
  // here when the queue is full or the pool is closing. Exactly one of the two is called. Never
  // blocks.
  void submit(std::function<void()> job, std::function<void()> give_up);

  struct Stats {
    std::size_t waiting = 0;
    std::uint64_t done = 0;
    std::uint64_t given_up = 0;
    std::chrono::nanoseconds waited{0};  // in the queue, all that left it together
  };
  Stats stats() const;

 private:
  struct Job {
    std::function<void()> work;
    std::function<void()> give_up;
    std::chrono::steady_clock::time_point deadline;
  };
  void run();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  std::uint64_t done_ = 0;
  std::uint64_t given_up_ = 0;
  std::chrono::nanoseconds waited_{0};
  std::vector<std::thread> threads_;
};

}  // namespace accounts
