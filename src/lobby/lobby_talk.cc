#include <algorithm>

#include "base/clock.h"
#include "lobby/lobby.h"
#include "lobby/moderator.h"
#include "wire/packets.h"

// What people say to and about each other: chat (S6), reports (S7).

namespace lobby {
namespace {

constexpr std::size_t kGoneRemembered = 32;  // of two matches; far more than come and go

}  // namespace

void Lobby::chat(sim::Slot slot, const wire::Chat& chat) {
  const Seat& from = seats_[slot];
  const bool team_only = chat.channel == wire::Chat::Channel::team;
  std::string shown = chat.text;
  bool masked = false;
  if (context_.moderator != nullptr) {
    masked = context_.moderator->mask(chat.text, shown);
    context_.moderator->said(
        {id_, match_id_, from.account_id, from.name, chat.text, team_only, masked, now()});
  }
  packet_.clear();
  wire::chat_message(packet_, from.player_id, from.name, shown, team_only, base::wall_ms());
  for (sim::Slot other = 0; other < seats_.size(); ++other) {
    if (team_only && !same_team(slot, other)) continue;
    to(seats_[other], packet_);
  }
}

bool Lobby::same_team(sim::Slot a, sim::Slot b) const {
  if (a == b) return true;
  if (!match_) return false;
  const auto& players = match_->world().players;
  return players[a].in_world && players[b].in_world && players[a].team == players[b].team;
}

Accusation::Person Lobby::person_of(const Seat& seat) {
  return {seat.account_id, seat.player_id, seat.name, seat.address};
}

// He was in the present match or the last, and may be reported after he has left.
void Lobby::remember_gone(const Seat& seat) {
  if (seat.played == 0) return;
  if (gone_.size() == kGoneRemembered) gone_.erase(gone_.begin());
  gone_.push_back({person_of(seat), seat.played});
}

void Lobby::forget_gone() {
  std::erase_if(gone_, [&](const Gone& gone) { return gone.played + 1 < ordinal_; });
}

std::optional<Lobby::Gone> Lobby::find_fellow(std::string_view player_id) const {
  for (const Seat& seat : seats_) {
    if (seat.person() && seat.player_id == player_id) return Gone{person_of(seat), seat.played};
  }
  const auto left = std::find_if(gone_.rbegin(), gone_.rend(), [&](const Gone& gone) {
    return gone.person.player_id == player_id;
  });
  return left == gone_.rend() ? std::nullopt : std::optional(*left);
}

void Lobby::refuse_report(const Seat& reporter, std::string_view target_id,
                          std::string_view reason) {
  packet_.clear();
  wire::report_failed(packet_, target_id, reason);
  to(reporter, packet_);
}

void Lobby::report(sim::Slot slot, const wire::Report& wanted) {
  const Seat& reporter = seats_[slot];
  if (context_.moderator == nullptr)
    return refuse_report(reporter, wanted.target_id, "Reports are not taken here");
  const std::optional<Gone> target = find_fellow(wanted.target_id);
  // Both were in the present match, or both in the last: of which, the older of their latest tells.
  const std::uint32_t shared = target ? std::min(target->played, reporter.played) : 0;
  if (shared == 0 || shared + 1 < ordinal_)
    return refuse_report(reporter, wanted.target_id, "Only players of your match can be reported");
  Accusation accusation;
  accusation.reporter = person_of(reporter);
  accusation.party = reporter.party;
  accusation.target = target->person;
  accusation.lobby_id = id_;
  const bool present = shared == ordinal_;
  accusation.match_id = present ? match_id_ : last_match_id_;
  accusation.tick = !present                               ? last_match_ticks_
                    : status_ == Status::playing && match_ ? match_->world().tick
                                                           : match_ticks_;
  accusation.reason = wanted.reason;
  accusation.note = wanted.note;
  if (accusation.match_id.empty())
    return refuse_report(reporter, wanted.target_id, "Only players of your match can be reported");
  context_.moderator->accuse(
      std::move(accusation),
      [post = context_.post, self = std::weak_ptr<Lobby*>(self_), seat = ref_of(slot),
       target_id = wanted.target_id, name = target->person.name](const Judgement& judgement) {
        post([self, seat, target_id, name, judgement] {
          if (const auto lobby = self.lock()) (*lobby)->judged(seat, target_id, name, judgement);
        });
      });
}

// On the lobby's shard again. The target's sockets are closed by those who made the ban; here the
// others hear of it.
void Lobby::judged(SeatRef by, std::string_view target_id, std::string_view target_name,
                   const Judgement& judgement) {
  if (const Seat* reporter = find(by)) {
    if (!judgement.refusal.empty()) return refuse_report(*reporter, target_id, judgement.refusal);
    packet_.clear();
    wire::report_received(packet_, target_id);
    to(*reporter, packet_);
  }
  if (!judgement.banned) return;
  packet_.clear();
  wire::system_message(packet_,
                       std::string(target_name) + " was banned: reported by several players",
                       base::wall_ms());
  to_all(packet_);
}

}  // namespace lobby
