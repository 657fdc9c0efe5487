#include "cluster/redis_sessions.h"

#include <charconv>
#include <future>

#include "cluster/memory_sessions.h"
#include "cluster/redis_rows.h"

namespace cluster {
namespace {

constexpr char kKind = 's';
// A request with a token waits no longer for Redis; then the database is asked.
constexpr milliseconds kPatience{500};

}  // namespace

RedisSessions::RedisSessions(RedisCore& core, RedisNotices& notices)
    : core_(core), notices_(notices), heard_(make_memory_sessions()) {
  notices_.listen(kKind, [this](std::string_view, std::string_view body) {
    const std::vector<std::string> parts = split_lines(body);
    if (parts.size() < 2) return;
    const auto part = [&parts](std::size_t i) { return i < parts.size() ? parts[i] : ""; };
    tell({parts[0], parts[1], part(2), part(3)});
  });
}

void RedisSessions::started(const std::string& player_id, const std::string& session_id) {
  core_.ask(scripts().session_started, {player_id, session_id, text(core_.timing.session_memory)},
            {});
}

SessionState RedisSessions::state(const std::string& player_id, const std::string& session_id) {
  if (heard_->state(player_id, session_id) == SessionState::ended) return SessionState::ended;
  if (!core_.gauge.connected) return SessionState::unknown;
  const auto found = std::make_shared<std::promise<std::string>>();
  std::future<std::string> waiting = found->get_future();
  core_.post([this, key = "session:" + player_id, session_id, found] {
    core_.commands.request({"HGET", key, session_id}, [found](const base::Result<Reply>& reply) {
      found->set_value(reply ? reply->text : "");
    });
  });
  if (waiting.wait_for(kPatience) != std::future_status::ready) return SessionState::unknown;
  const std::string entry = waiting.get();
  if (entry.empty()) return SessionState::unknown;
  std::int64_t until = 0;
  std::from_chars(entry.data() + 1, entry.data() + entry.size(), until);
  const auto now =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  if (until <= now.count()) return SessionState::unknown;
  return entry.front() == 'E' ? SessionState::ended : SessionState::live;
}

void RedisSessions::ended(const SessionEnd& end) {
  tell(end);
  // A ban of guests ends no session that could be remembered.
  notices_.say(kKind, join_lines({end.player_id, end.session_id, end.reason, end.address}),
               end.address.empty() ? &scripts().session_ended : nullptr,
               {end.player_id, end.session_id, text(core_.timing.session_memory)});
}

void RedisSessions::listen(std::function<void(const SessionEnd&)> listener) {
  listeners_.push_back(std::move(listener));
}

void RedisSessions::tell(const SessionEnd& end) {
  heard_->ended(end);
  for (const auto& listener : listeners_) listener(end);
}

}  // namespace cluster
