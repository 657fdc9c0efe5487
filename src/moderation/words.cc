#include "moderation/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace moderation {

// Generated from words.txt at build time (CMakeLists.txt).
extern const std::string_view kWordLines;

namespace {

constexpr std::size_t kLongestToken = 64;  // letters; longer runs hold no word
constexpr std::size_t kPieces = 16;        // that are read together
constexpr std::size_t kShortPiece = 3;     // letters
constexpr std::size_t kPhraseWords = 5;
constexpr std::size_t kTrim = 4;  // digits and signs taken off each end of a word
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Letters that stand together, as glyphs [begin, end).
struct Token {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool after_space = false;  // or after an apostrophe: not only punctuation stands before it
  bool after_quote = false;
  std::size_t size() const { return end - begin; }
};

bool in_word(Kind kind) { return kind == Kind::letter || kind == Kind::soft; }

// One reading of one text.
class Reader {
 public:
  Reader(const WordList& list, std::string_view text) : list_(list) {
    read_glyphs(text, glyphs_);
    bad_.assign(glyphs_.size(), false);
    tokenise();
  }

  bool find() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      read_alone(tokens_[i]);
      read_joined(i);
      read_spaced(i);
      read_phrase(i);
    }
    read_units();
    return found_;
  }

  const std::vector<Glyph>& glyphs() const { return glyphs_; }
  bool is_bad(std::size_t glyph) const { return bad_[glyph]; }

 private:
  void tokenise() {
    bool space = true;
    bool quote = false;
    for (std::size_t i = 0; i < glyphs_.size();) {
      const Kind kind = glyphs_[i].kind;
      if (!in_word(kind)) {
        space = space || kind == Kind::space || kind == Kind::unit;
        quote = quote || kind == Kind::quote;
        ++i;
        continue;
      }
      const std::size_t begin = i;
      while (i < glyphs_.size() && (in_word(glyphs_[i].kind) || is_inner_star(begin, i))) ++i;
      tokens_.push_back({begin, i, space, quote});
      space = quote = false;
    }
  }

  // A star with letters of the word on both sides.
  bool is_inner_star(std::size_t begin, std::size_t at) const {
    if (glyphs_[at].kind != Kind::star || at == begin) return false;
    const std::size_t next = at + 1;
    return next < glyphs_.size() && in_word(glyphs_[next].kind) && in_word(glyphs_[at - 1].kind);
  }

  void mark(std::size_t begin, std::size_t end) {
    found_ = true;
    std::fill(bad_.begin() + static_cast<std::ptrdiff_t>(begin),
              bad_.begin() + static_cast<std::ptrdiff_t>(end), true);
  }

  // At least one in four must be a letter: 455 is a number.
  bool has_letters(std::size_t begin, std::size_t end) const {
    const auto letters = static_cast<std::size_t>(
        std::count_if(glyphs_.begin() + static_cast<std::ptrdiff_t>(begin),
                      glyphs_.begin() + static_cast<std::ptrdiff_t>(end),
                      [](const Glyph& glyph) { return glyph.kind == Kind::letter; }));
    return letters > 0 && letters * 4 >= end - begin;
  }

  bool is_word(std::size_t begin, std::size_t end) const {
    if (!has_letters(begin, end)) return false;
    Spelling spelled;
    for (std::size_t i = begin; i < end; ++i) {
      if (glyphs_[i].kind == Kind::star) return is_word_with_star(begin, i, end);
      spelled.add(glyphs_[i].letter);
      if (!list_.leads_on(spelled)) return false;
    }
    return list_.has_word(spelled);
  }

  bool is_word_with_star(std::size_t begin, std::size_t star, std::size_t end) const {
    for (const char32_t vowel : {U'a', U'e', U'i', U'o', U'u'}) {
      Spelling spelled;
      for (std::size_t i = begin; i < end; ++i) {
        const bool other_star = i != star && glyphs_[i].kind == Kind::star;
        if (other_star) return false;
        spelled.add(i == star ? vowel : glyphs_[i].letter);
      }
      if (list_.has_word(spelled)) return true;
    }
    return false;
  }

  bool is_soft(std::size_t at) const { return glyphs_[at].kind == Kind::soft; }

  void read_alone(const Token& token) {
    if (token.size() > kLongestToken) return;
    if (is_word(token.begin, token.end)) return mark(token.begin, token.end);
    read_trimmed(token);
    read_parts(token);
    read_stems(token);
  }

  // "shit!", "123shit1": digits and signs at the ends may be just that.
  void read_trimmed(const Token& token) {
    for (std::size_t front = 0; front <= kTrim; ++front) {
      const std::size_t begin = token.begin + front;
      if (begin >= token.end || (front > 0 && !is_soft(begin - 1))) return;
      for (std::size_t back = front == 0 ? 1 : 0; back <= kTrim; ++back) {
        if (begin + back >= token.end || (back > 0 && !is_soft(token.end - back))) break;
        if (is_word(begin, token.end - back)) return mark(begin, token.end - back);
      }
    }
  }

  // "BigFucker", "you!fucker": a word may begin at a capital, and end at a sign or digit.
  void read_parts(const Token& token) {
    std::size_t begin = token.begin;
    for (std::size_t i = token.begin + 1; i <= token.end; ++i) {
      const bool split = i == token.end || (glyphs_[i].upper && !glyphs_[i - 1].upper) ||
                         (is_soft(i) != is_soft(i - 1));
      if (!split) continue;
      if ((begin != token.begin || i != token.end) && is_word(begin, i)) mark(begin, i);
      begin = i;
    }
  }

  void read_stems(const Token& token) {
    for (std::size_t i = token.begin; i < token.end; ++i) {
      for (const std::vector<char32_t>& stem : list_.stems()) {
        if (stem[0] == glyphs_[i].letter && is_stem(stem, i, token.end))
          return mark(token.begin, token.end);
      }
    }
  }

  bool is_stem(const std::vector<char32_t>& stem, std::size_t begin, std::size_t end) const {
    if (end - begin < stem.size()) return false;
    for (std::size_t i = 1; i < stem.size(); ++i) {
      if (glyphs_[begin + i].letter != stem[i]) return false;
    }
    return true;
  }

  // False when no word begins like this.
  bool spell(Spelling& spelled, const Token& token) const {
    for (std::size_t i = token.begin; i < token.end; ++i) {
      spelled.add(glyphs_[i].letter);
      if (!list_.leads_on(spelled)) return false;
    }
    return true;
  }

  // "f.u.c.k", "sh-it": short pieces with nothing but punctuation between them.
  void read_joined(std::size_t first) {
    if (tokens_[first].size() > kShortPiece) return;
    Spelling spelled;
    if (!spell(spelled, tokens_[first])) return;
    for (std::size_t i = first + 1; i < std::min(tokens_.size(), first + kPieces); ++i) {
      const Token& token = tokens_[i];
      if (token.after_space || token.after_quote || token.size() > kShortPiece) return;
      if (!spell(spelled, token)) return;
      read_whole(spelled, first, i);
    }
  }

  // "f u c k", "f u ck": letters one by one, but for one piece of two or three.
  void read_spaced(std::size_t first) {
    Spelling spelled;
    std::size_t singles = 0;
    std::size_t longer = 0;
    for (std::size_t i = first; i < std::min(tokens_.size(), first + kPieces); ++i) {
      const Token& token = tokens_[i];
      if (token.size() > kShortPiece || (i > first && token.after_quote)) return;
      (token.size() == 1 ? singles : longer) += 1;
      if (longer > 1) return;
      if (!spell(spelled, token)) return;
      if (singles >= 2 && singles + longer >= 3) read_whole(spelled, first, i);
    }
  }

  void read_whole(const Spelling& spelled, std::size_t first, std::size_t last) {
    const std::size_t begin = tokens_[first].begin;
    const std::size_t end = tokens_[last].end;
    if (!list_.has_word(spelled)) return;
    const bool any_letter =
        std::any_of(glyphs_.begin() + static_cast<std::ptrdiff_t>(begin),
                    glyphs_.begin() + static_cast<std::ptrdiff_t>(end),
                    [](const Glyph& glyph) { return glyph.kind == Kind::letter; });
    if (any_letter) mark(begin, end);
  }

  void read_phrase(std::size_t first) {
    if (tokens_[first].size() > kLongestToken) return;
    Spelling spelled;
    if (!spell(spelled, tokens_[first]) || !list_.begins_phrase(spelled)) return;
    for (std::size_t i = first + 1; i < std::min(tokens_.size(), first + kPhraseWords); ++i) {
      if (tokens_[i].size() > kLongestToken || !spell(spelled, tokens_[i])) return;
      if (list_.has_phrase(spelled)) mark(tokens_[first].begin, tokens_[i].end);
    }
  }

  void read_units() {
    for (std::size_t i = 0; i < glyphs_.size(); ++i) {
      if (glyphs_[i].kind != Kind::unit) continue;
      const std::size_t size = list_.units_at(std::span<const Glyph>(glyphs_).subspan(i));
      if (size > 0) mark(i, i + size);
    }
  }

  const WordList& list_;
  std::vector<Glyph> glyphs_;
  std::vector<Token> tokens_;
  std::vector<bool> bad_;
  bool found_ = false;
};

