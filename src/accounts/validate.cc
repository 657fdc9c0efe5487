#include "accounts/validate.h"

#include <utf8proc.h>

#include <optional>
#include <string_view>
#include <vector>

namespace accounts {
namespace {

constexpr std::size_t kMaxEmail = 254;  // RFC 5321: a path of 256 with its angle brackets
constexpr std::size_t kMaxLocal = 64;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxTyped = 1024;  // bytes of a name before anything is done with it
constexpr std::string_view kForbidden = "<>&\"'\\";

base::Error invalid(const char* what) { return {"invalid", what}; }

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// local := atom ("." atom)*, in lower case
bool is_local_part(std::string_view text) {
  constexpr std::string_view kAlso = "!#$%&'*+/=?^_`{|}~-";
  if (text.empty() || text.size() > kMaxLocal || text.front() == '.' || text.back() == '.')
    return false;
  char last = 0;
  for (const char c : text) {
    if (c == '.' ? last == '.' : !is_letter_or_digit(c) && kAlso.find(c) == std::string_view::npos)
      return false;
    last = c;
  }
  return true;
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > kMaxLabel || text.front() == '-' || text.back() == '-')
    return false;
  for (const char c : text) {
    if (!is_letter_or_digit(c) && c != '-') return false;
  }
  return true;
}

// domain := label ("." label)+
bool is_domain(std::string_view text) {
  std::size_t labels = 0;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    text.remove_prefix(dot + 1);
  }
}

bool is_blank(utf8proc_int32_t c) { return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS; }

bool is_allowed(utf8proc_int32_t c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CN:  // unassigned
    case UTF8PROC_CATEGORY_CC:  // control
    case UTF8PROC_CATEGORY_CF:  // format: joiners, direction marks
    case UTF8PROC_CATEGORY_CS:  // surrogate
    case UTF8PROC_CATEGORY_CO:  // private use
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      break;
  }
  constexpr utf8proc_int32_t kHangulFillers[] = {0x115f, 0x1160, 0x3164,
                                                 0xffa0};  // letters that show nothing
  for (const auto filler : kHangulFillers) {
    if (c == filler) return false;
  }
  return c > 0x7f || kForbidden.find(static_cast<char>(c)) == std::string_view::npos;
}

bool is_mark(utf8proc_int32_t c) {
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
         category == UTF8PROC_CATEGORY_MC;
}

std::optional<std::vector<utf8proc_int32_t>> code_points(const std::string& text) {
  std::vector<utf8proc_int32_t> points(text.size() * 4 + 16);
  const auto count =
      utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), points.data(),
                         static_cast<utf8proc_ssize_t>(points.size()),
                         static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (count < 0 || static_cast<std::size_t>(count) > points.size()) return std::nullopt;
  const auto composed = utf8proc_normalize_utf32(
      points.data(), count, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  if (composed < 0) return std::nullopt;
  points.resize(static_cast<std::size_t>(composed));
  return points;
}

void append_utf8(std::string& out, utf8proc_int32_t point) {
  utf8proc_uint8_t bytes[4];
  const auto count = utf8proc_encode_char(point, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

}  // namespace

base::Result<std::string> normal_email(const std::string& text) {
  constexpr auto kWrong = "email must be an address like name@example.org";
  if (text.size() > kMaxEmail) return invalid(kWrong);
  std::string email = text;
  for (char& c : email) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto at = email.find('@');
  if (at == std::string::npos) return invalid(kWrong);
  const std::string_view view = email;
  if (!is_local_part(view.substr(0, at)) || !is_domain(view.substr(at + 1))) return invalid(kWrong);
  return email;
}

base::Result<std::string> normal_display_name(const std::string& text) {
  if (text.size() > kMaxTyped) return invalid("displayName must have at most 20 characters");
  const auto points = code_points(text);
  if (!points) return invalid("displayName must be valid Unicode text");
  std::string name;
  std::size_t length = 0;
  std::size_t marks = 0;
  bool blank = false;
  for (const auto point : *points) {
    if (is_blank(point)) {
      blank = length > 0;
      continue;
    }
    if (!is_allowed(point)) return invalid("displayName has a character that is not allowed");
    marks = is_mark(point) ? marks + 1 : 0;
    if (marks > 3) return invalid("displayName has too many marks on one letter");
    if (blank) name += ' ', ++length;
    blank = false;
    append_utf8(name, point);
    ++length;
  }
  if (length < kMinName) return invalid("displayName must have at least 2 characters");
  if (length > kMaxName) return invalid("displayName must have at most 20 characters");
  return name;
}

}  // namespace accounts
