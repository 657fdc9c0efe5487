#pragma once

// The durable way from the end of a match to the database (D4).
//
//   deliver(result) -> memory -> [outbox file, on the disk] -> durable(true) -> [database, one
//   transaction] -> removed
//
// A crash at any point after durable(true) loses nothing: the next start finds the result in the
// file. A crash between the database's commit and the removal delivers it once more, which the
// match id makes a no-op. While the database is away deliveries are tried again with growing
// pauses. A result that the database refuses for good is put aside in the file's table `rejected`,
// logged as an error, and does not hold up the others.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "store/match_result.h"
#include "store/store.h"

namespace store {

// Work to be done with a match in the transaction that writes it, when it is new; an Error undoes
// the whole and delays or rejects the result as its code says. Ratings are brought in this way.
using OnMatch = std::function<base::Result<void>(Connection&, const MatchResult&)>;

struct OutboxOptions {
  std::string path;  // an SQLite file of this node alone, e.g. DATA_DIR/outbox.db
  OnMatch on_match;  // may be empty
  std::chrono::milliseconds first_pause{100};  // after a failed delivery; doubles up to
  std::chrono::milliseconds longest_pause{10000};
};

// Two threads of its own: one writes results to the file, one carries them to the database. Thread
// safe.
class Outbox {
 public:
  // Fails when the file cannot be used. Delivery of what is in it begins at once. The store must
  // outlive the outbox.
  static base::Result<std::unique_ptr<Outbox>> open(OutboxOptions options, Store& store);
  // Puts what deliver() was given into the file, then stops; deliveries that are left wait in the
  // file.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Queues a result; never blocks. `durable(ok)` is called once from the outbox's thread: true when
  // the result is on the disk, false when it is not sound (it is dropped) or could not be written
  // now (it is kept in memory and tried again); both are logged.
  void deliver(MatchResult result, std::function<void(bool ok)> durable);

  struct Stats {
    std::size_t waiting = 0;      // in memory or in the file
    std::uint64_t delivered = 0;  // by this process
    std::uint64_t rejected = 0;   // by this process
  };
  Stats stats() const;

 private:
  struct Impl;
  explicit Outbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
