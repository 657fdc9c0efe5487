#include "wire/text.h"

#include <cstdint>

namespace wire {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 1;  // bytes
};

// `text` is valid UTF-8 and not empty.
CodePoint first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead >= 0xf0 && text.size() >= 4) {
    return {(lead & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63), 4};
  }
  if (lead >= 0xe0 && text.size() >= 3)
    return {(lead & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63), 3};
  if (lead >= 0xc0 && text.size() >= 2) return {(lead & 31) << 6 | (byte(1) & 63), 2};
  return {lead, 1};
}

bool is_control(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
  if (c == 0x200b || c == 0x200e || c == 0x200f || c == 0xfeff || c == 0x061c) return true;
  return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

// Copies up to `limit` code points; true if that was all.
bool copy_clean(std::string_view text, std::size_t limit, std::string& out) {
  out.clear();
  std::size_t count = 0;
  while (!text.empty()) {
    const CodePoint c = first_of(text);
    if (!is_control(c.value)) {
      if (count == limit) return false;
      out.append(text.substr(0, c.length));
      ++count;
    }
    text.remove_prefix(c.length);
  }
  return true;
}

}  // namespace

bool clean_text(std::string_view text, std::size_t limit, std::string& out) {
  return copy_clean(text, limit, out);
}

std::string clean_name(std::string_view text, std::size_t limit) {
  std::string out;
  copy_clean(trimmed(text), limit, out);
  return std::string(trimmed(out));
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace wire
