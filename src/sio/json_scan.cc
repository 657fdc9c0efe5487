#include "sio/json_scan.h"

#include <charconv>
#include <cstdint>
#include <vector>

namespace sio {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
  if (digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Moves along the text; every function leaves `at` behind what it took, or returns false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  const char* at() const { return at_; }
  bool done() const { return at_ == end_; }
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  void space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    while (at_ != end_) {
      const char c = *at_++;
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  // Recursion is bounded by kMaxJsonDepth.
  bool value(int depth) {
    space();
    switch (peek()) {
      case '"':
        return string();
      case '{':
        return depth > 0 && object(depth - 1);
      case '[':
        return depth > 0 && array(depth - 1);
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

 private:
  bool word(std::string_view expected) {
    if (static_cast<std::size_t>(end_ - at_) < expected.size()) return false;
    if (std::string_view(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool escape() {
    if (at_ == end_) return false;
    const char c = *at_++;
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i) {
      if (at_ == end_ || hex(*at_++) < 0) return false;
    }
    return true;
  }

  bool digits() {
    if (at_ == end_ || !digit(*at_)) return false;
    while (at_ != end_ && digit(*at_)) ++at_;
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool array(int depth) {
    take('[');
    space();
    if (take(']')) return true;
    while (value(depth)) {
      space();
      if (take(']')) return true;
      if (!take(',')) return false;
    }
    return false;
  }

  bool object(int depth) {
    take('{');
    space();
    if (take('}')) return true;
    while (true) {
      space();
      if (!string()) return false;
      space();
      if (!take(':') || !value(depth)) return false;
      space();
      if (take('}')) return true;
      if (!take(',')) return false;
    }
  }

  const char* at_;
  const char* end_;
};

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

std::uint32_t read_hex4(std::string_view text) {
  std::uint32_t code = 0;
  for (const char c : text.substr(0, 4)) code = (code << 4) | static_cast<std::uint32_t>(hex(c));
  return code;
}

// The code point of the escape \uXXXX whose digits start at `i`; `i` moves behind it, and behind
// its second half.
std::uint32_t read_unicode(std::string_view text, std::size_t& i) {
  constexpr std::uint32_t kReplacement = 0xfffd;
  const std::uint32_t first = read_hex4(text.substr(i));
  i += 4;
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff || text.substr(i, 2) != "\\u") return kReplacement;
  const std::uint32_t second = read_hex4(text.substr(i + 2));
  if (second < 0xdc00 || second > 0xdfff) return kReplacement;
  i += 6;
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

// The `num` of a placeholder object's text, or -1.
long placeholder_number(std::string_view object) {
  Scanner scan(object);
  scan.take('{');
  long number = -1;
  bool marked = false;
  while (scan.peek() != '}' && !scan.done()) {
    scan.space();
    const char* name = scan.at();
    if (!scan.string()) break;
    const std::string_view key = between(name, scan.at());
    scan.space();
    scan.take(':');
    scan.space();
    const char* start = scan.at();
    if (!scan.value(kMaxJsonDepth)) break;
    const std::string_view value = between(start, scan.at());
    if (key == "\"_placeholder\"") marked = value == "true";
    if (key == "\"num\"") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc{} || end != value.data() + value.size()) number = -1;
    }
    scan.space();
    if (!scan.take(',')) break;
  }
  return marked ? number : -1;
}

}  // namespace

bool valid_json(std::string_view text) {
  Scanner scan(text);
  if (!scan.value(kMaxJsonDepth)) return false;
  scan.space();
  return scan.done();
}

bool split_array(std::string_view text, ArrayText& array) {
  array = {};
  Scanner scan(text);
  scan.space();
  if (!scan.take('[')) return false;
  scan.space();
  if (scan.take(']')) {
    scan.space();
    return scan.done();
  }
  const char* start = scan.at();
  if (!scan.value(kMaxJsonDepth)) return false;
  array.first = between(start, scan.at());
  scan.space();
  const char* rest = nullptr;
  const char* rest_end = nullptr;
  while (!scan.take(']')) {
    if (!scan.take(',')) return false;
    scan.space();
    if (rest == nullptr) rest = scan.at();
    if (!scan.value(kMaxJsonDepth)) return false;
    rest_end = scan.at();
    scan.space();
  }
  if (rest != nullptr) array.rest = between(rest, rest_end);
  scan.space();
  return scan.done();
}

std::string_view string_member(std::string_view object, std::string_view name) {
  Scanner scan(object);
  scan.space();
  if (!scan.take('{')) return {};
  while (!scan.done()) {
    scan.space();
    const char* key = scan.at();
    if (!scan.string()) return {};
    const std::string_view found = between(key + 1, scan.at() - 1);
    scan.space();
    if (!scan.take(':')) return {};
    scan.space();
    const char* value = scan.at();
    if (!scan.value(kMaxJsonDepth)) return {};
    if (found == name) {
      const std::string_view text = between(value, scan.at());
      const bool plain = text.front() == '"' && text.find('\\') == std::string_view::npos;
      return plain ? text.substr(1, text.size() - 2) : std::string_view{};
    }
    scan.space();
    if (!scan.take(',')) return {};
  }
  return {};
}

bool decode_string(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() < 2 || text.front() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const char kind = text[i + 1];
    i += 2;
    switch (kind) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':
        append_utf8(out, read_unicode(text, i));
        break;
      default:
        out += kind;
    }
  }
  return true;
}

bool placeholders_match(std::string_view text, std::size_t count) {
  std::vector<bool> seen(count, false);
  std::size_t found = 0;
  Scanner scan(text);
  while (!scan.done()) {
    if (scan.peek() == '"') {
      const char* start = scan.at();
      scan.string();
      if (between(start, scan.at()) != "\"_placeholder\"") continue;
      scan.space();
      if (scan.peek() != ':') continue;  // a value, not a key
      // Back to the brace before it: a placeholder made by any client is the innermost object and
      // begins there or with its `num`.
      const std::string_view before = between(text.data(), start);
      const std::size_t brace = before.rfind('{');
      if (brace == std::string_view::npos) return false;
      const long number = placeholder_number(text.substr(brace));
      if (number < 0 || static_cast<std::size_t>(number) >= count ||
          seen[static_cast<std::size_t>(number)]) {
        return false;
      }
      seen[static_cast<std::size_t>(number)] = true;
      ++found;
    } else {
      scan.take(scan.peek());
    }
  }
  return found == count;
}

}  // namespace sio
