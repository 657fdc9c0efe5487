#include <algorithm>

#include "base/client_address.h"
#include "lobby/lobby.h"

// Those whom moderators send away (O5): out of their seats, and not back before a match has ended.
// A guest is known again by network, as he has no other name.

namespace lobby {

std::optional<Accusation::Person> Lobby::person(std::string_view player_id) const {
  const auto slot = slot_of(player_id);
  if (!slot || !seats_[*slot].person()) return std::nullopt;
  return person_of(seats_[*slot]);
}

std::optional<Accusation::Person> Lobby::anybody(std::string_view id) const {
  for (const Seat& seat : seats_) {
    if (seat.person() && !id.empty() && (seat.account_id == id || seat.player_id == id))
      return person_of(seat);
  }
  return std::nullopt;
}

bool Lobby::is_meant(const Banished& whom, const Accusation::Person& person) {
  if (!whom.account_id.empty()) return person.account_id == whom.account_id;
  if (!whom.player_id.empty()) return person.player_id == whom.player_id;
  return person.account_id.empty() && base::network_of(person.address) == whom.network;
}

bool Lobby::holds(const Banished& whom) const {
  return std::any_of(
             seats_.begin(), seats_.end(),
             [&](const Seat& seat) { return seat.person() && is_meant(whom, person_of(seat)); }) ||
         std::any_of(gone_.begin(), gone_.end(),
                     [&](const Gone& gone) { return is_meant(whom, gone.person); });
}

void Lobby::banish(const Banished& whom) {
  for (const Gone& gone : gone_) {
    if (is_meant(whom, gone.person)) bar(gone.person);
  }
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (!seats_[slot].person() || !is_meant(whom, person_of(seats_[slot]))) continue;
    bar(person_of(seats_[slot]));
    dismiss(slot, "Removed by a moderator", true);
  }
}

void Lobby::bar(const Accusation::Person& person) {
  constexpr std::size_t kMostBarred = 32;
  std::string name =
      person.account_id.empty() ? base::network_of(person.address) : person.account_id;
  // A guest without an address has no name to be known again by.
  if (name.empty() || std::find(barred_.begin(), barred_.end(), name) != barred_.end()) return;
  if (barred_.size() == kMostBarred) barred_.erase(barred_.begin());
  barred_.push_back(std::move(name));
}

bool Lobby::is_barred(const JoinRequest& request) const {
  if (barred_.empty()) return false;
  const std::string name =
      request.account_id.empty() ? base::network_of(request.address) : request.account_id;
  return std::find(barred_.begin(), barred_.end(), name) != barred_.end();
}

}  // namespace lobby
