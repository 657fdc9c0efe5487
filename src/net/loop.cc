#include "net/loop.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

namespace net {

namespace {

// What the sockets of an overloaded shard have between two runs of its timers.
constexpr std::chrono::milliseconds kSocketsShare{2};
constexpr int kEventsPerBatch = 256;
// One read takes what a client may send at once without a second call; 64 kB also holds a whole
// default payload.
constexpr std::size_t kReceiveBytes = 64 * 1024;
// How long a shard with much to do lets events gather, and what is much: from 4,000 events a second
// on, some 130 players, a wake-up for each costs more than the event itself. Inputs wait for their
// tick anyway; the lobbies of a shard tick every four milliseconds (lobby/tick_clock.h).
constexpr std::chrono::milliseconds kGather{4};
constexpr int kBusyEvents = 16;  // in the time of kGather

// Sockets that send at all send more often than this.
constexpr std::chrono::seconds kTrimEvery{10};

int make_set() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

timespec timespec_of(SteadyTime::duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {seconds.count(), (duration - seconds).count()};
}

}  // namespace

Loop::Loop(ShardId id)
    : id_(id),
      mailbox_(std::make_shared<Mailbox>()),
      set_(make_set()),
      events_(std::make_unique<epoll_event[]>(kEventsPerBatch)),
      wheel_(std::chrono::steady_clock::now()),
      receive_buffer_(kReceiveBytes),
      now_(std::chrono::steady_clock::now()),
      window_begin_(now_),
      fault_([](std::string_view what) {
        std::fprintf(stderr, "shard: %.*s\n", static_cast<int>(what.size()), what.data());
      }) {
  epoll_event event{};
  // Linux 5.11 has the call, and a container may forbid it: better said now than a shard that hears
  // nothing.
  const timespec at_once{};
  if (::epoll_pwait2(set_, &event, 1, &at_once, nullptr) < 0 && errno != EINTR) {
    const int error = errno;
    ::close(set_);
    throw std::system_error(error, std::generic_category(), "epoll_pwait2");
  }
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;  // the mailbox
  if (::epoll_ctl(set_, EPOLL_CTL_ADD, mailbox_->descriptor(), &event) < 0) {
    const int error = errno;
    ::close(set_);
    throw std::system_error(error, std::generic_category(), "epoll_ctl");
  }
}

Loop::~Loop() { ::close(set_); }

bool Loop::on_thread() const {
  return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

// On its own thread a shard is awake, and looks before it sleeps.
void Loop::post(std::function<void()> fn) {
  mailbox_->post(std::move(fn), on_thread() ? Mailbox::Wake::no : Mailbox::Wake::yes);
}

void Loop::post_unhurried(std::function<void()> fn) {
  mailbox_->post(std::move(fn), Mailbox::Wake::no);
}

bool Loop::watch(int fd, Watcher& watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  return ::epoll_ctl(set_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::rewatch(int fd, Watcher& watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  ::epoll_ctl(set_, EPOLL_CTL_MOD, fd, &event);
}

void Loop::unwatch(int fd) {
  epoll_event event{};
  ::epoll_ctl(set_, EPOLL_CTL_DEL, fd, &event);
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
  if (!mailbox_->pending()) return;
  mailbox_->take(posts_);
  for (auto& fn : posts_) guarded(fn);
  posts_.clear();
}

void Loop::run_timers() {
  // No more than there are now: a timer that sets itself again at once must not keep the sockets
  // waiting.
  for (std::size_t left = timers_.size(); left > 0; --left) {
    const auto fn = timers_.take_due(now_);
    if (!fn) break;
    guarded(fn);
  }
  timers_ended_ = std::chrono::steady_clock::now();
}

void Loop::turn() {
  if (gathering_) gather();
  const int count = wait();
  now_ = std::chrono::steady_clock::now();
  count_events(count);
  // Posts before timers: a tick finds what was sent to it. Timers before sockets: what came after a
  // deadline must find it passed.
  run_posts();
  run_timers();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) continue;  // the mailbox: seen to above
    guarded([&] { static_cast<Watcher*>(event.data.ptr)->on_ready(event.events); });
    run_overdue_timers();
  }
  end_batch();
}

// A full batch of hundreds of newcomers takes longer than a tick may be late. Timers that are late
// whatever happens leave the sockets their share.
void Loop::run_overdue_timers() {
  const auto next = timers_.next();
  if (!next) return;
  const auto now = std::chrono::steady_clock::now();
  if (*next > now || now - timers_ended_ < kSocketsShare) return;
  now_ = now;
  run_posts();  // a tick finds what was sent to it,
  run_timers();
  run_posts();  // and what it says to other shards leaves at once
}

// Sleeps for the rest of kGather, which began with the last batch.
void Loop::gather() {
  SteadyTime until = now_ + kGather;
  if (const auto next = timers_.next()) until = std::min(until, *next);
  const timespec time = timespec_of(until.time_since_epoch());
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

// Sleeps until something happens or the next timer is due. The number of events.
int Loop::wait() {
  timespec time{};
  const timespec* limit = &time;
  if (const auto next = timers_.next(); mailbox_->pending()) {
    // What the last batch posted at its very end.
  } else if (next) {
    const auto left = *next - std::chrono::steady_clock::now();
    time = timespec_of(std::max(left, SteadyTime::duration::zero()));
  } else {
    limit = nullptr;
  }
  return std::max(0, ::epoll_pwait2(set_, events_.get(), kEventsPerBatch, limit, nullptr));
}

// A shard gathers while events come at the rate of a busy one.
void Loop::count_events(int count) {
  const auto span = now_ - window_begin_;
  if (span >= kGather) {
    gathering_ = window_events_ * SteadyTime::duration(kGather) >= kBusyEvents * span;
    window_begin_ = now_;
    window_events_ = 0;
  }
  window_events_ += count;
}

void Loop::settle() {
  // Closing may queue more to write and more to close.
  do {
    flush();
    for (std::size_t i = 0; i < after_.size(); ++i) {
      const auto fn = std::move(after_[i]);
      guarded(fn);
    }
    after_.clear();
  } while (!dirty_.empty());
}

void Loop::end_batch() {
  settle();
  if (!mailbox_->pending()) return;
  run_posts();  // what the batch itself posted need not wait for another one
  settle();
}

void Loop::trim_buffers() {
  if (now_ < trim_at_) return;
  trim_at_ = now_ + kTrimEvery;
  output_buffers_.trim();
}

void Loop::run() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  do {
    turn();
    counters_.timers.set(timers_.size());
    trim_buffers();
  } while (!stopping_);
  thread_.store(std::thread::id{}, std::memory_order_relaxed);
}

}  // namespace net
