#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace base {
namespace {

constexpr double kLargestScaled = 9e18;  // fits into 63 bits
constexpr int kMostPlaces = 6;
constexpr std::size_t kNumberSize = 32;  // the longest number has 19 digits, a sign and a point
constexpr std::string_view kReplacement = "\\ufffd";

constexpr std::uint64_t power_of_ten(int exponent) {
  std::uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// The writers of numbers put their text at `at`, where kNumberSize bytes are free, and return its
// end.

char* write_digits(char* at, std::uint64_t value) {
  if (value < 1000) {  // nearly all numbers of an arena
    if (value >= 100) *at++ = static_cast<char>('0' + value / 100);
    if (value >= 10) *at++ = static_cast<char>('0' + value / 10 % 10);
    *at++ = static_cast<char>('0' + value % 10);
    return at;
  }
  std::array<char, 20> reversed;
  std::size_t count = 0;
  do {
    reversed[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count != 0) *at++ = reversed[--count];
  return at;
}

// A template, so that the compiler divides by constants.
template <int Places>
char* write_fixed(char* at, double value) {
  constexpr std::uint64_t kPower = power_of_ten(Places);
  const bool negative = value < 0.0;
  double exact = (negative ? -value : value) * static_cast<double>(kPower);
  if (exact > kLargestScaled) exact = kLargestScaled;
  // By way of a signed number: one instruction instead of a branch.
  const auto scaled = static_cast<std::uint64_t>(static_cast<std::int64_t>(exact + 0.5));
  if (negative && scaled != 0) *at++ = '-';
  at = write_digits(at, scaled / kPower);
  std::uint64_t fraction = scaled % kPower;
  if (fraction == 0) return at;
  *at++ = '.';
  for (int i = Places; i-- > 0;) {
    at[i] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  at += Places;
  while (at[-1] == '0') --at;
  return at;
}

char* write_decimal(char* at, double value, int places) {
  if (!std::isfinite(value)) value = 0.0;
  switch (std::clamp(places, 0, kMostPlaces)) {
    case 0:
      return write_fixed<0>(at, value);
    case 1:
      return write_fixed<1>(at, value);
    case 2:
      return write_fixed<2>(at, value);
    case 3:
      return write_fixed<3>(at, value);
    case 4:
      return write_fixed<4>(at, value);
    case 5:
      return write_fixed<5>(at, value);
    default:
      return write_fixed<kMostPlaces>(at, value);
  }
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

// Every byte is looked at, none is branched on: the compiler makes vectors of it.
bool is_plain(std::string_view text) {
  bool special = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    special |= (byte < 0x20) | (byte >= 0x80) | (byte == '"') | (byte == '\\');
  }
  return !special;
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  if (is_plain(text)) {
    out.append(text);
    out.push_back('"');
    return;
  }
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
  std::array<char, kNumberSize + 1> text;
  char* at = text.data();
  if (comma_) *at++ = ',';
  comma_ = true;
  const auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) *at++ = '-';
  append(text.data(), write_digits(at, value < 0 ? 0 - magnitude : magnitude));
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  std::array<char, kNumberSize + 1> text;
  char* at = text.data();
  if (comma_) *at++ = ',';
  comma_ = true;
  append(text.data(), write_digits(at, value));
  return *this;
}

JsonWriter& JsonWriter::decimal(double value, int places) {
  std::array<char, kNumberSize + 1> text;
  char* at = text.data();
  if (comma_) *at++ = ',';
  comma_ = true;
  append(text.data(), write_decimal(at, value, places));
  return *this;
}

JsonWriter& JsonWriter::point(double x, double y, int places) {
  constexpr std::string_view kX = ",{\"x\":";
  constexpr std::string_view kY = ",\"y\":";
  std::array<char, 2 * kNumberSize + kX.size() + kY.size() + 1> text;
  char* at = std::copy(kX.begin(), kX.end(), text.data());
  at = write_decimal(at, x, places);
  at = std::copy(kY.begin(), kY.end(), at);
  at = write_decimal(at, y, places);
  *at++ = '}';
  append(text.data() + (comma_ ? 0 : 1), at);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace base
