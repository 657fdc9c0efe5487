#include "cluster/redis_channel.h"

#include <utility>

#include "base/log.h"
#include "cluster/frames.h"

namespace cluster {
namespace {

constexpr char kKind = 'n';
// With so much unsent to Redis, new frames are dropped: late ones are of no use.
constexpr std::size_t kMostUnsent = 16 * 1024 * 1024;

}  // namespace

RedisChannel::RedisChannel(RedisCore& core, RedisNotices& notices)
    : core_(core), notices_(notices) {
  notices_.listen(kKind, [this](std::string_view from, std::string_view body) {
    if (notice_listener_) notice_listener_(from, body);
  });
}

bool RedisChannel::send(std::string_view node, std::string_view frame) {
  if (frame.size() > kMaxFrame || !core_.gauge.connected) {
    ++core_.gauge.frames_dropped;
    return false;
  }
  std::lock_guard lock(mutex_);
  auto found = out_.find(node);
  if (found == out_.end())
    found = out_.emplace(std::string(node), begin_batch(core_.node_id)).first;
  if (found->second.size() + frame.size() > kMaxWaiting) {
    ++core_.gauge.frames_dropped;
    return false;
  }
  append_frame(found->second, frame);
  ++core_.gauge.frames_out;
  if (!std::exchange(flush_posted_, true)) core_.post([this] { flush(); });
  return true;
}

void RedisChannel::flush() {
  std::map<std::string, std::string, std::less<>> batches;
  {
    std::lock_guard lock(mutex_);
    flush_posted_ = false;
    batches.swap(out_);
  }
  for (auto& [node, batch] : batches) {
    if (node == core_.node_id)
      heard(batch);
    else
      publish(node, std::move(batch));
  }
}

void RedisChannel::publish(const std::string& node, std::string batch) {
  ++core_.gauge.batches_out;
  if (!core_.commands.up() || core_.commands.backlog() > kMostUnsent) return missed(node);
  core_.commands.request({"PUBLISH", "node:" + node, std::move(batch)},
                         [this, node](const base::Result<Reply>& reply) {
                           if (!reply || reply->integer == 0) missed(node);
                         });
}

void RedisChannel::missed(const std::string& node) {
  if (unreachable_listener_) unreachable_listener_(node);
}

void RedisChannel::heard(const std::string& batch) {
  const bool good = read_batch(batch, [this](std::string_view from, std::string_view frame) {
    ++core_.gauge.frames_in;
    if (frame_listener_) frame_listener_(from, frame);
  });
  if (!good) base::log::warn("cluster_bad_batch", {{"bytes", batch.size()}});
}

bool RedisChannel::notify_all(std::string_view notice) {
  if (notice.size() > kMaxNotice) return false;
  notices_.say(kKind, std::string(notice));
  core_.post([this, body = std::string(notice)] {
    if (notice_listener_) notice_listener_(core_.node_id, body);
  });
  return true;
}

}  // namespace cluster
