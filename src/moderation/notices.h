#pragma once

// What all nodes must hear at once about people who are on line (S6): mutes and kicks. (Bans go
// with the ends of login sessions, cluster/sessions.h.)

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "store/mutes.h"

namespace moderation {

struct Kick {
  std::string account_id;     // exactly one of these is set ...
  std::string connection_id;  // ... the player id on the wire
  std::string network;        // ... guests of a network
  std::string reason;
  std::int64_t at_ms = 0;  // wall clock: one that is late does nothing
};

// A notice as bytes for cluster::Channel::notify_all; starts with "moderation".
std::string encode(const Kick& kick);
std::string encode(const store::Mute& mute);  // made or lifted
// Is it a notice of ours?
bool is_notice(std::string_view bytes);
// "invalid" when the bytes are no such notice.
base::Result<Kick> decode_kick(std::string_view bytes);
base::Result<store::Mute> decode_mute(std::string_view bytes);

}  // namespace moderation
