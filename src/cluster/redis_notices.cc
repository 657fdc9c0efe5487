#include "cluster/redis_notices.h"

#include <charconv>

#include "base/log.h"

namespace cluster {

void RedisNotices::say(char kind, std::string body, const Script* first,
                       std::vector<std::string> arguments) {
  {
    std::lock_guard lock(mutex_);
    if (pending_.size() == kMostPending) {
      base::log::error("cluster_notice_lost", {{"waiting", pending_.size()}});
      pending_.pop_front();
    }
    pending_.push_back({next_++, kind, std::move(body), first, std::move(arguments)});
  }
  core_.post([this] { pump(); });
}

void RedisNotices::pump() {
  if (!core_.commands.up()) return;
  std::vector<Pending> batch;
  {
    std::lock_guard lock(mutex_);
    for (const Pending& each : pending_)
      if (each.number > sent_) batch.push_back(each);
  }
  for (const Pending& each : batch) {
    sent_ = each.number;
    send(each);
  }
}

// "unavailable" keeps it for the next link; any other error would come again.
void RedisNotices::send(const Pending& pending) {
  if (pending.first != nullptr) core_.run(*pending.first, pending.arguments, {});
  core_.run(scripts().notice, {std::string(1, pending.kind), pending.body},
            [this, number = pending.number](const base::Result<Reply>& reply) {
              if (!reply && reply.error().code == "unavailable") return;
              if (!reply)
                base::log::error("cluster_notice_lost", {{"reason", reply.error().message}});
              std::lock_guard lock(mutex_);
              std::erase_if(pending_, [&](const Pending& each) { return each.number == number; });
            });
}

void RedisNotices::links_up() {
  sent_ = 0;
  pump();
  read_missed();
}

// The first time only the end of the stream is read, to know where we begin.
void RedisNotices::read_missed() {
  catching_up_ = true;
  meanwhile_.clear();
  const bool first = last_ == Position{0, 0};
  const std::string from = std::to_string(last_.first) + "-" + std::to_string(last_.second);
  std::vector<std::string> words{"XREVRANGE", "notices", "+", "-", "COUNT", "1"};
  if (!first) words = {"XRANGE", "notices", "(" + from, "+", "COUNT", "10000"};
  core_.commands.request(words, [this, first](const base::Result<Reply>& reply) {
    if (!catching_up_ || !reply) return;
    catching_up_ = false;
    for (const Reply& entry : reply->items) {
      const Position position = position_of(entry.at(0).text);
      const Reply& fields = entry.at(1);
      const std::string& kind = field(fields, "kind");
      if (first || kind.empty())
        last_ = std::max(last_, position);
      else
        tell(position, field(fields, "from"), kind.front(), field(fields, "body"));
    }
    std::vector<std::string> meanwhile;
    meanwhile.swap(meanwhile_);
    for (const std::string& message : meanwhile) heard(message);
  });
}

// id, line end, holder, line end, kind, body
void RedisNotices::heard(const std::string& message) {
  if (catching_up_) {
    meanwhile_.push_back(message);
    return;
  }
  const std::string_view all(message);
  const auto first = all.find('\n');
  const auto second = all.find('\n', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos ||
      second + 1 >= all.size())
    return;
  tell(position_of(all.substr(0, first)), all.substr(first + 1, second - first - 1),
       all[second + 1], all.substr(second + 2));
}

void RedisNotices::tell(Position position, std::string_view from, char kind,
                        std::string_view body) {
  if (position <= last_) return;
  last_ = position;
  if (from == core_.holder) return;
  const auto listener = listeners_.find(kind);
  if (listener != listeners_.end()) listener->second(from.substr(0, from.rfind('/')), body);
}

RedisNotices::Position RedisNotices::position_of(std::string_view id) {
  Position position{0, 0};
  const auto dash = id.find('-');
  if (dash == std::string_view::npos) return position;
  std::from_chars(id.data(), id.data() + dash, position.first);
  std::from_chars(id.data() + dash + 1, id.data() + id.size(), position.second);
  return position;
}

}  // namespace cluster
