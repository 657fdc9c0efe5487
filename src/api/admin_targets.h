#pragma once

// Whom staff act on, and the acts: the same whether they come from a player's page, a lobby or a
// report.

#include <string>

#include "api/admin_call.h"
#include "api/admin_people.h"

namespace api {

// One who is to be banned, muted or kicked.
struct Offender {
  std::string account_id;     // "" = a guest, of whom address and connection count
  std::string address;        // "" = not known any more
  std::string connection_id;  // the player id on the wire; "" = not known
  std::string seat;           // where he sits, for the audit log; "" = to be looked for
};

// The account, if the caller may act on it: staff act on players, and on staff of a lower rank;
// never on themselves. "not_found", "forbidden".
base::Result<Person> player_target(AdminApi::Core& core, const AdminApi::Call& call,
                                   const std::string& account_id);

// With the reason, and the duration, of the call's body. Guests are banned and muted by network;
// "conflict" when that is not known any more.
Answer ban(AdminApi::Core& core, const AdminApi::Call& call, const Offender& offender);
Answer mute(AdminApi::Core& core, const AdminApi::Call& call, const Offender& offender);
Answer kick(AdminApi::Core& core, const AdminApi::Call& call, const Offender& offender);

}  // namespace api
