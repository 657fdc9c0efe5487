#pragma once

// What a tick did, as packets: one sim::Event becomes at most one packet per viewer (contract 4.5, recipes 5-8). The order
// of events is the simulation's and is kept. Who gets which form is decided here from match::Match's knowledge (S5):
// the owner's form carries what is only his (ammunition, sequence), the form of others does not, and a viewer who may know
// only that something happened gets no place.
//
// Never sent from here: player:joined (harmful, 4.4), match_started and match_ended (the lobby's packets, packets.h).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "match/match.h"
#include "sim/event.h"
#include "wire/roster.h"

namespace wire {

// One per lobby: remembers which viewer has been told of which projectile, so that one that flies into view is announced.
class EventEncoder {
 public:
  // Encodes an event of the match's last step(). Replaces what packet() answers.
  void encode(const match::Match& match, const Roster& roster, const Clock& clock, const sim::Event& event);

  // The packet of the encoded event for this viewer, "" = nothing is sent. Valid until the next encode().
  std::string_view packet(sim::Slot viewer) const {
    return forms_[static_cast<std::size_t>(choice_[viewer])];
  }

  // The viewer starts afresh (player:join, recovery, new player in the slot): it knows no projectile.
  void forget(sim::Slot viewer);

 private:
  enum class Form : std::uint8_t { none, owner, others, reduced };
  static constexpr std::size_t kForms = 4;
  struct Told {
    std::uint32_t id = 0;       // projectile
    std::uint8_t viewers = 0;   // bit per slot
  };

  std::array<std::string, kForms> forms_;
  std::array<Form, sim::kMaxPlayers> choice_{};
  std::array<Told, 128> told_{};  // by id % 128: far more than can be in the air at once (decision 20)
};

}  // namespace wire
