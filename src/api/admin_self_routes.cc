// What staff do about themselves and each other: second factor, roles.

#include <boost/json.hpp>

#include "api/admin_call.h"
#include "api/admin_json.h"
#include "api/admin_totp.h"
#include "api/request_parts.h"
#include "base/log.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;
using store::Connection;

json::object staff_json(const Staff& staff) {
  return {{"id", staff.id},
          {"name", staff.name},
          {"role", role_name(staff.role)},
          {"enrolled", staff.enrolled},
          {"verified", staff.verified},
          {"verifiedUntil", time_json(staff.verified_until)}};
}

// How far somebody is with the second factor, for the audit log.
std::string factor_state(bool enrolled, const std::optional<store::Time>& verified_until) {
  return json::serialize(
      json::object{{"enrolled", enrolled}, {"verifiedUntil", time_json(verified_until)}});
}

// Of a secret that waits to be confirmed.
std::string secret_state(const std::optional<store::Time>& made_at) {
  return json::serialize(json::object{{"enrolled", false}, {"secretMadeAt", time_json(made_at)}});
}

// Of what staff do to themselves: kept with the other actions.
struct Step {
  std::string what;
  std::string before;
  std::string after;
};
base::Result<void> note_self(Connection& db, const Call& call, const Step& step, store::Time now) {
  return moderation::write_down(
      db, call.actor(), {step.what, "player " + call.staff.id, "", step.before, step.after}, now);
}

std::string factor_state(const Call& call) {
  return factor_state(call.staff.enrolled, call.staff.verified_until);
}

void announce_self(const Call& call, const std::string& what) {
  moderation::announce(call.actor(), what, "player " + call.staff.id);
}

base::Error factor_error(Call& call, const FactorCheck& check) {
  call.wait = check.wait;
  switch (check.answer) {
    case FactorAnswer::locked:
      return {"limited",
              "Too many wrong codes, wait " + std::to_string(check.wait.count()) + " seconds."};
    case FactorAnswer::none:
      return {"conflict", "There is no second factor for this."};
    default:
      return {"forbidden", "That code is wrong, or was used before."};
  }
}

Answer me(Core&, Call& call) { return ok_json(staff_json(call.staff)); }

Answer enrol(Core& core, Call& call) {
  const auto made = core.sources.store->transact([&](Connection& db) -> base::Result<Enrolment> {
    const store::Time now = store::now();
    auto begun = begin_enrolment(db, core.seal, call.staff.id, now);
    if (!begun) return begun;
    const Step step{"factor_begin", secret_state(begun->replaced), secret_state(now)};
    if (auto noted = note_self(db, call, step, now); !noted) return noted.error();
    return begun;
  });
  if (!made) return made.error();
  announce_self(call, "factor_begin");
  return ok_json(json::object{{"secret", to_base32(made->secret)},
                              {"uri", otpauth_uri("Trespasser", made->account, made->secret)}});
}

struct Proved {
  FactorCheck check;
  std::vector<std::string> recovery_codes;
};

Answer confirm(Core& core, Call& call) {
  const auto code = text_of(call.body, "code");
  if (!code) return missing_field("code");
  const auto proved = core.sources.store->transact([&](Connection& db) -> base::Result<Proved> {
    const store::Time now = store::now();
    auto check = confirm_enrolment(db, core.seal, call.staff.id, *code, now);
    if (!check) return check.error();
    if (check->answer != FactorAnswer::good) return Proved{*check, {}};
    auto codes = new_recovery_codes(db, call.staff.id);
    if (!codes) return codes.error();
    if (auto marked = mark_verified(db, call.staff.id, call.session_id, now); !marked)
      return marked.error();
    const Step step{"factor_enrol", factor_state(call), factor_state(true, now + kVerifiedFor)};
    if (auto noted = note_self(db, call, step, now); !noted) return noted.error();
    return Proved{*check, std::move(*codes)};
  });
  if (!proved) return proved.error();
  if (proved->check.answer != FactorAnswer::good) return factor_error(call, proved->check);
  announce_self(call, "factor_enrol");
  json::array codes;
  for (const std::string& each : proved->recovery_codes) codes.emplace_back(each);
  return ok_json(json::object{{"recoveryCodes", std::move(codes)}});
}

const char* sign_in_name(const FactorCheck& check) {
  if (check.answer != FactorAnswer::good) return "sign_in_refused";
  return check.recovery ? "sign_in_recovery" : "sign_in";
}

