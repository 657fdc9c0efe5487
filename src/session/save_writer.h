#pragma once

// Brings the saves of this node's lobbies to the cluster, packed, on a thread of its own. A tick
// only copies bytes.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cluster/cluster.h"
#include "lobby/keeper.h"
#include "lobby/save_pack.h"
#include "lobby/types.h"

namespace session {

// One a node. `cluster` outlives the thread: stop() comes before its end.
class SaveWriter {
 public:
  SaveWriter(cluster::Cluster& cluster, unsigned shards);
  ~SaveWriter();
  SaveWriter(const SaveWriter&) = delete;
  SaveWriter& operator=(const SaveWriter&) = delete;

  void start();
  void stop();  // what waits is not written any more

  lobby::Keeper& of(lobby::ShardIndex shard);

  struct Counts {
    std::uint64_t written = 0;
    std::uint64_t dropped = 0;  // too many waited, or one was too large
    std::uint64_t bytes = 0;    // packed
  };
  Counts counts() const;

 private:
  struct Item {
    std::string lobby;
    std::uint64_t fence = 0;
    std::string save;
    bool over = false;  // the lobby is: no save, and the last one is to go
  };

  // What one shard has for the writer. The buffers are used again and again.
  class Box final : public lobby::Keeper {
   public:
    void keep(const std::string& lobby, std::uint64_t fence, std::string_view save) override;
    void forget(const std::string& lobby) override;
    // Everything that waits, in place of the first `taken` items of what was taken last.
    std::size_t take(std::vector<Item>& items);
    std::uint64_t dropped() const { return dropped_; }

   private:
    Item* place_for(const std::string& lobby);

    std::mutex mutex_;
    std::vector<Item> items_;
    std::size_t waiting_ = 0;
    std::atomic<std::uint64_t> dropped_{0};
  };

  void run();
  void write(const Item& item);

  cluster::Cluster& cluster_;
  std::vector<std::unique_ptr<Box>> boxes_;
  lobby::SavePacker packer_;
  std::string packed_;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> too_large_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace session
