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

const std::string& field(const Reply& fields, std::string_view key) {
  static const std::string none;
  for (std::size_t i = 0; i + 1 < fields.items.size(); i += 2)
    if (fields.items[i].text == key) return fields.items[i + 1].text;
  return none;
}

std::string text(milliseconds time) { return std::to_string(time.count()); }

std::string join_lines(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) {
    if (&line != &lines.front()) all += '\n';  // the first may be empty
    all += line;
  }
  return all;
}

std::vector<std::string> split_lines(std::string_view all) {
  std::vector<std::string> lines;
  while (!all.empty()) {
    const auto end = all.find('\n');
    lines.emplace_back(all.substr(0, end));
    all = end == std::string_view::npos ? std::string_view() : all.substr(end + 1);
  }
  return lines;
}

}  // namespace cluster
