#include "loadtest/http.h"

#include <algorithm>
#include <charconv>

namespace loadtest {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// The value of a header, or nothing.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !same_word(line.substr(0, colon), name)) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return std::nullopt;
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::string post_request(std::string_view host, std::string_view path, std::string_view json) {
  std::string out = "POST ";
  out += path;
  out += " HTTP/1.1\r\nHost: ";
  out += host;
  out +=
      "\r\nUser-Agent: trespasser-loadtest\r\nContent-Type: application/json\r\nContent-Length: ";
  out += std::to_string(json.size());
  out += kHeadEnd;
  out += json;
  return out;
}

std::string get_request(std::string_view host, std::string_view path, std::string_view bearer) {
  std::string out = "GET ";
  out += path;
  out += " HTTP/1.1\r\nHost: ";
  out += host;
  out += "\r\nUser-Agent: trespasser-loadtest\r\nConnection: close";
  if (!bearer.empty()) {
    out += "\r\nAuthorization: Bearer ";
    out += bearer;
  }
  out += kHeadEnd;
  return out;
}

base::Result<std::optional<Response>> parse_response(std::string_view bytes) {
  const std::size_t head_size = bytes.find(kHeadEnd);
  if (head_size == std::string_view::npos) return std::optional<Response>();
  const std::string_view head = bytes.substr(0, head_size);
  const auto status =
      head.starts_with("HTTP/1.1 ") ? whole_number(head.substr(9, 3)) : std::nullopt;
  if (!status) return base::Error{"invalid", "no HTTP: " + std::string(head.substr(0, 40))};
  const auto length = whole_number(header(head, "Content-Length").value_or(""));
  if (!length) return base::Error{"invalid", "an answer without Content-Length"};
  Response response;
  response.status = *status;
  response.retry_after = whole_number(header(head, "Retry-After").value_or("")).value_or(0);
  response.size = head_size + kHeadEnd.size() + static_cast<std::size_t>(*length);
  if (bytes.size() < response.size) return std::optional<Response>();
  response.body = bytes.substr(head_size + kHeadEnd.size(), static_cast<std::size_t>(*length));
  return std::optional<Response>(response);
}

}  // namespace loadtest
