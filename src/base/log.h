#pragma once

// JSON lines for the operator (requirement O3): one object a line with time, level, service, node,
// event and whatever ids the event has, to the console and to two rotating files,
// <dir>/combined.log and <dir>/error.log.
//
// A call formats its line on the caller's thread and hands it to a bounded queue; one background
// thread writes. When the queue is full the oldest line is overwritten and counted, so a slow disk
// or terminal never holds up a tick. Not for use per entity inside a tick all the same. All
// functions but start and stop may be called from any thread; before start and after stop lines go
// nowhere.
//
// Event names are short and stable, because alerts and tests look for them: player_join,
// player_leave, match_start, match_end, admin_action, suspicious, error, and others as rooms need
// them. Never pass a password, token or e-mail: fields with such names are written as "[removed]"
// should it happen.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"

namespace base::log {

enum class Level { debug, info, warn, error };

// "debug" | "info" | "warn" | "error", as LOG_LEVEL has it; anything else is an Error.
Result<Level> parse_level(std::string_view name);

// A field's value. Text is viewed, not copied: it must live until the call returns, as arguments
// do.
class Value {
 public:
  Value(const char* text)
      : value_(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : value_(text) {}  // NOLINT(google-explicit-constructor)
  Value(const std::string& text)
      : value_(std::string_view(text)) {}                // NOLINT(google-explicit-constructor)
  Value(std::same_as<bool> auto flag) : value_(flag) {}  // NOLINT(google-explicit-constructor)
  Value(std::signed_integral auto number) : value_(static_cast<std::int64_t>(number)) {}  // NOLINT
  Value(std::unsigned_integral auto number)  // NOLINT(google-explicit-constructor)
    requires(!std::same_as<decltype(number), bool>)
      : value_(static_cast<std::uint64_t>(number)) {}
  Value(std::floating_point auto number) : value_(static_cast<double>(number)) {}  // NOLINT

  // Appends the value as JSON. Numbers that JSON does not know become null.
  void append_json(std::string& out) const;

 private:
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value_;
};

struct Field {
  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

struct Options {
  std::filesystem::path dir;  // made if missing
  std::string node;           // this node's id, on every line
  Level level = Level::info;
  bool console = true;                  // standard output
  std::size_t queue_lines = 8192;       // lines waiting for the writer; about 4 MB at most
  std::size_t file_bytes = 20'000'000;  // a file is rotated at this size
  std::size_t files = 5;                // rotated files kept beside the current one
};

// Once, before the threads that log; fails when the files cannot be opened.
Result<void> start(const Options& options);
// Writes out what is queued. After the threads that log have ended.
void stop();

void write(Level level, std::string_view event, Fields fields);
inline void debug(std::string_view event, Fields fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) {
  write(Level::error, event, fields);
}

// Lines lost to a full queue since start.
std::uint64_t dropped();

// Appends one line without its line end. `prefix` is the constant part, e.g. R(,"service":"x").
// Pure; what write() uses.
void append_line(std::string& out, std::int64_t wall_ms, Level level, std::string_view prefix,
                 std::string_view event, Fields fields);

}  // namespace base::log