// The code points of the text with stars where a bad glyph came from, or between two of them.
void write_masked(std::string_view text, const Reader& reader, std::string& out) {
  const std::vector<Glyph>& glyphs = reader.glyphs();
  std::size_t next = 0;  // glyph
  bool last_bad = false;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t point = 0;
    const auto read = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
        static_cast<utf8proc_ssize_t>(std::min<std::size_t>(4, text.size() - at)), &point);
    const std::size_t size = read > 0 ? static_cast<std::size_t>(read) : 1;
    bool bad = false;
    bool any = false;
    for (; next < glyphs.size() && glyphs[next].begin < at + size; ++next) {
      any = true;
      bad = bad || reader.is_bad(next);
    }
    const bool hidden = !any && last_bad && next < glyphs.size() && reader.is_bad(next);
    if (any) last_bad = bad;
    if (bad) {
      out += '*';
    } else if (read <= 0) {
      out += kReplacement;
    } else if (!hidden) {
      out += text.substr(at, size);
    }
    at += size;
  }
}

}  // namespace

Words::Words(std::string_view lines) { list_.load(lines); }

const Words& Words::standard() {
  static const Words words(kWordLines);
  return words;
}

bool Words::mask(std::string_view text, std::string& out) const {
  Reader reader(list_, text);
  const bool found = reader.find();
  out.clear();
  write_masked(text, reader, out);
  return found;
}

bool Words::is_clean(std::string_view text) const { return !Reader(list_, text).find(); }

}  // namespace moderation
