#include "lobby/directory.h"

#include <algorithm>

#include "base/clock.h"
#include "base/random.h"

namespace lobby {
namespace {

bool joinable(const DirectoryEntry& entry, int held) {
  return entry.status != Status::closed && entry.players + held < entry.max_players;
}

// Waiting lobbies first, the fullest of them; then running ones (late join), the emptiest last.
int rank(const DirectoryEntry& entry) {
  const bool waits = entry.status == Status::waiting || entry.status == Status::starting;
  return (waits ? 100 : 0) + entry.players;
}

bool shown(const DirectoryEntry& entry, const BrowserFilter& filter) {
  const std::string_view status = browser_status(entry.status);
  // A private lobby without a password is entered by its invite code alone, so its id is told to
  // nobody.
  if (entry.queued) return false;
  if (entry.is_private && (!filter.show_private || !entry.has_password)) return false;
  if (entry.players >= entry.max_players && !filter.show_full) return false;
  if (!filter.given) return status != "finished";
  if (status == "playing" && !filter.show_in_progress) return false;
  return filter.mode.empty() || entry.mode == filter.mode;
}

// Those that wait first, of them the fullest, of those the oldest.
bool listed_before(const DirectoryEntry* a, const DirectoryEntry* b) {
  const bool a_waits = browser_status(a->status) == "waiting";
  const bool b_waits = browser_status(b->status) == "waiting";
  if (a_waits != b_waits) return a_waits;
  if (a->players != b->players) return a->players > b->players;
  return a->created_ms != b->created_ms ? a->created_ms < b->created_ms : a->number < b->number;
}

// Copied, and put in order, is only what is asked for: all shards may wait for it.
std::vector<DirectoryEntry> first_of(std::vector<const DirectoryEntry*>& found, std::size_t most) {
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(most, found.size()));
  std::partial_sort(found.begin(), end, found.end(), listed_before);
  std::vector<DirectoryEntry> entries;
  entries.reserve(static_cast<std::size_t>(end - found.begin()));
  for (auto entry = found.begin(); entry != end; ++entry) entries.push_back(**entry);
  return entries;
}

// Of a lobby of the queue whose players are not known here; a guest's.
constexpr double kUnknownSkill = 1500;

base::Error capacity() { return {"unavailable", "Server capacity reached"}; }

}  // namespace

std::string_view browser_status(Status status) {
  switch (status) {
    case Status::waiting:
    case Status::starting:
      return "waiting";
    case Status::playing:
      return "playing";
    default:
      return "finished";
  }
}

Directory::Directory(std::uint32_t max_lobbies, std::uint32_t max_players, ShardIndex shards,
                     LobbyNumber first)
    : max_lobbies_(max_lobbies),
      max_players_(max_players),
      next_(first + 1),
      per_shard_(shards, 0) {}

bool Directory::full_up() const { return players_ >= max_players_; }

ShardIndex Directory::pick_shard(ShardIndex home) const {
  const auto emptiest = std::min_element(per_shard_.begin(), per_shard_.end());
  // A lobby near its maker's socket saves a hop; balance wins when the shards differ clearly.
  if (per_shard_[home] <= *emptiest + 2 + *emptiest / 10) return home;
  return static_cast<ShardIndex>(emptiest - per_shard_.begin());
}

Directory::Place Directory::place_of(const Record& record) {
  return {record.entry.number, record.entry.shard,      false, false,
          record.entry.id,     record.entry.invite_code};
}

base::Result<Directory::Place> Directory::make(const LobbyOptions& options, ShardIndex home,
                                               bool queued) {
  if (records_.size() >= max_lobbies_) return capacity();
  Record record;
  record.held = 1;
  DirectoryEntry& entry = record.entry;
  entry.id = base::lobby_code();
  entry.mode = options.mode;
  entry.map = options.map;
  entry.is_private = options.is_private;
  entry.has_password = !options.password.empty();
  entry.queued = queued;
  entry.max_players = options.max_players;
  entry.created_ms = entry.active_ms = base::wall_ms();
  if (options.is_private) entry.invite_code = base::lobby_code();
  ++players_;
  return open(std::move(record), home);
}

Directory::Place Directory::open(Record record, ShardIndex home) {
  DirectoryEntry& entry = record.entry;
  entry.number = next_++;
  entry.shard = pick_shard(home);
  Place place = place_of(record);
  place.create = true;
  by_code_[entry.id] = entry.number;
  if (!entry.invite_code.empty()) by_code_[entry.invite_code] = entry.number;
  ++per_shard_[entry.shard];
  if (watcher_.changed) watcher_.changed(entry);
  records_.emplace(entry.number, std::move(record));
  return place;
}

// Beyond this node's bounds if need be: its players have nowhere else to go.
base::Result<Directory::Place> Directory::adopt(const std::string& id,
                                                const std::string& invite_code, ShardIndex home,
                                                std::shared_ptr<const LobbyOptions> queue) {
  const std::lock_guard lock(mutex_);
  if (by_code_.contains(id)) return base::Error{"conflict", "The lobby is here already"};
  Record record;
  record.entry.id = id;
  record.entry.invite_code = invite_code;
  record.entry.is_private = !invite_code.empty();
  record.entry.queued = queue != nullptr;
  record.queue = std::move(queue);
  record.skill = kUnknownSkill;
  return open(std::move(record), home);
}

