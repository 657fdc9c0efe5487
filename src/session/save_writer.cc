#include "session/save_writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cluster/timing.h"

namespace session {
namespace {

// Looked at this often instead of being woken: a shard that wakes a thread four times a second for
// each lobby pays more for that than for the save.
constexpr std::chrono::milliseconds kLook{25};
// Of a shard: more than it can make between two looks, when each of 2,500 lobbies is saved four
// times a second.
constexpr std::size_t kMostWaiting = 512;

}  // namespace

SaveWriter::Item* SaveWriter::Box::place_for(const std::string& lobby) {
  const auto end = items_.begin() + static_cast<std::ptrdiff_t>(waiting_);
  const auto same =
      std::find_if(items_.begin(), end, [&](const Item& item) { return item.lobby == lobby; });
  if (same != end) return &*same;
  if (waiting_ == kMostWaiting) {
    ++dropped_;
    return nullptr;
  }
  if (waiting_ == items_.size()) items_.emplace_back();
  Item& fresh = items_[waiting_++];
  fresh.lobby = lobby;
  return &fresh;
}

void SaveWriter::Box::keep(const std::string& lobby, std::uint64_t fence, std::string_view save) {
  const std::lock_guard lock(mutex_);
  Item* const item = place_for(lobby);
  if (item == nullptr) return;
  item->fence = fence;
  item->save = save;
  item->over = false;
}

void SaveWriter::Box::forget(const std::string& lobby) {
  const std::lock_guard lock(mutex_);
  if (Item* const item = place_for(lobby)) item->over = true;
}

std::size_t SaveWriter::Box::take(std::vector<Item>& items) {
  const std::lock_guard lock(mutex_);
  items.swap(items_);
  return std::exchange(waiting_, 0);
}

SaveWriter::SaveWriter(cluster::Cluster& cluster, unsigned shards) : cluster_(cluster) {
  for (unsigned shard = 0; shard < shards; ++shard) boxes_.push_back(std::make_unique<Box>());
}

SaveWriter::~SaveWriter() { stop(); }

void SaveWriter::start() {
  thread_ = std::thread([this] { run(); });
}

void SaveWriter::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

lobby::Keeper& SaveWriter::of(lobby::ShardIndex shard) { return *boxes_[shard]; }

SaveWriter::Counts SaveWriter::counts() const {
  Counts counts{written_, too_large_, bytes_};
  for (const auto& box : boxes_) counts.dropped += box->dropped();
  return counts;
}

void SaveWriter::run() {
  std::vector<std::vector<Item>> taken(boxes_.size());
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kLook, [this] { return stop_; })) {
    lock.unlock();
    for (std::size_t shard = 0; shard < boxes_.size(); ++shard) {
      const std::size_t count = boxes_[shard]->take(taken[shard]);
      for (std::size_t i = 0; i < count; ++i) write(taken[shard][i]);
    }
    lock.lock();
  }
}

void SaveWriter::write(const Item& item) {
  if (item.over) {
    // Whoever is not sure may not be the owner any more, and the save another's.
    if (cluster_.lobbies().sure()) cluster_.snapshots().remove(item.lobby);
    return;
  }
  if (!packer_.pack(item.save, packed_) || packed_.size() > cluster::kMaxSnapshot) {
    ++too_large_;
    return;
  }
  bytes_ += packed_.size();
  ++written_;
  cluster_.snapshots().write(item.lobby, item.fence, packed_);
}

}  // namespace session
