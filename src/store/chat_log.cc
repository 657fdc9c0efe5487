#include "store/chat_log.h"

#include "store/conditions.h"

namespace store {
namespace {

// A pattern of LIKE, with '!' as its escape, for texts that contain `words`.
std::string pattern_of(const std::string& words) {
  std::string pattern = "%";
  for (char c : words) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace

// The select leaves out the ids that no account has (any more): the line stays, as nobody's.
base::Result<void> insert_chat(Connection& db, const ChatLine& line) {
  auto rows = db.query(
      "insert into chat_log (lobby_id, match_id, player_id, speaker, channel, text, filtered, "
      "said_at) values ($1, $2, (select player_id from players where player_id = $3 and "
      "is_active), "
      "$4, $5, $6, $7, $8)",
      {line.lobby_id, line.match_id, line.player_id, line.speaker, line.channel, line.text,
       line.filtered, line.said_at});
  if (!rows.ok()) return rows.error();
  return {};
}

base::Result<std::vector<ChatLine>> list_chat(Connection& db, const ChatFilter& filter) {
  Conditions wanted;
  if (!filter.lobby_id.empty()) wanted.add("lobby_id = $", filter.lobby_id);
  if (!filter.player_id.empty()) wanted.add("player_id = $", filter.player_id);
  if (!filter.contains.empty())
    wanted.add("lower(text) like $ escape '!'", pattern_of(filter.contains));
  if (filter.before > 0) wanted.add("line_id < $", filter.before);
  auto rows = wanted.newest_first(
      db,
      "select line_id, lobby_id, match_id, player_id, speaker, channel, text, filtered, said_at "
      "from chat_log where",
      "line_id", filter.limit);
  if (!rows.ok()) return rows.error();
  std::vector<ChatLine> lines;
  for (const Row& row : *rows) {
    lines.push_back({row[0].integer(), row[1].text(), row[2].maybe_text(), row[3].maybe_text(),
                     row[4].text(), row[5].text(), row[6].text(), row[7].flag(), row[8].time()});
  }
  return lines;
}

base::Result<std::size_t> forget_chat(Connection& db, Time before) {
  auto rows = db.query("delete from chat_log where said_at < $1 returning line_id", {before});
  if (!rows.ok()) return rows.error();
  return rows->size();
}

}  // namespace store
