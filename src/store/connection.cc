#include "store/connection.h"

#include <charconv>

#include "base/clock.h"

namespace store {
namespace {

// Reads exactly `digits` decimal digits at `at` and moves on; false when they are not there.
bool read_digits(std::string_view text, std::size_t& at, std::size_t digits, int& value) {
  if (at + digits > text.size()) return false;
  const char* begin = text.data() + at;
  auto [end, error] = std::from_chars(begin, begin + digits, value);
  if (error != std::errc{} || end != begin + digits || *begin == '-') return false;
  at += digits;
  return true;
}

bool read_char(std::string_view text, std::size_t& at, std::string_view allowed) {
  if (at >= text.size() || allowed.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

// The fraction of a second, to the millisecond; further digits are cut off.
bool read_fraction(std::string_view text, std::size_t& at, int& millis) {
  int weight = 100;
  const std::size_t first = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10) {
    millis += (text[at] - '0') * weight;
  }
  return at > first;
}

template <class T>
T parse_number(const std::string& text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Time now() { return Time(std::chrono::milliseconds(base::wall_ms())); }

std::string to_text(Time time) { return base::iso8601(time.time_since_epoch().count()); }

// time := YYYY-MM-DD ("T" | " ") hh:mm:ss [ "." digit+ ] ("Z" | "+00" | "+00:00")
std::optional<Time> parse_time(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  std::size_t at = 0;
  const bool shaped = read_digits(text, at, 4, year) && read_char(text, at, "-") &&
                      read_digits(text, at, 2, month) && read_char(text, at, "-") &&
                      read_digits(text, at, 2, day) && read_char(text, at, "T ") &&
                      read_digits(text, at, 2, hour) && read_char(text, at, ":") &&
                      read_digits(text, at, 2, minute) && read_char(text, at, ":") &&
                      read_digits(text, at, 2, second);
  if (!shaped) return std::nullopt;
  if (read_char(text, at, ".") && !read_fraction(text, at, millis)) return std::nullopt;
  const std::string_view zone = text.substr(at);
  if (zone != "Z" && zone != "+00" && zone != "+00:00") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::milliseconds(millis);
}

std::string Value::text() const {
  if (const auto* text = std::get_if<std::string>(&data_)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&data_)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&data_)) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, *number).ptr;
    return std::string(buffer, end);
  }
  return {};
}

std::int64_t Value::integer() const {
  if (const auto* number = std::get_if<std::int64_t>(&data_)) return *number;
  if (const auto* number = std::get_if<double>(&data_)) return static_cast<std::int64_t>(*number);
  if (const auto* text = std::get_if<std::string>(&data_)) return parse_number<std::int64_t>(*text);
  return 0;
}

double Value::real() const {
  if (const auto* number = std::get_if<double>(&data_)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*number);
  if (const auto* text = std::get_if<std::string>(&data_)) return parse_number<double>(*text);
  return 0;
}

bool Value::flag() const {
  if (const auto* text = std::get_if<std::string>(&data_))
    return *text == "t" || *text == "true" || *text == "1";
  return integer() != 0;
}

Time Value::time() const { return maybe_time().value_or(Time{}); }

std::optional<std::string> Value::maybe_text() const {
  if (is_null()) return std::nullopt;
  return text();
}

std::optional<Time> Value::maybe_time() const {
  const auto* text = std::get_if<std::string>(&data_);
  return text ? parse_time(*text) : std::nullopt;
}

}  // namespace store
