#pragma once

// The registry of nodes (C2).

#include <cstdint>
#include <string>
#include <vector>

#include "cluster/answer.h"

namespace cluster {

// What a node says about itself.
struct NodeReport {
  std::string address;  // where other programs reach it: "host:port"; "" = nowhere
  std::string region;
  std::uint32_t players = 0;
  std::uint32_t max_players = 0;
  std::uint32_t lobbies = 0;
  std::uint32_t max_lobbies = 0;
  std::uint32_t playing = 0;      // of the lobbies those with a match
  std::uint32_t connections = 0;  // open game connections
  std::uint32_t late_us = 0;      // how late ticks began lately: the 99th percentile
  bool draining = false;
  std::string version = "";  // of the program
  friend bool operator==(const NodeReport&, const NodeReport&) = default;
};

struct NodeEntry {
  std::string id;
  NodeReport report;
  bool alive = false;          // its lease runs; false = unseen for a while, gone soon
  std::int64_t unseen_ms = 0;  // since its last beat
};

// Thread safe.
class Nodes {
 public:
  virtual ~Nodes() = default;

  // This node's own report; goes out with the next beat when `draining` changes, else within
  // Timing::node_report. The node is listed from its first report on. Lobbies of a draining node
  // are listed but not offered by Lobbies::find.
  virtual void report(const NodeReport& report) = 0;

  // All nodes seen within Timing::node_unseen, by id.
  virtual void list(Answer<std::vector<NodeEntry>> answer) = 0;

  // Takes this node out of the registry, and its lobbies with it: its last word (C5).
  virtual void leave(Answer<void> answer) = 0;
};

}  // namespace cluster
