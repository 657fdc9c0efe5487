#include "net/http.h"

#include "net/ascii.h"

namespace net {

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string HttpRequest::header_list(std::string_view name) const {
  std::string all;
  for (const auto& [key, value] : headers) {
    if (!equal_ignoring_case(key, name)) continue;
    if (!all.empty()) all += ',';
    all += value;
  }
  return all;
}

}  // namespace net
