// What staff do about themselves and each other: second factor, roles.

#include <boost/json.hpp>

#include "api/admin_call.h"
#include "api/admin_totp.h"
#include "api/request_parts.h"
#include "base/log.h"
#include "store/audit.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;
using store::Connection;

json::value time_or_null(const std::optional<store::Time>& time) {
  return time ? json::value(store::to_text(*time)) : json::value();
}

json::object staff_json(const Staff& staff) {
  return {{"id", staff.id},
          {"name", staff.name},
          {"role", role_name(staff.role)},
          {"enrolled", staff.enrolled},
          {"verified", staff.verified},
          {"verifiedUntil", time_or_null(staff.verified_until)}};
}

// Of what staff do to themselves: kept with the other actions.
base::Result<void> note_self(Connection& db, const Call& call, const std::string& action) {
  store::AuditEntry entry;
  entry.actor_id = call.staff.id;
  entry.actor = call.staff.name;
  entry.action = action;
  entry.target = "player " + call.staff.id;
  entry.address = call.address;
  entry.done_at = store::now();
  return store::insert_audit(db, entry);
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
  const auto made = core.sources.store->transact(
      [&](Connection& db) { return begin_enrolment(db, core.seal, call.staff.id, store::now()); });
  if (!made) return made.error();
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
    if (auto noted = note_self(db, call, "factor_enrol"); !noted) return noted.error();
    return Proved{*check, std::move(*codes)};
  });
  if (!proved) return proved.error();
  if (proved->check.answer != FactorAnswer::good) return factor_error(call, proved->check);
  json::array codes;
  for (const std::string& each : proved->recovery_codes) codes.emplace_back(each);
  return ok_json(json::object{{"recoveryCodes", std::move(codes)}});
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
    const char* action = !good             ? "sign_in_refused"
                         : check->recovery ? "sign_in_recovery"
                                           : "sign_in";
    if (auto noted = note_self(db, call, action); !noted) return noted.error();
    return check;
  });
  if (!shown) return shown.error();
  if (shown->answer != FactorAnswer::good) {
    base::log::warn("admin_code_refused", {{"playerId", call.staff.id}, {"address", call.address}});
    return factor_error(call, *shown);
  }
  Staff staff = call.staff;
  staff.verified = true;
  staff.verified_until = store::now() + kVerifiedFor;
  return ok_json(staff_json(staff));
}

Answer end_session(Core& core, Call& call) {
  const auto ended = core.sources.store->transact(
      [&](Connection& db) { return forget_verified(db, call.session_id); });
  if (!ended) return ended.error();
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
                                {"lastLogin", time_or_null(each.last_login)}});
  }
  return ok_json(json::object{{"staff", std::move(rows)}});
}

store::AuditEntry audit_of(const Call& call, const std::string& action, const std::string& reason) {
  store::AuditEntry entry;
  entry.actor_id = call.staff.id;
  entry.actor = call.staff.name;
  entry.action = action;
  entry.target = "player " + call.parameter;
  entry.reason = reason;
  entry.address = call.address;
  entry.done_at = store::now();
  return entry;
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
    store::AuditEntry entry = audit_of(call, "role", *reason);
    entry.before = role_text(*before);
    entry.after = role_text(*role);
    if (auto noted = store::insert_audit(db, entry); !noted) return noted.error();
    return true;
  });
  if (!changed) return changed.error();
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
    if (auto noted = store::insert_audit(db, audit_of(call, "factor_reset", *reason)); !noted)
      return noted.error();
    return true;
  });
  if (!reset) return reset.error();
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
