// token   := header "." payload "." signature, each base64url
// header  := {"alg":"HS256","typ":"JWT","kid":KEY}
// payload := {"iss":..,"aud":..,"sub":UUID,"name":..,"region":..,"permissions":[..],"sid":UUID,
//             "iat":INT,"exp":INT}

#include "accounts/token.h"

#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "accounts/encoding.h"
#include "store/match_result.h"

namespace accounts {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxToken = 4096;  // far above what sign() makes
constexpr std::int64_t kClockSkew =
    60;  // seconds by which another node's clock may be ahead of ours

base::Error refused(std::string why) { return {"unauthorized", "access token: " + std::move(why)}; }

// A text member; throws when it is missing or of another type.
std::string text_at(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

std::array<std::string_view, 3> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return {};
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return {};
  return {token.substr(0, first), token.substr(first + 1, second - first - 1),
          token.substr(second + 1)};
}

// Strictly parsed JSON object; throws.
json::object parse_object(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) throw std::invalid_argument("not base64url");
  return json::parse(*text).as_object();
}

// The key's name, from a header that says exactly what we write. "typ" may be missing, as RFC 7519
// has it.
std::string key_named_in(const json::object& header) {
  if (text_at(header, "alg") != "HS256") throw std::invalid_argument("wrong algorithm");
  if (header.contains("typ") && text_at(header, "typ") != "JWT")
    throw std::invalid_argument("wrong type");
  if (header.contains("crit")) throw std::invalid_argument("unknown critical header");
  return text_at(header, "kid");
}

std::string id_at(const json::object& payload, const char* key) {
  std::string id = text_at(payload, key);
  if (!store::is_uuid(id)) throw std::invalid_argument(std::string(key) + " is no id");
  return id;
}

Claims claims_in(const json::object& payload) {
  Claims claims;
  claims.player_id = id_at(payload, "sub");
  claims.name = text_at(payload, "name");
  claims.region = text_at(payload, "region");
  for (const json::value& permission : payload.at("permissions").as_array()) {
    claims.permissions.emplace_back(permission.as_string());
  }
  claims.session_id = id_at(payload, "sid");
  claims.issued_at = payload.at("iat").as_int64();
  claims.expires_at = payload.at("exp").as_int64();
  return claims;
}

}  // namespace

TokenKey::TokenKey(std::string given) : secret(std::move(given)) {
  constexpr std::size_t kIdBytes = 8;
  id = to_base64url(hmac_sha256(secret, "trespasser key id").substr(0, kIdBytes));
}

Tokens::Tokens(std::vector<TokenKey> keys, std::string issuer, std::string audience)
    : keys_(std::move(keys)), issuer_(std::move(issuer)), audience_(std::move(audience)) {
  if (keys_.empty()) throw std::invalid_argument("tokens need a key");
}

std::string Tokens::sign(const Claims& claims) const {
  const TokenKey& key = keys_.front();
  const json::object header{{"alg", "HS256"}, {"typ", "JWT"}, {"kid", key.id}};
  json::array permissions;
  for (const std::string& permission : claims.permissions) permissions.emplace_back(permission);
  const json::object payload{{"iss", issuer_},           {"aud", audience_},
                             {"sub", claims.player_id},  {"name", claims.name},
                             {"region", claims.region},  {"permissions", std::move(permissions)},
                             {"sid", claims.session_id}, {"iat", claims.issued_at},
                             {"exp", claims.expires_at}};
  std::string token =
      to_base64url(json::serialize(header)) + "." + to_base64url(json::serialize(payload));
  const std::string signature = to_base64url(hmac_sha256(key.secret, token));
  return token + "." + signature;
}

base::Result<Claims> Tokens::verify(std::string_view token, std::int64_t now) const {
  if (token.size() > kMaxToken) return refused("too long");
  const auto [header, payload, signature] = split(token);
  if (header.empty() || payload.empty() || signature.empty()) return refused("not three parts");
  try {
    const TokenKey* key = key_of(key_named_in(parse_object(header)));
    if (key == nullptr) return refused("unknown key");
    const std::string_view content = token.substr(0, header.size() + 1 + payload.size());
    const auto given = from_base64url(signature);
    if (!given || !equal_in_constant_time(*given, hmac_sha256(key->secret, content)))
      return refused("bad signature");

    const json::object body = parse_object(payload);
    if (text_at(body, "iss") != issuer_) return refused("wrong issuer");
    if (text_at(body, "aud") != audience_) return refused("wrong audience");
    Claims claims = claims_in(body);
    if (claims.expires_at <= now) return refused("expired");
    if (claims.issued_at > now + kClockSkew) return refused("from the future");
    return claims;
  } catch (const std::exception&
               problem) {  // Boost.JSON reports a missing or mistyped member by throwing
    return refused(problem.what());
  }
}

const TokenKey* Tokens::key_of(std::string_view id) const {
  for (const TokenKey& key : keys_) {
    if (key.id == id) return &key;
  }
  return nullptr;
}

}  // namespace accounts
