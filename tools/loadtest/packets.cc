#include "loadtest/packets.h"

#include <cmath>

#include "base/json_writer.h"

namespace loadtest {
namespace {

// 42["name",{ ... }]
class EventPacket {
 public:
  EventPacket(std::string& out, std::string_view name) : out_(out), json_(out) {
    out_ += "42";
    json_.begin_array().text(name).begin_object();
  }
  ~EventPacket() { json_.end_object().end_array(); }
  EventPacket(const EventPacket&) = delete;
  EventPacket& operator=(const EventPacket&) = delete;

  base::JsonWriter& operator*() { return json_; }

 private:
  std::string& out_;
  base::JsonWriter json_;
};

template <std::size_t N>
void append_point(base::JsonWriter& json, const char (&key)[N], double x, double y) {
  json.key(key).begin_object().member("x", x, 2).member("y", y, 2).end_object();
}

}  // namespace

void append_connect(std::string& out, std::string_view token, std::string_view pid) {
  out += "40";
  if (token.empty() && pid.empty()) return;
  base::JsonWriter json(out);
  json.begin_object();
  if (!token.empty()) json.member("token", token);
  if (!pid.empty()) json.member("pid", pid);
  json.end_object();
}

void append_time_sync(std::string& out, std::int64_t now_ms) {
  out += "42[\"time:sync\"," + std::to_string(now_ms) + "]";
}

void append_client_ready(std::string& out, std::int64_t now_ms) {
  EventPacket packet(out, "client:ready");
  (*packet).member("timestamp", now_ms).member("userAgent", "trespasser-loadtest");
}

void append_find_match(std::string& out) {
  EventPacket packet(out, "find_match");
  (*packet).member("gameMode", "deathmatch").member("isPrivate", false).member("quickJoin", true);
}

void append_queue_join(std::string& out) {
  EventPacket packet(out, "queue:join");
  (*packet).member("gameMode", "deathmatch");
}

void append_create_lobby(std::string& out, int size, int kill_limit, int time_limit_s) {
  EventPacket packet(out, "create_private_lobby");
  (*packet).member("gameMode", "deathmatch").member("password", "").member("maxPlayers", size);
  if (kill_limit > 0) (*packet).member("killLimit", kill_limit);
  if (time_limit_s > 0) (*packet).member("timeLimit", time_limit_s);
}

void append_join_lobby(std::string& out, std::string_view code) {
  EventPacket packet(out, "join_lobby");
  (*packet).member("lobbyId", code);
}

void append_chat(std::string& out, std::string_view text) {
  EventPacket packet(out, "chat:message");
  (*packet).member("text", text).member("channel", "lobby");
}

void append_vote(std::string& out, std::string_view option) {
  EventPacket packet(out, "vote_cast");
  (*packet).member("option", option);
}

void append_player_join(std::string& out, std::string_view weapon, bool red, std::uint64_t number,
                        std::int64_t now_ms) {
  EventPacket packet(out, "player:join");
  (*packet).key("loadout").begin_object().member("primary", weapon).member("secondary", "pistol");
  (*packet).key("support").begin_array().text("grenade").text("smokegrenade").end_array();
  (*packet).member("team", red ? "red" : "blue").end_object();
  (*packet).member("playerName", "Player" + std::to_string(number)).member("timestamp", now_ms);
}

void append_input(std::string& out, const Controls& c, std::uint64_t sequence,
                  std::int64_t now_ms) {
  EventPacket packet(out, "player:input");
  base::JsonWriter& json = *packet;
  json.key("keys").begin_object();
  json.member("1", false).member("2", false).member("3", false).member("4", false);
  json.member("w", c.w).member("a", c.a).member("s", c.s).member("d", c.d);
  json.member("shift", c.shift)
      .member("ctrl", c.ctrl)
      .member("r", false)
      .member("g", false)
      .end_object();
  json.key("mouse").begin_object().member("x", c.mouse_x).member("y", c.mouse_y);
  json.member("buttons", c.firing ? 1 : 0)
      .member("leftPressed", false)
      .member("rightPressed", false);
  json.member("leftReleased", false).member("rightReleased", false).end_object();
  json.member("sequence", sequence).member("timestamp", now_ms);
}

void append_fire(std::string& out, std::string_view weapon, const Controls& c, Spot from,
                 std::uint64_t sequence, std::int64_t now_ms) {
  EventPacket packet(out, "weapon:fire");
  base::JsonWriter& json = *packet;
  json.member("weaponType", weapon);
  append_point(json, "position", from.x, from.y);
  append_point(json, "targetPosition", c.mouse_x, c.mouse_y);
  json.member("direction", std::atan2(c.mouse_y - from.y, c.mouse_x - from.x), 6)
      .member("isADS", false);
  json.member("timestamp", now_ms).member("sequence", sequence);
  if (weapon == "shotgun") json.member("pelletCount", 8);
  if (weapon == "grenade") json.member("chargeLevel", 3);
}

void append_reload(std::string& out, std::string_view weapon, std::int64_t now_ms) {
  EventPacket packet(out, "weapon:reload");
  (*packet).member("weaponType", weapon).member("timestamp", now_ms);
}

void append_switch(std::string& out, std::string_view weapon, std::int64_t now_ms) {
  EventPacket packet(out, "weapon:switch");
  (*packet).member("toWeapon", weapon).member("timestamp", now_ms);
}

void append_sights(std::string& out, bool on, std::int64_t now_ms) {
  EventPacket packet(out, "ads:toggle");
  (*packet).member("isADS", on).member("timestamp", now_ms);
}

void append_bare(std::string& out, std::string_view event) {
  out += "42[\"";
  out += event;
  out += "\"]";
}

std::string_view event_name(std::string_view packet) {
  if (!packet.starts_with("42")) return {};
  packet.remove_prefix(2);
  while (!packet.empty() && packet.front() >= '0' && packet.front() <= '9') packet.remove_prefix(1);
  if (!packet.starts_with("[\"")) return {};
  packet.remove_prefix(2);
  const std::size_t end = packet.find('"');
  return end == std::string_view::npos ? std::string_view() : packet.substr(0, end);
}

std::string_view text_field(std::string_view packet, std::string_view key) {
  for (std::size_t at = packet.find(key); at != std::string_view::npos;
       at = packet.find(key, at + 1)) {
    const std::string_view rest = packet.substr(at + key.size());
    if (at == 0 || packet[at - 1] != '"' || !rest.starts_with("\":\"")) continue;
    const std::size_t end = rest.find('"', 3);
    return end == std::string_view::npos ? std::string_view() : rest.substr(3, end - 3);
  }
  return {};
}

std::vector<std::string_view> list_field(std::string_view packet, std::string_view key) {
  std::vector<std::string_view> texts;
  std::string opening = "\"";
  opening += key;
  opening += "\":[";
  const std::size_t at = packet.find(opening);
  if (at == std::string_view::npos) return texts;
  std::string_view rest = packet.substr(at + opening.size());
  while (rest.starts_with('"')) {
    const std::size_t end = rest.find('"', 1);
    if (end == std::string_view::npos) break;
    texts.push_back(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    if (rest.starts_with(',')) rest.remove_prefix(1);
  }
  return texts;
}

}  // namespace loadtest
