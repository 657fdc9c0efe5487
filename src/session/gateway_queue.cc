#include <utility>

#include "base/clock.h"
#include "base/tally.h"
#include "session/elsewhere.h"
#include "session/gateway.h"
#include "session/match_queue.h"
#include "session/router.h"

// Players who wait for a match of their own skill, and parties (C3): what they ask for goes to the
// node's queue, and whoever it calls is brought to his seat.

namespace session {

using wire::ClientKind;

bool Gateway::queue_event(Session& session, const wire::ClientEvent& event) {
  MatchQueue* const queue = settings_.queue;
  if (queue == nullptr) return false;
  const lobby::SessionRef here = ref_of(session);
  switch (event.kind) {
    case ClientKind::queue_join:
      rename(session, event.as<wire::QueueJoin>().player_name);
      leave(session, false);
      queue->join(queue_player(session), event.as<wire::QueueJoin>());
      return true;
    case ClientKind::queue_leave:
      queue->leave(here, true);
      return true;
    case ClientKind::queue_status:
      if (session.wish.open) return false;  // of a lobby at once
      queue->status(here);
      return true;
    case ClientKind::party_create:
      rename(session, event.as<wire::PartyCreate>().player_name);
      queue->create_party(queue_player(session));
      return true;
    case ClientKind::party_join: {
      const auto& wanted = event.as<wire::PartyJoin>();
      rename(session, wanted.player_name);
      queue->join_party(queue_player(session), wanted.code, wanted.pass);
      return true;
    }
    case ClientKind::party_leave:
      queue->leave_party(here);
      return true;
    case ClientKind::party_state:
      queue->party_state(here);
      return true;
    default:
      return false;
  }
}

QueuePlayer Gateway::queue_player(Session& session) const {
  session.queues = true;
  return {.session = ref_of(session),
          .id = session.player_id,
          .account = session.account_id,
          .name = session.name};
}

// Whoever goes his own way waits no more.
void Gateway::leave_queue(Session& session) {
  session.wish.called = false;
  if (session.queues) settings_.queue->leave(ref_of(session), false);
}

void Gateway::take_match(std::uint64_t number, lobby::NodeIndex node, const std::string& door) {
  Session* session = find(number);
  if (session == nullptr) return;  // the seat is free again after a while
  session->stray_join.reset();
  leave(*session, false);
  settle_far_place(*session);
  Wish& wish = session->wish;
  wish.open = true;
  wish.called = true;
  wish.kind = lobby::JoinKind::code;
  wish.options = {};
  wish.code = door;
  wish.password.clear();
  wish.attempts = 0;
  wish.since = base::steady_now();
  if (node != 0) return take_far_place(*session, {.node = node, .lobby = door, .hold = ""});
  const auto place = directory_.by_code(door);
  if (place) return take_place(*session, *place);
  refuse(*session, wish.kind, place.error().message);
}

// Tells the queue what became of one it had called.
void Gateway::answer_queue(Session& session, bool is_seated) {
  if (!std::exchange(session.wish.called, false)) return;
  if (is_seated) {
    settings_.queue->seated(ref_of(session));
  } else {
    settings_.queue->refused(ref_of(session));
  }
}

// The lobby to which the queue had called this session does not want it.
void Gateway::end_call(Session& session, std::string_view reason) {
  base::tally::count(base::tally::Event::join_refused);
  session.wish.open = false;
  session.wish.called = false;
  settings_.queue->turned_away(ref_of(session), std::string(reason));
}

}  // namespace session
