#pragma once

// What was said, for moderators (S6): kept for 30 days, then forgotten.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct ChatLine {
  std::int64_t number = 0;  // given by the database
  std::string lobby_id;
  std::optional<std::string> match_id;   // none = no match was running
  std::optional<std::string> player_id;  // none = a guest
  std::string speaker;                   // the name shown
  std::string channel;                   // "lobby", "team"
  std::string text;                      // as it was typed
  bool filtered = false;                 // others saw stars in it
  Time said_at{};
};

// `number` is ignored.
base::Result<void> insert_chat(Connection& db, const ChatLine& line);

struct ChatFilter {
  std::string lobby_id;     // "" = any
  std::string player_id;    // "" = any
  std::string contains;     // in the text, whatever the case of ASCII letters; "" = any
  std::int64_t before = 0;  // 0 = from the newest
  std::size_t limit = 100;
};
// Newest first.
base::Result<std::vector<ChatLine>> list_chat(Connection& db, const ChatFilter& filter);

// Forgets lines said before that time; answers how many.
base::Result<std::size_t> forget_chat(Connection& db, Time before);

}  // namespace store
