#include "base/json_writer.h"

#include <array>
#include <cmath>

namespace base {
namespace {

constexpr std::array<std::int64_t, 7> kPowers = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000};
constexpr double kLargestScaled = 9e18;  // fits into 63 bits
constexpr std::string_view kReplacement = "\\ufffd";

// Writes the digits of `value` so that they end before `end`; returns where they begin.
char* digits_before(char* end, std::uint64_t value) {
  do {
    *--end = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

bool is_continuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Length of the well-formed UTF-8 sequence of several bytes at `at`, 0 if there is none (Unicode
// table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i])
                                : static_cast<unsigned char>(0);
  };
  const unsigned char first = byte(0);
  const unsigned char second = byte(1);
  if (first >= 0xc2 && first <= 0xdf) return is_continuation(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!is_continuation(second) || !is_continuation(byte(2))) return 0;
    if (first == 0xe0 && second < 0xa0) return 0;  // overlong
    if (first == 0xed && second > 0x9f) return 0;  // surrogate
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!is_continuation(second) || !is_continuation(byte(2)) || !is_continuation(byte(3)))
      return 0;
    if (first == 0xf0 && second < 0x90) return 0;  // overlong
    if (first == 0xf4 && second > 0x8f) return 0;  // beyond U+10FFFF
    return 4;
  }
  return 0;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      out.append("\\u00");
      out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain = 0;  // start of the run that needs no change
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte < 0x80) {
      ++i;
      continue;
    }
    if (const std::size_t length = byte < 0x80 ? 0 : sequence_length(text, i); length != 0) {
      i += length;
      continue;
    }
    out.append(text, plain, i - plain);
    if (byte < 0x80) {
      append_escaped(out, text[i]);
    } else {
      out.append(kReplacement);
    }
    plain = ++i;
  }
  out.append(text, plain, text.size() - plain);
  out.push_back('"');
}

}  // namespace

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key_raw(std::string_view name) {
  separate();
  out_.push_back('"');
  out_.append(name);
  out_.append("\":", 2);
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::key_text(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_quoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? std::string_view("true") : std::string_view("false"));
}

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  std::array<char, 24> buffer;
  char* const end = buffer.data() + buffer.size();
  const auto magnitude = static_cast<std::uint64_t>(value);
  char* begin = digits_before(end, value < 0 ? 0 - magnitude : magnitude);
  if (value < 0) *--begin = '-';
  out_.append(begin, end);
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  separate();
  std::array<char, 24> buffer;
  char* const end = buffer.data() + buffer.size();
  out_.append(digits_before(end, value), end);
  return *this;
}

JsonWriter& JsonWriter::decimal(double value, int places) {
  if (!std::isfinite(value)) value = 0.0;
  if (places < 0) places = 0;
  if (places > 6) places = 6;
  const bool negative = value < 0.0;
  const auto power = static_cast<double>(kPowers[static_cast<std::size_t>(places)]);
  double exact = (negative ? -value : value) * power;
  if (exact > kLargestScaled) exact = kLargestScaled;
  auto scaled = static_cast<std::uint64_t>(exact + 0.5);
  while (places > 0 && scaled % 10 == 0) {
    scaled /= 10;
    --places;
  }

  separate();
  std::array<char, 32> buffer;
  char* const end = buffer.data() + buffer.size();
  char* begin = end;
  const bool zero = scaled == 0;
  if (places > 0) {
    for (int i = 0; i < places; ++i) {
      *--begin = static_cast<char>('0' + scaled % 10);
      scaled /= 10;
    }
    *--begin = '.';
  }
  begin = digits_before(begin, scaled);
  if (negative && !zero) *--begin = '-';
  out_.append(begin, end);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace base
