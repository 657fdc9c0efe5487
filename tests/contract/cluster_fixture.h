#pragma once

// What the contract tests of cluster::Cluster run on: nodes that share a world in memory, or a real
// Redis server. The tests themselves know no kind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/cluster.h"
#include "cluster/timing.h"

namespace contract {

using namespace std::chrono_literals;

// Short, so that what takes time in production is over soon, and long enough for a busy machine.
cluster::Timing short_times();

// A world that nodes join.
class World {
 public:
  virtual ~World() = default;
  virtual std::unique_ptr<cluster::Cluster> join(const std::string& node_id) = 0;  // not started
  virtual bool is_redis() const = 0;
};

struct WorldKind {
  const char* name;
  std::unique_ptr<World> (*create)(cluster::Timing timing);
};
void PrintTo(const WorldKind& kind, std::ostream* out);
std::vector<WorldKind> world_kinds();

inline constexpr auto kPatience = 20s;  // bound of every wait; far beyond what is needed

// Asks and waits for the answer.
template <class T>
base::Result<T> ask(std::function<void(cluster::Answer<T>)> question) {
  auto promise = std::make_shared<std::promise<base::Result<T>>>();
  auto answer = promise->get_future();
  question([promise](base::Result<T> result) { promise->set_value(std::move(result)); });
  if (answer.wait_for(kPatience) != std::future_status::ready)
    return base::Error{"no_answer", "no answer came"};
  return answer.get();
}

// Whether the condition came true in time.
bool eventually(const std::function<bool()>& condition);

template <class T>
std::string code_of(const base::Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

// Things heard on other threads.
class Heard {
 public:
  void add(std::string what) {
    std::lock_guard lock(mutex_);
    all_.push_back(std::move(what));
  }
  std::vector<std::string> all() const {
    std::lock_guard lock(mutex_);
    return all_;
  }
  std::size_t count() const { return all().size(); }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

// A started node that has a link.
struct Node {
  explicit Node(World& world, const std::string& id,
                const std::function<void(cluster::Cluster&)>& prepare = {});
  cluster::Cluster* operator->() const { return cluster.get(); }
  void kill() { cluster.reset(); }

  // Shorthands that wait.
  cluster::Lobbies& lobbies() const { return cluster->lobbies(); }
  cluster::Tickets& tickets() const { return cluster->tickets(); }
  base::Result<cluster::Located> locate(const std::string& id_or_code) const;
  base::Result<cluster::SeatHold> find(const cluster::Search& search) const;
  base::Result<cluster::Located> take_over(const std::string& lobby) const;
  std::vector<std::string> browse(
      const cluster::Browse& wish) const;  // ids of all pages, or an error's code
  std::vector<cluster::NodeEntry> nodes() const;
  base::Result<std::int64_t> enqueue(const cluster::Ticket& ticket) const;
  std::vector<std::string> waiting(const std::string& mode) const;  // ids, or an error
  base::Result<void> take(const std::string& match, const std::vector<std::string>& ids) const;
  base::Result<std::vector<std::string>> assign(const std::string& match,
                                                const std::vector<std::string>& ids,
                                                const std::string& place) const;
  base::Result<cluster::TicketStatus> status(const std::string& ticket) const;
  // publish(), and waits until `seer` finds it.
  void publish(const cluster::Listing& listing, const Node& seer) const;
  // Takes over as soon as it is allowed.
  base::Result<cluster::Located> take_over_when_dead(const std::string& lobby) const;

  std::unique_ptr<cluster::Cluster> cluster;
};

cluster::Listing listing(const std::string& id, int players = 1);
cluster::Ticket ticket(const std::string& id, std::vector<std::string> players = {});

class ClusterContract : public testing::TestWithParam<WorldKind> {
 protected:
  std::unique_ptr<World> world_ = GetParam().create(short_times());
};

}  // namespace contract
