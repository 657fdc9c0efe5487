#include "api/problem.h"

#include <boost/json.hpp>

#include "base/log.h"

namespace api {
namespace {

struct Meaning {
  std::string_view code;
  unsigned status;
};
constexpr Meaning kMeanings[] = {{"invalid", 400},   {"unauthorized", 401}, {"banned", 403},
                                 {"forbidden", 403}, {"not_found", 404},    {"conflict", 409},
                                 {"limited", 429},   {"unavailable", 503}};

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

net::HttpResponse problem(unsigned status, std::string_view code, std::string_view detail) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = boost::json::serialize(boost::json::object{{"type", "about:blank"},
                                                             {"title", title_of(status)},
                                                             {"status", status},
                                                             {"code", code},
                                                             {"detail", detail}});
  return response;
}

net::HttpResponse problem(const base::Error& error, std::string_view request_id) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code != error.code) continue;
    net::HttpResponse response = problem(meaning.status, error.code, error.message);
    if (meaning.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (meaning.status == 503) response.headers.emplace_back("Retry-After", "2");
    return response;
  }
  base::log::error("api_error",
                   {{"requestId", request_id}, {"code", error.code}, {"reason", error.message}});
  return problem(500, "internal", "Something went wrong here; it was noted.");
}

}  // namespace api
