#include "lobby/ballot.h"

#include <algorithm>

namespace lobby {

void Ballot::open(const std::vector<std::string>& maps) {
  options_.assign(1, std::string(kRematch));
  for (const std::string& map : maps) options_.push_back(std::string(kMapPrefix) + map);
  options_.emplace_back(kLeave);
  votes_.fill(kNone);
  open_ = true;
}

void Ballot::close() { open_ = false; }

bool Ballot::cast(sim::Slot slot, std::string_view option) {
  const auto found = std::find(options_.begin(), options_.end(), option);
  if (!open_ || slot >= votes_.size() || found == options_.end()) return false;
  votes_[slot] = static_cast<std::uint8_t>(found - options_.begin());
  return true;
}

void Ballot::withdraw(sim::Slot slot) {
  if (slot < votes_.size()) votes_[slot] = kNone;
}

bool Ballot::leaves(sim::Slot slot) const {
  return slot < votes_.size() && votes_[slot] != kNone && options_[votes_[slot]] == kLeave;
}

std::vector<std::uint32_t> Ballot::tallies() const {
  std::vector<std::uint32_t> counts(options_.size(), 0);
  for (const std::uint8_t vote : votes_) {
    if (vote != kNone) ++counts[vote];
  }
  return counts;
}

const std::string& Ballot::winner() const {
  const std::vector<std::uint32_t> counts = tallies();
  const auto best = std::max_element(counts.begin(), counts.end() - 1);  // the last one is "leave"
  return options_[static_cast<std::size_t>(best - counts.begin())];
}

}  // namespace lobby
