#include "moderation/word_list.h"

#include <algorithm>

namespace moderation {
namespace {

constexpr std::uint64_t kPrime = 0x100000001b3;  // FNV-1a
constexpr int kRuns = 16;
constexpr std::size_t kLongestUnits = 8;
constexpr int kShortest = 3;  // letters; of shorter words too many are harmless

// A letter may be doubled where the word has one, and more often than that anywhere: "asss", but
// "as" is no "ass".
bool runs_match(std::uint64_t said, std::uint64_t word) {
  for (; said != word; said >>= 4, word >>= 4) {
    if ((said & 15) < (word & 15)) return false;
  }
  return true;
}

std::uint64_t units_hash(std::span<const Glyph> glyphs) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const Glyph& glyph : glyphs) hash = (hash ^ glyph.letter) * kPrime;
  return hash;
}

}  // namespace

void Spelling::add(char32_t letter) {
  ++size_;
  if (letter != last_ || size_ == 1) {
    hash_ = (hash_ ^ letter) * kPrime;
    last_ = letter;
    ++places_;
  }
  if (places_ > kRuns) return;
  const int shift = (places_ - 1) * 4;
  if ((runs_ >> shift & 15) < 15) runs_ += std::uint64_t{1} << shift;
}

void WordList::Table::add(const Entry& entry) {
  if (slots_.size() < (used_ + 1) * 2) grow();
  std::size_t at = entry.letters & (slots_.size() - 1);
  while (slots_[at].used) {
    const Entry& there = slots_[at];
    if (there.letters == entry.letters && there.runs == entry.runs &&
        there.innocent == entry.innocent)
      return;
    at = (at + 1) & (slots_.size() - 1);
  }
  slots_[at] = entry;
  slots_[at].used = true;
  ++used_;
}

void WordList::Table::grow() {
  std::vector<Entry> old(std::max<std::size_t>(64, slots_.size() * 2));
  old.swap(slots_);
  used_ = 0;
  for (const Entry& entry : old) {
    if (entry.used) add(entry);
  }
}

bool WordList::Table::matches(const Spelling& spelled) const {
  if (slots_.empty()) return false;
  bool found = false;
  for (std::size_t at = spelled.letters() & (slots_.size() - 1); slots_[at].used;
       at = (at + 1) & (slots_.size() - 1)) {
    const Entry& entry = slots_[at];
    if (entry.letters != spelled.letters()) continue;
    if (entry.innocent && entry.runs == spelled.runs()) return false;
    found = found || (!entry.innocent && runs_match(spelled.runs(), entry.runs));
  }
  return found;
}

bool WordList::has_word(const Spelling& spelled) const {
  return spelled.size() >= kShortest && words_.matches(spelled);
}

bool WordList::has_phrase(const Spelling& spelled) const { return phrases_.matches(spelled); }

std::size_t WordList::units_at(std::span<const Glyph> glyphs) const {
  if (glyphs.empty() || !first_units_.contains(glyphs[0].letter)) return 0;
  for (std::size_t size = std::min(kLongestUnits, glyphs.size()); size >= 2; --size) {
    if (units_.contains(units_hash(glyphs.first(size)))) return size;
  }
  return 0;
}

void WordList::load(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    add_line(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

void WordList::add_line(std::string_view line) {
  if (line.empty() || line[0] == '#') return;
  const char sign = line[0];
  if (sign == '=' || sign == '~') line.remove_prefix(1);
  read_glyphs(line, glyphs_);
  if (std::any_of(glyphs_.begin(), glyphs_.end(),
                  [](const Glyph& glyph) { return glyph.kind == Kind::unit; })) {
    if (glyphs_.size() < 2 || glyphs_.size() > kLongestUnits) return;
    units_.insert(units_hash(glyphs_));
    first_units_.insert(glyphs_[0].letter);
    return;
  }
  Spelling whole;
  Spelling head;
  int words = 0;
  bool inside = false;
  std::vector<char32_t> letters;
  for (const Glyph& glyph : glyphs_) {
    const bool belongs = glyph.kind == Kind::letter || glyph.kind == Kind::soft;
    if (belongs && !inside) ++words;
    inside = belongs;
    if (!belongs) continue;
    whole.add(glyph.letter);
    begun_.set(whole.letters() >> (64 - kBegunBits));
    letters.push_back(glyph.letter);
    if (words == 1) head.add(glyph.letter);
  }
  if (whole.size() < kShortest) return;
  if (sign == '~') {
    stems_.push_back(std::move(letters));
    return;
  }
  const Entry entry{whole.letters(), whole.runs(), sign == '=', false};
  if (words == 1) return words_.add(entry);
  if (head.size() < 2) return;  // letters one by one: they are read together anyway
  phrases_.add(entry);
  heads_.insert(head.letters());
}

}  // namespace moderation
