#include "session/presence.h"

#include <utility>

namespace session {

std::optional<lobby::SessionRef> Presence::claim(const std::string& account_id,
                                                 lobby::SessionRef here) {
  const std::lock_guard lock(mutex_);
  const auto [found, fresh] = where_.try_emplace(account_id, here);
  if (fresh) return std::nullopt;
  return std::exchange(found->second, here);
}

void Presence::release(const std::string& account_id, lobby::SessionRef here) {
  const std::lock_guard lock(mutex_);
  const auto found = where_.find(account_id);
  if (found != where_.end() && found->second == here) where_.erase(found);
}

std::optional<lobby::SessionRef> Presence::find(const std::string& account_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = where_.find(account_id);
  if (found == where_.end()) return std::nullopt;
  return found->second;
}

}  // namespace session
