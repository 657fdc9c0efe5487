#pragma once

// What staff, and the system in their place, do about players (S6-S8): bans, mutes, kicks, the
// queue of reports. Independent of HTTP; who may do what is the caller's business.
//
// Every action is one transaction with its row in the audit log, and then reaches the sockets of
// all nodes. Every member blocks on the database: callers run them on a pool of threads, never on a
// shard. Thread safe.
//
// Error codes: "invalid" (words for the caller), "not_found", "conflict" (done already),
// "unavailable".

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cluster/channel.h"
#include "cluster/sessions.h"
#include "moderation/notices.h"
#include "moderation/trail.h"
#include "store/bans.h"
#include "store/chat_log.h"
#include "store/mutes.h"
#include "store/reports.h"
#include "store/store.h"

namespace moderation {

// Whom it is about: exactly one is set.
struct Target {
  std::string player_id;  // an account
  std::string address;    // guests of its network
};

using Duration = std::optional<std::chrono::seconds>;  // none = for good

enum class Verdict : std::uint8_t { accepted, rejected };

// Why somebody may be reported, as it is on the wire and in the database.
inline constexpr const char* kReportReasons[] = {"cheating", "abusive_chat", "offensive_name",
                                                 "griefing", "afk",          "other"};

// A report as the lobby saw it.
struct Accusation {
  struct Person {
    std::string account_id;  // "" = a guest
    std::string player_id;   // on the wire
    std::string name;
    std::string address;
  };
  Person reporter;
  std::string reporter_party;  // "" = alone
  Person target;
  std::string match_id;
  std::string lobby_id;
  std::int64_t tick = 0;  // of the match's replay
  std::string reason;
  std::string note;
};

struct Receipt {
  std::int64_t number = 0;
  bool banned = false;  // it was the one that made the ban
};

// The part of a replay that a report is about: the 20 s before it.
struct Clip {
  std::string match_id;
  std::int64_t from_tick = 0;
  std::int64_t to_tick = 0;
};
Clip clip_of(const store::Report& report);

struct Options {
  std::string appeals;                  // where a ban can be contested; "" = not said
  int reporters = 5;                    // different credible ones that make a ban; 0 = never
  std::chrono::hours window{24};        // in which they report
  std::chrono::hours auto_ban{24};      // how long that ban lasts
  std::chrono::hours credible_age{24};  // of an account
  int credible_matches = 3;             // finished
  std::function<store::Time()> now = store::now;
};

class Moderation {
 public:
  // All references must outlive it.
  Moderation(store::Store& store, cluster::Sessions& sessions, cluster::Channel& channel,
             Options options);

  // Reasons: 1..200 bytes. A ban ends the account's login sessions, closes its sockets, or those of
  // the guests of the network, on every node within a second (S8). Durations: 1 s .. 10 years.
  base::Result<store::Ban> ban(const Actor& actor, const Target& target, const std::string& reason,
                               Duration duration);
  base::Result<store::Ban> unban(const Actor& actor, std::int64_t number,
                                 const std::string& reason);
  base::Result<store::Mute> mute(const Actor& actor, const Target& target,
                                 const std::string& reason, Duration duration);
  base::Result<store::Mute> unmute(const Actor& actor, std::int64_t number,
                                   const std::string& reason);
  // Closes the sockets of an account, or the one with that player id on the wire (a guest's);
  // nothing keeps it from coming back. `seat`: where it sat, as JSON for the audit log; "" =
  // nowhere that is known.
  base::Result<void> kick(const Actor& actor, const Target& target, const std::string& reason,
                          const std::string& seat = "");
  base::Result<void> kick_connection(const Actor& actor, const std::string& wire_player_id,
                                     const std::string& reason, const std::string& seat = "");

  // A player reports another: judged, written, and perhaps the ban that it makes (S7).
  base::Result<Receipt> report(const Accusation& accusation);
  // A moderator's verdict. It bans nobody; a rejected report counts no more, and against its
  // reporter.
  base::Result<store::Report> close_report(const Actor& actor, std::int64_t number, Verdict verdict,
                                           const std::string& reason);

  // For lists, newest first; `before` 0 = from the newest.
  base::Result<std::vector<store::Ban>> bans(bool in_force, std::int64_t before, std::size_t limit);
  base::Result<std::vector<store::Mute>> mutes(bool in_force, std::int64_t before,
                                               std::size_t limit);
  base::Result<std::vector<store::Report>> reports(const store::ReportFilter& filter);
  base::Result<std::vector<store::ChatLine>> chat(const store::ChatFilter& filter);
  base::Result<std::vector<store::AuditEntry>> audit(const store::AuditFilter& filter);
  // Writes down an action of somebody else's making (closing a lobby, draining a node), and
  // announces it.
  base::Result<void> note(const Actor& actor, const Action& action);

  // Forgets what is kept for 30 days only: chat, addresses in reports, suspicions of guests; and
  // those of accounts after 90 days.
  base::Result<void> sweep();

 private:
  // A ban that was written, and the logins that ended with it.
  struct Banned {
    store::Ban ban;
    std::vector<std::string> login_ids;
  };
  base::Result<Banned> write_ban(store::Connection& db, const Actor& actor, const Target& target,
                                 const std::string& reason, Duration duration) const;
  void tell(const Banned& banned);
  void send_kick(Kick kick, const std::string& reason);
  base::Result<bool> is_credible(store::Connection& db, const Accusation& accusation) const;
  base::Result<bool> is_enough(store::Connection& db, const store::Report& latest) const;

  store::Store& store_;
  cluster::Sessions& sessions_;
  cluster::Channel& channel_;
  const Options options_;
};

}  // namespace moderation
