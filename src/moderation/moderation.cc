#include "moderation/moderation.h"

#include <algorithm>

#include "accounts/ban_words.h"
#include "accounts/login_sessions.h"
#include "accounts/players.h"
#include "base/client_address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/tally.h"
#include "moderation/notices.h"
#include "moderation/records.h"
#include "store/suspicions.h"

// Bans, mutes and kicks. Reports are in reports.cc.

namespace moderation {

namespace log = base::log;
namespace tally = base::tally;
using store::Connection;
using store::Time;

namespace {

constexpr std::size_t kMaxReason = 200;  // bytes
constexpr std::size_t kMaxAddress = 64;  // bytes; the longest text of an IPv6 network has 43
constexpr std::chrono::hours kMaxDuration{10 * 365 * 24};

base::Error invalid(const char* what) { return {"invalid", what}; }

std::string author(const Actor& actor) { return actor.player_id.value_or("system"); }

std::optional<Time> end_of(Time now, const Duration& duration) {
  return duration ? std::optional<Time>(now + *duration) : std::nullopt;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

base::Result<void> check_order(const std::string& reason, const Duration& duration) {
  if (reason.empty() || reason.size() > kMaxReason)
    return invalid("reason must have 1 to 200 bytes");
  // It goes to other nodes in lines, and into logs.
  if (std::any_of(reason.begin(), reason.end(), is_control))
    return invalid("reason must be one line");
  if (duration && (duration->count() < 1 || *duration > kMaxDuration))
    return invalid("duration must be 1 second to 10 years");
  return {};
}

// One kind of target, and it exists.
base::Result<void> check_target(Connection& db, const Target& target) {
  if (target.player_id.empty() == target.address.empty())
    return invalid("either a player or an address");
  if (target.address.size() > kMaxAddress) return invalid("address is too long");
  if (!target.address.empty()) return {};
  if (!store::is_uuid(target.player_id)) return invalid("player must be an id");
  auto account = accounts::find_by_id(db, target.player_id);
  if (!account.ok()) return account.error();
  if (!*account) return base::Error{"not_found", "there is no such player"};
  return {};
}

// The audit log's "after" of somebody who is sent away from a seat.
std::string without(const std::string& seat) { return seat.empty() ? "" : R"({"lobby":null})"; }

// The measure as found, or why it cannot be lifted.
template <class Measure>
base::Result<Measure> liftable(base::Result<std::optional<Measure>> found) {
  if (!found.ok()) return found.error();
  if (!*found) return base::Error{"not_found", "there is no such number"};
  if ((*found)->lifted_at) return base::Error{"conflict", "lifted already"};
  return **found;
}

}  // namespace

Moderation::Moderation(store::Store& store, cluster::Sessions& sessions, cluster::Channel& channel,
                       Options options)
    : store_(store), sessions_(sessions), channel_(channel), options_(std::move(options)) {}

// --- bans ---

base::Result<Moderation::Banned> Moderation::write_ban(Connection& db, const Actor& actor,
                                                       const Target& target,
                                                       const std::string& reason,
                                                       Duration duration) const {
  const Time now = options_.now();
  Banned banned;
  store::Ban& ban = banned.ban;
  ban.player_id = unless_empty(target.player_id);
  ban.address = unless_empty(target.address.empty() ? "" : base::network_of(target.address));
  ban.reason = reason;
  ban.banned_by = author(actor);
  ban.created_at = now;
  ban.ends_at = end_of(now, duration);
  auto number = store::insert_ban(db, ban);
  if (!number.ok()) return number.error();
  ban.number = *number;
  if (ban.player_id) {
    auto ended = accounts::end_all_sessions(db, *ban.player_id, "banned", now);
    if (!ended.ok()) return ended.error();
    banned.login_ids = std::move(*ended);
  }
  auto noted = write_down(
      db, actor, {"ban", name_of(ban.player_id, ban.address), reason, "", json_of(ban)}, now);
  if (!noted.ok()) return noted.error();
  return banned;
}

// Every login by its name, since a token that is asked about later is looked up by that.
void Moderation::tell(const Banned& banned) {
  const std::string words = "banned: " + accounts::words_of(banned.ban, options_.appeals);
  if (banned.ban.address) return sessions_.ended({"", "", words, *banned.ban.address});
  for (const std::string& login : banned.login_ids)
    sessions_.ended({*banned.ban.player_id, login, words});
  // No login that the database knows to be alive; sockets of one that it has forgotten may be. Told
  // only then, because a node that hears it turns away new logins, too, for half a minute.
  if (banned.login_ids.empty()) sessions_.ended({*banned.ban.player_id, "", words});
}

base::Result<store::Ban> Moderation::ban(const Actor& actor, const Target& target,
                                         const std::string& reason, Duration duration) {
  if (auto good = check_order(reason, duration); !good.ok()) return good.error();
  auto banned = store_.transact([&](Connection& db) -> base::Result<Banned> {
    if (auto good = check_target(db, target); !good.ok()) return good.error();
    return write_ban(db, actor, target, reason, duration);
  });
  if (!banned.ok()) return banned.error();
  tally::count(tally::Event::ban);
  announce(actor, "ban", name_of(banned->ban.player_id, banned->ban.address));
  tell(*banned);
  return banned->ban;
}

base::Result<store::Ban> Moderation::unban(const Actor& actor, std::int64_t number,
                                           const std::string& reason) {
  if (auto good = check_order(reason, {}); !good.ok()) return good.error();
  const Time now = options_.now();
  auto lifted = store_.transact([&](Connection& db) -> base::Result<store::Ban> {
    auto ban = liftable(store::find_ban(db, number));
    if (!ban.ok()) return ban;
    const std::string before = json_of(*ban);
    auto done = store::lift_ban(db, number, now);
    if (!done.ok()) return done.error();
    if (!*done) return base::Error{"conflict", "lifted already"};
    ban->lifted_at = now;
    auto noted = write_down(
        db, actor, {"unban", name_of(ban->player_id, ban->address), reason, before, json_of(*ban)},
        now);
    if (!noted.ok()) return noted.error();
    return ban;
  });
  if (!lifted.ok()) return lifted;
  tally::count(tally::Event::unban);
  announce(actor, "unban", name_of(lifted->player_id, lifted->address));
  return lifted;
}

// --- mutes ---

base::Result<store::Mute> Moderation::mute(const Actor& actor, const Target& target,
                                           const std::string& reason, Duration duration) {
  if (auto good = check_order(reason, duration); !good.ok()) return good.error();
  const Time now = options_.now();
  store::Mute mute;
  mute.player_id = unless_empty(target.player_id);
  mute.address = unless_empty(target.address.empty() ? "" : base::network_of(target.address));
  mute.reason = reason;
  mute.muted_by = author(actor);
  mute.created_at = now;
  mute.ends_at = end_of(now, duration);
  auto made = store_.transact([&](Connection& db) -> base::Result<store::Mute> {
    if (auto good = check_target(db, target); !good.ok()) return good.error();
    auto number = store::insert_mute(db, mute);
    if (!number.ok()) return number.error();
    mute.number = *number;
    auto noted = write_down(
        db, actor, {"mute", name_of(mute.player_id, mute.address), reason, "", json_of(mute)}, now);
    if (!noted.ok()) return noted.error();
    return mute;
  });
  if (!made.ok()) return made;
  tally::count(tally::Event::mute);
  announce(actor, "mute", name_of(mute.player_id, mute.address));
  channel_.notify_all(encode(*made));
  return made;
}

base::Result<store::Mute> Moderation::unmute(const Actor& actor, std::int64_t number,
                                             const std::string& reason) {
  if (auto good = check_order(reason, {}); !good.ok()) return good.error();
  const Time now = options_.now();
  auto lifted = store_.transact([&](Connection& db) -> base::Result<store::Mute> {
    auto mute = liftable(store::find_mute(db, number));
    if (!mute.ok()) return mute;
    const std::string before = json_of(*mute);
    auto done = store::lift_mute(db, number, now);
    if (!done.ok()) return done.error();
    if (!*done) return base::Error{"conflict", "lifted already"};
    mute->lifted_at = now;
    auto noted = write_down(
        db, actor,
        {"unmute", name_of(mute->player_id, mute->address), reason, before, json_of(*mute)}, now);
    if (!noted.ok()) return noted.error();
    return mute;
  });
  if (!lifted.ok()) return lifted;
  announce(actor, "unmute", name_of(lifted->player_id, lifted->address));
  channel_.notify_all(encode(*lifted));
  return lifted;
}

// --- kicks ---

base::Result<void> Moderation::kick(const Actor& actor, const Target& target,
                                    const std::string& reason, const std::string& seat) {
  if (auto good = check_order(reason, {}); !good.ok()) return good;
  Kick kick;
  kick.account_id = target.player_id;
  kick.network = target.address.empty() ? "" : base::network_of(target.address);
  const std::string target_name =
      name_of(unless_empty(kick.account_id), unless_empty(kick.network));
  auto noted = store_.transact([&](Connection& db) -> base::Result<void> {
    if (auto good = check_target(db, target); !good.ok()) return good;
    return write_down(db, actor, {"kick", target_name, reason, seat, without(seat)},
                      options_.now());
  });
  if (!noted.ok()) return noted;
  send_kick(std::move(kick), reason);
  announce(actor, "kick", target_name);
  return {};
}

base::Result<void> Moderation::kick_connection(const Actor& actor,
                                               const std::string& wire_player_id,
                                               const std::string& reason, const std::string& seat) {
  if (auto good = check_order(reason, {}); !good.ok()) return good;
  if (wire_player_id.empty() || wire_player_id.size() > kMaxAddress)
    return invalid("player must be the id of a connection");
  Kick kick;
  kick.connection_id = wire_player_id;
  auto noted = note(actor, {"kick", "connection " + wire_player_id, reason, seat, without(seat)});
  if (noted.ok()) send_kick(std::move(kick), reason);
  return noted;
}

void Moderation::send_kick(Kick kick, const std::string& reason) {
  kick.reason = "kicked: " + reason;
  kick.at_ms = base::wall_ms();
  tally::count(tally::Event::kick);
  channel_.notify_all(encode(kick));
}

// --- lists ---

base::Result<std::vector<store::Ban>> Moderation::bans(bool in_force, std::int64_t before,
                                                       std::size_t limit) {
  return store_.transact([&](Connection& db) {
    return store::list_bans(db, in_force, options_.now(), before, limit);
  });
}

base::Result<std::vector<store::Mute>> Moderation::mutes(bool in_force, std::int64_t before,
                                                         std::size_t limit) {
  return store_.transact([&](Connection& db) {
    return store::list_mutes(db, in_force, options_.now(), before, limit);
  });
}

base::Result<std::vector<store::Report>> Moderation::reports(const store::ReportFilter& filter) {
  return store_.transact([&](Connection& db) { return store::list_reports(db, filter); });
}

base::Result<std::vector<store::ChatLine>> Moderation::chat(const store::ChatFilter& filter) {
  return store_.transact([&](Connection& db) { return store::list_chat(db, filter); });
}

base::Result<std::vector<store::AuditEntry>> Moderation::audit(const store::AuditFilter& filter) {
  return store_.transact([&](Connection& db) { return store::list_audit(db, filter); });
}

base::Result<void> Moderation::note(const Actor& actor, const Action& action) {
  auto noted = store_.transact(
      [&](Connection& db) { return write_down(db, actor, action, options_.now()); });
  if (noted.ok()) announce(actor, action.what, action.target);
  return noted;
}

base::Result<void> Moderation::sweep() {
  constexpr std::chrono::hours kKept{30 * 24};          // S6
  constexpr std::chrono::hours kFindingsKept{90 * 24};  // of accounts; they weigh for 30 days (S4)
  const Time now = options_.now();
  const Time before = now - kKept;
  auto forgotten = store_.transact([&](Connection& db) -> base::Result<std::size_t> {
    auto addresses = store::forget_report_addresses(db, before);
    if (!addresses.ok()) return addresses;
    auto findings = store::forget_suspicions(db, before, now - kFindingsKept);
    if (!findings.ok()) return findings;
    return store::forget_chat(db, before);
  });
  if (!forgotten.ok()) return forgotten.error();
  if (*forgotten > 0) log::info("chat_swept", {{"lines", *forgotten}});
  return {};
}

}  // namespace moderation
