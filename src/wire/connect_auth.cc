#include "wire/connect_auth.h"

#include <simdjson.h>

namespace wire {
namespace {

constexpr std::size_t kMaxAuth = 8192;   // bytes of a CONNECT payload
constexpr std::size_t kMaxToken = 4096;  // bytes of a token

}  // namespace

ConnectAuth connect_auth(std::string_view auth) {
  ConnectAuth answer;
  if (auth.empty()) return answer;
  answer.ok = false;
  if (auth.size() > kMaxAuth) return answer;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object object;
  if (parser.parse(auth.data(), auth.size()).get(root) || root.get_object().get(object))
    return answer;
  simdjson::dom::element token;
  if (object["token"].get(token)) {
    answer.ok = true;
    return answer;
  }
  std::string_view text;
  if (token.is_null()) {
    answer.ok = true;
  } else if (!token.get_string().get(text) && text.size() <= kMaxToken) {
    answer.ok = true;
    answer.token = text;
  }
  return answer;
}

}  // namespace wire
