#pragma once

// What a tick did, as packets: one sim::Event becomes at most one packet per viewer (contract 4.5,
// recipes 5-8). The order of events is the simulation's and is kept. Who may know what comes from
// match::Match::knowledge (S5); here it becomes a form of the packet:
//   own       with what is only the owner's business: ammunition, sequence
//   common    for everybody else who may know all of it
//   bare      without a place: a death far away, one's own hit on somebody unseen, a wall shot by
//             somebody unseen
//   announce  projectile:created for a projectile that flies into view
//
// Never sent from here: player:joined (harmful, 4.4), match_started and match_ended (the lobby's,
// packets.h).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "match/match.h"
#include "sim/event.h"
#include "wire/roster.h"

namespace wire {

struct EventScene;

// One per lobby: remembers which viewer has been told of which projectile.
class EventEncoder {
 public:
  // Encodes an event of the match's last step() for every seat that is used, no bot and connected.
  // Replaces what packet() answers. Allocates nothing once the buffers have grown.
  void encode(const match::Match& match, const Roster& roster, const Clock& clock,
              const sim::Event& event);

  // The packet of the encoded event for this viewer, "" = nothing is sent. Valid until the next
  // encode().
  std::string_view packet(sim::Slot viewer) const {
    return forms_[static_cast<std::size_t>(choice_[viewer])];
  }

  // The viewer starts afresh (player:join, recovery, a new player in the slot): it knows no
  // projectile.
  void forget(sim::Slot viewer);
  // A new match object: projectile numbers begin again.
  void reset();

 private:
  enum class Form : std::uint8_t { none, own, common, bare, announce };
  static constexpr std::size_t kForms = 5;
  struct Told {
    std::uint32_t id = 0;      // projectile
    std::uint8_t viewers = 0;  // a bit per slot
  };

  static Form choose(const EventScene& scene, sim::Slot viewer);
  Form choose_projectile(const EventScene& scene, sim::Slot viewer);
  static void write(const EventScene& scene, Form form, std::string& out);

  std::array<std::string, kForms> forms_;  // the first one stays empty
  std::array<Form, sim::kMaxPlayers> choice_{};
  std::array<Told, 128> told_{};  // by id % 128: more than are in the air at once (decision 20)
};

}  // namespace wire
