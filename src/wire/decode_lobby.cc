#include "wire/decode.h"

namespace wire {
namespace {

using json::Value;

constexpr std::size_t kIdLimit = 64;
constexpr std::size_t kModeLimit = 32;
constexpr std::size_t kLobbyNameLimit = 32;
constexpr std::size_t kPasswordLimit = 64;
constexpr std::size_t kOptionLimit = 80;
constexpr std::size_t kChatLimit = 200;  // S6
constexpr std::size_t kReasonLimit = 64;
constexpr std::size_t kNoteLimit = 500;
constexpr std::size_t kTokenLimit = 4096;
constexpr std::size_t kMaxRegions = 8;  // of a queue:join
constexpr int kMaxBots = sim::kMaxPlayers - 1;

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_mode_char(char c) { return is_word_char(c) && !(c >= 'A' && c <= 'Z'); }

bool mode(Value& value, std::string& out) {
  return json::word(value, kModeLimit, is_mode_char, out) && !out.empty();
}

// An id as typed or pasted: blanks around it removed, something left.
bool id(Value& value, std::string& out) {
  if (!json::text(value, kIdLimit, out)) return false;
  out = std::string(trimmed(out));
  return !out.empty();
}

// Visits the members that are not null; for those an absent or null one means "not given".
template <class Visit>
bool each_given(Value& value, Visit&& visit) {
  return json::each_member(value, [&](std::string_view name, Value& member) {
    return json::is_null(member) || visit(name, member);
  });
}

bool player_name(Value& value, std::string& out) {
  std::string_view text;
  if (!json::view(value, text)) return false;
  out = clean_name(text, kPlayerNameLimit);
  return true;
}

}  // namespace

// A bare password or {password}; either way the answer is `authenticated`, so nothing is kept
// (contract 2.1).
bool decode_authenticate(Value& value) {
  std::string_view ignored;
  if (json::view(value, ignored)) return true;
  return each_given(value, [&](std::string_view name, Value& member) {
    return name != "password" || json::view(member, ignored);
  });
}

bool decode_time_sync(Value& value, TimeSync& out) { return json::number(value, out.client_time); }

bool decode_find_match(Value& value, FindMatch& out) {
  return each_given(value, [&](std::string_view name, Value& member) {
    if (name == "gameMode") return mode(member, out.mode);
    if (name == "isPrivate") return json::boolean(member, out.is_private);
    if (name == "region") return json::word(member, kModeLimit, is_mode_char, out.region);
    if (name == "party") return json::word(member, kIdLimit, is_word_char, out.party);
    if (name == "bots") return json::clamped(member, 0, kMaxBots, out.bots);
    return name != "playerName" || player_name(member, out.player_name);
  });
}

bool decode_options(Value& value, LobbyOptions& out) {
  return each_given(value, [&](std::string_view name, Value& member) {
    if (name == "gameMode") return mode(member, out.mode.emplace());
    if (name == "password") return json::text(member, kPasswordLimit, out.password.emplace());
    if (name == "maxPlayers")
      return json::clamped(member, 2, sim::kMaxPlayers, out.max_players.emplace());
    if (name == "map" || name == "mapName")
      return json::word(member, kIdLimit, is_word_char, out.map.emplace());
    if (name == "name") return json::text(member, kLobbyNameLimit, out.name.emplace());
    if (name == "killLimit") return json::clamped(member, 1, 500, out.kill_limit.emplace());
    if (name == "timeLimit") return json::clamped(member, 0, 7200, out.time_limit_s.emplace());
    if (name == "friendlyFire") return json::boolean(member, out.friendly_fire.emplace());
    if (name == "bots") return json::clamped(member, 0, kMaxBots, out.bots.emplace());
    if (name == "playerName") return player_name(member, out.player_name);
    return true;
  });
}

bool decode_join_lobby(Value& value, JoinLobby& out) {
  bool has_id = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name == "lobbyId") return has_id = id(member, out.lobby_id);
                      if (name == "password")
                        return json::text(member, kPasswordLimit, out.password);
                      if (name == "playerName") return player_name(member, out.player_name);
                      return true;
                    }) &&
         has_id;
}

