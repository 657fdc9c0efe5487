#include "accounts/player_export.h"

#include <array>
#include <string_view>

#include "base/json_writer.h"

namespace accounts {
namespace {

// A table of the export: its name in the JSON, the query by player id, and how its cells are shown.
enum class Kind { text, number, flag, time };
struct Column {
  std::string_view name;
  Kind kind;
};
struct Table {
  std::string_view name;
  std::string_view sql;
  std::array<Column, 8> columns;
};

constexpr Table kTables[] = {
    {"matches",
     "select p.match_id, m.map, p.display_name, p.team, p.kills, p.deaths, p.won, m.completed_at "
     "from match_players p"
     " join match_results m on m.match_id = p.match_id where p.player_id = $1 order by "
     "m.completed_at",
     {{{"matchId", Kind::text},
       {"map", Kind::text},
       {"displayName", Kind::text},
       {"team", Kind::text},
       {"kills", Kind::number},
       {"deaths", Kind::number},
       {"won", Kind::flag},
       {"completedAt", Kind::time}}}},
    {"lobbies",
     "select lobby_id, team, visits, kills, deaths, joined_at, left_at from lobby_players where "
     "player_id = $1"
     " order by joined_at",
     {{{"lobbyId", Kind::text},
       {"team", Kind::text},
       {"visits", Kind::number},
       {"kills", Kind::number},
       {"deaths", Kind::number},
       {"joinedAt", Kind::time},
       {"leftAt", Kind::time}}}},
    {"logins",
     "select created_at, expires_at, ended_at, end_reason from login_sessions where player_id = $1 "
     "order by created_at",
     {{{"createdAt", Kind::time},
       {"expiresAt", Kind::time},
       {"endedAt", Kind::time},
       {"endReason", Kind::text}}}},
    {"bans",
     "select reason, created_at, ends_at, lifted_at from bans where player_id = $1 order by ban_id",
     {{{"reason", Kind::text},
       {"createdAt", Kind::time},
       {"endsAt", Kind::time},
       {"liftedAt", Kind::time}}}},
    {"mutes",
     "select reason, created_at, ends_at, lifted_at from mutes where player_id = $1 order by "
     "mute_id",
     {{{"reason", Kind::text},
       {"createdAt", Kind::time},
       {"endsAt", Kind::time},
       {"liftedAt", Kind::time}}}},
    {"chat",
     "select channel, text, said_at from chat_log where player_id = $1 order by line_id",
     {{{"channel", Kind::text}, {"text", Kind::text}, {"saidAt", Kind::time}}}},
    {"reports",  // that the player made; what others said of him is theirs
     "select match_id, reason, note, created_at from reports where reporter_id = $1 order by "
     "report_id",
     {{{"matchId", Kind::text},
       {"reason", Kind::text},
       {"note", Kind::text},
       {"createdAt", Kind::time}}}},
};

void write_cell(base::JsonWriter& json, const store::Value& cell, Kind kind) {
  if (cell.is_null()) {
    json.null();
    return;
  }
  switch (kind) {
    case Kind::text:
      json.text(cell.text());
      break;
    case Kind::number:
      json.integer(cell.integer());
      break;
    case Kind::flag:
      json.boolean(cell.flag());
      break;
    case Kind::time:
      json.text(store::to_text(cell.time()));
      break;
  }
}

base::Result<void> write_table(base::JsonWriter& json, Connection& db, const Table& table,
                               const std::string& player_id) {
  auto rows = db.query(table.sql, {player_id});
  if (!rows.ok()) return rows.error();
  json.key_text(table.name).begin_array();
  for (const auto& row : *rows) {
    json.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      json.key_text(table.columns[i].name);
      write_cell(json, row[i], table.columns[i].kind);
    }
    json.end_object();
  }
  json.end_array();
  return {};
}

void write_player(base::JsonWriter& json, const Player& player) {
  json.key("player").begin_object();
  json.member("id", player.id)
      .member("email", player.email)
      .member("displayName", player.display_name);
  json.member("region", player.region).member("createdAt", store::to_text(player.created_at));
  json.key("lastLogin");
  player.last_login ? json.text(store::to_text(*player.last_login)) : json.null();
  json.key("permissions").begin_array();
  for (const std::string& permission : player.permissions) json.text(permission);
  json.end_array();
  json.member("kills", player.stats.kills).member("deaths", player.stats.deaths);
  json.member("matches", player.stats.matches).member("wins", player.stats.wins);
  json.key("rating")
      .decimal(player.stats.rating, 2)
      .key("ratingDeviation")
      .decimal(player.stats.deviation, 2);
  json.end_object();
}

}  // namespace

base::Result<std::string> export_player(Connection& db, const Player& player) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  write_player(json, player);
  for (const Table& table : kTables) {
    if (auto written = write_table(json, db, table, player.id); !written.ok())
      return written.error();
  }
  json.end_object();
  return text;
}

}  // namespace accounts
