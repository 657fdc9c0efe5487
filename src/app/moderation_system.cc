#include "app/moderation_system.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/tally.h"
#include "store/mutes.h"

namespace app {
namespace {

namespace tally = base::tally;

// Notices bring mutes at once; this is for a node that was started, or could not hear, meanwhile.
constexpr std::chrono::seconds kRefreshMutes{10};
constexpr std::chrono::hours kSweep{1};
constexpr std::size_t kMostMutes = 100'000;
constexpr std::int64_t kKickGoodFor = 30'000;  // ms

moderation::Options options_from(const base::Config& config) {
  moderation::Options options;
  options.appeals = config.appeals;
  options.reporters = config.reports_to_ban;
  options.credible_age = std::chrono::hours(config.reporter_hours);
  options.credible_matches = config.reporter_matches;
  return options;
}

accounts::WorkPool::Options pool_options() {
  accounts::WorkPool::Options options;
  options.name = "moderation";
  options.threads = 2;
  options.queue = 1024;
  options.patience = std::chrono::milliseconds(10'000);
  return options;
}

moderation::Accusation::Person person_from(lobby::Accusation::Person&& person) {
  return {std::move(person.account_id), std::move(person.player_id), std::move(person.name),
          std::move(person.address)};
}

moderation::Accusation from(lobby::Accusation&& accusation) {
  moderation::Accusation made;
  made.reporter = person_from(std::move(accusation.reporter));
  made.reporter_party = std::move(accusation.party);
  made.target = person_from(std::move(accusation.target));
  made.match_id = std::move(accusation.match_id);
  made.lobby_id = std::move(accusation.lobby_id);
  made.tick = accusation.tick;
  made.reason = std::move(accusation.reason);
  made.note = std::move(accusation.note);
  return made;
}

// The label of suspicious_actions_total for a kind of finding: how somebody aims is one.
tally::Suspicion tally_of(std::string_view kind) {
  if (kind.starts_with("aim_")) return tally::Suspicion::aim;
  if (kind == "input_flood") return tally::Suspicion::input_flood;
  if (kind == "movement") return tally::Suspicion::movement;
  if (kind == "fire_rate") return tally::Suspicion::fire_rate;
  if (kind == "replayed_sequence" || kind == "input_pattern")
    return tally::Suspicion::replayed_sequence;
  return tally::Suspicion::other;
}

lobby::Judgement judgement_from(const base::Result<moderation::Receipt>& receipt) {
  if (receipt.ok()) return {"", receipt->banned};
  const base::Error& error = receipt.error();
  if (error.code == "conflict")
    return {"You have reported this player in this match already", false};
  if (error.code == "invalid") return {error.message, false};
  base::log::error("report_lost", {{"reason", error.message}});
  return {"The report could not be taken. Please try again.", false};
}

}  // namespace

ModerationSystem::ModerationSystem(const base::Config& config, store::Store& store,
                                   cluster::Sessions& sessions, cluster::Channel& channel,
                                   store::DatabaseRecorder& recorder)
    : store_(store),
      recorder_(recorder),
      moderation_(store, sessions, channel, options_from(config)),
      pool_(pool_options()),
      refresh_(kRefreshMutes, [this] { refresh_mutes(); }),
      sweep_(kSweep, [this] { sweep(); }) {}

void ModerationSystem::refresh_mutes() {
  const std::uint64_t mark = mutes_.mark();
  auto known = store_.transact([](store::Connection& db) {
    return store::list_mutes(db, true, store::now(), 0, kMostMutes);
  });
  if (known.ok()) {
    mutes_.replace(*known, mark);
  } else {
    base::log::warn("mutes_not_read", {{"reason", known.error().message}});
  }
}

void ModerationSystem::sweep() {
  const auto swept = moderation_.sweep();
  if (!swept.ok()) base::log::warn("chat_not_swept", {{"reason", swept.error().message}});
}

std::optional<moderation::Kick> ModerationSystem::hear(std::string_view notice) {
  if (!moderation::is_notice(notice)) return std::nullopt;
  if (const auto mute = moderation::decode_mute(notice); mute.ok()) {
    mutes_.apply(*mute);
    return std::nullopt;
  }
  auto kick = moderation::decode_kick(notice);
  if (!kick.ok()) {
    base::log::warn("notice_not_understood", {{"reason", kick.error().message}});
    return std::nullopt;
  }
  if (base::wall_ms() - kick->at_ms > kKickGoodFor) return std::nullopt;
  return std::move(kick).value();
}

bool ModerationSystem::mask(std::string_view text, std::string& shown) {
  const bool masked = words().mask(text, shown);
  if (masked) tally::count(tally::Event::chat_filtered);
  return masked;
}

bool ModerationSystem::may_be_called(std::string_view name) {
  if (words().is_clean(name)) return true;
  tally::count(tally::Event::name_refused);
  return false;
}

void ModerationSystem::said(lobby::Said line) {
  store::ChatLine kept;
  kept.lobby_id = std::move(line.lobby_id);
  if (!line.match_id.empty()) kept.match_id = std::move(line.match_id);
  if (!line.account_id.empty()) kept.player_id = std::move(line.account_id);
  kept.speaker = std::move(line.name);
  kept.channel = line.team_only ? "team" : "lobby";
  kept.text = std::move(line.text);
  kept.filtered = line.masked;
  kept.said_at = line.at;
  recorder_.chat_said(std::move(kept));
}

// Counted, logged, written down; never more than that by itself. What guests of one network have
// too much of is counted only.
void ModerationSystem::suspect(lobby::Suspect suspect) {
  tally::count(tally_of(suspect.kind));
  const bool guest = suspect.person.account_id.empty();
  if (guest && !guest_findings_.take(suspect.person.address, base::steady_now())) return;
  base::log::warn("suspicious", {{"kind", suspect.kind},
                                 {"player", suspect.person.player_id},
                                 {"account", suspect.person.account_id},
                                 {"match", suspect.match_id},
                                 {"tick", suspect.tick},
                                 {"found", suspect.found},
                                 {"evidence", suspect.evidence}});
  store::Suspicion kept;
  if (!suspect.person.account_id.empty()) kept.player_id = suspect.person.account_id;
  kept.subject = kept.player_id.value_or(suspect.person.player_id);
  kept.name = std::move(suspect.person.name);
  if (!suspect.person.address.empty()) kept.address = std::move(suspect.person.address);
  kept.match_id = std::move(suspect.match_id);
  kept.lobby_id = std::move(suspect.lobby_id);
  kept.kind = std::move(suspect.kind);
  kept.score = suspect.score;
  kept.found = suspect.found;
  kept.evidence = std::move(suspect.evidence);
  kept.replay_tick = suspect.tick;
  kept.happened_at = store::now();
  recorder_.suspected(std::move(kept));
}

void ModerationSystem::accuse(lobby::Accusation accusation,
                              std::function<void(const lobby::Judgement&)> done) {
  auto made = std::make_shared<const moderation::Accusation>(from(std::move(accusation)));
  pool_.submit([this, made, done] { done(judgement_from(moderation_.report(*made))); },
               [done] { done({"The server is busy. Please try again.", false}); });
}

}  // namespace app
