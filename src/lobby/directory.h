#pragma once

// All lobbies of this node, for matchmaking, the browser and the entry by code. The only thing that
// the shards of a node share; a mutex guards it, and no tick touches it: it is asked when a player
// looks for a lobby and told when the count or the status of one changes.

#include <cstdint>
#include <map>
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

class Directory {
 public:
  // Bounds of this node (L1).
  Directory(std::uint32_t max_lobbies, std::uint32_t max_players, ShardIndex shards);

  struct Place {
    LobbyNumber lobby = 0;
    ShardIndex shard = 0;
    bool create =
        false;  // the lobby does not exist yet: the shard makes it with this number and id
    bool by_invite = false;
    std::string id;
    std::string invite_code;
    std::uint64_t fence = 1;  // which owner of the lobby this node is (cluster/lobbies.h)
  };

  // A place in the fullest public lobby of the mode that still waits, else in one that plays, else
  // in a new one on `home` (or a clearly emptier shard). The place is held until settle(). `avoid`
  // is not offered.
  base::Result<Place> quick_play(const LobbyOptions& options, ShardIndex home, LobbyNumber avoid);

  // A place in the lobby with this id or invite code, upper or lower case.
  base::Result<Place> by_code(std::string_view code);

  // A new private lobby.
  base::Result<Place> create(const LobbyOptions& options, ShardIndex home);

  // A place for a lobby of another node that has died, under its old id and code; nobody's place in
  // it is held. "conflict" when that lobby is here already.
  base::Result<Place> adopt(const std::string& id, const std::string& invite_code, ShardIndex home);

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
    std::uint8_t held = 0;  // places promised, player on the way
  };

  bool full_up() const;
  Place open(Record record, ShardIndex home);
  base::Result<Place> make(const LobbyOptions& options, ShardIndex home);
  ShardIndex pick_shard(ShardIndex home) const;
  static Place place_of(const Record& record);

  const std::uint32_t max_lobbies_;
  const std::uint32_t max_players_;
  mutable std::mutex mutex_;
  LobbyNumber next_ = 1;
  std::map<LobbyNumber, Record> records_;  // in creation order
  std::unordered_map<std::string, LobbyNumber> by_code_;
  std::vector<std::uint32_t> per_shard_;
  std::uint32_t players_ = 0;  // seated and on the way
  bool draining_ = false;
};

// Status as the browser prints it: waiting, playing, finished (wire contract 4.2).
std::string_view browser_status(Status status);

}  // namespace lobby
