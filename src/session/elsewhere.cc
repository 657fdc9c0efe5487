#include "session/elsewhere.h"

#include <utility>

#include "base/clock.h"
#include "cluster/timing.h"
#include "lobby/listing.h"

namespace session {

Elsewhere::Elsewhere(cluster::Cluster& cluster, NodeLink& nodes, std::string region, Post post)
    : cluster_(cluster), nodes_(nodes), region_(std::move(region)), post_(std::move(post)) {}

bool Elsewhere::reachable() const {
  return cluster_.gauge().connected.load(std::memory_order_relaxed);
}

void Elsewhere::find(const std::string& mode, const std::string& avoid, lobby::ShardIndex asking,
                     Answer answer) {
  cluster::Search search;
  search.mode = mode;
  search.regions = {region_};
  search.avoid = avoid;
  cluster_.lobbies().find(
      search, [this, asking, answer = std::move(answer)](base::Result<cluster::SeatHold> held) {
        base::Result<FarPlace> place = base::Error{"not_found", "Lobby not found"};
        if (!held) {
          place = held.error();
        } else {
          place = FarPlace{nodes_.index_of(held->lobby.node), held->lobby.listing.id, held->hold};
        }
        post_(asking, [answer, place] { answer(place); });
      });
}

void Elsewhere::locate(const std::string& code, lobby::ShardIndex asking, Answer answer) {
  cluster_.lobbies().locate(
      code, [this, asking, answer = std::move(answer)](base::Result<cluster::Located> located) {
        base::Result<FarPlace> place = base::Error{"not_found", "Lobby not found"};
        if (!located) {
          place = located.error();
        } else if (located->alive) {
          place = FarPlace{nodes_.index_of(located->node), located->listing.id, ""};
        }
        post_(asking, [answer, place] { answer(place); });
      });
}

base::Result<FarPlace> Elsewhere::open() const {
  const std::optional<lobby::NodeIndex> node = nodes_.roomiest();
  if (!node) return base::Error{"unavailable", "Server capacity reached"};
  return FarPlace{*node, "", ""};
}

void Elsewhere::release(const FarPlace& place) {
  if (!place.hold.empty()) cluster_.lobbies().release(place.lobby, place.hold);
}

// Those who ask while it is being read get the same answer.
void Elsewhere::list(lobby::ShardIndex asking, Listed answer) {
  {
    const std::lock_guard lock(mutex_);
    if (base::steady_now() - listed_at_ < kListAge) {
      post_(asking, [answer = std::move(answer), entries = listed_] { answer(entries); });
      return;
    }
    waiting_.emplace_back(asking, std::move(answer));
    if (waiting_.size() > 1) return;
    reading_.clear();
  }
  read_page(0);
}

void Elsewhere::read_page(std::uint64_t from) {
  cluster::Browse wish;
  wish.show_private = true;
  wish.show_full = true;
  wish.show_in_progress = true;
  wish.from = from;
  wish.limit = cluster::kMaxPage;
  cluster_.lobbies().browse(wish, [this](base::Result<cluster::Page> page) {
    if (!page) return answer_list(page.error());
    std::vector<lobby::DirectoryEntry> all;
    {
      const std::lock_guard lock(mutex_);
      for (const cluster::Located& lobby : page->lobbies)
        reading_.push_back(lobby::entry_of(lobby.listing));
      if (page->next == 0 || reading_.size() >= kMostListed) {
        listed_ = std::exchange(reading_, {});
        listed_at_ = base::steady_now();
        all = listed_;
      }
    }
    const bool done = page->next == 0 || all.size() >= kMostListed;
    if (!done) return read_page(page->next);
    answer_list(std::move(all));
  });
}

void Elsewhere::answer_list(const base::Result<std::vector<lobby::DirectoryEntry>>& entries) {
  std::vector<std::pair<lobby::ShardIndex, Listed>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = std::exchange(waiting_, {});
  }
  for (auto& [shard, asked] : waiting)
    post_(shard, [answer = std::move(asked), entries] { answer(entries); });
}

}  // namespace session
