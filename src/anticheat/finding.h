#pragma once

// What a detector found, with the numbers that say so (S4). Plain values.

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/types.h"

namespace anticheat {

enum class Kind : std::uint8_t {
  input_flood,        // more inputs than a client sends
  movement,           // more steps claimed than any display has pictures
  fire_rate,          // shots asked for faster than the weapon fires
  replayed_sequence,  // numbers of inputs that went by before
  input_pattern,      // the same stretch of inputs again and again
  aim_precision,      // the middle of moving targets, nearly always
  aim_snap,           // a swift turn that ends in the middle of a target, nearly always
  aim_reaction,       // hits before anybody can have seen the target
  aim_trigger,        // shoots whenever the aim crosses a target, and never otherwise
};
inline constexpr std::size_t kKinds = 9;

// As in the table of events and in the log, e.g. "aim_snap".
std::string_view name_of(Kind kind);

// One measured number or threshold of the evidence. The name is a literal.
struct Number {
  std::string_view name;
  double value = 0.0;
};

struct Finding {
  Kind kind = Kind::input_flood;
  sim::Slot slot = sim::kNoSlot;
  sim::Tick tick = 0;       // of the match's world: where to look in the replay
  std::uint32_t count = 0;  // how often the detector was sure in this match, this time included
  double score = 0.0;       // score_of(kind, count)
  boost::container::static_vector<Number, 6> numbers;
};

// What a kind weighs in the score of an account after being found so often in one match. A program
// that plays (aim, pattern) weighs twice what a client that talks too much does; each doubling of
// the count adds the weight once more. 0 for a count of 0.
double score_of(Kind kind, std::uint32_t count);

}  // namespace anticheat
