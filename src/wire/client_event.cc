#include "wire/client_event.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/decode.h"
#include "wire/json_reader.h"

namespace wire {
namespace {

struct Name {
  std::string_view text;
  ClientKind kind;
};

// Sorted by name. Aliases are side by side in ClientKind's comments.
constexpr std::array kNames = std::to_array<Name>({
    {"account:link", ClientKind::account_link},
    {"admin:force_create_match", ClientKind::admin_force_create},
    {"admin:force_start_match", ClientKind::admin_force_start},
    {"ads:toggle", ClientKind::ads_toggle},
    {"authenticate", ClientKind::authenticate},
    {"cancel_matchmaking", ClientKind::leave_lobby},
    {"chat:message", ClientKind::chat_message},
    {"client:ready", ClientKind::client_ready},
    {"create_private_lobby", ClientKind::create_private_lobby},
    {"debug:kill_player", ClientKind::debug_kill_player},
    {"debug:requestMatchState", ClientKind::debug_request_match_state},
    {"debug:request_match_state", ClientKind::debug_request_match_state},
    {"debug:triggerMatchEnd", ClientKind::debug_trigger_match_end},
    {"debug:trigger_match_end", ClientKind::debug_trigger_match_end},
    {"find_match", ClientKind::find_match},
    {"force_respawn", ClientKind::force_respawned},
    {"get_lobby_list", ClientKind::get_lobby_list},
    {"join_lobby", ClientKind::join_lobby},
    {"leave_game", ClientKind::leave_lobby},
    {"leave_lobby", ClientKind::leave_lobby},
    {"lobby:host", ClientKind::lobby_host},
    {"lobby:kick", ClientKind::lobby_kick},
    {"lobby:settings", ClientKind::lobby_settings},
    {"lobby:start", ClientKind::lobby_start},
    {"party:create", ClientKind::party_create},
    {"party:join", ClientKind::party_join},
    {"party:leave", ClientKind::party_leave},
    {"party:state", ClientKind::party_state},
    {"player:force_respawned", ClientKind::force_respawned},
    {"player:input", ClientKind::player_input},
    {"player:join", ClientKind::player_join},
    {"player:report", ClientKind::player_report},
    {"player:respawn", ClientKind::player_respawn},
    {"player_respawn", ClientKind::player_respawn},
    {"queue:join", ClientKind::queue_join},
    {"queue:leave", ClientKind::queue_leave},
    {"queue:status", ClientKind::queue_status},
    {"request_game_state", ClientKind::request_game_state},
    {"request_rematch", ClientKind::request_rematch},
    {"request_respawn", ClientKind::player_respawn},
    {"request_spawn_position", ClientKind::request_spawn_position},
    {"respawn", ClientKind::player_respawn},
    {"time:sync", ClientKind::time_sync},
    {"vote_cast", ClientKind::vote_cast},
    {"weapon:fire", ClientKind::weapon_fire},
    {"weapon:reload", ClientKind::weapon_reload},
    {"weapon:switch", ClientKind::weapon_switch},
});
static_assert(std::is_sorted(kNames.begin(), kNames.end(),
                             [](const Name& a, const Name& b) { return a.text < b.text; }));

// Is a first argument needed? Kinds without a body take anything and look at nothing.
enum class Payload : std::uint8_t { none, optional, needed };

Payload payload_of(ClientKind kind) {
  switch (kind) {
    case ClientKind::unknown:
    case ClientKind::client_ready:
    case ClientKind::leave_lobby:
    case ClientKind::request_rematch:
    case ClientKind::lobby_start:
    case ClientKind::queue_status:
    case ClientKind::queue_leave:
    case ClientKind::party_leave:
    case ClientKind::party_state:
    case ClientKind::request_game_state:
    case ClientKind::player_respawn:
    case ClientKind::force_respawned:
    case ClientKind::debug_trigger_match_end:
    case ClientKind::debug_kill_player:
    case ClientKind::debug_request_match_state:
      return Payload::none;
    case ClientKind::authenticate:
    case ClientKind::find_match:
    case ClientKind::create_private_lobby:
    case ClientKind::get_lobby_list:
    case ClientKind::queue_join:
    case ClientKind::party_create:
    case ClientKind::weapon_reload:
    case ClientKind::request_spawn_position:
    case ClientKind::admin_force_create:
      return Payload::optional;
    default:
      return Payload::needed;
  }
}

// Puts an empty body of the kind's type into the event.
void prepare(ClientEvent& out) {
  switch (out.kind) {
    case ClientKind::time_sync:
      out.body.emplace<TimeSync>();
      return;
    case ClientKind::find_match:
      out.body.emplace<FindMatch>();
      return;
    case ClientKind::create_private_lobby:
    case ClientKind::lobby_settings:
      out.body.emplace<LobbyOptions>();
      return;
    case ClientKind::join_lobby:
      out.body.emplace<JoinLobby>();
      return;
    case ClientKind::get_lobby_list:
      out.body.emplace<ListFilter>();
      return;
    case ClientKind::lobby_kick:
    case ClientKind::lobby_host:
      out.body.emplace<PlayerTarget>();
      return;
    case ClientKind::vote_cast:
      out.body.emplace<VoteCast>();
      return;
    case ClientKind::chat_message:
      out.body.emplace<Chat>();
      return;
    case ClientKind::player_report:
      out.body.emplace<Report>();
      return;
    case ClientKind::account_link:
      out.body.emplace<AccountLink>();
      return;
    case ClientKind::player_join:
      out.body.emplace<PlayerJoin>();
      return;
    case ClientKind::request_spawn_position:
      out.body.emplace<SpawnRequest>();
      return;
    case ClientKind::admin_force_start:
      out.body.emplace<ForceStart>();
      return;
    case ClientKind::admin_force_create:
      out.body.emplace<ForceCreate>();
      return;
    case ClientKind::queue_join:
      out.body.emplace<QueueJoin>();
      return;
    case ClientKind::party_create:
      out.body.emplace<PartyCreate>();
      return;
    case ClientKind::party_join:
      out.body.emplace<PartyJoin>();
      return;
    case ClientKind::player_input:
    case ClientKind::weapon_fire:
    case ClientKind::weapon_switch:
    case ClientKind::ads_toggle:
      out.body.emplace<sim::Command>();
      return;
    case ClientKind::weapon_reload:
      out.body.emplace<sim::Command>().kind = sim::CommandKind::reload;
      return;
    case ClientKind::player_respawn:
    case ClientKind::force_respawned:
      out.body.emplace<sim::Command>().kind = sim::CommandKind::respawn;
      return;
    case ClientKind::debug_kill_player:
      out.body.emplace<sim::Command>().kind = sim::CommandKind::kill;
      return;
    default:
      out.body.emplace<std::monostate>();
      return;
  }
}

// Fills the prepared body. False = malformed.
bool read_body(json::Value& value, ClientEvent& out) {
  const auto into = [&]<class Body>(bool (*decode)(json::Value&, Body&)) {
    return decode(value, std::get<Body>(out.body));
  };
  switch (out.kind) {
    case ClientKind::player_input:
      return into(decode_input);
    case ClientKind::weapon_fire:
      return into(decode_fire);
    case ClientKind::weapon_switch:
      return into(decode_switch);
    case ClientKind::weapon_reload:
      return into(decode_reload);
    case ClientKind::ads_toggle:
      return into(decode_ads);
    case ClientKind::player_join:
      return into(decode_player_join);
    case ClientKind::request_spawn_position:
      return into(decode_spawn_request);
    case ClientKind::authenticate:
      return decode_authenticate(value);
    case ClientKind::time_sync:
      return into(decode_time_sync);
    case ClientKind::find_match:
      return into(decode_find_match);
    case ClientKind::create_private_lobby:
    case ClientKind::lobby_settings:
      return into(decode_options);
    case ClientKind::join_lobby:
      return into(decode_join_lobby);
    case ClientKind::get_lobby_list:
      return into(decode_list_filter);
    case ClientKind::lobby_kick:
    case ClientKind::lobby_host:
      return into(decode_target);
    case ClientKind::vote_cast:
      return into(decode_vote);
    case ClientKind::chat_message:
      return into(decode_chat);
    case ClientKind::player_report:
      return into(decode_report);
    case ClientKind::account_link:
      return into(decode_account_link);
    case ClientKind::admin_force_start:
      return into(decode_force_start);
    case ClientKind::admin_force_create:
      return into(decode_force_create);
    case ClientKind::queue_join:
      return into(decode_queue_join);
    case ClientKind::party_create:
      return into(decode_party_create);
    case ClientKind::party_join:
      return into(decode_party_join);
    default:
      return true;
  }
}

DecodeStatus malformed(ClientEvent& out) {
  out.body.emplace<std::monostate>();
  return DecodeStatus::malformed;
}

}  // namespace

ClientKind client_kind(std::string_view name) {
  const auto found = std::lower_bound(
      kNames.begin(), kNames.end(), name,
      [](const Name& entry, std::string_view wanted) { return entry.text < wanted; });
  return found != kNames.end() && found->text == name ? found->kind : ClientKind::unknown;
}

struct Decoder::Parser {
  simdjson::ondemand::parser json;
  bool ready = false;
  // The arguments as an array, so that bare numbers and further arguments need no care, and the
  // padding simdjson asks for.
  std::array<char, kMaxArgs + 2 + simdjson::SIMDJSON_PADDING> text{};
};

Decoder::Decoder() : parser_(std::make_unique<Parser>()) {
  parser_->ready = parser_->json.allocate(kMaxArgs + 2) == simdjson::SUCCESS;
}

Decoder::~Decoder() = default;

DecodeStatus Decoder::decode(std::string_view name, std::string_view args, ClientEvent& out) {
  out.kind = client_kind(name);
  if (out.kind == ClientKind::unknown) {
    out.body.emplace<std::monostate>();
    return DecodeStatus::unknown;
  }
  if (args.size() > kMaxArgs || !parser_->ready) return malformed(out);
  prepare(out);
  const Payload payload = payload_of(out.kind);
  if (payload == Payload::none) return DecodeStatus::ok;

  char* const text = parser_->text.data();
  text[0] = '[';
  args.copy(text + 1, args.size());
  text[args.size() + 1] = ']';
  std::memset(text + args.size() + 2, ' ', simdjson::SIMDJSON_PADDING);

  simdjson::ondemand::document document;
  simdjson::ondemand::array arguments;
  if (parser_->json.iterate(text, args.size() + 2, parser_->text.size()).get(document))
    return malformed(out);
  if (document.get_array().get(arguments)) return malformed(out);
  for (auto argument : arguments) {
    json::Value value;
    if (std::move(argument).get(value)) return malformed(out);
    if (payload == Payload::optional && json::is_null(value)) return DecodeStatus::ok;
    return read_body(value, out) ? DecodeStatus::ok : malformed(out);
  }
  return payload == Payload::optional ? DecodeStatus::ok : malformed(out);
}

}  // namespace wire
