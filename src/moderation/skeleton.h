#pragma once

// Text as the word filter reads it: letters without case, accents and disguise, each with the bytes
// it was made of (S6).

#include <cstdint>
#include <string_view>
#include <vector>

namespace moderation {

enum class Kind : std::uint8_t {
  letter,
  soft,   // a digit or sign that is read as a letter: 1 ! | as i, $ as s, ...
  star,   // stands for any vowel within a word
  unit,   // of a script that does not put spaces between words: Han, kana, Hangul, Thai
  mark,   // punctuation and everything else that ends a word
  quote,  // an apostrophe: ends a word, and what it separates is never read together
  space,
};

struct Glyph {
  char32_t letter = 0;      // i and l are one, as 1 may be either
  std::uint32_t begin = 0;  // of the source's bytes
  std::uint32_t end = 0;
  Kind kind = Kind::mark;
  bool upper = false;  // was an ASCII capital
};

// Replaces `out` by the glyphs of the text, in order. What shows nothing (zero width, direction
// marks, combining marks) is left out; a ligature yields several glyphs of the same bytes. Bytes
// that are not UTF-8 are marks of one byte each. Any thread.
void read_glyphs(std::string_view text, std::vector<Glyph>& out);

}  // namespace moderation
