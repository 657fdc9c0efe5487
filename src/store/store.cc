#include "store/store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/tally.h"
#include "store/postgres.h"
#include "store/sqlite.h"

namespace store {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::string_view kSqliteScheme = "sqlite:";
constexpr auto kConnectPause =
    std::chrono::milliseconds(200);  // between two tries while the database is away

using Work = std::function<base::Result<void>(Connection&)>;

base::Error unavailable(std::string what) { return {"unavailable", std::move(what)}; }

// How one try of a transaction ended.
struct Ended {
  base::Result<void> outcome;
  bool may_repeat = false;        // nothing of it was kept, and another try may fare better
  bool connection_usable = true;  // no transaction is left open on it
};

base::Result<void> run_guarded(Connection& db, const Work& work) {
  try {
    return work(db);
  } catch (const std::exception& problem) {  // a worker thread must outlive a job's bug
    return base::Error{"internal", std::string("work on the database threw: ") + problem.what()};
  }
}

Ended in_transaction(Connection& db, const Work& work) {
  auto outcome = db.script(db.dialect() == Dialect::sqlite ? "begin immediate" : "begin");
  if (!outcome.ok()) return {outcome, db.broken(), false};
  outcome = run_guarded(db, work);
  if (outcome.ok()) {
    outcome = db.script("commit");
    if (outcome.ok()) return {outcome, false, true};
    if (db.broken()) {
      return {unavailable("the link broke during a commit, its outcome is unknown: " +
                          outcome.error().message),
              false, false};
    }
  }
  const bool lost_link = db.broken();
  const bool undone = !lost_link && db.script("rollback").ok();
  if (outcome.error().code == kTryAgain)
    return {unavailable(outcome.error().message), true, undone};
  return {outcome, lost_link, undone};
}

}  // namespace

// Connections and workers. One mutex guards everything but the counters; nobody talks to the
// database under it.
struct Store::Impl {
  struct Job {
    std::function<void()> work;
    std::function<void(base::Error)> refuse;
    Clock::time_point deadline;
  };

  explicit Impl(Options given, Dialect kind) : options(std::move(given)), dialect(kind) {}

  base::Result<std::unique_ptr<Connection>> connect() const {
    if (dialect == Dialect::sqlite) {
      return open_sqlite(options.url.substr(kSqliteScheme.size()), options.statement_timeout);
    }
    return open_postgres(options.url, options.connect_timeout, options.statement_timeout);
  }

  // A connection for the caller alone, an idle one or a new one; waits while all are out.
  base::Result<std::unique_ptr<Connection>> borrow() {
    std::unique_lock lock(mutex);
    const auto deadline = Clock::now() + options.borrow_timeout;
    const auto free = [&] { return closing || !idle.empty() || out < options.pool; };
    if (!returned.wait_until(lock, deadline, free))
      return unavailable("no free database connection");
    if (closing) return unavailable("the store is closing");
    if (!idle.empty()) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      ++out;
      return connection;
    }
    if (away && Clock::now() < next_connect) return *away;
    ++out;
    lock.unlock();
    auto connection = connect();
    lock.lock();
    if (connection.ok()) {
      away.reset();
    } else {
      --out;
      away = connection.error();
      next_connect = Clock::now() + kConnectPause;
      returned.notify_one();
    }
    return connection;
  }

  // Takes a connection back, or throws it away. With a broken one go the idle ones: they lead to
  // the same server.
  void give_back(std::unique_ptr<Connection> connection, bool usable) {
    std::vector<std::unique_ptr<Connection>> dead;
    {
      std::lock_guard lock(mutex);
      --out;
      if (connection->broken()) dead.swap(idle);
      (usable && !connection->broken() ? idle : dead).push_back(std::move(connection));
    }
    returned.notify_one();
  }

  void work_off() {
    for (;;) {
      Job job;
      {
        std::unique_lock lock(mutex);
        queued.wait(lock, [&] { return closing || !jobs.empty(); });
        if (closing) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      if (Clock::now() > job.deadline) {
        job.refuse(unavailable("waited too long for the database"));
      } else {
        job.work();
      }
    }
  }

  const Options options;
  const Dialect dialect;

  std::mutex mutex;
  std::condition_variable returned;  // a connection came back, or may be opened
  std::condition_variable queued;
  bool closing = false;
  std::size_t out = 0;  // borrowed, or being opened
  std::vector<std::unique_ptr<Connection>> idle;
  std::optional<base::Error> away;  // why the last try to connect failed
  Clock::time_point next_connect{};
  std::deque<Job> jobs;
  std::vector<std::thread> workers;

  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> unreachable = 0;
  std::atomic<std::uint64_t> microseconds = 0;
  std::atomic<bool> reachable = true;
};

