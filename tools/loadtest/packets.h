#pragma once

// What the shipped client sends, as Socket.IO packets (wire contract 3), and the little of the
// server's answers that a load client has to understand.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/look.h"

namespace loadtest {

struct Controls {
  bool w = false, a = false, s = false, d = false;
  bool shift = false, ctrl = false;
  int mouse_x = 240;
  int mouse_y = 135;
  bool firing = false;
};

// Each appends one packet. `now_ms` is milliseconds since the epoch.

// The CONNECT of the namespace: bare for a guest, with an access token, and with the private id of
// the connection before to be the same player again. Each may be "".
void append_connect(std::string& out, std::string_view token, std::string_view pid);
void append_time_sync(std::string& out, std::int64_t now_ms);
void append_client_ready(std::string& out, std::int64_t now_ms);
void append_find_match(std::string& out);
void append_queue_join(std::string& out);
// Limits 0 = the server's.
void append_create_lobby(std::string& out, int size, int kill_limit, int time_limit_s);
void append_join_lobby(std::string& out, std::string_view code);
void append_chat(std::string& out, std::string_view text);
void append_vote(std::string& out, std::string_view option);
void append_player_join(std::string& out, std::string_view weapon, bool red, std::uint64_t number,
                        std::int64_t now_ms);
void append_input(std::string& out, const Controls& controls, std::uint64_t sequence,
                  std::int64_t now_ms);
// From where the player stands, or believes to; the server takes its own.
void append_fire(std::string& out, std::string_view weapon, const Controls& controls, Spot from,
                 std::uint64_t sequence, std::int64_t now_ms);
void append_switch(std::string& out, std::string_view weapon, std::int64_t now_ms);
void append_sights(std::string& out, bool on, std::int64_t now_ms);
void append_reload(std::string& out, std::string_view weapon, std::int64_t now_ms);
// An event without arguments, such as player:respawn.
void append_bare(std::string& out, std::string_view event);

// The name of an event packet of the default namespace ("42[\"name\",...", with or without an ack
// id); "" for others.
std::string_view event_name(std::string_view packet);
// The text value of the first "key":"..." in a packet, as written; "" when there is none.
std::string_view text_field(std::string_view packet, std::string_view key);
// The texts of the first "key":["...","..."] in a packet, as written.
std::vector<std::string_view> list_field(std::string_view packet, std::string_view key);

}  // namespace loadtest
