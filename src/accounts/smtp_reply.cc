#include "accounts/smtp_reply.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace accounts {
namespace {

constexpr std::size_t kMaxLine = 4096;  // bytes; RFC 5321 4.5.3.1.5 asks for 512
constexpr int kMaxReplyLines = 100;

base::Error nonsense(const std::string& what) { return {"unavailable", "mail server: " + what}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

base::Result<std::optional<SmtpReply>> SmtpReplyReader::next() {
  for (;;) {
    const auto end = bytes_.find('\n');
    if (std::min(end, bytes_.size()) > kMaxLine) return nonsense("a line without end");
    if (end == std::string::npos) return std::optional<SmtpReply>();
    std::string line = bytes_.substr(0, end);
    bytes_.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit))
      return nonsense("what it says is no reply");
    begun_.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    begun_.text += (lines_ > 0 ? "\n" : "") + (line.size() > 4 ? line.substr(4) : std::string());
    const bool last = line.size() == 3 || line[3] == ' ';
    if (!last && ++lines_ == kMaxReplyLines) return nonsense("a reply without end");
    if (!last) continue;
    lines_ = 0;
    return std::optional(std::exchange(begun_, {}));
  }
}

void SmtpReplyReader::forget() { *this = {}; }

std::string codes_of(const SmtpReply& reply) {
  const std::string word = reply.text.substr(0, reply.text.find(' '));
  int one = 0, two = 0, three = 0, read = 0;
  const bool is_code = word.size() <= 9 &&
                       word.find_first_not_of("0123456789.") == std::string::npos &&
                       std::sscanf(word.c_str(), "%1d.%3d.%3d%n", &one, &two, &three, &read) == 3 &&
                       static_cast<std::size_t>(read) == word.size();
  return std::to_string(reply.code) + (is_code ? " " + word : "");
}

}  // namespace accounts
