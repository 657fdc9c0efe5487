#pragma once

// The directory of the lobbies of all nodes, and who owns each.
//
// A lobby has one owner: the node whose name and fencing number stand in its record. A node owns as
// long as it lives, that is, renews one lease for all its lobbies. When it is dead another node may
// take a lobby over, which raises the fencing number; of several that try, one succeeds. A node
// that was held for dead and comes back is told which lobbies it has lost. Until it has asked, its
// lease has run out by its own clock too, and sure() is false: it may play on (the cluster may be
// away for everyone), but nothing it decides then is final.
//
// After the whole cluster was away nobody takes over for one lease: first all get the time to say
// that they live.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cluster/answer.h"

namespace cluster {

// A lobby as seekers and the browser see it. Texts of at most 64 bytes.
struct Listing {
  std::string id;    // upper case
  std::string code;  // invite code of a private lobby, upper case; "" otherwise
  std::string mode;
  std::string map;
  std::string region;
  std::string status;     // waiting | playing | finished
  bool joinable = false;  // may be offered by find(): public and open to newcomers
  bool is_private = false;
  bool has_password = false;
  std::uint8_t players = 0;
  std::uint8_t bots = 0;
  std::uint8_t max_players = 8;
  std::int64_t created_ms = 0;  // Unix time
  std::int64_t active_ms = 0;
  friend bool operator==(const Listing&, const Listing&) = default;
};

struct Located {
  Listing listing;
  std::string node;         // id of the owning node
  std::uint64_t fence = 0;  // 1 for a new lobby, one more with each owner after
  bool alive = false;       // the owner lives
};

struct Search {
  std::string mode;
  std::vector<std::string> regions;  // the first that has a lobby is taken
  std::string avoid;                 // a lobby that is not wanted; ""
  std::uint8_t seats = 1;
};

struct SeatHold {
  Located lobby;
  std::string hold;  // for release()
};

struct Browse {
  std::string mode = "";  // any
  bool show_private = false;
  bool show_full = false;
  bool show_in_progress = false;  // also playing ones
  bool show_finished = false;     // also those that show results
  std::uint64_t from = 0;         // Page::next of the page before
  std::size_t limit = 50;         // 1..kMaxPage
};

struct Page {
  std::vector<Located> lobbies;  // oldest first; only of nodes that live
  std::uint64_t next = 0;        // where the next page begins; 0 = this was the last one
};

// Thread safe.
class Lobbies {
 public:
  virtual ~Lobbies() = default;

  // Lists a lobby of this node, or changes what is listed. Changes in quick succession are written
  // once. Not written while the cluster is away; then it is written as soon as it is back.
  virtual void publish(const Listing& listing) = 0;
  // The lobby is over.
  virtual void close(const std::string& lobby) = 0;

  // By id or invite code. Also finds a lobby whose owner is dead, with alive = false: it may be
  // taken over. Error: not_found.
  virtual void locate(const std::string& id_or_code, Answer<Located> answer) = 0;

  // A page may repeat or miss a lobby that comes or goes meanwhile. May be empty and not the last.
  virtual void browse(const Browse& wish, Answer<Page> answer) = 0;

  // Waiting lobbies before playing ones, fuller before emptier. The seats are held for
  // Timing::seat_hold: two seekers never get the same one. Error: not_found.
  virtual void find(const Search& search, Answer<SeatHold> answer) = 0;
  // The held seats are taken (the owner has published the new count) or not wanted any more.
  virtual void release(const std::string& lobby, const std::string& hold) = 0;

  // Lobbies of dead nodes that wait for a new owner, at most `limit`.
  virtual void orphans(std::size_t limit, Answer<std::vector<Located>> answer) = 0;
  // Makes this node the owner of a dead node's lobby; the answer has its last listing and the new
  // fencing number. Errors: not_found; conflict when the owner lives (again), which includes that
  // another node was faster, or when the cluster has only just come back.
  virtual void take_over(const std::string& lobby, Answer<Located> answer) = 0;

  // Called on the cluster's thread with the id of a lobby that another node has taken over from
  // this one: stop it, its result is not ours to tell. Set before the first publish.
  virtual void on_lost(std::function<void(const std::string& lobby)> listener) = 0;

  // By this node's own clock nobody can hold it for dead (Timing::gone_after), and it owns all it
  // has published (or has yet to be told otherwise by on_lost, which comes before this turns true
  // again). Any thread; cheap.
  virtual bool sure() const = 0;
};

}  // namespace cluster
