#pragma once

// All lobbies of this node, for matchmaking, the browser and the entry by code. The only thing that
// the shards of a node share; a mutex guards it, and no tick touches it: it is asked when a player
// looks for a lobby and told when the count or the status of one changes.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "lobby/types.h"

namespace lobby {

struct DirectoryEntry {
  LobbyNumber number = 0;
  ShardIndex shard = 0;
  std::string id;           // Crockford base32, >= 64 random bits (L2)
  std::string invite_code;  // private lobbies; "" otherwise
  std::string mode;
  std::string map;
  bool queued = false;  // the queue fills it: not shown, and entered by its reservations alone
  bool is_private = false;
  bool has_password = false;
  Status status = Status::waiting;
  std::uint8_t players = 0;  // people seated
  std::uint8_t bots = 0;
  std::uint8_t max_players = 8;
  std::int64_t created_ms = 0;
  std::int64_t active_ms = 0;
};

struct BrowserFilter {
  bool given = false;  // no filter object: hide private, full, finished (rules 10.4)
  bool show_private = false;
  bool show_full = false;
  bool show_in_progress = false;
  std::string mode;  // "" = any
};

struct DirectoryCounts {
  std::uint32_t lobbies = 0;
  std::uint32_t players = 0;
  std::uint32_t waiting = 0;
  std::uint32_t playing = 0;
  std::uint32_t finished = 0;
};

// Seats that the queue keeps in a lobby.
struct Reservation {
  std::string lobby;  // id
  std::string door;   // a code that leads by_code() to one of the seats; a secret
};

// Free seats in a lobby of the queue.
struct Vacancy {
  std::string lobby;  // id
  std::string mode;
  std::uint8_t seats = 0;
  double skill = 0;  // as reserve() was told
};

class Directory {
 public:
  // Bounds of this node (L1). `first` is the number before the first lobby's.
  Directory(std::uint32_t max_lobbies, std::uint32_t max_players, ShardIndex shards,
            LobbyNumber first = 0);

  // Told of every lobby that is new, has changed or is gone, in order; must not wait nor ask the
  // directory. Set before any shard runs.
  struct Watcher {
    std::function<void(const DirectoryEntry&)> changed;
    std::function<void(const std::string& id)> gone;
  };
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

  struct Place {
    LobbyNumber lobby = 0;
    ShardIndex shard = 0;
    bool create =
        false;  // the lobby does not exist yet: the shard makes it with this number and id
    bool by_invite = false;
    std::string id;
    std::string invite_code;
    // Of the lobby to make; null = what the player asked for.
    std::shared_ptr<const LobbyOptions> options = nullptr;
    std::uint64_t fence = 1;  // which owner of the lobby this node is (cluster/lobbies.h)
  };

  // A place in the fullest public lobby of the mode that still waits, else in one that plays, else
  // in a new one on `home` (or a clearly emptier shard). The place is held until settle(). `avoid`
  // is not offered.
  base::Result<Place> quick_play(const LobbyOptions& options, ShardIndex home, LobbyNumber avoid);
  // The same without making one. Errors: not_found, unavailable.
  base::Result<Place> find(const LobbyOptions& options, LobbyNumber avoid);

  // A place in the lobby with this id or invite code, upper or lower case.
  base::Result<Place> by_code(std::string_view code);

  // A new private lobby.
  base::Result<Place> create(const LobbyOptions& options, ShardIndex home);

  // A place for a lobby of another node that has died, under its old id and code; nobody's place in
  // it is held. "conflict" when that lobby is here already.
  // `queue`: of a lobby of the queue, what it was made with.
  base::Result<Place> adopt(const std::string& id, const std::string& invite_code, ShardIndex home,
                            std::shared_ptr<const LobbyOptions> queue = nullptr);

  // For the queue (reservations.cc). A new lobby, made by the first of its players who comes; seats
  // in one that is there; what nobody has come for is free again, at most `most` of them (the
  // answer: how many). Errors: unavailable, not_found, conflict.
  base::Result<Reservation> reserve(const LobbyOptions& options, ShardIndex home,
                                    std::uint8_t seats, double skill);
  base::Result<Reservation> reserve_in(const std::string& lobby, std::uint8_t seats);
  std::uint32_t release(const std::string& door, std::uint8_t most = 255);
  std::vector<Vacancy> vacancies() const;
  std::size_t room() const;  // new lobbies of eight that this node could take now

  // The lobby of this id, if it is here; holds nothing.
  std::optional<Place> where(const std::string& id) const;

  // This node will stop: no new lobbies and no quick play from now on (C5).
  void drain();

  // The shard reports what became of a held place, with the lobby as it is now; an entry with
  // status closed is removed.
  void settle(LobbyNumber lobby);
  void update(const DirectoryEntry& entry);
  void remove(LobbyNumber lobby);

  // What the browser shows, the first `most` of them: 200 are about 40 kB on the wire.
  std::vector<DirectoryEntry> list(const BrowserFilter& filter, std::size_t most = 200) const;
  std::vector<DirectoryEntry> all() const;     // for debugging pages: copies everything
  std::string id_of(LobbyNumber lobby) const;  // "" when there is none
  DirectoryCounts counts() const;
  std::uint32_t max_players() const { return max_players_; }

 private:
  struct Record {
    DirectoryEntry entry;
    std::uint8_t held = 0;                                // places promised, player on the way
    std::shared_ptr<const LobbyOptions> queue = nullptr;  // of a lobby of the queue
    double skill = 0;
    bool made = false;  // its shard has spoken of it
  };

  bool full_up() const;
  Record* best_of(const LobbyOptions& options, LobbyNumber avoid);
  Place hold(Record& record);
  Place open(Record record, ShardIndex home);
  base::Result<Place> make(const LobbyOptions& options, ShardIndex home, bool queued = false);
  ShardIndex pick_shard(ShardIndex home) const;
  static Place place_of(const Record& record);
  void erase(std::map<LobbyNumber, Record>::iterator record);

  struct Door {
    LobbyNumber lobby = 0;
    std::uint8_t seats = 0;  // reserved, nobody has come for them yet
  };
  Reservation open_door(const Record& record, std::uint8_t seats);
  Place enter(Door& door);
  static std::uint8_t vacant(const Record& record);

  const std::uint32_t max_lobbies_;
  const std::uint32_t max_players_;
  mutable std::mutex mutex_;
  LobbyNumber next_;
  Watcher watcher_;
  std::map<LobbyNumber, Record> records_;  // in creation order
  std::unordered_map<std::string, LobbyNumber> by_code_;
  std::unordered_map<std::string, Door> doors_;
  std::vector<std::uint32_t> per_shard_;
  std::uint32_t players_ = 0;  // seated and on the way
  bool draining_ = false;
};

// What the browser shows of these, the first `most` of them.
std::vector<DirectoryEntry> shown_first(const std::vector<DirectoryEntry>& entries,
                                        const BrowserFilter& filter, std::size_t most = 200);

// Status as the browser prints it: waiting, playing, finished (wire contract 4.2).
std::string_view browser_status(Status status);

}  // namespace lobby
