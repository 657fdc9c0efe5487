#pragma once

// A lobby as staff see it (O5): who sits where, and the match from above with nothing hidden.

#include <string>

namespace lobby {

class Lobby;

// As JSON text. On the lobby's shard; about 20 kB with walls, and 10 us.
//   {"seats":[{slot,id,name,bot,connected,account}...],   account: null = none
//    "match":null | {"tick","map","phase","red","blue",
//       "players":{id:{...as in game:state, nothing hidden}},
//       "projectiles":[{id,type,position,velocity}...],"smokeZones":[...],"walls":{...}}}
std::string top_view(const Lobby& lobby);

}  // namespace lobby
