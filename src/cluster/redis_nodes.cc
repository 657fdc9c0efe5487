#include "cluster/redis_nodes.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "cluster/redis_rows.h"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

void RedisNodes::report(const NodeReport& report) {
  std::lock_guard lock(mutex_);
  if (!report_ || report_->draining != report.draining) {
    report_now_ = true;
    core_.post([this] { beat(); });
  }
  report_ = report;
}

void RedisNodes::start() { keep_beating(); }

void RedisNodes::keep_beating() {
  beat();
  core_.worker.after(core_.timing.beat, [this] { keep_beating(); });
}

std::vector<std::string> RedisNodes::due_report() {
  std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (!report_ || (!report_now_ && now - reported_ < core_.timing.node_report)) return {};
  report_now_ = false;
  reported_ = now;
  return {"address",     report_->address,
          "region",      report_->region,
          "players",     std::to_string(report_->players),
          "max_players", std::to_string(report_->max_players),
          "lobbies",     std::to_string(report_->lobbies),
          "max_lobbies", std::to_string(report_->max_lobbies),
          "playing",     std::to_string(report_->playing),
          "connections", std::to_string(report_->connections),
          "late_us",     std::to_string(report_->late_us),
          "version",     report_->version,
          "draining",    report_->draining ? "1" : "0"};
}

void RedisNodes::beat() {
  if (left_ || !core_.commands.up()) return;
  std::vector<std::string> arguments{text(core_.timing.node_unseen), first_ ? "1" : "0"};
  for (std::string& word : due_report()) arguments.push_back(std::move(word));
  const bool reporting = arguments.size() > 2;
  core_.run(scripts().beat, std::move(arguments),
            [this, reporting, sent = Clock::now()](const base::Result<Reply>& reply) {
              if (left_) return;
              if (!reply) {
                std::lock_guard lock(mutex_);
                report_now_ |= reporting;
                return;
              }
              const bool lapsed = reply->at(0).integer == 1;
              if (lapsed && !first_) {
                base::log::warn("cluster_lease_lapsed", {{"holder", core_.holder}});
                std::lock_guard lock(mutex_);
                report_now_ = true;  // what we said about us may be forgotten as well
              }
              first_ = false;
              lobbies_.beaten(sent, lapsed);
            });
}

void RedisNodes::list(Answer<std::vector<NodeEntry>> answer) {
  core_.ask(scripts().nodes, {text(core_.timing.node_unseen)},
            answer_with(std::move(answer), [](const Reply& reply) {
              std::vector<NodeEntry> all;
              for (const Reply& row : reply.items) all.push_back(node_entry(row));
              std::sort(all.begin(), all.end(),
                        [](const NodeEntry& a, const NodeEntry& b) { return a.id < b.id; });
              return base::Result<std::vector<NodeEntry>>(std::move(all));
            }));
}

void RedisNodes::leave(Answer<void> answer) {
  lobbies_.stop();
  core_.post([this, answer = std::move(answer)] {
    left_ = true;
    forget_all(answer);
  });
}

void RedisNodes::forget_all(Answer<void> answer) {
  core_.run(scripts().leave, {}, [this, answer](const base::Result<Reply>& reply) {
    if (reply && reply->integer == 1) return forget_all(answer);
    if (!answer) return;
    if (reply)
      answer({});
    else
      answer(reply.error());
  });
}

}  // namespace cluster
