#include "accounts/work_pool.h"

#include <pthread.h>
#include <sched.h>

#include <utility>

#include "base/log.h"

namespace accounts {
namespace {

using Clock = std::chrono::steady_clock;

// A high nice value would not do: a thread that has begun its slice keeps it, and a shard that
// wakes waits up to 3 ms (measured in bench/reports/logins.md). Whoever is in SCHED_IDLE gives way
// at once. A failure costs nothing but the courtesy, and is worth a line.
void step_back() {
  const sched_param none{};
  if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) base::log::warn("thread_priority_refused");
}

}  // namespace

WorkPool::WorkPool(Options options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] {
      ::pthread_setname_np(::pthread_self(), options_.name.c_str());
      if (options_.background) step_back();
      run();
    });
  }
}

WorkPool::~WorkPool() {
  std::deque<Job> left;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    left.swap(jobs_);
  }
  queued_.notify_all();
  for (auto& thread : threads_) thread.join();
  for (Job& job : left) job.give_up();
}

void WorkPool::submit(std::function<void()> job, std::function<void()> give_up) {
  {
    std::lock_guard lock(mutex_);
    if (!closing_ && jobs_.size() < options_.queue) {
      jobs_.push_back({std::move(job), std::move(give_up), Clock::now() + options_.patience});
      queued_.notify_one();
      return;
    }
    ++given_up_;
  }
  give_up();
}

void WorkPool::run() {
  for (;;) {
    Job job;
    bool late = false;
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [&] { return closing_ || !jobs_.empty(); });
      if (closing_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      const Clock::time_point now = Clock::now();
      late = now > job.deadline;
      waited_ += now - (job.deadline - options_.patience);
      ++(late ? given_up_ : done_);
    }
    late ? job.give_up() : job.work();
  }
}

WorkPool::Stats WorkPool::stats() const {
  std::lock_guard lock(mutex_);
  return {jobs_.size(), done_, given_up_, waited_};
}

}  // namespace accounts
