#pragma once

// What a lobby asks of those who watch over its people (S4, S6, S7). How they judge, and what they
// keep, is not its business.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/types.h"
#include "store/match_result.h"

namespace lobby {

// A line of chat as it was typed.
struct Said {
  std::string lobby_id;
  std::string match_id;    // "" = no match was played yet
  std::string account_id;  // "" = a guest
  std::string name;
  std::string text;
  bool team_only = false;
  bool masked = false;  // the others saw stars in it
  store::Time at{};
};

// Somebody reports somebody of his match, this one or the last.
struct Accusation {
  struct Person {
    std::string account_id;  // "" = a guest
    std::string player_id;   // on the wire
    std::string name;
    std::string address;
  };
  Person reporter;
  std::string party;  // of the reporter; "" = alone
  Person target;
  std::string lobby_id;
  std::string match_id;
  sim::Tick tick = 0;  // of the match's replay
  std::string reason;
  std::string note;
};

struct Judgement {
  std::string refusal;  // words for the reporter; "" = the report was taken
  bool banned = false;  // and made a ban
};

// A detector is sure of something about a person of the running match (S4).
struct Suspect {
  Accusation::Person person;
  std::string lobby_id;
  std::string match_id;
  sim::Tick tick = 0;  // of the match's replay
  std::string kind;    // anticheat::name_of
  std::uint32_t found = 1;
  double score = 0.0;
  std::string evidence;  // JSON: what was measured, and the threshold
};

// One a node; any thread. Nothing here waits.
class Moderator {
 public:
  virtual ~Moderator() = default;

  // What others may see of a text; true when something was hidden.
  virtual bool mask(std::string_view text, std::string& shown) = 0;
  virtual bool may_be_called(std::string_view name) = 0;
  virtual void said(Said line) = 0;
  virtual void suspect(Suspect suspect) = 0;
  // `done` is called once, on any thread.
  virtual void accuse(Accusation accusation, std::function<void(const Judgement&)> done) = 0;
};

}  // namespace lobby
