#pragma once

#include "cluster/lobbies.h"
#include "cluster/memory_base.h"
#include "cluster/snapshots.h"

namespace cluster {

// Nobody is ever cut off from a world in memory: an owner is sure as long as it exists.
class MemoryLobbies final : public Lobbies {
 public:
  explicit MemoryLobbies(MemoryCore& core) : core_(core) {}

  void publish(const Listing& listing) override;
  void close(const std::string& lobby) override;
  void locate(const std::string& id_or_code, Answer<Located> answer) override;
  void browse(const Browse& wish, Answer<Page> answer) override;
  void find(const Search& search, Answer<SeatHold> answer) override;
  void release(const std::string& lobby, const std::string& hold) override;
  void orphans(std::size_t limit, Answer<std::vector<Located>> answer) override;
  void take_over(const std::string& lobby, Answer<Located> answer) override;
  void on_lost(std::function<void(const std::string&)>) override {}
  bool sure() const override { return true; }

 private:
  base::Result<Located> locate_now(std::string id_or_code);
  base::Result<Located> take_now(const std::string& lobby);

  MemoryCore& core_;
};

class MemorySnapshots final : public Snapshots {
 public:
  explicit MemorySnapshots(MemoryCore& core) : core_(core) {}

  void write(const std::string& lobby, std::uint64_t fence, std::string bytes) override;
  void read(const std::string& lobby, Answer<Snapshot> answer) override;
  void remove(const std::string& lobby) override;

 private:
  MemoryCore& core_;
};

}  // namespace cluster
