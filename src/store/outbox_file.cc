#include "store/outbox_file.h"

#include <chrono>

#include "store/sqlite.h"

namespace store {
namespace {

// The timeout covers a slow disk only: nobody else uses the file.
constexpr auto kTimeout = std::chrono::seconds(10);

base::Result<void> outcome_of(const base::Result<Rows>& rows) {
  return rows.ok() ? base::Result<void>() : base::Result<void>(rows.error());
}

}  // namespace

base::Result<std::unique_ptr<OutboxFile>> OutboxFile::open(const std::string& path) {
  auto db = open_sqlite(path, kTimeout);
  if (!db.ok()) return db.error();
  auto ready = (*db)->script(
      "create table if not exists waiting (number integer primary key autoincrement, match_id text "
      "not null unique,"
      " body text not null, queued_at text not null);"
      "create table if not exists rejected (match_id text primary key, body text not null, reason "
      "text not null,"
      " rejected_at text not null);");
  if (!ready.ok()) return ready.error();
  return std::unique_ptr<OutboxFile>(new OutboxFile(std::move(*db)));
}

base::Result<void> OutboxFile::in_transaction(const std::function<base::Result<void>()>& work) {
  auto outcome = db_->script("begin immediate");
  if (!outcome.ok()) return outcome;
  outcome = work();
  if (outcome.ok()) outcome = db_->script("commit");
  if (outcome.ok()) return outcome;
  // SQLite may have rolled back by itself (full disk); then there is nothing left to undo and this
  // answers an error.
  if (auto undone = db_->script("rollback"); !undone.ok() && outcome.error().code == "internal")
    return undone;
  return outcome;
}

base::Result<std::size_t> OutboxFile::add(std::span<const Waiting> results) {
  std::lock_guard lock(mutex_);
  std::size_t fresh = 0;
  auto outcome = in_transaction([&]() -> base::Result<void> {
    for (const Waiting& result : results) {
      auto added = db_->query(
          "insert into waiting (match_id, body, queued_at) values ($1, $2, $3)"
          " on conflict (match_id) do nothing returning number",
          {result.match_id, result.body, now()});
      if (!added.ok()) return added.error();
      fresh += added->size();
    }
    return {};
  });
  if (!outcome.ok()) return outcome.error();
  return fresh;
}

base::Result<std::vector<Waiting>> OutboxFile::next(std::int64_t after, std::size_t limit) {
  std::lock_guard lock(mutex_);
  auto rows = db_->query(
      "select number, match_id, body from waiting where number > $1 order by number limit $2",
      {after, static_cast<std::int64_t>(limit)});
  if (!rows.ok()) return rows.error();
  std::vector<Waiting> results;
  for (const Row& row : *rows) results.push_back({row[0].integer(), row[1].text(), row[2].text()});
  return results;
}

base::Result<void> OutboxFile::remove(std::int64_t number) {
  std::lock_guard lock(mutex_);
  return outcome_of(db_->query("delete from waiting where number = $1", {number}));
}

base::Result<void> OutboxFile::reject(const Waiting& result, const std::string& reason) {
  std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    auto kept = outcome_of(db_->query(
        "insert into rejected (match_id, body, reason, rejected_at) values ($1, $2, $3, $4)"
        " on conflict (match_id) do update set reason = excluded.reason, rejected_at = "
        "excluded.rejected_at",
        {result.match_id, result.body, reason, now()}));
    if (!kept.ok()) return kept;
    return outcome_of(db_->query("delete from waiting where number = $1", {result.number}));
  });
}

base::Result<std::size_t> OutboxFile::count() {
  std::lock_guard lock(mutex_);
  auto rows = db_->query("select count(*) from waiting");
  if (!rows.ok()) return rows.error();
  return static_cast<std::size_t>(rows->at(0).at(0).integer());
}

}  // namespace store
