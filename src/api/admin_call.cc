#include "api/admin_call.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "api/request_parts.h"

namespace api {
namespace json = boost::json;

namespace {

constexpr std::int64_t kLongestSeconds = std::int64_t{10} * 365 * 24 * 3600;

}  // namespace

net::HttpResponse ok_json(const json::value& body, unsigned status) {
  net::HttpResponse response;
  response.status = status;
  response.body = json::serialize(body);
  return response;
}

net::HttpResponse no_content() {
  net::HttpResponse response;
  response.status = 204;
  return response;
}

base::Error missing_field(std::string_view name) {
  return {"invalid", "The field \"" + std::string(name) + "\" is missing or not as it must be."};
}

base::Result<std::string> reason_in(const AdminApi::Call& call) {
  const auto reason = text_of(call.body, "reason");
  const bool blank =
      !reason || std::all_of(reason->begin(), reason->end(), [](char c) { return c == ' '; });
  if (blank) return base::Error{"invalid", "A reason is needed."};
  if (std::any_of(reason->begin(), reason->end(), [](char c) { return c >= 0 && c < ' '; }))
    return base::Error{"invalid", "The reason must be one line of text."};
  if (reason->size() > kMaxReason)
    return base::Error{"invalid", "The reason is longer than 200 bytes."};
  return *reason;
}

base::Result<moderation::Duration> duration_in(const AdminApi::Call& call) {
  const json::value* value = call.body.if_contains("duration");
  if (value == nullptr || value->is_null()) return moderation::Duration{};
  if (!value->is_int64() || value->as_int64() < 1 || value->as_int64() > kLongestSeconds)
    return base::Error{"invalid", "duration must be seconds, 1 to 315360000, or null for good."};
  return moderation::Duration(std::chrono::seconds(value->as_int64()));
}

base::Result<Paging> paging_in(const AdminApi::Call& call) {
  const auto before = query_number(call.query, "before", 0);
  const auto size = query_number(call.query, "size", 50);
  if (!before || *before > std::size_t{1} << 62)
    return base::Error{"invalid", "before must be a number."};
  if (!size || *size == 0 || *size > kMaxAdminPage)
    return base::Error{"invalid", "size must be 1 to 100."};
  return Paging{static_cast<std::int64_t>(*before), *size};
}

std::optional<std::int64_t> number_in(const AdminApi::Call& call) {
  std::int64_t number = 0;
  const char* end = call.parameter.data() + call.parameter.size();
  const auto [stop, error] = std::from_chars(call.parameter.data(), end, number);
  if (error != std::errc{} || stop != end || number < 1) return std::nullopt;
  return number;
}

}  // namespace api
