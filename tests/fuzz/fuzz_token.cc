// LINK: accounts session
// Access tokens and recovery ids as a stranger sends them, and, since no mutation guesses a
// signature, header and payload (a line each) put together and signed with our key: nothing but a
// whole, living set of claims gets through.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/encoding.h"
#include "accounts/token.h"
#include "session/return_id.h"
#include "store/match_result.h"

namespace {

constexpr std::int64_t kNow = 1'700'000'000;

void require(bool holds) {
  if (!holds) std::abort();
}

const accounts::TokenKey& key() {
  static const accounts::TokenKey one("a secret of at least thirty-two bytes");
  return one;
}

const accounts::Tokens& tokens() {
  static const accounts::Tokens all({key()}, "trespasser", "players");
  return all;
}

// What mutations cannot guess is put in the place of letters that stand for it.
std::string filled(std::string text) {
  const std::string mark = "KEY";
  for (auto at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + key().id.size()))
    text.replace(at, mark.size(), key().id);
  return text;
}

void check_signed(std::string_view text) {
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return;
  const std::string content = accounts::to_base64url(filled(std::string(text.substr(0, line)))) +
                              "." +
                              accounts::to_base64url(filled(std::string(text.substr(line + 1))));
  const std::string signature = accounts::hmac_sha256(key().secret, content);
  const auto claims = tokens().verify(content + "." + accounts::to_base64url(signature), kNow);
  if (!claims) return;
  require(store::is_uuid(claims->player_id) && store::is_uuid(claims->session_id));
  require(claims->expires_at > kNow);
  // What we sign of them says the same.
  const auto again = tokens().verify(tokens().sign(*claims), kNow);
  require(again.ok() && again->name == claims->name && again->permissions == claims->permissions);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const session::ReturnIds return_ids("a secret of at least thirty-two bytes");
  const std::string text(reinterpret_cast<const char*>(data), size);
  require(!tokens().verify(text, kNow).ok());  // nobody but us signs
  require(!return_ids.id_of(text));
  const auto bytes = accounts::from_base64url(text);
  if (bytes) require(accounts::to_base64url(*bytes) == text);
  check_signed(text);
  return 0;
}
