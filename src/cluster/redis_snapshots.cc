#include "cluster/redis_snapshots.h"

namespace cluster {
namespace {

constexpr std::size_t kDigits = 20;
// With so much unsent Redis cannot keep up, and an older snapshot is better than a late lease.
constexpr std::size_t kMostUnsent = 8 * 1024 * 1024;

std::string padded(std::uint64_t fence) {
  const std::string digits = std::to_string(fence);
  return std::string(kDigits - digits.size(), '0') + digits;
}

}  // namespace

void RedisSnapshots::write(const std::string& lobby, std::uint64_t fence, std::string bytes) {
  if (bytes.size() > kMaxSnapshot || !core_.gauge.connected) {
    ++core_.gauge.snapshots_dropped;
    return;
  }
  core_.post([this, lobby, fence, bytes = std::move(bytes)] {
    if (!core_.commands.up() || core_.commands.backlog() > kMostUnsent) {
      ++core_.gauge.snapshots_dropped;
      return;
    }
    core_.run(scripts().write_snapshot,
              {lobby, padded(fence), text(core_.timing.snapshot_life), bytes},
              [this](const base::Result<Reply>& reply) {
                if (!reply) ++core_.gauge.snapshots_dropped;
              });
  });
}

void RedisSnapshots::read(const std::string& lobby, Answer<Snapshot> answer) {
  core_.post([this, lobby, answer = std::move(answer)] {
    core_.commands.request(
        {"GET", "snapshot:" + lobby},
        answer_with(answer, [](const Reply& reply) -> base::Result<Snapshot> {
          if (reply.text.size() < kDigits)
            return base::Error{"not_found", "There is no snapshot of this lobby."};
          Reply fence;
          fence.text = reply.text.substr(0, kDigits);
          return Snapshot{static_cast<std::uint64_t>(fence.number()), reply.text.substr(kDigits)};
        }));
  });
}

void RedisSnapshots::remove(const std::string& lobby) {
  core_.post([this, lobby] { core_.commands.request({"DEL", "snapshot:" + lobby}, {}); });
}

}  // namespace cluster
