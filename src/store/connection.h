#pragma once

// One connection to one database: SQL in, rows out. The seam behind which SQLite and PostgreSQL
// stand.
//
// SQL that both understand: $1 placeholders, ON CONFLICT ... DO UPDATE ... RETURNING, true/false,
// lower-case uuid texts, times as ISO 8601 texts in UTC (to_text()). Anything else is settled by
// Dialect words in the migrations.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "store/match_result.h"

namespace store {

enum class Dialect : std::uint8_t { sqlite, postgres };

// "2026-11-22T13:28:07.123Z"; a form that sorts by time.
std::string to_text(Time time);
// Reads what to_text() and PostgreSQL (time zone UTC) write.
std::optional<Time> parse_time(std::string_view text);
Time now();

// A parameter or a cell. Cells hold what the backend gave: PostgreSQL texts, SQLite integers, reals
// or texts; the readers below bring both to one type.
class Value {
 public:
  Value() = default;                                          // NULL
  Value(std::string text) : data_(std::move(text)) {}         // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : data_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* text) : data_(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Value(std::int64_t number) : data_(number) {}               // NOLINT(google-explicit-constructor)
  Value(std::uint32_t number)
      : data_(std::int64_t{number}) {}                     // NOLINT(google-explicit-constructor)
  Value(int number) : data_(std::int64_t{number}) {}       // NOLINT(google-explicit-constructor)
  Value(bool flag) : data_(std::int64_t{flag ? 1 : 0}) {}  // NOLINT(google-explicit-constructor)
  Value(double number) : data_(number) {}                  // NOLINT(google-explicit-constructor)
  Value(Time time) : data_(to_text(time)) {}               // NOLINT(google-explicit-constructor)
  template <class T>
  Value(const std::optional<T>& maybe) {  // NOLINT(google-explicit-constructor)
    if (maybe) *this = Value(*maybe);
  }

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  std::string text() const;      // "" for NULL
  std::int64_t integer() const;  // 0 for NULL and for what is no number
  double real() const;           // likewise
  bool flag() const;             // 1, "t", "true"
  Time time() const;             // the epoch for NULL and for what is no time
  std::optional<std::string> maybe_text() const;
  std::optional<Time> maybe_time() const;

  const std::variant<std::monostate, std::int64_t, double, std::string>& data() const {
    return data_;
  }

 private:
  std::variant<std::monostate, std::int64_t, double, std::string> data_;
};

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

// Error code of a transaction that lost to another one (deadlock): roll back and run it again.
// Store does so.
inline constexpr std::string_view kTryAgain = "try_again";

// Used by one thread at a time. Errors: "conflict" (a unique key is taken), "invalid" (the database
// refuses the statement or a value), "unavailable" (gone, locked or too slow: the connection must
// be thrown away if broken()).
class Connection {
 public:
  virtual ~Connection() = default;

  // One statement with its parameters; rows of a SELECT or of RETURNING.
  virtual base::Result<Rows> query(std::string_view sql, std::span<const Value> values) = 0;
  base::Result<Rows> query(std::string_view sql, std::initializer_list<Value> values = {}) {
    return query(sql, std::span<const Value>(values.begin(), values.size()));
  }
  // Several statements without parameters, as in a migration.
  virtual base::Result<void> script(const std::string& sql) = 0;

  virtual Dialect dialect() const = 0;
  // Is the link lost, so that nothing more can be asked here?
  virtual bool broken() const = 0;
};

}  // namespace store
