#include "net/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>
#include <thread>

namespace net {

namespace {

constexpr int kEventsPerBatch = 256;
// One read takes what a client may send at once without a second call; 64 kB also holds a whole
// default payload.
constexpr std::size_t kReceiveBytes = 64 * 1024;

int make_set() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

}  // namespace

struct Loop::Reactor {
  Reactor() : io(1), set(io, make_set()), timer(io) {}
  boost::asio::io_context io;
  boost::asio::posix::stream_descriptor set;
  boost::asio::steady_timer timer;
  SteadyTime armed = SteadyTime::max();
  std::array<epoll_event, kEventsPerBatch> events;
  std::atomic<std::thread::id> thread{};
};

Loop::Loop(ShardId id)
    : id_(id),
      mailbox_(std::make_shared<Mailbox>()),
      reactor_(std::make_unique<Reactor>()),
      wheel_(std::chrono::steady_clock::now()),
      receive_buffer_(kReceiveBytes),
      now_(std::chrono::steady_clock::now()),
      fault_([](std::string_view what) {
        std::fprintf(stderr, "shard: %.*s\n", static_cast<int>(what.size()), what.data());
      }) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // the mailbox
  if (::epoll_ctl(reactor_->set.native_handle(), EPOLL_CTL_ADD, mailbox_->descriptor(), &event) <
      0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Loop::~Loop() = default;

bool Loop::on_thread() const {
  return reactor_->thread.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

bool Loop::watch(int fd, Watcher& watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  return ::epoll_ctl(reactor_->set.native_handle(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::rewatch(int fd, Watcher& watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  ::epoll_ctl(reactor_->set.native_handle(), EPOLL_CTL_MOD, fd, &event);
}

void Loop::unwatch(int fd) {
  epoll_event event{};
  ::epoll_ctl(reactor_->set.native_handle(), EPOLL_CTL_DEL, fd, &event);
}

void Loop::forget(Flushable& flushable) {
  std::replace(dirty_.begin(), dirty_.end(), &flushable, static_cast<Flushable*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &flushable, static_cast<Flushable*>(nullptr));
}

void Loop::flush() {
  if (!flushing_.empty()) return;  // called from within a flush: that one goes on
  while (!dirty_.empty()) {
    flushing_.swap(dirty_);
    for (std::size_t i = 0; i < flushing_.size(); ++i) {
      if (flushing_[i] != nullptr) flushing_[i]->on_flush();
    }
    flushing_.clear();
  }
}

Shard::TimerId Loop::at(SteadyTime deadline, std::function<void()> fn) {
  return timers_.add(deadline, std::move(fn));  // the batch's end arms it
}

void Loop::set_deadline(DeadlineEntry& entry, std::chrono::milliseconds from_now) {
  wheel_.set(entry, now_ + from_now);
  if (!wheel_turning_) {
    wheel_turning_ = true;
    at(now_ + DeadlineWheel::kSlot, [this] { turn_wheel(); });
  }
}

void Loop::turn_wheel() {
  wheel_.advance(now_, expired_);
  // An idle shard turns on until its last connection has gone.
  wheel_turning_ = counters_.connections.value() > 0;
  if (wheel_turning_) at(now_ + DeadlineWheel::kSlot, [this] { turn_wheel(); });
}

template <class Fn>
void Loop::guarded(Fn&& fn) {
  try {
    fn();
  } catch (const std::exception& error) {
    counters_.errors.add();
    fault_(error.what());
  }
}

void Loop::run_posts() {
  mailbox_->take(posts_);
  for (auto& fn : posts_) guarded(fn);
  posts_.clear();
}

void Loop::on_set_ready() {
  now_ = std::chrono::steady_clock::now();
  // Before the sockets: what came after a deadline must find it passed.
  run_timers();
  const int count =
      ::epoll_wait(reactor_->set.native_handle(), reactor_->events.data(), kEventsPerBatch, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = reactor_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) {
      run_posts();
    } else {
      guarded([&] { static_cast<Watcher*>(event.data.ptr)->on_ready(event.events); });
    }
  }
  end_batch();
  reactor_->set.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this](boost::system::error_code error) {
                             if (!error) on_set_ready();
                           });
}

void Loop::on_timer() {
  reactor_->armed = SteadyTime::max();
  now_ = std::chrono::steady_clock::now();
  run_timers();
  end_batch();
}

void Loop::run_timers() {
  // No more than there are now: a timer that sets itself again at once must not keep the sockets
  // waiting.
  for (std::size_t left = timers_.size(); left > 0; --left) {
    const auto fn = timers_.take_due(now_);
    if (!fn) break;
    guarded(fn);
  }
}

void Loop::arm_timer() {
  const auto next = timers_.next();
  if (!next || *next >= reactor_->armed) return;
  reactor_->armed = *next;
  reactor_->timer.expires_at(*next);
  reactor_->timer.async_wait([this](boost::system::error_code error) {
    if (!error) on_timer();
  });
}

void Loop::end_batch() {
  // Closing may queue more to write and more to close.
  do {
    flush();
    for (std::size_t i = 0; i < after_.size(); ++i) {
      const auto fn = std::move(after_[i]);
      guarded(fn);
    }
    after_.clear();
  } while (!dirty_.empty());
  if (stopping_) {
    reactor_->io.stop();
  } else {
    arm_timer();
  }
}

void Loop::run() {
  reactor_->thread.store(std::this_thread::get_id(), std::memory_order_relaxed);
  const auto work = boost::asio::make_work_guard(reactor_->io);
  on_set_ready();
  if (!stopping_) reactor_->io.run();
  reactor_->thread.store(std::thread::id{}, std::memory_order_relaxed);
}

}  // namespace net
