#pragma once

// Login sessions as all nodes see them (A5): which are alive, and the news of an end, for the
// sockets that must close.

#include <cstdint>
#include <functional>
#include <string>

namespace cluster {

enum class SessionState : std::uint8_t {
  live,
  ended,
  unknown,  // never heard of here, or forgotten: the database knows
};

// The end of a session, told on every node within a second of ended(). Or of all guests' play from
// one address (S8): they have no sessions, so both ids are empty then.
struct SessionEnd {
  std::string player_id;
  std::string session_id;
  std::string reason;        // for the player: "logout", "password_changed", "banned", ...
  std::string address = {};  // of banned guests, by network (base::network_of)
};

// Thread safe. A member may talk to another machine and wait for it: not for a shard's thread.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // Remembers a session as live for a day. One that was ended stays ended: an end may overtake its
  // beginning.
  virtual void started(const std::string& player_id, const std::string& session_id) = 0;
  virtual SessionState state(const std::string& player_id, const std::string& session_id) = 0;
  // Remembers the end of a session for a day, longer than any access token lives, and tells all
  // listeners on all nodes.
  virtual void ended(const SessionEnd& end) = 0;

  // `listener` is called from threads of this object's choosing and must only pass the news on
  // (post it to the shards). All listeners are set before the first session starts.
  virtual void listen(std::function<void(const SessionEnd&)> listener) = 0;
};

}  // namespace cluster
