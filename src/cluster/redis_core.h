#pragma once

// What all parts of a RedisCluster use: the thread, the two links, this node's names.

#include <functional>
#include <string>
#include <vector>

#include "cluster/gauge.h"
#include "cluster/redis_link.h"
#include "cluster/redis_scripts.h"
#include "cluster/timing.h"
#include "cluster/worker.h"

namespace cluster {

// Made before the worker starts and destroyed after it has stopped; members without a comment are
// for the worker's thread.
class RedisCore {
 public:
  RedisCore(RedisLink::Options link, std::string node_id);

  Worker worker;              // any thread
  Gauge gauge;                // any thread
  const Timing timing;        // any thread
  const std::string node_id;  // any thread
  // This process of the node: node id, "/", random letters. Any thread.
  const std::string holder;
  RedisLink commands;
  RedisLink news;

  // Runs a script with the arguments that all scripts begin with.
  void run(const Script& script, std::vector<std::string> arguments, ReplyHandler handler);
  // The same from any thread.
  void ask(const Script& script, std::vector<std::string> arguments, ReplyHandler handler);
  void post(std::function<void()> fn) { worker.post(std::move(fn)); }  // any thread
};

// A handler that turns a reply into an answer: errors are passed on, else `read` makes the value.
template <class Answer, class Read>
ReplyHandler answer_with(Answer answer, Read read) {
  return [answer = std::move(answer), read = std::move(read)](const base::Result<Reply>& reply) {
    if (!reply) {
      if (answer) answer(reply.error());
      return;
    }
    auto value = read(*reply);
    if (answer) answer(std::move(value));
  };
}

std::string text(milliseconds time);

}  // namespace cluster
