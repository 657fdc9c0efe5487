#include "cluster/memory_lobbies.h"

#include <algorithm>

#include "base/random.h"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;
const base::Error kNotFound{"not_found", "There is no such lobby."};

bool wanted(const Browse& wish, const Listing& listing) {
  return (wish.mode.empty() || wish.mode == listing.mode) &&
         (wish.show_private || !listing.is_private) &&
         (wish.show_full || listing.players < listing.max_players) &&
         (listing.status == "waiting" || (listing.status == "playing" && wish.show_in_progress) ||
          (listing.status == "finished" && wish.show_finished));
}

bool created_before(const Located& a, const Located& b) {
  return a.listing.created_ms != b.listing.created_ms ? a.listing.created_ms < b.listing.created_ms
                                                      : a.listing.id < b.listing.id;
}

}  // namespace

void MemoryLobbies::publish(const Listing& listing) {
  std::lock_guard lock(core_.world->mutex);
  if (!core_.world->nodes.contains(core_.holder)) return;
  auto& record = core_.world->lobbies[listing.id];
  if (record.owner != 0 && record.owner != core_.holder) return;
  if (record.located.listing.code != listing.code)
    core_.world->codes.erase(record.located.listing.code);
  if (!listing.code.empty()) core_.world->codes[listing.code] = listing.id;
  record.owner = core_.holder;
  record.located.node = core_.node_id;
  record.located.fence = std::max<std::uint64_t>(record.located.fence, 1);
  record.located.listing = listing;
}

void MemoryLobbies::close(const std::string& lobby) {
  std::lock_guard lock(core_.world->mutex);
  const auto found = core_.world->lobbies.find(lobby);
  if (found != core_.world->lobbies.end() && found->second.owner == core_.holder)
    core_.world->erase_lobby(lobby);
}

base::Result<Located> MemoryLobbies::locate_now(std::string id) {
  for (char& c : id)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  std::lock_guard lock(core_.world->mutex);
  core_.world->forget_old_lobbies();
  const auto coded = core_.world->codes.find(id);
  const auto found =
      core_.world->lobbies.find(coded == core_.world->codes.end() ? id : coded->second);
  if (found == core_.world->lobbies.end()) return kNotFound;
  return core_.world->seen(found->second);
}

void MemoryLobbies::locate(const std::string& id_or_code, Answer<Located> answer) {
  core_.give(answer, locate_now(id_or_code));
}

void MemoryLobbies::browse(const Browse& wish, Answer<Page> answer) {
  std::vector<Located> all;
  {
    std::lock_guard lock(core_.world->mutex);
    for (const auto& [id, record] : core_.world->lobbies) all.push_back(core_.world->seen(record));
  }
  std::sort(all.begin(), all.end(), created_before);
  const std::size_t limit = std::clamp<std::size_t>(wish.limit, 1, kMaxPage);
  Page page;
  std::size_t at = wish.from;
  for (; at < all.size() && page.lobbies.size() < limit; ++at)
    if (all[at].alive && wanted(wish, all[at].listing)) page.lobbies.push_back(std::move(all[at]));
  page.next = at < all.size() ? at : 0;
  core_.give<Page>(answer, std::move(page));
}

void MemoryLobbies::find(const Search& search, Answer<SeatHold> answer) {
  base::Result<SeatHold> found = kNotFound;
  {
    std::lock_guard lock(core_.world->mutex);
    if (auto* record = core_.world->find_lobby(search)) {
      const std::string hold = base::secure_id();
      record->holds[hold] = {Clock::now() + core_.world->timing.seat_hold, search.seats};
      found = SeatHold{core_.world->seen(*record), hold};
    }
  }
  core_.give(answer, std::move(found));
}

void MemoryLobbies::release(const std::string& lobby, const std::string& hold) {
  std::lock_guard lock(core_.world->mutex);
  const auto found = core_.world->lobbies.find(lobby);
  if (found != core_.world->lobbies.end()) found->second.holds.erase(hold);
}

void MemoryLobbies::orphans(std::size_t limit, Answer<std::vector<Located>> answer) {
  std::vector<Located> found;
  {
    std::lock_guard lock(core_.world->mutex);
    core_.world->forget_old_lobbies();
    for (const auto& [id, record] : core_.world->lobbies)
      if (found.size() < std::min(limit, kMaxPage) && !core_.world->nodes.contains(record.owner))
        found.push_back(core_.world->seen(record));
  }
  core_.give<std::vector<Located>>(answer, std::move(found));
}

base::Result<Located> MemoryLobbies::take_now(const std::string& lobby) {
  std::lock_guard lock(core_.world->mutex);
  core_.world->forget_old_lobbies();
  const auto found = core_.world->lobbies.find(lobby);
  if (found == core_.world->lobbies.end()) return kNotFound;
  auto& record = found->second;
  if (core_.world->nodes.contains(record.owner) || !core_.world->nodes.contains(core_.holder))
    return base::Error{"conflict", "The lobby has an owner."};
  record.owner = core_.holder;
  record.forget_at = WorldTime::max();
  record.holds.clear();
  record.located.node = core_.node_id;
  ++record.located.fence;
  return core_.world->seen(record);
}

void MemoryLobbies::take_over(const std::string& lobby, Answer<Located> answer) {
  core_.give(answer, take_now(lobby));
}

void MemorySnapshots::write(const std::string& lobby, std::uint64_t fence, std::string bytes) {
  std::lock_guard lock(core_.world->mutex);
  const auto found = core_.world->lobbies.find(lobby);
  if (bytes.size() > kMaxSnapshot || found == core_.world->lobbies.end()) {
    ++core_.gauge.snapshots_dropped;
    return;
  }
  auto& record = found->second;
  if (record.snapshot.fence > fence) return;
  record.snapshot = {fence, std::move(bytes)};
  record.snapshot_until = Clock::now() + core_.world->timing.snapshot_life;
}

void MemorySnapshots::read(const std::string& lobby, Answer<Snapshot> answer) {
  base::Result<Snapshot> found = base::Error{"not_found", "There is no snapshot of this lobby."};
  {
    std::lock_guard lock(core_.world->mutex);
    const auto record = core_.world->lobbies.find(lobby);
    if (record != core_.world->lobbies.end() && record->second.snapshot.fence != 0 &&
        record->second.snapshot_until > Clock::now())
      found = record->second.snapshot;
  }
  core_.give(answer, std::move(found));
}

void MemorySnapshots::remove(const std::string& lobby) {
  std::lock_guard lock(core_.world->mutex);
  const auto record = core_.world->lobbies.find(lobby);
  if (record != core_.world->lobbies.end()) record->second.snapshot = {};
}

}  // namespace cluster
