#pragma once

// The Lua of parties; see redis_scripts.h. Every one is given the party's code and Timing::
// party_life first, and answers {code, leader, ticket, {player, node, skill, id, name, ...}}, or
// nil when there is no such party.

namespace cluster {

extern const char* const kPartyPrelude;
extern const char* const kPartyCreate;
extern const char* const kPartyJoin;
extern const char* const kPartyLeave;
extern const char* const kPartyWait;
extern const char* const kPartyLook;

}  // namespace cluster
