#pragma once

// Makes the matches of the queue on this node: looks for groups, opens a lobby for each or sends it
// where a player has left, and keeps the seats until they come.

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "cluster/matchmaker.h"
#include "lobby/directory.h"
#include "session/queue_gauge.h"

namespace session {

// Where an assigned ticket's players go, as the cluster tells it: node, lobby and door by line.
struct QueuePlace {
  std::string node;
  std::string lobby;  // id, for the players
  std::string door;   // by which they find their reserved seats; a secret
};
std::string text_of(const QueuePlace& place);
QueuePlace place_of(std::string_view text);

// On the thread of the cluster it is given, but for start() and pause(). That Cluster must be
// destroyed first; the directory and the gauge outlive it.
class MatchHost {
 public:
  struct Settings {
    std::string region;
    std::vector<std::string> modes;
    lobby::LobbyOptions options;  // of every match, but for the mode
    lobby::ShardIndex shards = 1;
    cluster::MatchRules rules;
    std::chrono::milliseconds interval{500};  // between two looks
    std::chrono::milliseconds seat_hold{10'000};
    std::function<bool(const std::string& region)> serves;  // empty = all regions
  };

  MatchHost(cluster::Cluster& cluster, lobby::Directory& directory, QueueGauge& gauge,
            Settings settings);

  void start() { maker_.start(); }                   // once, after the cluster's
  void pause(bool paused) { maker_.pause(paused); }  // any thread: makes no matches

 private:
  std::vector<cluster::Opening> openings() const;
  void found(const cluster::Matchmaker::Match& match);
  void keep(const cluster::Matchmaker::Match& match, const std::string& door,
            const base::Result<std::vector<std::string>>& kept);

  cluster::Cluster& cluster_;
  lobby::Directory& directory_;
  QueueGauge& gauge_;
  const Settings settings_;
  lobby::ShardIndex next_shard_ = 0;
  cluster::Matchmaker maker_;
};

}  // namespace session
