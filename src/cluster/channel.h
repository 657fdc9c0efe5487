#pragma once

// Messages between nodes: opaque bytes.
//
// Frames are for what players do and see: quick, in order from one node to another, lost when the
// link is (on_unreachable tells). Notices are for what every node must hear, bans and drains: kept
// for a day, so that a node whose link was down hears them when it is back.

#include <functional>
#include <string>
#include <string_view>

namespace cluster {

// Thread safe.
class Channel {
 public:
  virtual ~Channel() = default;

  // Appends a frame (at most kMaxFrame bytes) to what goes to `node`; everything that is waiting
  // goes in one message. False when it was dropped: too large, too much waiting, no link. Frames to
  // this node itself are delivered too.
  virtual bool send(std::string_view node, std::string_view frame) = 0;

  // To all nodes, this one included. At most kMaxNotice bytes; false when larger. Written again
  // after a reconnect when the cluster is away.
  virtual bool notify_all(std::string_view notice) = 0;

  // All listeners are called on the cluster's thread and set before start(). The views end with
  // the call.
  virtual void on_frame(
      std::function<void(std::string_view from, std::string_view frame)> listener) = 0;
  virtual void on_notice(
      std::function<void(std::string_view from, std::string_view notice)> listener) = 0;
  // Frames to `node` did not arrive: nobody of that name listens.
  virtual void on_unreachable(std::function<void(std::string_view node)> listener) = 0;
};

}  // namespace cluster
