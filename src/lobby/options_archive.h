#pragma once

// The fields of LobbyOptions as bytes, in one list for saves and for messages between nodes: an
// archive as in base/bytes.h.

#include <cstddef>

#include "lobby/types.h"

namespace lobby {

// `longest` bounds each text, in bytes.
template <class Archive>
void archive_options(Archive& a, LobbyOptions& options, std::size_t longest) {
  a.text(options.mode, longest);
  a.text(options.map, longest);
  a.text(options.password, longest);
  a.value(options.is_private);
  a.value(options.max_players);
  a.value(options.kill_limit);
  a.value(options.time_limit_s);
  a.value(options.friendly_fire);
  a.value(options.bots);
}

}  // namespace lobby
