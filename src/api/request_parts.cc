#include "api/request_parts.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace api {
namespace json = boost::json;
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* pair = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(pair, pair + 2, byte, 16).ptr == pair + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<std::string_view> match_path(std::string_view pattern, std::string_view path) {
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos)
    return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
  const std::string_view tail = pattern.substr(pattern.find('}') + 1);
  if (!path.starts_with(pattern.substr(0, open)) || !path.ends_with(tail)) return std::nullopt;
  if (path.size() < open + tail.size() + 1) return std::nullopt;
  const std::string_view middle = path.substr(open, path.size() - open - tail.size());
  return middle.find('/') == std::string_view::npos ? std::optional(middle) : std::nullopt;
}

base::Result<json::object> parse_body(std::string_view body) {
  json::parse_options options;
  options.max_depth = 8;
  json::error_code error;
  json::value value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) return base::Error{"invalid", "The body must be a JSON object."};
  return std::move(value.as_object());
}

std::optional<std::string> text_of(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

std::string query_text(std::string_view query, std::string_view name) {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) == name && equals != std::string_view::npos)
      return decoded(pair.substr(equals + 1));
  }
  return {};
}

std::optional<std::size_t> query_number(std::string_view query, std::string_view name,
                                        std::size_t otherwise) {
  const std::string text = query_text(query, name);
  if (text.empty()) return otherwise;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace api
