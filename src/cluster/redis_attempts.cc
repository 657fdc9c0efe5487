#include "cluster/redis_attempts.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "base/log.h"

namespace cluster {
Attempts::Waits RedisAttempts::admit(const std::vector<AttemptCount>& counts) {
  const auto told = ask(counts, true);
  if (!told) {
    ++core_.gauge.attempts_alone;
    return own_.admit(counts);
  }
  const bool free = std::all_of(told->begin(), told->end(), [](auto w) { return w.count() == 0; });
  if (free) own_.admit(counts);
  return *told;
}

Attempts::Waits RedisAttempts::look(const std::vector<AttemptCount>& counts) {
  const auto told = ask(counts, false);
  return told ? *told : own_.look(counts);
}

void RedisAttempts::succeeded(const std::string& cleared, const std::string& given_back) {
  own_.succeeded(cleared, given_back);
  core_.ask(scripts().attempt_succeeded, {cleared, given_back}, {});
}

std::optional<Attempts::Waits> RedisAttempts::ask(const std::vector<AttemptCount>& counts,
                                                  bool counted) {
  if (!core_.gauge.connected) {
    alone(true);
    return std::nullopt;
  }
  const AttemptTimes& times = core_.timing.attempts;
  std::vector<std::string> words{text(times.window), text(times.longest_block), text(times.memory),
                                 counted ? "1" : "0"};
  for (const AttemptCount& count : counts) {
    words.push_back(count.key);
    words.push_back(std::to_string(count.limit));
  }
  const auto told = std::make_shared<std::promise<base::Result<Reply>>>();
  auto waiting = told->get_future();
  core_.ask(scripts().attempt, std::move(words),
            [told](base::Result<Reply> reply) { told->set_value(std::move(reply)); });
  if (waiting.wait_for(core_.timing.attempt_patience) != std::future_status::ready) {
    alone(true);
    return std::nullopt;
  }
  const base::Result<Reply> reply = waiting.get();
  if (!reply || reply->items.size() != counts.size()) {
    alone(true);
    return std::nullopt;
  }
  alone(false);
  Waits waits;
  for (const Reply& wait : reply->items)
    waits.emplace_back(std::max<std::int64_t>(0, wait.number()));
  return waits;
}

void RedisAttempts::alone(bool is_alone) {
  if (alone_.exchange(is_alone) == is_alone) return;
  if (is_alone) {
    base::log::warn("login_tries_counted_alone", {});
  } else {
    base::log::info("login_tries_counted_together", {});
  }
}

}  // namespace cluster
