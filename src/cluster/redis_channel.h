#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "cluster/channel.h"
#include "cluster/redis_core.h"
#include "cluster/redis_notices.h"

namespace cluster {

// Frames by PUBLISH node:{id}; notices by RedisNotices.
class RedisChannel final : public Channel {
 public:
  RedisChannel(RedisCore& core, RedisNotices& notices);

  bool send(std::string_view node, std::string_view frame) override;
  bool notify_all(std::string_view notice) override;
  void on_frame(std::function<void(std::string_view, std::string_view)> listener) override {
    frame_listener_ = std::move(listener);
  }
  void on_notice(std::function<void(std::string_view, std::string_view)> listener) override {
    notice_listener_ = std::move(listener);
  }
  void on_unreachable(std::function<void(std::string_view)> listener) override {
    unreachable_listener_ = std::move(listener);
  }

  // The worker's thread.
  void heard(const std::string& batch);

 private:
  void flush();
  void publish(const std::string& node, std::string batch);
  void missed(const std::string& node);

  RedisCore& core_;
  RedisNotices& notices_;
  std::function<void(std::string_view, std::string_view)> frame_listener_;
  std::function<void(std::string_view, std::string_view)> notice_listener_;
  std::function<void(std::string_view)> unreachable_listener_;
  std::mutex mutex_;                                     // of the rest
  std::map<std::string, std::string, std::less<>> out_;  // batches by node
  bool flush_posted_ = false;
};

}  // namespace cluster
