#pragma once

// The outbox's file: results that the database does not have yet, oldest first.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct Waiting {
  std::int64_t number = 0;  // place in the order of arrival
  std::string match_id;
  std::string body;  // encode()d MatchResult
};

// Thread safe: one mutex around one SQLite connection. What a member answered good to is on the
// disk.
class OutboxFile {
 public:
  static base::Result<std::unique_ptr<OutboxFile>> open(const std::string& path);

  // Adds results in one commit; one that is there already stays as it is. `number` is ignored.
  // Answers how many are new.
  base::Result<std::size_t> add(std::span<const Waiting> results);
  // The next results after that number.
  base::Result<std::vector<Waiting>> next(std::int64_t after, std::size_t limit);
  base::Result<void> remove(std::int64_t number);
  // Moves a result to the table `rejected`, with the reason.
  base::Result<void> reject(const Waiting& result, const std::string& reason);
  base::Result<std::size_t> count();

 private:
  explicit OutboxFile(std::unique_ptr<Connection> db) : db_(std::move(db)) {}
  base::Result<void> in_transaction(const std::function<base::Result<void>()>& work);

  std::mutex mutex_;
  std::unique_ptr<Connection> db_;
};

}  // namespace store
