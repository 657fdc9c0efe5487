#include "loadtest/page.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "loadtest/plot.h"
#include "loadtest/verdict.h"

namespace loadtest {
namespace {

constexpr const char* kStyle = R"css(
:root{color-scheme:light dark;--back:#fbfbfa;--card:#fff;--ink:#1d2126;--soft:#626a73;--line:#dfe2e6;--good:#17713b;--bad:#b3261e;
--k0:#2563c9;--k1:#c2410c;--k2:#15803d;--k3:#9333ea;--k4:#b45309;--k5:#0e7490;--mark:#2563c912}
@media(prefers-color-scheme:dark){:root{--back:#14171a;--card:#1c2024;--ink:#e8eaed;--soft:#9aa3ad;--line:#333a41;--good:#5fd38d;
--bad:#ff8a80;--k0:#7cb0ff;--k1:#ff9d66;--k2:#6bdc97;--k3:#cf9bff;--k4:#f2c14e;--k5:#5fd4e6;--mark:#7cb0ff1a}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:24px 16px 64px}h1{margin:0;font-size:24px}h2{margin:36px 0 10px;font-size:18px}
p{margin:4px 0;color:var(--soft)}.sum{font-weight:700;font-size:17px}.good{color:var(--good)}.bad{color:var(--bad)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:14px}
figure{margin:0;padding:10px 12px 6px;background:var(--card);border:1px solid var(--line);border-radius:8px}
figcaption{color:var(--soft);font-size:13px}figcaption b{color:var(--ink);font-size:14px}svg{display:block;width:100%;height:auto}
svg text{fill:var(--soft);font-size:11px}svg path{fill:none;stroke-width:1.6;stroke-linejoin:round}.grid{stroke:var(--line);stroke-width:1}
.mark{fill:var(--mark)}.legend{display:block}.legend span{margin-right:12px;white-space:nowrap}
.legend i{display:inline-block;width:12px;height:3px;margin-right:5px;vertical-align:middle}small{color:var(--soft)}
.wrap{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
table{width:100%;border-collapse:collapse;font-size:14px}td,th{padding:6px 10px;border-top:1px solid var(--line);text-align:right;
white-space:nowrap;font-variant-numeric:tabular-nums}th{border-top:0;color:var(--soft);font-weight:600}
td:first-child,th:first-child{text-align:left}.words td,.words th{text-align:left;white-space:normal}
)css";

constexpr double kLeastSpan = 0.5;  // s

std::string colours() {
  std::string out;
  for (std::size_t i = 0; i < kMostCurves; ++i) {
    const std::string n = std::to_string(i);
    out += "path.c" + n + "{stroke:var(--k" + n + ")}circle.c" + n + "{fill:var(--k" + n + ")}i.c" +
           n + "{background:var(--k" + n + ")}";
  }
  return out;
}

std::string ms(std::int64_t micros) {
  std::array<char, 32> out;
  std::snprintf(out.data(), out.size(), "%.2f", static_cast<double>(micros) / 1000);
  return out.data();
}

std::string cell(const std::string& text) { return "<td>" + text + "</td>"; }
std::string row(std::initializer_list<std::string> cells) {
  std::string out = "<tr>";
  for (const std::string& text : cells) out += cell(text);
  return out + "</tr>\n";
}
std::string table(const char* kind, std::initializer_list<const char*> heads,
                  const std::string& rows) {
  std::string out = std::string("<div class=\"wrap\"><table class=\"") + kind + "\"><tr>";
  for (const char* head : heads) out += std::string("<th>") + head + "</th>";
  return out + "</tr>\n" + rows + "</table></div>\n";
}

std::string head(const Report& report) {
  const Options& options = report.options;
  const bool good = passed(report);
  std::string out = "<h1>Load test</h1>\n<p>" + base::iso8601(report.begun_wall_ms) + ", " +
                    short_number(report.elapsed_s) + " s. " + std::to_string(options.players) +
                    " " + (options.accounts ? "players with accounts" : "guests") + ", profile " +
                    std::string(name_of(options.profile)) + ", lobbies by " +
                    std::string(name_of(options.entry));
  if (options.entry == Entry::private_) out += " of " + std::to_string(options.lobby_size);
  out += ", seed " + std::to_string(report.seed) + ". Measured for " +
         short_number(report.window_s) + " s (shaded in the plots).</p>\n<p>Servers:";
  for (const Target& target : options.targets) out += " " + escaped("http://" + target.authority());
  out += "</p>\n<p class=\"sum " + std::string(good ? "good" : "bad") + "\">" +
         (good ? "Passed" : "Failed") + (report.interrupted ? ", interrupted" : "") + ". " +
         std::to_string(report.stats.error_count()) + " errors, " + std::to_string(report.gone) +
         " players gave up.</p>\n";
  return out;
}

std::string verdict_table(const Report& report) {
  std::string rows;
  for (const Verdict& verdict : verdicts(report)) {
    rows += row({escaped(verdict.what), escaped(verdict.target), escaped(verdict.found),
                 verdict.passed ? "<b class=\"good\">pass</b>" : "<b class=\"bad\">fail</b>"});
  }
  return rows.empty() ? ""
                      : "<h2>Targets</h2>\n" + table("words", {"", "target", "found", ""}, rows);
}

// What was done and what failed, up to a point.
struct Share {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;

  void add(const Point& point, Step which) {
    const StepPoint& step = point.steps[static_cast<std::size_t>(which)];
    done += step.done;
    failed += step.failed;
  }
  bool any() const { return done + failed > 0; }
  double percent() const {
    return 100 * static_cast<double>(done) / static_cast<double>(done + failed);
  }
};

// Makes the plots of one report.
class Plots {
 public:
  explicit Plots(const Report& report) : report_(report) {
    for (const Point& point : report.points) end_ = std::max(end_, point.t);
    for (const ServerLog& log : report.servers) {
      for (const ServerFigures& figures : log.readings) end_ = std::max(end_, figures.t);
    }
  }

  std::string players() const {
    return over_time(
        "Players", "",
        {{"connected", [](const Point& at) { return static_cast<double>(at.connected); }},
         {"in a match", [](const Point& at) { return static_cast<double>(at.playing); }}});
  }
  std::string connections() const {
    Plot plot = empty("Connections", "a slice");
    Curve opened{"opened", {}}, again{"opened again", {}}, failed{"failed", {}};
    for (const Point& point : report_.points) {
      const StepPoint& first = point.steps[static_cast<std::size_t>(Step::connect)];
      const StepPoint& later = point.steps[static_cast<std::size_t>(Step::reconnect)];
      opened.points.emplace_back(point.t, static_cast<double>(first.done));
      again.points.emplace_back(point.t, static_cast<double>(later.done));
      failed.points.emplace_back(point.t, static_cast<double>(first.failed + later.failed));
    }
    plot.curves = {opened, again, failed};
    return figure(plot);
  }
  std::string success() const {
    Plot plot = empty("Successful so far", "%");
    Curve connections{"connections", {}}, matches{"matches completed", {}};
    Share connected, completed;
    for (const Point& point : report_.points) {
      connected.add(point, Step::connect);
      connected.add(point, Step::reconnect);
      completed.add(point, Step::match);
      if (connected.any()) connections.points.emplace_back(point.t, connected.percent());
      if (completed.any()) matches.points.emplace_back(point.t, completed.percent());
    }
    plot.curves = {connections, matches};
    return figure(plot);
  }
  std::string step(std::size_t index) const {
    Plot plot = empty(std::string(kStepTexts[index].title), "ms");
    Curve half{"p50", {}}, most{"p95", {}};
    for (const Point& point : report_.points) {
      const StepPoint& step = point.steps[index];
      if (step.done == 0) continue;
      half.points.emplace_back(point.t, step.p50_ms);
      most.points.emplace_back(point.t, step.p95_ms);
    }
    plot.curves = {half, most};
    return figure(plot);
  }
  std::string snapshots() const {
    Plot plot = empty("Snapshots: how far from every 50 ms", "ms");
    Curve half{"p50", {}}, most{"p99", {}};
    for (const Point& point : report_.points) {
      if (point.snapshots == 0) continue;
      half.points.emplace_back(point.t, point.skew_p50_ms);
      most.points.emplace_back(point.t, point.skew_p99_ms);
    }
    plot.curves = {half, most};
    return figure(plot);
  }
  std::string bytes() const {
    return over_time("Bytes of all players", "a second",
                     {{"to players", [](const Point& at) { return at.bytes_in; }},
                      {"from players", [](const Point& at) { return at.bytes_out; }}});
  }
  std::string server_cpu(const ServerLog& log) const {
    return rate("CPU", "of a core", log, [](const ServerFigures& a, const ServerFigures& b) {
      return (b.cpu_seconds - a.cpu_seconds) / (b.t - a.t);
    });
  }
  std::string server_lateness(const ServerLog& log) const {
    return rate("Ticks begun late by, p99", "ms", log,
                [](const ServerFigures& a, const ServerFigures& b) {
                  return 1000 * lateness_between(a, b, 0.99);
                });
  }
  std::string server_memory(const ServerLog& log) const {
    return levels("Memory", "MB", log, {{"resident", &ServerFigures::memory_bytes}}, 1e-6);
  }
  std::string server_counts(const ServerLog& log) const {
    return levels("Lobbies and players", "", log,
                  {{"lobbies", &ServerFigures::lobbies}, {"players", &ServerFigures::players}}, 1);
  }
  std::string server_matches(const ServerLog& log) const {
    return levels("Matches so far", "", log,
                  {{"begun", &ServerFigures::matches_started},
                   {"completed", &ServerFigures::matches_completed},
                   {"ticks left out", &ServerFigures::ticks_dropped}},
                  1);
  }

 private:
  Plot empty(std::string title, std::string unit) const {
    return {.title = std::move(title),
            .unit = std::move(unit),
            .curves = {},
            .x_max = end_,
            .mark_from = report_.window_begin_s,
            .mark_to = report_.window_begin_s + report_.window_s};
  }
  using Field = double (*)(const Point&);
  std::string over_time(const char* title, const char* unit,
                        std::initializer_list<std::pair<const char*, Field>> fields) const {
    Plot plot = empty(title, unit);
    for (const auto& [name, field] : fields) {
      Curve curve{name, {}};
      for (const Point& point : report_.points) curve.points.emplace_back(point.t, field(point));
      plot.curves.push_back(std::move(curve));
    }
    return figure(plot);
  }
  std::string levels(const char* title, const char* unit, const ServerLog& log,
                     std::initializer_list<std::pair<const char*, double ServerFigures::*>> fields,
                     double scale) const {
    Plot plot = empty(title, unit);
    for (const auto& [name, field] : fields) {
      Curve curve{name, {}};
      for (const ServerFigures& one : log.readings)
        curve.points.emplace_back(one.t, one.*field * scale);
      plot.curves.push_back(std::move(curve));
    }
    return figure(plot);
  }
  template <class Value>
  std::string rate(const char* title, const char* unit, const ServerLog& log, Value value) const {
    Plot plot = empty(title, unit);
    Curve curve{"since the reading before", {}};
    std::size_t before = 0;
    for (std::size_t i = 1; i < log.readings.size(); ++i) {
      // Two readings within a moment say little about a rate.
      if (log.readings[i].t - log.readings[before].t < kLeastSpan) continue;
      curve.points.emplace_back(log.readings[i].t, value(log.readings[before], log.readings[i]));
      before = i;
    }
    plot.curves = {curve};
    return figure(plot);
  }

  const Report& report_;
  double end_ = 0;
};

std::string plots_of_players(const Report& report) {
  const Plots plots(report);
  std::string out = "<h2>What players met</h2>\n<div class=\"plots\">\n" + plots.players() +
                    plots.connections() + plots.success() + plots.snapshots() + plots.bytes();
  for (std::size_t i = 0; i < kStepCount; ++i) {
    const auto step = static_cast<Step>(i);
    // How long these take is not the server's doing.
    if (step == Step::start || step == Step::match || step == Step::rematch) continue;
    out += plots.step(i);
  }
  return out + "</div>\n";
}

std::string plots_of_servers(const Report& report) {
  const Plots plots(report);
  std::string out;
  for (const ServerLog& log : report.servers) {
    out += "<h2>Server " + escaped(log.server) + "</h2>\n";
    if (!log.trouble.empty()) out += "<p>" + escaped(log.trouble) + "</p>\n";
    out += "<div class=\"plots\">\n" + plots.server_cpu(log) + plots.server_memory(log) +
           plots.server_lateness(log) + plots.server_counts(log) + plots.server_matches(log) +
           "</div>\n";
  }
  return out;
}

std::string times(const std::string& title, const std::string& counts, const Histogram& time) {
  std::string out = "<tr>" + cell(title) + counts;
  for (const double share : {0.5, 0.9, 0.95, 0.99, 0.999}) {
    out += cell(time.count() == 0 ? "" : ms(time.quantile(share)));
  }
  return out + cell(time.count() == 0 ? "" : ms(time.max())) + "</tr>\n";
}

std::string step_table(const Report& report) {
  std::string rows;
  for (std::size_t i = 0; i < kStepCount; ++i) {
    const StepFigures& step = report.stats.steps[i];
    if (step.begun == 0) continue;
    rows += times(std::string(kStepTexts[i].title),
                  cell(std::to_string(step.begun)) + cell(std::to_string(step.done)) +
                      cell(std::to_string(step.failed)) + cell(std::to_string(step.cancelled)),
                  step.time);
  }
  const std::string none = cell("") + cell("");
  rows += times("Snapshot interval", none + cell("") + cell(""), report.stats.snapshot_gap);
  rows +=
      times("Snapshot off its 50 ms by", none + cell("") + cell(""), report.stats.snapshot_skew);
  return "<h2>Steps</h2>\n<p>Times in ms. Cancelled: the player went or lost the connection "
         "meanwhile.</p>\n" +
         table("",
               {"", "begun", "done", "failed", "cancelled", "p50", "p90", "p95", "p99", "p99.9",
                "max"},
               rows);
}

std::string error_table(const Report& report) {
  if (report.stats.errors.empty()) return "";
  std::string rows;
  for (const auto& [kind, error] : report.stats.errors) {
    rows += row({escaped(kind), std::to_string(error.count), escaped(error.example)});
  }
  return "<h2>Errors</h2>\n" + table("words", {"kind", "count", "the first one"}, rows);
}

std::string traffic_table(const Report& report) {
  const Stats& stats = report.stats;
  const double seconds = report.player_seconds;
  const auto rate = [&](std::uint64_t count) {
    return seconds > 0 ? short_number(static_cast<double>(count) / seconds) : "";
  };
  std::string rows =
      row({"Inputs sent", rate(stats.inputs)}) + row({"Shots", rate(stats.shots)}) +
      row({"Snapshots", rate(stats.snapshots)}) +
      row({"Bytes to the player", rate(stats.bytes_in)}) +
      row({"Bytes from the player", rate(stats.bytes_out)}) +
      row({"CPU of this load client, us", short_number(report.client_us_per_player_second())});
  return "<h2>A player's second</h2>\n" + table("", {"", "in the measured time"}, rows);
}

}  // namespace

std::string page(const Report& report) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
         "<title>Load test " +
         base::iso8601(report.begun_wall_ms) +
         "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" + kStyle + colours() +
         "</style></head>\n<body><main>\n" + head(report) + verdict_table(report) +
         plots_of_players(report) + plots_of_servers(report) + step_table(report) +
         error_table(report) + traffic_table(report) + "</main></body></html>\n";
}

}  // namespace loadtest