Directory::Record* Directory::best_of(const LobbyOptions& options, LobbyNumber avoid) {
  Record* best = nullptr;
  for (auto& [number, record] : records_) {
    const DirectoryEntry& entry = record.entry;
    if (number == avoid || entry.is_private || entry.queued || entry.mode != options.mode) continue;
    if (!joinable(entry, record.held)) continue;
    if (best == nullptr || rank(entry) > rank(best->entry)) best = &record;
  }
  return best;
}

Directory::Place Directory::hold(Record& record) {
  ++record.held;
  ++players_;
  return place_of(record);
}

base::Result<Directory::Place> Directory::quick_play(const LobbyOptions& options, ShardIndex home,
                                                     LobbyNumber avoid) {
  const std::lock_guard lock(mutex_);
  if (draining_ || full_up()) return capacity();
  if (Record* best = best_of(options, avoid)) return hold(*best);
  return make(options, home);
}

base::Result<Directory::Place> Directory::find(const LobbyOptions& options, LobbyNumber avoid) {
  const std::lock_guard lock(mutex_);
  if (draining_ || full_up()) return capacity();
  if (Record* best = best_of(options, avoid)) return hold(*best);
  return base::Error{"not_found", "Lobby not found"};
}

base::Result<Directory::Place> Directory::by_code(std::string_view code) {
  const std::optional<std::string> meant = base::parse_lobby_code(code);
  const std::lock_guard lock(mutex_);
  if (const auto door = meant ? doors_.find(*meant) : doors_.end(); door != doors_.end()) {
    if (door->second.seats > 0) return enter(door->second);
    return base::Error{"conflict", "Lobby is full"};
  }
  const auto found = meant ? by_code_.find(*meant) : by_code_.end();
  if (found == by_code_.end()) return base::Error{"not_found", "Lobby not found"};
  Record& record = records_.at(found->second);
  if (full_up()) return capacity();
  if (record.entry.queued) return base::Error{"conflict", "This lobby is filled by the queue"};
  if (!joinable(record.entry, record.held)) return base::Error{"conflict", "Lobby is full"};
  Place place = hold(record);
  place.by_invite = *meant == record.entry.invite_code;
  return place;
}

base::Result<Directory::Place> Directory::create(const LobbyOptions& options, ShardIndex home) {
  const std::lock_guard lock(mutex_);
  if (draining_ || full_up()) return capacity();
  return make(options, home);
}

std::optional<Directory::Place> Directory::where(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_code_.find(id);
  if (found == by_code_.end()) return std::nullopt;
  const Record& record = records_.at(found->second);
  if (record.entry.id != id) return std::nullopt;
  return place_of(record);
}

void Directory::drain() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

void Directory::settle(LobbyNumber lobby) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(lobby);
  if (found == records_.end() || found->second.held == 0) return;
  --found->second.held;
  --players_;
}

void Directory::update(const DirectoryEntry& entry) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(entry.number);
  if (found == records_.end()) return;
  players_ += entry.players;
  players_ -= found->second.entry.players;
  const bool queued = found->second.entry.queued;
  found->second.entry = entry;
  found->second.entry.queued = queued;
  found->second.made = true;
  if (watcher_.changed) watcher_.changed(found->second.entry);
}

void Directory::remove(LobbyNumber lobby) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(lobby);
  if (found != records_.end()) erase(found);
}

void Directory::erase(std::map<LobbyNumber, Record>::iterator found) {
  const Record& record = found->second;
  players_ -= record.entry.players + record.held;
  --per_shard_[record.entry.shard];
  by_code_.erase(record.entry.id);
  if (!record.entry.invite_code.empty()) by_code_.erase(record.entry.invite_code);
  if (watcher_.gone) watcher_.gone(record.entry.id);
  std::erase_if(doors_, [&](const auto& door) { return door.second.lobby == record.entry.number; });
  records_.erase(found);
}

std::vector<DirectoryEntry> Directory::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<DirectoryEntry> entries;
  entries.reserve(records_.size());
  for (const auto& [number, record] : records_) entries.push_back(record.entry);
  return entries;
}

std::vector<DirectoryEntry> Directory::list(const BrowserFilter& filter, std::size_t most) const {
  std::vector<const DirectoryEntry*> found;
  const std::lock_guard lock(mutex_);
  for (const auto& [number, record] : records_) {
    if (shown(record.entry, filter)) found.push_back(&record.entry);
  }
  return first_of(found, most);
}

std::vector<DirectoryEntry> shown_first(const std::vector<DirectoryEntry>& entries,
                                        const BrowserFilter& filter, std::size_t most) {
  std::vector<const DirectoryEntry*> found;
  for (const DirectoryEntry& entry : entries) {
    if (shown(entry, filter)) found.push_back(&entry);
  }
  return first_of(found, most);
}

std::string Directory::id_of(LobbyNumber lobby) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(lobby);
  return found == records_.end() ? std::string() : found->second.entry.id;
}

DirectoryCounts Directory::counts() const {
  const std::lock_guard lock(mutex_);
  DirectoryCounts counts;
  counts.lobbies = static_cast<std::uint32_t>(records_.size());
  for (const auto& [number, record] : records_) {
    counts.players += record.entry.players;
    const std::string_view status = browser_status(record.entry.status);
    ++(status == "waiting"   ? counts.waiting
       : status == "playing" ? counts.playing
                             : counts.finished);
  }
  return counts;
}

}  // namespace lobby
