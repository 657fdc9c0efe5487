#pragma once

// The words of the filter, as they are looked up: by their letters, with repeated ones told apart
// only where it matters.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "moderation/skeleton.h"

namespace moderation {

// A word that is being spelled. "fuuuck" is f1 u3 c1 k1: one word with "fuck" but for its runs.
class Spelling {
 public:
  void add(char32_t letter);
  std::uint64_t letters() const { return hash_; }
  std::uint64_t runs() const { return runs_; }  // four bits each, the first sixteen
  int size() const { return size_; }            // letters, repeated ones included

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::uint64_t runs_ = 0;
  char32_t last_ = 0;
  int places_ = 0;
  int size_ = 0;
};

// Immutable after load(); any thread.
class WordList {
 public:
  // One word or phrase a line; "=word" is an innocent one that would be taken for another,
  // "~letters" are bad wherever they stand in a word; "#" begins a comment.
  void load(std::string_view lines);

  bool has_word(const Spelling& spelled) const;
  // Can what was spelled so far become a word? False for sure, true perhaps: it spares looking on.
  bool leads_on(const Spelling& spelled) const {
    return begun_[spelled.letters() >> (64 - kBegunBits)];
  }
  // "son of a bitch": the words one after the other.
  bool has_phrase(const Spelling& spelled) const;
  bool begins_phrase(const Spelling& word) const { return heads_.contains(word.letters()); }
  // The longest word of the list at the beginning of these glyphs of kind `unit`: how many of them,
  // 0 = none.
  std::size_t units_at(std::span<const Glyph> glyphs) const;
  // Letters that are bad wherever they stand.
  std::span<const std::vector<char32_t>> stems() const { return stems_; }

 private:
  struct Entry {
    std::uint64_t letters = 0;
    std::uint64_t runs = 0;
    bool innocent = false;
    bool used = false;
  };
  class Table {
   public:
    void add(const Entry& entry);
    bool matches(const Spelling& spelled) const;

   private:
    void grow();
    std::vector<Entry> slots_;  // a power of two, at most half full
    std::size_t used_ = 0;
  };
  void add_line(std::string_view line);

  static constexpr int kBegunBits = 18;  // 32 kB for some 15,000 beginnings
  std::bitset<std::size_t{1} << kBegunBits> begun_;
  Table words_;
  Table phrases_;
  std::unordered_set<std::uint64_t> heads_;
  std::unordered_set<std::uint64_t> units_;
  std::unordered_set<char32_t> first_units_;
  std::vector<std::vector<char32_t>> stems_;
  std::vector<Glyph> glyphs_;  // scratch of load()
};

}  // namespace moderation
