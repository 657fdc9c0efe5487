#include "session/return_id.h"

#include "accounts/encoding.h"
#include "sio/ids.h"

namespace session {
namespace {

constexpr std::size_t kMac = 22;  // characters: 128 bits and a little

}  // namespace

ReturnIds::ReturnIds(std::string_view secret)
    : key_(accounts::hmac_sha256(secret, "trespasser: return of a connection")) {}

std::string ReturnIds::mac(std::string_view text) const {
  return accounts::to_base64url(accounts::hmac_sha256(key_, text)).substr(0, kMac);
}

std::string ReturnIds::seal(std::string_view pid, std::string_view id) const {
  const std::string text = std::string(pid) + std::string(id);
  return std::string(id) + mac(text);
}

std::optional<std::string> ReturnIds::id_of(std::string_view sealed) const {
  if (sealed.size() != 2 * sio::kIdLength + kMac) return std::nullopt;
  const std::string_view text = sealed.substr(0, 2 * sio::kIdLength);
  if (!accounts::equal_in_constant_time(mac(text), sealed.substr(text.size()))) return std::nullopt;
  return std::string(text.substr(sio::kIdLength));
}

}  // namespace session
