#pragma once

// What a mail server says, as it comes off the connection (RFC 5321 section 4.2).

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace accounts {

struct SmtpReply {
  int code = 0;      // three digits
  std::string text;  // all lines, without codes, separated by '\n'
};

// Cuts bytes into replies: reply := (code "-" text CRLF)* code " " text CRLF. A lone LF ends a line
// too. One thread.
class SmtpReplyReader {
 public:
  void take(std::string_view bytes) { bytes_ += bytes; }
  // The next reply, none while it has not come whole. "unavailable": this is no reply, or one
  // without an end; the connection is of no use then.
  base::Result<std::optional<SmtpReply>> next();
  // What came and was not read is as if it had never come.
  void forget();

 private:
  std::string bytes_;
  SmtpReply begun_;
  int lines_ = 0;  // of the reply that has begun
};

// Its code, and the one that its text begins with (RFC 3463), if any: "550 5.1.1". All that may be
// told of a reply: its words often repeat the player's address (O3).
std::string codes_of(const SmtpReply& reply);

}  // namespace accounts
