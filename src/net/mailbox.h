#pragma once

// The door of a shard for other threads: functions to run there. Shared, because answers may still
// come for a shard that has ended; those are never run.

#include <functional>
#include <mutex>
#include <vector>

namespace net {

class Mailbox {
 public:
  Mailbox();  // throws std::system_error without descriptors
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread. Wakes the shard only with the first function of a batch.
  void post(std::function<void()> fn);

  // The shard's thread: readable when there is something to take.
  int descriptor() const { return event_; }
  // The shard's thread: moves everything posted so far into `batch` (which must be empty).
  void take(std::vector<std::function<void()>>& batch);

 private:
  int event_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace net
