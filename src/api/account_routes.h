#pragma once

// The table of the account API: method, path, what it needs, what it does.

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/account_api.h"

namespace api {

// A request as the routes see it; lives until it is answered.
struct AccountApi::Call {
  std::string request_id;
  std::string origin;
  std::string address;    // of the caller, after the proxies
  std::string token;      // bearer token, "" = none
  std::string parameter;  // the {part} of the path
  std::string query;
  std::string body_text;
  boost::json::object body;
  accounts::Claims claims;  // of a signed-in caller
  base::RateLimit::Verdict verdict;
  std::chrono::seconds wait{0};  // set with the error "limited": when the caller may try again
  std::function<void(net::HttpResponse)> reply;

  std::optional<std::string> text(std::string_view name) const;  // of the body
  std::string query_text(std::string_view name) const;           // decoded; "" when absent
  std::optional<std::size_t> query_number(std::string_view name,
                                          std::size_t otherwise) const;  // none: not a number
};

struct AccountApi::Route {
  std::string_view method;
  std::string_view path;
  bool body = false;       // needs a JSON object
  bool signed_in = false;  // needs a valid access token
  bool hashes = false;     // runs on the hashing pool
  base::Result<net::HttpResponse> (*run)(accounts::Service& service, store::Store& store,
                                         AccountApi::Call& call);
};

std::span<const AccountApi::Route> account_routes();

}  // namespace api