bool decode_list_filter(Value& value, ListFilter& out) {
  out.has_filter = true;
  return each_given(value, [&](std::string_view name, Value& member) {
    if (name == "showPrivate") return json::boolean(member, out.show_private);
    if (name == "showFull") return json::boolean(member, out.show_full);
    if (name == "showInProgress") return json::boolean(member, out.show_in_progress);
    if (name == "gameMode") return json::word(member, kModeLimit, is_mode_char, out.mode);
    return true;
  });
}

bool decode_target(Value& value, PlayerTarget& out) {
  bool has_id = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      return name != "playerId" || (has_id = id(member, out.player_id));
                    }) &&
         has_id;
}

bool decode_account_link(Value& value, AccountLink& out) {
  const bool read = each_given(value, [&](std::string_view name, Value& member) {
    return name != "token" || json::text(member, kTokenLimit, out.token);
  });
  return read && !out.token.empty();
}

bool decode_vote(Value& value, VoteCast& out) {
  bool has_option = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name != "option") return true;
                      return has_option = json::text(member, kOptionLimit, out.option) &&
                                          !out.option.empty();
                    }) &&
         has_option;
}

bool decode_chat(Value& value, Chat& out) {
  const auto channel = [&](Value& member) {
    std::string_view text;
    if (!json::view(member, text)) return false;
    out.channel = text == "team" ? Chat::Channel::team : Chat::Channel::lobby;
    return text == "team" || text == "lobby";
  };
  bool has_text = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name == "channel") return channel(member);
                      if (name != "text") return true;
                      if (!json::text(member, kChatLimit, out.text)) return false;
                      out.text = std::string(trimmed(out.text));
                      return has_text = !out.text.empty();
                    }) &&
         has_text;
}

bool decode_report(Value& value, Report& out) {
  bool has_target = false;
  bool has_reason = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name == "targetId") return has_target = id(member, out.target_id);
                      if (name == "note") return json::text(member, kNoteLimit, out.note);
                      if (name != "reason") return true;
                      return has_reason = json::text(member, kReasonLimit, out.reason) &&
                                          !out.reason.empty();
                    }) &&
         has_target && has_reason;
}

bool decode_queue_join(Value& value, QueueJoin& out) {
  const auto region = [](Value& element, std::string& name) {
    return json::word(element, kModeLimit, is_mode_char, name);
  };
  return each_given(value, [&](std::string_view name, Value& member) {
    if (name == "gameMode") return mode(member, out.mode);
    if (name == "region") return region(member, out.region);
    if (name == "party") return json::word(member, kIdLimit, is_word_char, out.party);
    if (name == "pass") return json::word(member, kIdLimit, is_word_char, out.pass);
    if (name == "playerName") return player_name(member, out.player_name);
    if (name != "regions") return true;
    out.regions.clear();
    return json::each_element(member, [&](Value& element) {
      return out.regions.size() < kMaxRegions && region(element, out.regions.emplace_back()) &&
             !out.regions.back().empty();
    });
  });
}

bool decode_party_create(Value& value, PartyCreate& out) {
  return each_given(value, [&](std::string_view name, Value& member) {
    return name != "playerName" || player_name(member, out.player_name);
  });
}

bool decode_party_join(Value& value, PartyJoin& out) {
  bool has_code = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name == "code") return has_code = id(member, out.code);
                      if (name == "pass")
                        return json::word(member, kIdLimit, is_word_char, out.pass);
                      return name != "playerName" || player_name(member, out.player_name);
                    }) &&
         has_code;
}

bool decode_force_start(Value& value, ForceStart& out) {
  bool has_id = false;
  return each_given(value,
                    [&](std::string_view name, Value& member) {
                      if (name == "lobbyId") return has_id = id(member, out.lobby_id);
                      return name != "reason" || json::text(member, kReasonLimit, out.reason);
                    }) &&
         has_id;
}

bool decode_force_create(Value& value, ForceCreate& out) {
  return each_given(value, [&](std::string_view name, Value& member) {
    if (name == "gameMode") return mode(member, out.mode);
    return name != "reason" || json::text(member, kReasonLimit, out.reason);
  });
}

}  // namespace wire
