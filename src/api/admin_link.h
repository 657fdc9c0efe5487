#pragma once

// What the staff's API of one node asks of another node's: a lobby may be anywhere, and so may its
// replay. A question is a frame of the cluster's channel and so is its answer; both may be lost,
// which the asker finds out by waiting.
//
//   frame    := 0xAD version:u8 kind:u8 number:u64 fields
//   question := verb:u8 subject:text detail:text          answer := ok:bool code:text text:text
//
// Who can write to the cluster is believed to be a node of ours (docs/security.md), but not to be
// sound: what cannot be read is dropped.

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "cluster/channel.h"

namespace api {

enum class Verb : std::uint8_t {
  view,     // of a lobby: it and the look inside, as the API tells them
  close,    // a lobby; answers ""
  person,   // of a lobby (subject), by player id (detail): see admin_answers.h
  figures,  // of the node, after a moment (subject, ms)
  replay,   // of a match (subject), from a byte (detail) on: its whole size, 8 bytes, and a piece
  seat,     // of an account or a connection (subject): see admin_answers.h
};
constexpr std::uint64_t last_of(Verb) { return static_cast<std::uint64_t>(Verb::seat); }

struct Question {
  Verb verb = Verb::view;
  std::string subject;
  std::string detail = "";
};

using NodeAnswer = base::Result<std::string>;

class AdminLink {
 public:
  // How a question of another node is answered: on any thread, once, or never when it cannot be.
  using Answerer = std::function<void(Question, std::function<void(const NodeAnswer&)>)>;

  // The channel outlives it.
  AdminLink(cluster::Channel& channel, Answerer answerer,
            std::chrono::milliseconds patience = std::chrono::seconds(2));

  // Waits for the answer of another node; not for the cluster's thread or a shard. "unavailable":
  // none came.
  NodeAnswer ask(const std::string& node, const Question& question);
  // Asks several at once and waits for all of them together; the answers in the nodes' order.
  std::vector<NodeAnswer> ask_all(const std::vector<std::string>& nodes, const Question& question);

  // Is it a frame of ours?
  static bool owns(std::string_view frame);
  // One that came from another node; on the cluster's thread, returns at once.
  void hear(std::string_view from, std::string_view frame);

 private:
  struct Wait {
    std::uint64_t number = 0;
    bool sent = false;
    std::future<NodeAnswer> answer;
  };
  Wait send(const std::string& node, const Question& question);
  NodeAnswer receive(Wait& wait, std::chrono::steady_clock::time_point until);
  void answer(const std::string& node, std::uint64_t number, const NodeAnswer& told);

  cluster::Channel& channel_;
  const Answerer answerer_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::uint64_t numbers_;  // from a random beginning: an answer to a former process fits nobody
  struct Asked {
    std::string node;
    std::shared_ptr<std::promise<NodeAnswer>> answer;
  };
  std::unordered_map<std::uint64_t, Asked> asked_;
};

}  // namespace api
