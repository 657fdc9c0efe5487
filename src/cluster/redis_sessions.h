#pragma once

#include <functional>
#include <vector>

#include "cluster/redis_core.h"
#include "cluster/redis_notices.h"
#include "cluster/sessions.h"

namespace cluster {

// Sessions in `session:{playerId}`. Without a link every session is unknown, so that the database
// is asked, but for those that ended here or were heard to; ends are told when the link is back.
class RedisSessions final : public Sessions {
 public:
  RedisSessions(RedisCore& core, RedisNotices& notices);

  void started(const std::string& player_id, const std::string& session_id) override;
  SessionState state(const std::string& player_id, const std::string& session_id) override;
  void ended(const SessionEnd& end) override;
  void listen(std::function<void(const SessionEnd&)> listener) override;

 private:
  void tell(const SessionEnd& end);

  RedisCore& core_;
  RedisNotices& notices_;
  const std::unique_ptr<Sessions> heard_;  // the ends known here
  std::vector<std::function<void(const SessionEnd&)>> listeners_;
};

}  // namespace cluster
