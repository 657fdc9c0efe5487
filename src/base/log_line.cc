// How a log line looks. line := {"time":T,"level":L <prefix> ,"event":E (,"key":value)*}

#include <array>
#include <cmath>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/log.h"

namespace base::log {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 9> kNeverWritten = {
    "password", "token",         "email",        "secret", "authorization",
    "cookie",   "refresh_token", "access_token", "jwt"};

bool never_written(std::string_view key) {
  for (const std::string_view name : kNeverWritten) {
    if (key == name) return true;
  }
  return false;
}

}  // namespace

Result<Level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (name == kLevelNames[i]) return static_cast<Level>(i);
  }
  return Error{"invalid", "no such log level: " + std::string(name)};
}

void Value::append_json(std::string& out) const {
  JsonWriter json(out);
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    json.text(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value_)) {
    json.integer(*number);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&value_)) {
    json.unsigned_integer(*natural);
  } else if (const auto* real = std::get_if<double>(&value_)) {
    if (std::isfinite(*real)) {
      json.decimal(*real, 6);
    } else {
      json.null();
    }
  } else {
    json.boolean(std::get<bool>(value_));
  }
}

void append_line(std::string& out, std::int64_t wall_ms, Level level, std::string_view prefix,
                 std::string_view event, Fields fields) {
  out += "{\"time\":\"";
  append_iso8601(out, wall_ms);
  out += "\",\"level\":\"";
  out += kLevelNames[static_cast<std::size_t>(level)];
  out += '"';
  out += prefix;
  out += ",\"event\":";
  Value(event).append_json(out);
  for (const Field& field : fields) {
    out += ',';
    Value(field.key).append_json(out);
    out += ':';
    if (never_written(field.key)) {
      out += "\"[removed]\"";
    } else {
      field.value.append_json(out);
    }
  }
  out += '}';
}

}  // namespace base::log
