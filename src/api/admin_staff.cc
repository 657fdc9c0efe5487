#include "api/admin_staff.h"

#include <algorithm>
#include <sstream>

namespace api {
namespace {

using store::Connection;
using store::Time;

constexpr std::string_view kRoleNames[] = {"none", "viewer", "moderator", "admin"};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Staff are few, so their words are read here rather than in SQL.
base::Result<store::Rows> staff_rows(Connection& db) {
  return db.query(
      "select p.player_id, p.display_name, p.permissions, f.confirmed_at, p.last_login from "
      "players "
      "p left join staff_factors f on f.player_id = p.player_id"
      " where p.permissions <> '' and p.is_active");
}

}  // namespace

std::string_view role_name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) {
  const auto found = std::find(std::begin(kRoleNames), std::end(kRoleNames), name);
  if (found == std::end(kRoleNames)) return std::nullopt;
  return static_cast<Role>(found - std::begin(kRoleNames));
}

Role role_of(std::string_view permissions) {
  Role highest = Role::none;
  for (const std::string& word : words_of(permissions))
    highest = std::max(highest, parse_role(word).value_or(Role::none));
  return highest;
}

std::string with_role(std::string_view permissions, Role role) {
  std::string text;
  const auto add = [&](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  };
  for (const std::string& word : words_of(permissions)) {
    if (!parse_role(word)) add(word);
  }
  if (role != Role::none) add(role_name(role));
  return text;
}

base::Result<Staff> find_staff(Connection& db, const std::string& player_id,
                               const std::string& session_id, Time now) {
  const auto rows = db.query(
      "select p.display_name, p.permissions, f.confirmed_at, s.expires_at from players p"
      " left join staff_factors f on f.player_id = p.player_id"
      " left join staff_sessions s on s.player_id = p.player_id and s.session_id = $2"
      " and s.expires_at > $3 where p.player_id = $1 and p.is_active",
      {player_id, session_id, now});
  if (!rows) return rows.error();
  Staff staff;
  staff.id = player_id;
  if (rows->empty()) return staff;
  const store::Row& row = rows->front();
  staff.name = row[0].text();
  staff.role = role_of(row[1].text());
  staff.enrolled = !row[2].is_null();
  staff.verified_until = row[3].maybe_time();
  staff.verified = staff.enrolled && staff.verified_until.has_value();
  return staff;
}

base::Result<bool> has_admin(Connection& db) {
  const auto rows = staff_rows(db);
  if (!rows) return rows.error();
  return std::any_of(rows->begin(), rows->end(),
                     [](const store::Row& row) { return role_of(row[2].text()) == Role::admin; });
}

base::Result<std::vector<StaffEntry>> list_staff(Connection& db) {
  const auto rows = staff_rows(db);
  if (!rows) return rows.error();
  std::vector<StaffEntry> staff;
  for (const store::Row& row : *rows) {
    const Role role = role_of(row[2].text());
    if (role == Role::none) continue;
    staff.push_back({row[0].text(), row[1].text(), role, !row[3].is_null(), row[4].maybe_time()});
  }
  std::sort(staff.begin(), staff.end(), [](const StaffEntry& a, const StaffEntry& b) {
    return a.role != b.role ? a.role > b.role : a.name < b.name;
  });
  return staff;
}

base::Result<Role> change_role(Connection& db, const std::string& player_id, Role role) {
  const auto rows =
      db.query("select permissions from players where player_id = $1 and is_active", {player_id});
  if (!rows) return rows.error();
  if (rows->empty()) return base::Error{"not_found", "There is no such player."};
  const std::string before = rows->front()[0].text();
  const auto set = db.query("update players set permissions = $2 where player_id = $1",
                            {player_id, with_role(before, role)});
  if (!set) return set.error();
  const auto left = has_admin(db);
  if (!left) return left.error();
  if (!*left) return base::Error{"conflict", "This is the last administrator."};
  return role_of(before);
}

}  // namespace api
