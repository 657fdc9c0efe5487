#include "app/periodic.h"

#include <utility>

#include "base/random.h"

namespace app {
namespace {

// A part of `span`, from none to all of it.
std::chrono::milliseconds part_of(std::chrono::milliseconds span) {
  const auto count = static_cast<std::uint64_t>(span.count());
  return std::chrono::milliseconds(base::secure_u64() % (count + 1));
}

}  // namespace

Periodic::Periodic(std::chrono::milliseconds period, std::function<void()> chore)
    : period_(period), chore_(std::move(chore)), thread_([this] { run(); }) {}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Periodic::run() {
  std::unique_lock lock(mutex_);
  auto wait = part_of(period_ / 16);
  while (!wake_.wait_for(lock, wait, [this] { return stop_; })) {
    lock.unlock();
    chore_();
    lock.lock();
    wait = period_ - period_ / 4 + part_of(period_ / 2);
  }
}

}  // namespace app
