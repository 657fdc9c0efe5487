#include "session/lobby_keeper.h"

#include <chrono>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "lobby/save_pack.h"
#include "session/lobby_host.h"

namespace session {

namespace log = base::log;
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{200};  // for lobbies of the dead, and up to kLookJitter more,
constexpr unsigned kLookJitter = 100;    // so that the nodes do not look together
constexpr std::size_t kTakenAtOnce = 16;
constexpr milliseconds kSettleEvery{100};
constexpr milliseconds kReadAgain{200};
constexpr int kReadTries = 100;  // a save lives for a minute

}  // namespace

LobbyKeeper::LobbyKeeper(cluster::Cluster& cluster, lobby::Directory& directory,
                         store::Recorder& store, Options options, OnShard on_shard)
    : cluster_(cluster),
      directory_(directory),
      options_(options),
      on_shard_(std::move(on_shard)),
      recorder_(store, cluster.lobbies()),
      writer_(cluster, options.shards) {}

lobby::Keeper* LobbyKeeper::keeper(lobby::ShardIndex shard) {
  return options_.keeps ? &writer_.of(shard) : nullptr;
}

void LobbyKeeper::listen() {
  cluster_.lobbies().on_lost([this](const std::string& lobby) { lost(lobby); });
}

void LobbyKeeper::start() {
  settle_results();
  if (!options_.keeps) return;
  writer_.start();
  look();
}

void LobbyKeeper::await_results(milliseconds patience) const {
  const auto until = base::steady_now() + patience;
  while (recorder_.held() > 0 && base::steady_now() < until)
    std::this_thread::sleep_for(kSettleEvery);
}

void LobbyKeeper::stop() { writer_.stop(); }

void LobbyKeeper::settle_results() {
  recorder_.settle();
  cluster_.after(kSettleEvery, [this] { settle_results(); });
}

void LobbyKeeper::look() {
  if (!draining_ && directory_.counts().lobbies < options_.max_lobbies) {
    cluster_.lobbies().orphans(kTakenAtOnce,
                               [this](const base::Result<std::vector<cluster::Located>>& found) {
                                 if (!found) return;  // no link: nobody can be taken over
                                 for (const cluster::Located& one : *found)
                                   consider(one.listing.id);
                               });
  }
  cluster_.after(kLookEvery + milliseconds(base::secure_u64() % kLookJitter), [this] { look(); });
}

// A save that cannot be read here, of a newer version, is left to a node that can.
void LobbyKeeper::consider(const std::string& lobby) {
  cluster_.snapshots().read(lobby, [this, lobby](const base::Result<cluster::Snapshot>& kept) {
    if (kept) {
      const auto save = lobby::unpack_save(kept->bytes);
      if (!save || !lobby::Lobby::saved_name(*save)) return;
    }
    take(lobby);
  });
}

void LobbyKeeper::take(const std::string& lobby) {
  cluster_.lobbies().take_over(lobby, [this](const base::Result<cluster::Located>& taken) {
    if (taken) read(*taken, kReadTries);  // otherwise another node was faster, or its owner lives
  });
}

void LobbyKeeper::read(const cluster::Located& taken, int tries) {
  const std::string& lobby = taken.listing.id;
  cluster_.snapshots().read(
      lobby, [this, taken, tries](const base::Result<cluster::Snapshot>& kept) {
        if (kept) return adopt(taken, kept->bytes);
        if (kept.error().code != "unavailable" || tries == 0)
          return give_up(taken.listing.id, kept.error().message);
        cluster_.after(kReadAgain, [this, taken, tries] { read(taken, tries - 1); });
      });
}

// A lobby of the queue is listed as private, without a code that would let anybody in.
std::shared_ptr<const lobby::LobbyOptions> LobbyKeeper::queue_of(const cluster::Listing& listing) {
  if (!listing.is_private || !listing.code.empty()) return nullptr;
  auto options = std::make_shared<lobby::LobbyOptions>();
  options->mode = listing.mode;
  options->map = listing.map;
  options->max_players = listing.max_players;
  return options;
}

void LobbyKeeper::adopt(const cluster::Located& taken, const std::string& packed) {
  const std::string& id = taken.listing.id;
  auto save = lobby::unpack_save(packed);
  if (!save) return give_up(id, save.error().message);
  const auto name = lobby::Lobby::saved_name(*save);
  if (!name) return give_up(id, name.error().message);
  if (name->id != id) return give_up(id, "the save is of another lobby");
  const auto home = static_cast<lobby::ShardIndex>(next_shard_++ % options_.shards);
  auto place = directory_.adopt(id, name->invite_code, home, queue_of(taken.listing));
  if (!place) return give_up(id, place.error().message);
  place->fence = taken.fence;
  on_shard_(place->shard, [this, place = *place, save = std::move(save).value()](LobbyHost& host) {
    const auto adopted = host.adopt(place, save);
    if (!adopted) give_up(place.id, adopted.error().message);
  });
}

// Nobody else could do better with it.
void LobbyKeeper::give_up(const std::string& lobby, const std::string& why) {
  log::error("lobby_not_adopted", {{"lobby", lobby}, {"reason", why}});
  cluster_.lobbies().close(lobby);
}

// From now on it is not found here, also not by the take-over that may bring it back.
void LobbyKeeper::lost(const std::string& lobby) {
  recorder_.lost(lobby);
  const auto place = directory_.where(lobby);
  if (!place) return;
  directory_.remove(place->lobby);
  on_shard_(place->shard, [number = place->lobby](LobbyHost& host) { host.lose(number); });
}

}  // namespace session
