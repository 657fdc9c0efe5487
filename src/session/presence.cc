#include "session/presence.h"

#include <utility>

namespace session {

std::optional<lobby::SessionRef> Presence::claim(const std::string& account_id,
                                                 lobby::SessionRef here, std::int64_t since_ms) {
  const std::lock_guard lock(mutex_);
  const Place place{here, since_ms};
  const auto [found, fresh] = where_.try_emplace(account_id, place);
  if (fresh) return std::nullopt;
  return std::exchange(found->second, place).session;
}

void Presence::release(const std::string& account_id, lobby::SessionRef here) {
  const std::lock_guard lock(mutex_);
  const auto found = where_.find(account_id);
  if (found != where_.end() && found->second.session == here) where_.erase(found);
}

std::optional<lobby::SessionRef> Presence::yield(const std::string& account_id,
                                                 std::int64_t since_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = where_.find(account_id);
  if (found == where_.end() || found->second.since_ms > since_ms) return std::nullopt;
  const lobby::SessionRef left = found->second.session;
  where_.erase(found);
  return left;
}

std::optional<lobby::SessionRef> Presence::find(const std::string& account_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = where_.find(account_id);
  if (found == where_.end()) return std::nullopt;
  return found->second.session;
}

}  // namespace session
