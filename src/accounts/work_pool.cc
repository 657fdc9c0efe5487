#include "accounts/work_pool.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "base/log.h"

namespace accounts {
namespace {

using Clock = std::chrono::steady_clock;

// Linux keeps the nice value per thread. A failure costs nothing but the courtesy, and is worth a
// line.
void be_nice(int nice) {
  if (nice == 0) return;
  if (::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice) != 0)
    base::log::warn("thread_priority_refused");
}

}  // namespace

WorkPool::WorkPool(Options options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] {
      ::pthread_setname_np(::pthread_self(), options_.name.c_str());
      be_nice(options_.nice);
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
      late = Clock::now() > job.deadline;
      ++(late ? given_up_ : done_);
    }
    late ? job.give_up() : job.work();
  }
}

WorkPool::Stats WorkPool::stats() const {
  std::lock_guard lock(mutex_);
  return {jobs_.size(), done_, given_up_};
}

}  // namespace accounts
