#pragma once

// Friends who look for a match together, each possibly on another node (C3). A party is as short
// lived as its people: a member who is not named again for Timing::party_life is out, and the party
// of nobody is gone.

#include <functional>
#include <string>
#include <vector>

#include "cluster/answer.h"

namespace cluster {

// Texts of at most 128 bytes without line ends.
struct PartyMember {
  std::string player;  // as in Ticket::players; a secret of guests
  std::string id;      // by which the others know the player
  std::string name;
  double skill = 0;  // rating points
  std::string node;  // id of the node the player is on
  friend bool operator==(const PartyMember&, const PartyMember&) = default;
};

struct Party {
  std::string code;
  std::string leader;                // player
  std::vector<PartyMember> members;  // in the order in which they came
  std::string ticket;                // they wait with it; "" = they do not
  friend bool operator==(const Party&, const Party&) = default;
};

// Thread safe.
class Parties {
 public:
  virtual ~Parties() = default;

  // `code` is of the caller's making, unguessable. Errors: conflict when there is such a party,
  // invalid.
  virtual void create(const std::string& code, const PartyMember& founder,
                      Answer<Party> answer) = 0;
  // A member who is named again is kept for another Timing::party_life, under the new name and at
  // the new node. Errors: not_found; conflict when the party is full or waits for a match; invalid.
  virtual void join(const std::string& code, const PartyMember& member, Answer<Party> answer) = 0;
  // The party waits for nothing any more; the eldest member leads from now on if it was the leader.
  // No error when there is no such member. The answer is who is left.
  virtual void leave(const std::string& code, const std::string& player, Answer<Party> answer) = 0;
  // The party waits with this ticket; "" = no longer. Errors: not_found; conflict when `player`
  // does not lead it.
  virtual void wait_with(const std::string& code, const std::string& player,
                         const std::string& ticket, Answer<Party> answer) = 0;
  // Error: not_found.
  virtual void look(const std::string& code, Answer<Party> answer) = 0;

  // A party with a member on this node has changed; also told to the node that changed it. Called
  // on the cluster's thread; news may be lost, so look() now and then. Set before start().
  virtual void on_changed(std::function<void(const std::string& code)> listener) = 0;
};

}  // namespace cluster
