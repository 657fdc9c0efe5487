#pragma once

// The store: a database behind a pool of connections, and a few threads for those who may not wait.
//
// Work on the database is a function of a Connection. It runs inside one transaction, on a borrowed
// connection:
//   auto player = store.transact([&](store::Connection& db) { return find_player(db, id); }); //
//   waits store.run<Player>([id](store::Connection& db) { return find_player(db, id); }, post,
//   done);         // does not
// Both databases (SQLite, PostgreSQL) understand the same SQL; see connection.h.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// Brings a function to the thread that shall run it, e.g. [&](auto fn) { shard.post(std::move(fn));
// }.
using Post = std::function<void(std::function<void()>)>;

struct Options {
  std::string url;           // "sqlite:PATH", or "postgresql://..." as libpq reads it
  std::size_t pool = 8;      // connections and worker threads, 1..100 (D1)
  std::size_t queue = 4096;  // waiting run() calls beyond which new ones are refused
  std::chrono::milliseconds borrow_timeout{5000};  // longest wait for a free connection
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds statement_timeout{5000};  // longest single statement
};

// Thread safe. Owned by app; outlives everything that was given a reference. The destructor answers
// what is queued with "unavailable" and waits for what is running.
class Store {
 public:
  // Does not connect yet: a database that is away at start is an error of the first use, and heals
  // by itself.
  static base::Result<std::unique_ptr<Store>> open(Options options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Runs work(connection) in one transaction on the calling thread: commits when the Result is
  // good, rolls back when it is an Error. Blocks: never call it on a shard. If the connection
  // breaks before the commit was sent, the work runs again on a fresh connection, so it must do
  // nothing but talk to the database. Error "unavailable": the database is away, or answers too
  // slowly; whether a commit under way was done is then unknown.
  template <class Work>
  std::invoke_result_t<Work, Connection&> transact(Work work) {
    std::invoke_result_t<Work, Connection&> answer = base::Error{"internal", "work was not run"};
    auto outcome = execute([&](Connection& db) -> base::Result<void> {
      answer = work(db);
      return answer.ok() ? base::Result<void>() : base::Result<void>(answer.error());
    });
    if (!outcome.ok()) return outcome.error();
    return answer;
  }

  // The same on a worker thread; `done` is then posted with the answer. Never blocks; when too many
  // are waiting the answer is "unavailable".
  template <class T>
  void run(std::function<base::Result<T>(Connection&)> work, Post post,
           std::function<void(base::Result<T>)> done) {
    auto reply = [post = std::move(post), done = std::move(done)](base::Result<T> answer) {
      post([done, answer = std::move(answer)]() mutable { done(std::move(answer)); });
    };
    submit([this, work = std::move(work), reply] { reply(transact(work)); },
           [reply](base::Error error) { reply(base::Result<T>(std::move(error))); });
  }

  Dialect dialect() const;

  // Figures for health and metrics. Never waits for the database.
  struct Stats {
    bool reachable = true;          // did the last work reach the database?
    std::uint64_t done = 0;         // work that reached it, refused or not
    std::uint64_t unreachable = 0;  // work that ended "unavailable"
    double seconds = 0;             // spent on both together, waiting included
    std::size_t waiting = 0;        // run() calls in the queue
  };
  Stats stats() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  base::Result<void> execute(const std::function<base::Result<void>(Connection&)>& work);
  void submit(std::function<void()> job, std::function<void(base::Error)> refuse);

  std::unique_ptr<Impl> impl_;
};

}  // namespace store