Answer show_factor(Core& core, Call& call) {
  const auto code = text_of(call.body, "code");
  if (!code) return missing_field("code");
  const auto shown = core.sources.store->transact([&](Connection& db) -> base::Result<FactorCheck> {
    const store::Time now = store::now();
    auto check = check_factor(db, core.seal, call.staff.id, *code, now);
    if (!check || check->answer == FactorAnswer::none || check->answer == FactorAnswer::locked)
      return check;
    const bool good = check->answer == FactorAnswer::good;
    if (good) {
      if (auto marked = mark_verified(db, call.staff.id, call.session_id, now); !marked)
        return marked.error();
    }
    const std::string before = factor_state(call);
    const Step step{sign_in_name(*check), before,
                    good ? factor_state(true, now + kVerifiedFor) : before};
    if (auto noted = note_self(db, call, step, now); !noted) return noted.error();
    return check;
  });
  if (!shown) return shown.error();
  if (shown->answer != FactorAnswer::good) {
    base::log::warn("admin_code_refused", {{"playerId", call.staff.id}, {"address", call.address}});
    return factor_error(call, *shown);
  }
  announce_self(call, sign_in_name(*shown));
  Staff staff = call.staff;
  staff.verified = true;
  staff.verified_until = store::now() + kVerifiedFor;
  return ok_json(staff_json(staff));
}

Answer end_session(Core& core, Call& call) {
  const auto ended = core.sources.store->transact([&](Connection& db) -> base::Result<void> {
    if (auto gone = forget_verified(db, call.session_id); !gone) return gone;
    const Step step{"sign_out", factor_state(call), factor_state(true, std::nullopt)};
    return note_self(db, call, step, store::now());
  });
  if (!ended) return ended.error();
  announce_self(call, "sign_out");
  return no_content();
}

Answer list(Core& core, Call&) {
  const auto staff = core.sources.store->transact([](Connection& db) { return list_staff(db); });
  if (!staff) return staff.error();
  json::array rows;
  for (const StaffEntry& each : *staff) {
    rows.push_back(json::object{{"id", each.id},
                                {"name", each.name},
                                {"role", role_name(each.role)},
                                {"enrolled", each.enrolled},
                                {"lastLogin", time_json(each.last_login)}});
  }
  return ok_json(json::object{{"staff", std::move(rows)}});
}

std::string role_text(Role role) {
  return json::serialize(json::object{{"role", role_name(role)}});
}

Answer give_role(Core& core, Call& call) {
  const auto name = text_of(call.body, "role");
  const auto role = name ? parse_role(*name) : std::nullopt;
  if (!role) return base::Error{"invalid", "role must be none, viewer, moderator or admin."};
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  if (!store::is_uuid(call.parameter)) return base::Error{"not_found", "There is no such player."};
  const auto changed = core.sources.store->transact([&](Connection& db) -> base::Result<bool> {
    auto before = change_role(db, call.parameter, *role);
    if (!before) return before.error();
    const moderation::Action action{"role", "player " + call.parameter, *reason, role_text(*before),
                                    role_text(*role)};
    if (auto noted = moderation::write_down(db, call.actor(), action, store::now()); !noted)
      return noted.error();
    return true;
  });
  if (!changed) return changed.error();
  moderation::announce(call.actor(), "role", "player " + call.parameter);
  return no_content();
}

Answer take_factor(Core& core, Call& call) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const base::Error nobody{"not_found", "There is no second factor of such an account."};
  if (!store::is_uuid(call.parameter)) return nobody;
  const auto reset = core.sources.store->transact([&](Connection& db) -> base::Result<bool> {
    auto gone = reset_factor(db, call.parameter);
    if (!gone) return gone.error();
    if (!*gone) return nobody;
    const moderation::Action action{"factor_reset", "player " + call.parameter, *reason,
                                    R"({"enrolled":true})", R"({"enrolled":false})"};
    if (auto noted = moderation::write_down(db, call.actor(), action, store::now()); !noted)
      return noted.error();
    return true;
  });
  if (!reset) return reset.error();
  moderation::announce(call.actor(), "factor_reset", "player " + call.parameter);
  return no_content();
}

constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/me", false, Role::viewer, Proof::password, me},
    {"POST", "/api/admin/factor", false, Role::viewer, Proof::password, enrol},
    {"POST", "/api/admin/factor/confirm", true, Role::viewer, Proof::password, confirm},
    {"POST", "/api/admin/session", true, Role::viewer, Proof::password, show_factor},
    {"DELETE", "/api/admin/session", false, Role::viewer, Proof::second_factor, end_session},
    {"GET", "/api/admin/staff", false, Role::viewer, Proof::second_factor, list},
    {"POST", "/api/admin/players/{id}/role", true, Role::admin, Proof::second_factor, give_role},
    {"POST", "/api/admin/players/{id}/factor-reset", true, Role::admin, Proof::second_factor,
     take_factor},
};

}  // namespace

std::span<const AdminApi::Route> admin_self_routes() { return kRoutes; }

}  // namespace api
