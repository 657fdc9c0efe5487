#include "net/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace net {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() { ::close(event_); }

void Mailbox::post(std::function<void()> fn, Wake wake) {
  bool call = false;
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(fn));
    pending_.store(true, std::memory_order_release);
    call = wake == Wake::yes && !called_;
    called_ |= call;
  }
  if (!call) return;
  const std::uint64_t one = 1;
  // Cannot fail but by overflow, after 2^64 calls.
  while (::write(event_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void Mailbox::take(std::vector<std::function<void()>>& batch) {
  const std::lock_guard lock(mutex_);
  batch.swap(posted_);
  pending_.store(false, std::memory_order_relaxed);
  called_ = false;
}

}  // namespace net
