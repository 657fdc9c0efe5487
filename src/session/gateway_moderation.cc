#include "base/clock.h"
#include "base/tally.h"
#include "moderation/mutes.h"
#include "moderation/words.h"
#include "session/gateway.h"
#include "store/connection.h"
#include "wire/packets.h"

// What moderation wants of the sockets (S6, S7): the muted are not heard, the kicked go, names are
// fit to be seen.

namespace session {

bool Gateway::is_muted(Session& session) {
  if (settings_.mutes == nullptr) return false;
  const auto why = settings_.mutes->of(session.account_id, session.address, store::now());
  if (!why) return false;
  base::tally::count(base::tally::Event::chat_muted);
  packet_.clear();
  wire::chat_refused(packet_, "You are muted: " + *why);
  reply(session);
  return true;
}

bool Gateway::may_be_called(const std::string& name) const {
  if (settings_.words == nullptr || settings_.words->is_clean(name)) return true;
  base::tally::count(base::tally::Event::name_refused);
  return false;
}

// Somebody without a seat has no match either.
void Gateway::refuse_report(Session& session, const wire::Report& wanted) {
  packet_.clear();
  wire::report_failed(packet_, wanted.target_id, "Only players of your match can be reported");
  reply(session);
}

void Gateway::end_kicked(const moderation::Kick& kick) {
  std::vector<std::uint64_t> ended;
  for (const auto& [number, session] : sessions_) {
    const bool is_guest = session->account_id.empty();
    const bool meant = !kick.account_id.empty() ? session->account_id == kick.account_id
                       : !kick.network.empty()
                           ? is_guest && base::network_of(session->address) == kick.network
                           : session->player_id == kick.connection_id;
    if (meant && session->admission == 0) ended.push_back(number);
  }
  for (const std::uint64_t number : ended) {
    if (Session* session = find(number)) dismiss(*session, kick.reason);
  }
}

}  // namespace session
