#include "cluster/memory_sessions.h"

#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kMemory = std::chrono::hours(24);

class MemorySessions final : public Sessions {
 public:
  explicit MemorySessions(std::function<Clock::time_point()> now) : now_(std::move(now)) {}

  void started(const std::string& player_id, const std::string& session_id) override {
    std::lock_guard lock(mutex_);
    forget_old();
    remember(player_id, session_id, SessionState::live);
  }

  SessionState state(const std::string& player_id, const std::string& session_id) override {
    std::lock_guard lock(mutex_);
    forget_old();
    const auto found = sessions_.find(session_id);
    if (found == sessions_.end() || found->second.player_id != player_id)
      return SessionState::unknown;
    return found->second.state;
  }

  void ended(const SessionEnd& end) override {
    if (end.address.empty()) {
      std::lock_guard lock(mutex_);
      forget_old();
      remember(end.player_id, end.session_id, SessionState::ended);
    }
    for (const auto& listener : listeners_) listener(end);
  }

  void listen(std::function<void(const SessionEnd&)> listener) override {
    listeners_.push_back(std::move(listener));
  }

 private:
  struct Known {
    std::string player_id;
    SessionState state = SessionState::live;
    Clock::time_point until;
  };

  void remember(const std::string& player_id, const std::string& session_id, SessionState state) {
    const auto until = now_() + kMemory;
    auto [entry, fresh] = sessions_.try_emplace(session_id, Known{player_id, state, until});
    if (!fresh) {
      if (entry->second.state == SessionState::live) entry->second.state = state;
      entry->second.until = until;
    }
    by_age_.emplace_back(until, session_id);
  }

  // The queue holds a place for each time a session was remembered; only the youngest place counts.
  void forget_old() {
    const auto now = now_();
    while (!by_age_.empty() && by_age_.front().first <= now) {
      const auto found = sessions_.find(by_age_.front().second);
      if (found != sessions_.end() && found->second.until <= now) sessions_.erase(found);
      by_age_.pop_front();
    }
  }

  const std::function<Clock::time_point()> now_;
  std::vector<std::function<void(const SessionEnd&)>> listeners_;
  std::mutex mutex_;
  std::unordered_map<std::string, Known> sessions_;
  std::deque<std::pair<Clock::time_point, std::string>> by_age_;
};

}  // namespace

std::unique_ptr<Sessions> make_memory_sessions(std::function<Clock::time_point()> now) {
  if (!now) now = [] { return Clock::now(); };
  return std::make_unique<MemorySessions>(std::move(now));
}

}  // namespace cluster
