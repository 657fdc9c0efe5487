#include "store/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <unordered_map>
#include <utility>

namespace store {
namespace {

using Clock = std::chrono::steady_clock;

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

// Gives the statement back to the cache in a state that holds no lock and no parameter.
struct ResetAtEnd {
  sqlite3_stmt* statement;
  ~ResetAtEnd() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

constexpr std::size_t kMaxCached = 128;
constexpr int kProgressSteps =
    10000;  // virtual machine steps between two looks at the clock, well below 1 ms

const char* code_of(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return "conflict";
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return "invalid";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
      return "unavailable";
    default:
      return "internal";
  }
}

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  const auto& data = value.data();
  if (const auto* text = std::get_if<std::string>(&data)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* number = std::get_if<std::int64_t>(&data))
    return sqlite3_bind_int64(statement, index, *number);
  if (const auto* number = std::get_if<double>(&data))
    return sqlite3_bind_double(statement, index, *number);
  return sqlite3_bind_null(statement, index);
}

Value cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Value(std::int64_t{sqlite3_column_int64(statement, column)});
    case SQLITE_FLOAT:
      return Value(sqlite3_column_double(statement, column));
    case SQLITE_NULL:
      return Value();
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return Value(
          std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))));
    }
  }
}

class SqliteConnection : public Connection {
 public:
  SqliteConnection(Database db, std::chrono::milliseconds timeout)
      : db_(std::move(db)), timeout_(timeout) {
    sqlite3_progress_handler(db_.get(), kProgressSteps, &SqliteConnection::out_of_time, this);
  }

  base::Result<Rows> query(std::string_view sql, std::span<const Value> values) override {
    auto prepared = prepare(sql);
    if (!prepared.ok()) return prepared.error();
    sqlite3_stmt* statement = *prepared;
    const ResetAtEnd reset{statement};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int index =
          sqlite3_bind_parameter_index(statement, ("$" + std::to_string(i + 1)).c_str());
      if (index != 0 && bind(statement, index, values[i]) != SQLITE_OK) return failure();
    }
    deadline_ = Clock::now() + timeout_;
    Rows rows;
    int step = sqlite3_step(statement);
    for (; step == SQLITE_ROW; step = sqlite3_step(statement)) {
      Row row;
      const int columns = sqlite3_column_count(statement);
      row.reserve(static_cast<std::size_t>(columns));
      for (int column = 0; column < columns; ++column) row.push_back(cell(statement, column));
      rows.push_back(std::move(row));
    }
    if (step != SQLITE_DONE) return failure();
    return rows;
  }

  base::Result<void> script(const std::string& sql) override {
    deadline_ = Clock::now() + timeout_;
    if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      return failure();
    return {};
  }

  Dialect dialect() const override { return Dialect::sqlite; }
  bool broken() const override { return broken_; }

 private:
  static int out_of_time(void* self) {
    return Clock::now() > static_cast<SqliteConnection*>(self)->deadline_ ? 1 : 0;
  }

  base::Error failure() {
    const int extended = sqlite3_extended_errcode(db_.get());
    const int primary = extended & 0xff;
    broken_ =
        broken_ || primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
    return {code_of(extended), std::string("sqlite: ") + sqlite3_errmsg(db_.get())};
  }

  base::Result<sqlite3_stmt*> prepare(std::string_view sql) {
    std::string key(sql);
    if (auto found = statements_.find(key); found != statements_.end()) return found->second.get();
    sqlite3_stmt* raw = nullptr;
    const int length = static_cast<int>(key.size()) + 1;
    if (sqlite3_prepare_v3(db_.get(), key.c_str(), length, SQLITE_PREPARE_PERSISTENT, &raw,
                           nullptr) != SQLITE_OK) {
      return failure();
    }
    if (raw == nullptr) return base::Error{"internal", "sqlite: empty statement"};
    if (statements_.size() >= kMaxCached) statements_.clear();
    statements_.emplace(std::move(key), Statement(raw));
    return raw;
  }

  Database db_;
  std::chrono::milliseconds timeout_;
  Clock::time_point deadline_{};
  bool broken_ = false;
  std::unordered_map<std::string, Statement> statements_;  // after db_: finished before it closes
};

// Creates the file before SQLite does, so that nobody else may read password hashes; SQLite gives
// its WAL the same mode.
base::Result<void> create_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return base::Error{"unavailable", "cannot open " + path + ": " + std::strerror(errno)};
  ::close(fd);
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path,
                                                      std::chrono::milliseconds statement_timeout) {
  if (auto created = create_private_file(path); !created.ok()) return created.error();
  sqlite3* raw = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, kFlags, nullptr);
  Database db(raw);
  if (opened != SQLITE_OK) {
    return base::Error{"unavailable", "cannot open " + path + ": " +
                                          (raw ? sqlite3_errmsg(raw) : "out of memory")};
  }
  sqlite3_busy_timeout(raw, static_cast<int>(statement_timeout.count()));
  auto connection = std::make_unique<SqliteConnection>(std::move(db), statement_timeout);
  constexpr auto kBegin =
      "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma "
      "trusted_schema = off;";
  auto ready = connection->script(kBegin);
  // Two who open a new file at once: SQLite does not wait by itself for the change of the journal.
  const auto deadline = std::chrono::steady_clock::now() + statement_timeout;
  while (!ready.ok() && (sqlite3_errcode(raw) & 0xff) == SQLITE_BUSY &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ready = connection->script(kBegin);
  }
  if (!ready.ok()) return base::Error{ready.error().code, path + ": " + ready.error().message};
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace store
