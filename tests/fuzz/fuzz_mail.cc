// LINK: accounts
// What a mail server says (the first byte chooses how it comes in pieces): whole and in pieces the
// same replies are read, and nothing but codes is told of them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/smtp_reply.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const accounts::SmtpReply& reply) {
  require(reply.code >= 0 && reply.code <= 999);
  require(reply.text.size() <= 100 * 4097);
  const std::string told = accounts::codes_of(reply);
  require(told.size() <= 13 && told.find_first_not_of("0123456789. ") == std::string::npos);
}

struct Heard {
  std::vector<std::string> replies;
  bool broken = false;
  bool operator==(const Heard&) const = default;
};

Heard read_all(std::string_view bytes, std::size_t piece) {
  accounts::SmtpReplyReader reader;
  Heard heard;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.take(bytes.substr(at, piece));
    for (;;) {
      const auto reply = reader.next();
      if (!reply.ok()) {
        heard.broken = true;
        return heard;
      }
      if (!*reply) break;
      check(**reply);
      heard.replies.push_back(std::to_string((*reply)->code) + (*reply)->text);
    }
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(read_all(bytes, bytes.size() + 1) == read_all(bytes, 1 + data[0] % 64));
  return 0;
}