base::Result<std::unique_ptr<Store>> Store::open(Options options) {
  const bool sqlite = options.url.starts_with(kSqliteScheme);
  const bool postgres =
      options.url.starts_with("postgresql://") || options.url.starts_with("postgres://");
  if (!sqlite && !postgres) {
    return base::Error{"invalid", "DATABASE_URL must begin with sqlite: or postgresql://"};
  }
  if (options.pool < 1 || options.pool > 100) {
    return base::Error{"invalid", "the database pool must have 1 to 100 connections"};
  }
  if (postgres) {
    if (const auto readable = check_postgres_url(options.url); !readable.ok())
      return readable.error();
  }
  // SQLite writes one transaction at a time anyway: waiting in our own queue is fair and wakes at
  // once, its lock is polled.
  if (sqlite) options.pool = 1;
  auto impl =
      std::make_unique<Impl>(std::move(options), sqlite ? Dialect::sqlite : Dialect::postgres);
  for (std::size_t i = 0; i < impl->options.pool; ++i) {
    impl->workers.emplace_back([state = impl.get()] { state->work_off(); });
  }
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  std::deque<Impl::Job> left;
  {
    std::lock_guard lock(impl_->mutex);
    impl_->closing = true;
    left.swap(impl_->jobs);
  }
  impl_->queued.notify_all();
  impl_->returned.notify_all();
  for (auto& worker : impl_->workers) worker.join();
  for (auto& job : left) job.refuse(unavailable("the store is closing"));
}

void Store::submit(std::function<void()> job, std::function<void(base::Error)> refuse) {
  {
    std::lock_guard lock(impl_->mutex);
    if (!impl_->closing && impl_->jobs.size() < impl_->options.queue) {
      impl_->jobs.push_back(
          {std::move(job), std::move(refuse), Clock::now() + impl_->options.borrow_timeout});
      impl_->queued.notify_one();
      return;
    }
  }
  refuse(unavailable("too many wait for the database"));
}

base::Result<void> Store::execute(const std::function<base::Result<void>(Connection&)>& work) {
  const auto begun = Clock::now();
  base::Result<void> outcome;
  constexpr int kTries = 3;  // a link found dead, a deadlock between two transactions
  for (int attempt = 1;; ++attempt) {
    auto connection = impl_->borrow();
    if (!connection.ok()) {
      outcome = connection.error();
      break;
    }
    const Ended ended = in_transaction(**connection, work);
    impl_->give_back(std::move(*connection), ended.connection_usable);
    outcome = ended.outcome;
    if (!ended.may_repeat || attempt == kTries) break;
  }
  const bool away = !outcome.ok() && outcome.error().code == "unavailable";
  impl_->reachable = !away;
  ++(away ? impl_->unreachable : impl_->done);
  base::tally::took(base::tally::Duration::database, Clock::now() - begun);
  impl_->microseconds += static_cast<std::uint64_t>(Seconds(Clock::now() - begun).count() * 1e6);
  return outcome;
}

Dialect Store::dialect() const { return impl_->dialect; }

Store::Stats Store::stats() const {
  Stats stats;
  stats.done = impl_->done;
  stats.unreachable = impl_->unreachable;
  stats.seconds = static_cast<double>(impl_->microseconds) * 1e-6;
  stats.reachable = impl_->reachable;
  std::lock_guard lock(impl_->mutex);
  stats.waiting = impl_->jobs.size();
  return stats;
}

}  // namespace store
