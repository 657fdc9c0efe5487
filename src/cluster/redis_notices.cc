#include "cluster/redis_notices.h"

#include <charconv>
#include <utility>

#include "base/log.h"
#include "cluster/redis_rows.h"

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

// Several at a time could change places: a script that Redis has forgotten is sent again behind
// what followed it.
void RedisNotices::pump() {
  if (saying_ || !core_.commands.up()) return;
  Pending next;
  {
    std::lock_guard lock(mutex_);
    if (pending_.empty()) return;
    next = pending_.front();
  }
  saying_ = true;
  if (next.first != nullptr) core_.run(*next.first, next.arguments, {});
  core_.run(
      scripts().notice, {std::to_string(next.number), std::string(1, next.kind), next.body},
      [this, number = next.number](const base::Result<Reply>& reply) { said(number, reply); });
}

// "unavailable" (a lost link, a server that is full) keeps it; any other error would come again.
void RedisNotices::said(std::uint64_t number, const base::Result<Reply>& reply) {
  saying_ = false;
  if (!reply && reply.error().code == "unavailable")
    return core_.worker.after(kPause, [this] { pump(); });
  if (!reply) base::log::error("cluster_notice_lost", {{"reason", reply.error().message}});
  {
    std::lock_guard lock(mutex_);
    std::erase_if(pending_, [&](const Pending& each) { return each.number == number; });
  }
  pump();
}

void RedisNotices::join(std::function<void()> then) {
  if (joined_) return then();
  core_.run(scripts().spoken, {}, [this, then](const base::Result<Reply>& reply) {
    if (joined_) return;
    if (!reply) {
      // A lost link joins again by itself.
      core_.worker.after(kPause, [this, then] {
        if (core_.commands.up()) join(then);
      });
      return;
    }
    joined_ = true;
    if (!reply->at(0).items.empty()) last_ = notice_of(reply->at(0));
    for (std::size_t i = 1; i + 1 < reply->items.size(); i += 2)
      heard_[reply->items[i].text] = number_of(reply->items[i + 1].text);
    then();
  });
}

void RedisNotices::links_up() {
  pump();
  read_missed();
}

void RedisNotices::links_down() {
  ++catch_up_;
  state_ = State::cut_off;
  meanwhile_.clear();
}

void RedisNotices::read_missed() {
  state_ = State::catching_up;
  core_.run(scripts().missed, {last_.id, last_.from, last_.number},
            [this, attempt = ++catch_up_](const base::Result<Reply>& reply) {
              if (attempt != catch_up_) return;
              if (!reply) {
                core_.worker.after(kPause, [this, attempt] {
                  if (attempt == catch_up_) read_missed();
                });
                return;
              }
              state_ = State::caught_up;
              for (const Reply& entry : reply->items) tell(notice_of(entry));
              for (const std::string& message : std::exchange(meanwhile_, {})) heard(message);
            });
}

// Lines: id, speaker, number; then kind and body.
void RedisNotices::heard(const std::string& message) {
  if (state_ == State::catching_up) meanwhile_.push_back(message);
  if (state_ != State::caught_up) return;
  Notice notice;
  std::size_t begin = 0;
  for (std::string* line : {&notice.id, &notice.from, &notice.number}) {
    const std::size_t end = message.find('\n', begin);
    if (end == std::string::npos) return;
    *line = message.substr(begin, end - begin);
    begin = end + 1;
  }
  notice.kind_and_body = message.substr(begin);
  tell(notice);
}

void RedisNotices::tell(const Notice& notice) {
  last_ = {notice.id, notice.from, notice.number, ""};
  if (notice.from == core_.holder || notice.kind_and_body.empty()) return;
  std::uint64_t& highest = heard_[notice.from];
  const std::uint64_t number = number_of(notice.number);
  if (number <= highest) return;
  highest = number;
  const auto listener = listeners_.find(notice.kind_and_body.front());
  if (listener == listeners_.end()) return;
  const std::string_view from = notice.from;
  listener->second(from.substr(0, from.rfind('/')),
                   std::string_view(notice.kind_and_body).substr(1));
}

std::uint64_t RedisNotices::number_of(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

RedisNotices::Notice RedisNotices::notice_of(const Reply& entry) {
  const Reply& fields = entry.at(1);
  return {entry.at(0).text, field(fields, "from"), field(fields, "number"),
          field(fields, "kind") + field(fields, "body")};
}

}  // namespace cluster
