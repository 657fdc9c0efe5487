#include "accounts/players.h"

#include <sstream>

namespace accounts {
namespace {

using store::Row;
using store::Rows;

const std::string kSelect =
    "select p.player_id, p.email, p.display_name, p.region, p.permissions, p.created_at, "
    "p.last_login, p.total_kills,"
    " p.total_deaths, p.total_matches, p.wins, r.rating, r.deviation, p.password_hash"
    " from players p left join player_ratings r on r.player_id = p.player_id where p.is_active "
    "and ";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Account account_from(const Row& row) {
  Account account;
  Player& player = account.player;
  player.id = row[0].text();
  player.email = row[1].text();
  player.display_name = row[2].text();
  player.region = row[3].text();
  player.permissions = words_of(row[4].text());
  player.created_at = row[5].time();
  player.last_login = row[6].maybe_time();
  player.stats.kills = row[7].integer();
  player.stats.deaths = row[8].integer();
  player.stats.matches = row[9].integer();
  player.stats.wins = row[10].integer();
  if (!row[11].is_null()) player.stats.rating = row[11].real();
  if (!row[12].is_null()) player.stats.deviation = row[12].real();
  account.password_hash = row[13].text();
  return account;
}

base::Result<std::optional<Account>> find(Connection& db, const std::string& condition,
                                          const std::string& value) {
  auto rows = db.query(kSelect + condition, {value});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Account>();
  return std::optional<Account>(account_from(rows->front()));
}

base::Result<bool> found_one(const base::Result<Rows>& rows) {
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<void> run(Connection& db, std::string_view sql,
                       std::initializer_list<store::Value> values) {
  auto rows = db.query(sql, values);
  return rows.ok() ? base::Result<void>() : base::Result<void>(rows.error());
}

}  // namespace

base::Result<std::optional<Account>> find_by_email(Connection& db,
                                                   const std::string& normal_email) {
  return find(db, "lower(p.email) = $1", normal_email);
}

base::Result<std::optional<Account>> find_by_id(Connection& db, const std::string& player_id) {
  return find(db, "p.player_id = $1", player_id);
}

base::Result<void> insert_player(Connection& db, const Account& account) {
  const Player& player = account.player;
  return run(db,
             "insert into players (player_id, email, password_hash, display_name, region, "
             "permissions, created_at)"
             " values ($1, $2, $3, $4, $5, $6, $7)",
             {player.id, player.email, account.password_hash, player.display_name, player.region,
              joined(player.permissions), player.created_at});
}

base::Result<bool> replace_password_hash(Connection& db, const std::string& player_id,
                                         const std::string& old_hash, const std::string& new_hash) {
  return found_one(
      db.query("update players set password_hash = $3 where player_id = $1 and password_hash = $2 "
               "returning player_id",
               {player_id, old_hash, new_hash}));
}

base::Result<bool> note_login(Connection& db, const std::string& player_id, const std::string& hash,
                              Time at) {
  return found_one(
      db.query("update players set last_login = $3 where player_id = $1 and password_hash = $2 "
               "returning player_id",
               {player_id, hash, at}));
}

base::Result<void> set_permissions(Connection& db, const std::string& player_id,
                                   const std::vector<std::string>& permissions) {
  return run(db, "update players set permissions = $2 where player_id = $1",
             {player_id, joined(permissions)});
}

base::Result<void> erase_player(Connection& db, const std::string& player_id) {
  auto erased =
      run(db,
          "update players set email = null, password_hash = null, display_name = $2, region = '',"
          " permissions = '', last_login = null, is_active = false where player_id = $1",
          {player_id, kErasedName});
  if (!erased.ok()) return erased;
  erased = run(db, "update match_players set display_name = $2 where player_id = $1",
               {player_id, kErasedName});
  if (!erased.ok()) return erased;
  erased = run(db,
               "update reports set reporter_name = $2, reporter_address = null, note = null"
               " where reporter_id = $1",
               {player_id, kErasedName});
  if (!erased.ok()) return erased;
  erased =
      run(db, "update reports set target_name = $2 where target_id = $1", {player_id, kErasedName});
  if (!erased.ok()) return erased;
  for (const char* table :
       {"login_sessions", "login_addresses", "password_resets", "player_ratings", "chat_log",
        "mutes", "player_days", "suspicious_events", "staff_factors", "staff_recovery_codes"}) {
    erased = run(db, std::string("delete from ") + table + " where player_id = $1", {player_id});
    if (!erased.ok()) return erased;
  }
  return {};
}

}  // namespace accounts
