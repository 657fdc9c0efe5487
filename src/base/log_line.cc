// How a log line looks. line := {"time":T,"level":L <prefix> ,"event":E (,"key":value)*}

#include <array>
#include <charconv>
#include <cmath>

#include "base/clock.h"
#include "base/log.h"

namespace base::log {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 9> kNeverWritten = {
    "password", "token", "email", "secret", "authorization", "cookie", "refresh_token", "access_token", "jwt"};

// Length of the well-formed UTF-8 sequence at text[i], 0 if there is none (Unicode table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  const auto tail = [&](std::size_t at) { return (byte(at) & 0xc0) == 0x80; };
  const unsigned next = byte(i + 1);
  if (lead >= 0xc2 && lead <= 0xdf) return tail(i + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && next < 0xa0;
    const bool surrogate = lead == 0xed && next > 0x9f;
    return tail(i + 1) && tail(i + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool overlong = lead == 0xf0 && next < 0x90;
    const bool beyond = lead == 0xf4 && next > 0x8f;
    return tail(i + 1) && tail(i + 2) && tail(i + 3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
  }
}

// Text from the wire lands here: bytes that are no UTF-8 become U+FFFD, so that a line is always valid JSON.
void append_text(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
      append_escape(out, c);
      ++i;
    } else if (const std::size_t length = utf8_length(text, i); length > 0) {
      out.append(text.substr(i, length));
      i += length;
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  out.push_back('"');
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

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
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    append_text(out, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value_)) {
    append_number(out, *number);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&value_)) {
    append_number(out, *natural);
  } else if (const auto* real = std::get_if<double>(&value_)) {
    if (std::isfinite(*real)) {
      append_number(out, *real);
    } else {
      out += "null";
    }
  } else {
    out += std::get<bool>(value_) ? "true" : "false";
  }
}

void append_line(std::string& out, std::int64_t wall_ms, Level level, std::string_view prefix, std::string_view event,
                 Fields fields) {
  out += "{\"time\":\"";
  append_iso8601(out, wall_ms);
  out += "\",\"level\":\"";
  out += kLevelNames[static_cast<std::size_t>(level)];
  out += '"';
  out += prefix;
  out += ",\"event\":";
  append_text(out, event);
  for (const Field& field : fields) {
    out += ',';
    append_text(out, field.key);
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
