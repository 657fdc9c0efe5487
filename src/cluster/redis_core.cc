#include "cluster/redis_core.h"

#include <utility>

#include "base/random.h"

namespace cluster {
namespace {

RedisLink::Options with(RedisLink::Options options, const std::string& name, bool subscriber) {
  options.name = name;
  options.subscriber = subscriber;
  if (!subscriber) options.scripts = all_scripts();
  return options;
}

// Redis takes only printable names without blanks.
std::string link_name(const std::string& node_id) {
  std::string name = "trespasser-";
  for (const char c : node_id) name += c > ' ' && c < 127 ? c : '-';
  return name;
}

}  // namespace

RedisCore::RedisCore(RedisLink::Options link, std::string node)
    : timing(link.timing),
      node_id(std::move(node)),
      holder(node_id + "/" + base::secure_id(12)),
      commands(worker, gauge, with(link, link_name(node_id), false)),
      news(worker, gauge, with(link, link_name(node_id) + "-news", true)) {}

void RedisCore::run(const Script& script, std::vector<std::string> arguments,
                    ReplyHandler handler) {
  const std::string first[] = {holder, text(timing.lease), text(timing.gone_after)};
  arguments.insert(arguments.begin(), std::begin(first), std::end(first));
  commands.run(script, arguments, std::move(handler));
}

void RedisCore::ask(const Script& script, std::vector<std::string> arguments,
                    ReplyHandler handler) {
  post([this, &script, arguments = std::move(arguments), handler = std::move(handler)]() mutable {
    run(script, std::move(arguments), std::move(handler));
  });
}

std::string text(milliseconds time) { return std::to_string(time.count()); }

}  // namespace cluster
