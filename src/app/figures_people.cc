// What people did and what stands behind the node: accounts, matches, safety, database, Redis,
// queues.

#include <string>

#include "app/figures.h"
#include "base/tally.h"

namespace app {
namespace {

using base::tally::Duration;
using base::tally::Event;
using metrics::Sheet;

double number(std::uint64_t count) { return static_cast<double>(count); }

double times(Event event) { return number(base::tally::counted(event)); }

metrics::Histogram histogram(Duration what) {
  const base::tally::Spread spread = base::tally::spread(what);
  metrics::Histogram made;
  made.sum = number(spread.sum_ns) * 1e-9;
  for (const std::uint64_t end : base::tally::Spread::kEnds_us)
    made.ends.push_back(number(end) / 1e6);
  made.counts.assign(spread.counts.begin(), spread.counts.end());
  return made;
}

void add_queue(Sheet& sheet, const FigureSources& from) {
  const accounts::WorkPool::Stats hashing = from.accounts.hashing();
  const accounts::WorkPool::Stats waiting = from.accounts.waiting();
  const store::DatabaseRecorder::Stats recorder = from.recorder.stats();
  constexpr std::string_view kLength = "What waits, by queue.";
  sheet.gauge("queue_length", kLength, number(hashing.waiting), {{"queue", "hashing"}});
  sheet.gauge("queue_length", kLength, number(waiting.waiting), {{"queue", "accounts"}});
  sheet.gauge("queue_length", kLength, number(from.store.stats().waiting), {{"queue", "database"}});
  sheet.gauge("queue_length", kLength, number(recorder.results.waiting), {{"queue", "outbox"}});
  sheet.gauge("queue_length", kLength, number(recorder.notes_waiting), {{"queue", "notes"}});
  constexpr std::string_view kDone = "What left a queue to be done.";
  sheet.counter("queue_done_total", kDone, number(hashing.done), {{"queue", "hashing"}});
  sheet.counter("queue_done_total", kDone, number(waiting.done), {{"queue", "accounts"}});
  constexpr std::string_view kGivenUp = "What was refused: the queue full, or the wait too long.";
  sheet.counter("queue_given_up_total", kGivenUp, number(hashing.given_up), {{"queue", "hashing"}});
  sheet.counter("queue_given_up_total", kGivenUp, number(waiting.given_up),
                {{"queue", "accounts"}});
  sheet.counter("queue_given_up_total", kGivenUp, number(recorder.notes_dropped),
                {{"queue", "notes"}});
  constexpr std::string_view kWaited = "Time spent in a queue, all together.";
  sheet.counter("queue_wait_seconds_total", kWaited,
                std::chrono::duration<double>(hashing.waited).count(), {{"queue", "hashing"}});
  sheet.counter("queue_wait_seconds_total", kWaited,
                std::chrono::duration<double>(waiting.waited).count(), {{"queue", "accounts"}});
  sheet.counter("results_delivered_total", "Match results that reached the database.",
                number(recorder.results.delivered));
  sheet.counter("results_rejected_total", "Match results that the database refused for good.",
                number(recorder.results.rejected));
}

void add_database(Sheet& sheet, const FigureSources& from) {
  const store::Store::Stats stats = from.store.stats();
  sheet.gauge("database_up", "1 = the last work reached the database.", stats.reachable ? 1 : 0);
  sheet.counter("database_requests_total", "Pieces of work with the database.",
                number(stats.done + stats.unreachable));
  sheet.counter("database_errors_total", "Of them those that did not reach it.",
                number(stats.unreachable));
  sheet.histogram("database_latency_seconds",
                  "A piece of work with the database, the wait for a connection included.",
                  histogram(Duration::database));
}

void add_redis(Sheet& sheet, const cluster::Gauge* gauge) {
  sheet.gauge("redis_configured", "1 = redis_url is set.", gauge != nullptr ? 1 : 0);
  if (gauge == nullptr) return;
  sheet.gauge("redis_connected", "1 = there is a link.", gauge->connected ? 1 : 0);
  sheet.counter("redis_requests_total", "Requests sent to Redis.", number(gauge->requests));
  sheet.counter("redis_errors_total", "Of them those answered with an error or not at all.",
                number(gauge->errors));
  sheet.counter("redis_timeouts_total", "Links given up because an answer did not come.",
                number(gauge->timeouts));
  metrics::Histogram latency;
  latency.sum = number(gauge->latency_us) / 1e6;
  for (const std::uint32_t end : cluster::Gauge::kBucketEnds) latency.ends.push_back(end / 1e6);
  for (const cluster::Gauge::Count& count : gauge->latency) latency.counts.push_back(count);
  sheet.histogram("redis_latency_seconds", "From a request to its answer.", std::move(latency));
  sheet.counter("cluster_frames_sent_total", "Frames to other nodes.", number(gauge->frames_out));
  sheet.counter("cluster_frames_received_total", "Frames from other nodes.",
                number(gauge->frames_in));
  sheet.counter("cluster_frames_dropped_total", "Frames for other nodes that were thrown away.",
                number(gauge->frames_dropped));
  sheet.counter("login_tries_alone_total",
                "Login tries that this node counted alone, as Redis was silent.",
                number(gauge->attempts_alone));
  sheet.counter("matchmaking_tickets_restored_total",
                "Players put into the queue again after Redis had forgotten them.",
                number(gauge->tickets_restored));
}

// What the node does so that its matches outlive it; nothing of it where there is no Redis.
void add_keeping(Sheet& sheet, const FigureSources& from) {
  if (from.redis == nullptr) return;
  const session::SaveWriter::Counts saves = from.keeper.counts();
  sheet.counter("lobby_saves_total", "Saves of lobbies handed to Redis.", number(saves.written));
  sheet.counter("lobby_save_bytes_total", "Their bytes, packed.", number(saves.bytes));
  constexpr std::string_view kDropped =
      "Saves of lobbies that were not kept: too many waited here, or Redis did not take them.";
  sheet.counter("lobby_saves_dropped_total", kDropped, number(saves.dropped), {{"by", "node"}});
  sheet.counter("lobby_saves_dropped_total", kDropped, number(from.redis->snapshots_dropped),
                {{"by", "redis"}});
  sheet.gauge("results_held",
              "Results kept back because this node is not sure to own their lobbies.",
              number(from.keeper.results_held()));
}

}  // namespace

void add_people(Sheet& sheet, const FigureSources& from) {
  (void)from;
  constexpr std::string_view kLogins = "Logins with a password, by what came of them.";
  sheet.counter("logins_total", kLogins, times(Event::login), {{"result", "succeeded"}});
  sheet.counter("logins_total", kLogins, times(Event::login_failed), {{"result", "failed"}});
  sheet.counter("logins_total", kLogins, times(Event::login_limited), {{"result", "limited"}});
  sheet.counter("registrations_total", "Accounts made.", times(Event::registration));
  sheet.counter("password_resets_total", "Passwords set by a mailed link.",
                times(Event::password_reset));
  sheet.histogram("login_duration_seconds", "Calls that hash a password, their wait included.",
                  histogram(Duration::login));
  sheet.histogram("authentication_duration_seconds", "Checks of a game connection's token.",
                  histogram(Duration::authentication));
  sheet.histogram("join_duration_seconds", "From the wish for a lobby to the seat in it.",
                  histogram(Duration::join));
  sheet.counter("joins_refused_total", "Wishes for a lobby that were refused.",
                times(Event::join_refused));
  sheet.counter("matches_started_total", "Matches begun.", times(Event::match_started));
  sheet.counter("matches_completed_total", "Matches played to their end.",
                times(Event::match_completed));
  sheet.counter("matches_aborted_total", "Matches that everybody left.",
                times(Event::match_aborted));
  sheet.counter("bans_total", "Bans given.", times(Event::ban));
  sheet.counter("unbans_total", "Bans taken back.", times(Event::unban));
  sheet.counter("kicks_total", "Players kicked by moderators.", times(Event::kick));
  sheet.counter("mutes_total", "Mutes given.", times(Event::mute));
  sheet.counter("reports_total", "Reports of players by players.", times(Event::report));
  sheet.counter("admin_actions_total", "Actions of people with rights.",
                times(Event::admin_action));
  sheet.counter("admin_refusals_total",
                "Calls of the staff's API without login, right or a page of this server.",
                times(Event::admin_refused));
  sheet.counter("chat_filtered_total", "Messages that the word filter changed.",
                times(Event::chat_filtered));
  sheet.counter("chat_muted_total", "Messages of muted players.", times(Event::chat_muted));
  sheet.counter("names_refused_total", "Foul names that were refused.", times(Event::name_refused));
  sheet.counter("report_bans_total", "Of the bans those by many reports.",
                times(Event::report_ban));
  for (std::size_t i = 0; i < base::tally::kSuspicions.size(); ++i) {
    const auto kind = static_cast<base::tally::Suspicion>(i);
    sheet.counter("suspicious_actions_total", "Signals of cheats and attacks, by kind.",
                  number(base::tally::counted(kind)),
                  {{"kind", std::string(base::tally::kSuspicions[i])}});
  }
}

void add_matchmaking(Sheet& sheet, const FigureSources& from) {
  const session::QueueGauge& queue = from.queue;
  metrics::Histogram waits;
  waits.sum = number(queue.wait_ms) / 1000;
  for (const std::uint32_t end : session::QueueGauge::kBucketEnds_s) waits.ends.push_back(end);
  for (const session::QueueGauge::Count& count : queue.waits) waits.counts.push_back(count);
  sheet.histogram("matchmaking_wait_seconds", "From the queue's door to the place in a lobby.",
                  std::move(waits));
  sheet.gauge("matchmaking_waiting", "Players of this node who wait in the queue.",
              number(queue.waiting));
  constexpr std::string_view kPlayers = "Players in the queue, by what became of them.";
  const std::pair<std::string_view, std::uint64_t> outcomes[] = {{"joined", queue.joined},
                                                                 {"matched", queue.matched},
                                                                 {"left", queue.left},
                                                                 {"returned", queue.returned}};
  for (const auto& [outcome, count] : outcomes) {
    sheet.counter("matchmaking_players_total", kPlayers, number(count),
                  {{"outcome", std::string(outcome)}});
  }
  sheet.counter("matchmaking_matches_total", "Lobbies made for players of the queue.",
                number(queue.matches));
  sheet.counter("matchmaking_backfills_total", "Groups sent into lobbies that were there.",
                number(queue.backfilled));
  sheet.counter("matchmaking_seats_unclaimed_total", "Seats kept for players who did not come.",
                number(queue.seats_unclaimed));
}

void add_backends(Sheet& sheet, const FigureSources& from) {
  add_queue(sheet, from);
  add_database(sheet, from);
  add_redis(sheet, from.redis);
  add_keeping(sheet, from);
}

}  // namespace app
