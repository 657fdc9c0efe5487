#pragma once

// The door of a shard for other threads: functions to run there. Shared, because answers may still
// come for a shard that has ended; those are never run.

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace net {

class Mailbox {
 public:
  // Whether the shard is called out of its sleep for what is posted, or takes it with whatever
  // wakes it next.
  enum class Wake : bool { no, yes };

  Mailbox();  // throws std::system_error without descriptors
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread. One system call at most for all that is posted until the shard takes it.
  void post(std::function<void()> fn, Wake wake = Wake::yes);

  // The shard's thread: becomes readable with each call out of its sleep. To be watched by edge
  // (EPOLLET): nobody reads it.
  int descriptor() const { return event_; }
  // Any thread: is there something to take?
  bool pending() const { return pending_.load(std::memory_order_acquire); }
  // The shard's thread: moves everything posted so far into `batch` (which must be empty).
  void take(std::vector<std::function<void()>>& batch);

 private:
  int event_;
  std::atomic<bool> pending_{false};  // written under the mutex
  std::mutex mutex_;
  bool called_ = false;  // the shard has been called for what is here
  std::vector<std::function<void()>> posted_;
};

}  // namespace net
