#pragma once

// The vote after a match (L8): rematch, another map, or leave. One vote a seat, changeable; no vote
// means to stay.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/types.h"

namespace lobby {

inline constexpr std::string_view kRematch = "rematch";
inline constexpr std::string_view kLeave = "leave";
inline constexpr std::string_view kMapPrefix = "map:";  // followed by the map's name

class Ballot {
 public:
  Ballot() { votes_.fill(kNone); }

  // Opens a vote: "rematch", then "map:<name>" for each map offered, then "leave".
  void open(const std::vector<std::string>& maps);
  void close();
  bool is_open() const { return open_; }
  const std::vector<std::string>& options() const { return options_; }

  // False when closed or the option is not on the ballot.
  bool cast(sim::Slot slot, std::string_view option);
  // Forgets the vote of a seat that was given up.
  void withdraw(sim::Slot slot);

  bool leaves(sim::Slot slot) const;
  std::vector<std::uint32_t> tallies() const;  // in the order of options()

  // Fields for a lobby's save (base/bytes.h).
  template <class Archive>
  void archive(Archive& a) {
    a.value(open_);
    a.count(options_, kMostOptions);
    for (std::string& option : options_) a.text(option, kLongestOption);
    for (std::uint8_t& vote : votes_) a.value(vote);
    if constexpr (Archive::kReads) {
      if (open_ && options_.size() < 2) a.reject();
      for (const std::uint8_t vote : votes_) {
        if (vote != kNone && vote >= options_.size()) a.reject();
      }
    }
  }

  // The option with most votes apart from "leave"; the earlier one on a tie, so nobody voting means
  // a rematch.
  const std::string& winner() const;

 private:
  static constexpr std::uint8_t kNone = 0xff;
  static constexpr std::size_t kMostOptions = 16;
  static constexpr std::size_t kLongestOption = 256;  // bytes

  bool open_ = false;
  std::vector<std::string> options_;
  std::array<std::uint8_t, sim::kMaxPlayers> votes_{};
};

}  // namespace lobby
