#include "accounts/ban_words.h"

namespace accounts {

std::string words_of(const store::Ban& ban, const std::string& appeals) {
  std::string words = ban.reason;
  words += ban.ends_at ? " (until " + store::to_text(*ban.ends_at) + ")" : " (for good)";
  if (!appeals.empty()) words += ". Appeals: " + appeals;
  return words;
}

}  // namespace accounts
