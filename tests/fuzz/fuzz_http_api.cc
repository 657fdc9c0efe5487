// LINK: api
// What the HTTP API reads of a request: path and query (the first line), the JSON body (the rest).
// What comes through must be within the bounds that the code behind relies on.

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "accounts/validate.h"
#include "api/admin_call.h"
#include "api/request_parts.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_target(std::string_view target, api::AdminApi::Call& call) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.size() < target.size()) call.query = target.substr(path.size() + 1);
  for (const std::string_view pattern : {"/api/players/{id}/matches", "/api/admin/bans/{id}"}) {
    if (const auto part = api::match_path(pattern, path)) {
      require(part->find('/') == std::string_view::npos);
      call.parameter = *part;
    }
  }
  if (const auto number = api::number_in(call)) require(*number > 0);
  if (const auto paging = api::paging_in(call))
    require(paging->before >= 0 && paging->size > 0 && paging->size <= api::kMaxAdminPage);
  require(api::query_text(call.query, "q").size() <= call.query.size());
}

void check_texts(const boost::json::object& body) {
  if (const auto email = api::text_of(body, "email")) {
    const auto normal = accounts::normal_email(*email);
    // What was made normal once stays as it is.
    if (normal) require(accounts::normal_email(*normal).value() == *normal);
  }
  if (const auto name = api::text_of(body, "displayName")) {
    const auto normal = accounts::normal_display_name(*name);
    if (!normal) return;
    require(normal->find_first_of("<>&\"'\\") == std::string::npos);
    require(accounts::normal_display_name(*normal).value() == *normal);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  api::AdminApi::Call call;
  check_target(text.substr(0, line), call);
  if (line == std::string_view::npos) return 0;
  auto body = api::parse_body(text.substr(line + 1));
  if (!body) return 0;
  call.body = std::move(*body);
  check_texts(call.body);
  if (const auto reason = api::reason_in(call)) require(reason->size() <= api::kMaxReason);
  if (const auto duration = api::duration_in(call)) {
    if (*duration) require((*duration)->count() > 0);
  }
  return 0;
}
