#include "anticheat/watch.h"
#include "base/json_writer.h"
#include "lobby/lobby.h"
#include "lobby/moderator.h"

// The eye on what people do in a match (S4). It sees and tells; nothing in the match changes by it.

namespace lobby {

void Lobby::begin_watch() {
  if (context_.moderator == nullptr) return;
  if (!watch_) watch_ = std::make_unique<anticheat::Watch>();
  watch_->new_match();
}

// Clients went on meanwhile: nobody is a suspect because the server was slow.
void Lobby::stalled(sim::Tick ticks) {
  if (watch_) watch_->stalled(ticks);
}

void Lobby::watch_step() {
  unsigned people = 0;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].person() && seats_[slot].body) people |= 1U << slot;
  }
  watch_->stepped(*match_, people);
  for (const anticheat::Finding& finding : watch_->findings()) tell_suspicion(finding);
  watch_->clear();
}

void Lobby::tell_suspicion(const anticheat::Finding& finding) {
  const Seat& seat = seats_[finding.slot];
  if (!seat.person()) return;
  Suspect suspect;
  suspect.person = person_of(seat);
  suspect.lobby_id = id_;
  suspect.match_id = match_id_;
  suspect.tick = finding.tick;
  suspect.kind = anticheat::name_of(finding.kind);
  suspect.found = finding.count;
  suspect.score = finding.score;
  base::JsonWriter json(suspect.evidence);
  json.begin_object();
  for (const anticheat::Number& number : finding.numbers)
    json.key_text(number.name).decimal(number.value, 2);
  json.end_object();
  context_.moderator->suspect(std::move(suspect));
}

}  // namespace lobby
