#pragma once

// Reading requests of the HTTP API: paths with a part in braces, JSON bodies, query parameters.
// Pure functions.

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace api {

// Matches "/api/players/{id}/matches" and gives the part in braces, "" for a pattern without.
std::optional<std::string_view> match_path(std::string_view pattern, std::string_view path);

// "invalid" when the body is no JSON object, or nested too deep.
base::Result<boost::json::object> parse_body(std::string_view body);

// A text of a body; none: missing, or no text.
std::optional<std::string> text_of(const boost::json::object& body, std::string_view name);

// The value of a query parameter, decoded: %41 is A, + is a blank; a % that begins no such pair is
// itself. "" when absent.
std::string query_text(std::string_view query, std::string_view name);
// None: not a number.
std::optional<std::size_t> query_number(std::string_view query, std::string_view name,
                                        std::size_t otherwise);

}  // namespace api
