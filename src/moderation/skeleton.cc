#include "moderation/skeleton.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <string>

namespace moderation {
namespace {

struct Pair {
  char32_t from;
  char32_t to;
};

// Letters that look like Latin ones but do not decompose into them, in lower case. Sorted.
constexpr auto kLookAlikes = [] {
  std::array pairs = std::to_array<Pair>({
      {U'æ', U'a'}, {U'ð', U'd'}, {U'ø', U'o'}, {U'þ', U'p'}, {U'đ', U'd'}, {U'ħ', U'h'},
      {U'ı', U'i'}, {U'ł', U'i'}, {U'ŋ', U'n'}, {U'œ', U'o'}, {U'ŧ', U't'}, {U'ƀ', U'b'},
      {U'ƒ', U'f'}, {U'ƙ', U'k'}, {U'ƴ', U'y'}, {U'ǝ', U'e'}, {U'ɐ', U'a'}, {U'ɑ', U'a'},
      {U'ɓ', U'b'}, {U'ɔ', U'c'}, {U'ɖ', U'd'}, {U'ɗ', U'd'}, {U'ə', U'e'}, {U'ɛ', U'e'},
      {U'ɡ', U'g'}, {U'ɢ', U'g'}, {U'ɣ', U'y'}, {U'ɦ', U'h'}, {U'ɨ', U'i'}, {U'ɩ', U'i'},
      {U'ɪ', U'i'}, {U'ɯ', U'm'}, {U'ɴ', U'n'}, {U'ɵ', U'o'}, {U'ʀ', U'r'}, {U'ʁ', U'r'},
      {U'ʇ', U't'}, {U'ʉ', U'u'}, {U'ʊ', U'u'}, {U'ʌ', U'v'}, {U'ʍ', U'w'}, {U'ʎ', U'y'},
      {U'ʏ', U'y'}, {U'ʙ', U'b'}, {U'ʜ', U'h'}, {U'ʞ', U'k'}, {U'ʟ', U'i'}, {U'α', U'a'},
      {U'β', U'b'}, {U'γ', U'y'}, {U'ε', U'e'}, {U'η', U'n'}, {U'ι', U'i'}, {U'κ', U'k'},
      {U'μ', U'u'}, {U'ν', U'v'}, {U'ο', U'o'}, {U'ρ', U'p'}, {U'ς', U's'}, {U'σ', U'o'},
      {U'τ', U't'}, {U'υ', U'u'}, {U'χ', U'x'}, {U'ω', U'w'}, {U'а', U'a'}, {U'в', U'b'},
      {U'г', U'r'}, {U'е', U'e'}, {U'з', U'e'}, {U'и', U'n'}, {U'к', U'k'}, {U'м', U'm'},
      {U'н', U'h'}, {U'о', U'o'}, {U'п', U'n'}, {U'р', U'p'}, {U'с', U'c'}, {U'т', U't'},
      {U'у', U'y'}, {U'х', U'x'}, {U'ь', U'b'}, {U'я', U'r'}, {U'ѕ', U's'}, {U'і', U'i'},
      {U'ј', U'j'}, {U'һ', U'h'}, {U'ӏ', U'i'}, {U'ԁ', U'd'}, {U'ԍ', U'g'}, {U'ԛ', U'q'},
      {U'ԝ', U'w'}, {U'հ', U'h'}, {U'ո', U'n'}, {U'ս', U'u'}, {U'օ', U'o'}, {U'ᴀ', U'a'},
      {U'ᴄ', U'c'}, {U'ᴅ', U'd'}, {U'ᴇ', U'e'}, {U'ᴊ', U'j'}, {U'ᴋ', U'k'}, {U'ᴍ', U'm'},
      {U'ᴏ', U'o'}, {U'ᴘ', U'p'}, {U'ᴛ', U't'}, {U'ᴜ', U'u'}, {U'ᴠ', U'v'}, {U'ᴡ', U'w'},
      {U'ᴢ', U'z'},
  });
  std::sort(pairs.begin(), pairs.end(),
            [](const Pair& a, const Pair& b) { return a.from < b.from; });
  return pairs;
}();

char32_t plain(char32_t c) {
  if (c == U'l') return U'i';
  if (c < 0x80) return c;
  const auto found =
      std::lower_bound(kLookAlikes.begin(), kLookAlikes.end(), c,
                       [](const Pair& pair, char32_t value) { return pair.from < value; });
  return found != kLookAlikes.end() && found->from == c ? found->to : c;
}

struct Reading {
  char32_t letter = 0;
  Kind kind = Kind::mark;
};

Reading ascii(char32_t c) {
  switch (c) {
    case '0':
      return {U'o', Kind::soft};
    case '1':
    case '!':
    case '|':
      return {U'i', Kind::soft};
    case '3':
      return {U'e', Kind::soft};
    case '4':
    case '@':
      return {U'a', Kind::soft};
    case '5':
    case '$':
      return {U's', Kind::soft};
    case '7':
    case '+':
      return {U't', Kind::soft};
    case '8':
      return {U'b', Kind::soft};
    case '6':
    case '9':
      return {U'g', Kind::soft};
    case '2':
      return {U'z', Kind::soft};
    case '*':
      return {0, Kind::star};
    case '\'':
    case '`':
      return {0, Kind::quote};
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      return {0, Kind::space};
    default:
      break;
  }
  if (c >= 'A' && c <= 'Z') return {plain(c - 'A' + 'a'), Kind::letter};
  if (c >= 'a' && c <= 'z') return {plain(c), Kind::letter};
  return {0, Kind::mark};
}

bool is_between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_unit(char32_t c) {
  return is_between(c, 0x3041, 0x30ff) || is_between(c, 0x3400, 0x9fff) ||
         is_between(c, 0xac00, 0xd7a3) || is_between(c, 0x0e01, 0x0e3a) ||
         is_between(c, 0x0e40, 0x0e4f) || is_between(c, 0x20000, 0x323af);
}

// Letters in boxes and discs, and those that flags are made of: Unicode does not say that they are
// letters.
char32_t unboxed(char32_t c) {
  for (const char32_t first : {0x1f150u, 0x1f170u, 0x1f1e6u}) {
    if (is_between(c, first, first + 25)) return U'a' + (c - first);
  }
  return 0;
}

bool shows_nothing(char32_t c, int category) {
  switch (category) {
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CC:
      return true;
    default:
      return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;  // Hangul fillers
  }
}

bool is_letter(int category) {
  return is_between(static_cast<char32_t>(category), UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO) ||
         category == UTF8PROC_CATEGORY_MC;
}

// A code point may be read as several letters; more than these are cut.
struct Readings {
  std::array<Reading, 4> all{};
  int count = 0;
  void add(Reading one) {
    if (count < static_cast<int>(all.size())) all[static_cast<std::size_t>(count++)] = one;
  }
};

Readings taken_apart(char32_t c) {
  Readings readings;
  std::array<utf8proc_int32_t, 8> parts{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(c), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                     UTF8PROC_STRIPMARK),
      &boundary);
  const auto end =
      std::clamp<utf8proc_ssize_t>(count, 0, static_cast<utf8proc_ssize_t>(parts.size()));
  for (utf8proc_ssize_t i = 0; i < end; ++i) {
    const auto part = static_cast<char32_t>(parts[static_cast<std::size_t>(i)]);
    if (part < 0x80) {
      readings.add(ascii(part));
      continue;
    }
    const int category = utf8proc_category(static_cast<utf8proc_int32_t>(part));
    if (shows_nothing(part, category)) continue;
    readings.add({plain(part), is_letter(category) ? Kind::letter : Kind::mark});
  }
  return readings;
}

Readings read_point(char32_t c) {
  Readings readings;
  if (is_unit(c)) {
    readings.add({c, Kind::unit});
    return readings;
  }
  if (const char32_t letter = unboxed(c); letter != 0) {
    readings.add({plain(letter), Kind::letter});
    return readings;
  }
  if (c == U'€' || c == U'£' || c == U'¡' || c == U'¢') {
    constexpr Pair kSigns[] = {{U'€', U'e'}, {U'£', U'i'}, {U'¡', U'i'}, {U'¢', U'c'}};
    for (const Pair& sign : kSigns) {
      if (sign.from == c) readings.add({sign.to, Kind::soft});
    }
    return readings;
  }
  if (c == U'’' || c == U'‘' || c == U'´') {
    readings.add({0, Kind::quote});
    return readings;
  }
  const int category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  if (category == UTF8PROC_CATEGORY_ZS || c == 0x2800) {
    readings.add({0, Kind::space});
    return readings;
  }
  if (shows_nothing(c, category)) return readings;
  return taken_apart(c);
}

// Latin with accents, Greek, Cyrillic: looked up, since whole sentences are made of them.
constexpr char32_t kTableEnd = 0x0600;

const std::vector<Readings>& table() {
  static const std::vector<Readings> made = [] {
    std::vector<Readings> all(kTableEnd);
    for (char32_t c = 0; c < kTableEnd; ++c) {
      if (c >= 0x80) {
        all[c] = read_point(c);
      } else if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') {
        all[c].add(ascii(c));
      }
    }
    return all;
  }();
  return made;
}

}  // namespace

void read_glyphs(std::string_view text, std::vector<Glyph>& out) {
  const std::vector<Readings>& known = table();
  out.clear();
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
        static_cast<utf8proc_ssize_t>(std::min<std::size_t>(4, text.size() - at)), &point);
    const auto begin = static_cast<std::uint32_t>(at);
    if (size <= 0) {
      out.push_back({0, begin, begin + 1, Kind::mark, false});
      ++at;
      continue;
    }
    at += static_cast<std::size_t>(size);
    const auto end = static_cast<std::uint32_t>(at);
    const auto c = static_cast<char32_t>(point);
    const Readings slow = c < kTableEnd ? Readings{} : read_point(c);
    const Readings& readings = c < kTableEnd ? known[c] : slow;
    for (int i = 0; i < readings.count; ++i) {
      const Reading& one = readings.all[static_cast<std::size_t>(i)];
      out.push_back({one.letter, begin, end, one.kind, c >= 'A' && c <= 'Z'});
    }
  }
}

}  // namespace moderation
