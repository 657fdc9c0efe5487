#pragma once

// The word filter of chat and names (S6). It knows whole words, however they are disguised: case,
// accents, look-alikes of other alphabets, digits and signs for letters, repeated letters, spaces
// and punctuation between letters, characters that show nothing. The list is part of the program
// (words.txt, made by tools/words).

#include <string>
#include <string_view>

#include "moderation/word_list.h"

namespace moderation {

// Immutable; any thread. 6 us for 200 characters, 13 at worst (bench/bench_words.cc).
class Words {
 public:
  explicit Words(std::string_view lines);  // as WordList::load() reads them
  // Those of the program.
  static const Words& standard();

  // The text with a star for each character of a bad word; bytes that are not UTF-8 become U+FFFD.
  // At most three times as long as the text, always UTF-8. True when there was a bad word.
  bool mask(std::string_view text, std::string& out) const;
  bool is_clean(std::string_view text) const;

 private:
  WordList list_;
};

}  // namespace moderation
