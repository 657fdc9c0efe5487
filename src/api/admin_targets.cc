#include "api/admin_targets.h"

#include <boost/json.hpp>

#include "api/admin_json.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;

base::Result<moderation::Target> target_of(Core& core, const Call& call, const Offender& offender) {
  if (offender.account_id.empty()) {
    if (offender.address.empty())
      return base::Error{"conflict", "The address of this guest is not kept any more."};
    return moderation::Target{"", offender.address};
  }
  const auto person = player_target(core, call, offender.account_id);
  if (!person) return person.error();
  return moderation::Target{person->id, ""};
}

// For the audit log: afterwards the seat is empty.
std::string seat_of(Core& core, const Offender& offender) {
  if (!offender.seat.empty()) return offender.seat;
  const Whereabouts there =
      whereabouts(core, offender.account_id.empty() ? offender.connection_id : offender.account_id);
  return there.lobby ? seat_text(*there.lobby, there.name) : "";
}

// Bans and mutes are given alike: for a reason, for a while or for good.
template <class Measure>
using Pronounce = base::Result<Measure> (moderation::Moderation::*)(const moderation::Actor&,
                                                                    const moderation::Target&,
                                                                    const std::string& reason,
                                                                    moderation::Duration);

template <class Measure>
Answer sentence(Core& core, const Call& call, const Offender& offender, const char* name,
                Pronounce<Measure> pronounce, json::object (*to_json)(const Measure&)) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto duration = duration_in(call);
  if (!duration) return duration.error();
  const auto target = target_of(core, call, offender);
  if (!target) return target.error();
  const auto made =
      (core.sources.moderation->*pronounce)(call.actor(), *target, *reason, *duration);
  if (!made) return made.error();
  return ok_json(json::object{{name, to_json(*made)}}, 201);
}

}  // namespace

base::Result<Person> player_target(Core& core, const Call& call, const std::string& account_id) {
  auto person = core.sources.store->transact(
      [&](store::Connection& db) { return find_person(db, account_id, store::now()); });
  if (!person) return person.error();
  if (!*person) return base::Error{"not_found", "There is no such player."};
  if ((*person)->id == call.staff.id)
    return base::Error{"forbidden", "This cannot be done to oneself."};
  if ((*person)->role != Role::none && (*person)->role >= call.staff.role)
    return base::Error{"forbidden", "This cannot be done to staff of the same or a higher rank."};
  return std::move(**person);
}

Answer ban(Core& core, const Call& call, const Offender& offender) {
  return sentence(core, call, offender, "ban", &moderation::Moderation::ban, ban_json);
}

Answer mute(Core& core, const Call& call, const Offender& offender) {
  return sentence(core, call, offender, "mute", &moderation::Moderation::mute, mute_json);
}

// A guest is kicked by connection: others of the network have done nothing.
Answer kick(Core& core, const Call& call, const Offender& offender) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  if (offender.account_id.empty()) {
    const auto done = core.sources.moderation->kick_connection(call.actor(), offender.connection_id,
                                                               *reason, seat_of(core, offender));
    if (!done) return done.error();
    return no_content();
  }
  const auto target = target_of(core, call, offender);
  if (!target) return target.error();
  const auto done =
      core.sources.moderation->kick(call.actor(), *target, *reason, seat_of(core, offender));
  if (!done) return done.error();
  return no_content();
}

}  // namespace api
