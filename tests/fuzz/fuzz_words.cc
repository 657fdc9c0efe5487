// LINK: moderation
// Any bytes as chat: the filter answers UTF-8 of bounded length, and leaves alone what it finds
// clean.

#include <utf8proc.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "moderation/words.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const moderation::Words& words = moderation::Words::standard();
  std::string masked;
  const bool found = words.mask(text, masked);
  require(is_utf8(masked));
  require(masked.size() <= 3 * text.size());
  require(found != words.is_clean(text));
  if (!found && is_utf8(text)) require(masked == text);
  return 0;
}
