#include <algorithm>

#include "base/random.h"
#include "lobby/directory.h"

// Seats that the queue keeps for players who are on their way. They count as held, and a lobby of
// the queue is entered by them alone.

namespace lobby {

std::size_t Directory::room() const {
  const std::lock_guard lock(mutex_);
  const std::size_t lobbies = max_lobbies_ > records_.size() ? max_lobbies_ - records_.size() : 0;
  const std::size_t people = max_players_ > players_ ? (max_players_ - players_) / 8 : 0;
  return std::min(lobbies, people);
}

base::Result<Reservation> Directory::reserve(const LobbyOptions& options, ShardIndex home,
                                             std::uint8_t seats, double skill) {
  const std::lock_guard lock(mutex_);
  const auto made = make(options, home, true);
  if (!made) return made.error();
  Record& record = records_.at(made->lobby);
  record.queue = std::make_shared<const LobbyOptions>(options);
  record.skill = skill;
  // make() has held one place.
  record.held = seats;
  players_ += seats;
  --players_;
  return open_door(record, seats);
}

base::Result<Reservation> Directory::reserve_in(const std::string& lobby, std::uint8_t seats) {
  const std::lock_guard lock(mutex_);
  const auto found = by_code_.find(lobby);
  if (found == by_code_.end()) return base::Error{"not_found", "Lobby not found"};
  Record& record = records_.at(found->second);
  if (record.queue == nullptr || vacant(record) < seats)
    return base::Error{"conflict", "Lobby is full"};
  record.held = static_cast<std::uint8_t>(record.held + seats);
  players_ += seats;
  return open_door(record, seats);
}

Reservation Directory::open_door(const Record& record, std::uint8_t seats) {
  Reservation made{.lobby = record.entry.id, .door = base::lobby_code()};
  doors_[made.door] = {record.entry.number, seats};
  return made;
}

// A reserved seat: it stays held until the lobby settles it.
Directory::Place Directory::enter(Door& door) {
  --door.seats;
  Record& record = records_.at(door.lobby);
  Place place = place_of(record);
  place.by_invite = true;
  place.create = !record.made;  // by whoever comes first
  place.options = record.queue;
  return place;
}

std::uint32_t Directory::release(const std::string& name, std::uint8_t most) {
  const std::lock_guard lock(mutex_);
  const auto door = doors_.find(name);
  if (door == doors_.end()) return 0;
  const std::uint8_t freed = std::min(most, door->second.seats);
  const auto found = records_.find(door->second.lobby);
  door->second.seats = static_cast<std::uint8_t>(door->second.seats - freed);
  if (door->second.seats == 0) doors_.erase(door);
  if (found == records_.end()) return 0;
  Record& record = found->second;
  record.held = static_cast<std::uint8_t>(record.held - freed);
  players_ -= freed;
  // Nobody came, so nobody has made it.
  if (!record.made && record.held == 0) erase(found);
  return freed;
}

std::uint8_t Directory::vacant(const Record& record) {
  const int free = record.entry.max_players - record.entry.players - record.held;
  const bool open = record.entry.status == Status::waiting ||
                    record.entry.status == Status::starting ||
                    record.entry.status == Status::playing;
  return static_cast<std::uint8_t>(open ? std::max(0, free) : 0);
}

std::vector<Vacancy> Directory::vacancies() const {
  std::vector<Vacancy> open;
  const std::lock_guard lock(mutex_);
  for (const auto& [number, record] : records_) {
    if (record.queue == nullptr || !record.made || vacant(record) == 0) continue;
    open.push_back({.lobby = record.entry.id,
                    .mode = record.entry.mode,
                    .seats = vacant(record),
                    .skill = record.skill});
  }
  return open;
}

}  // namespace lobby
