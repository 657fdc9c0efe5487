#pragma once

// Text that people typed and other people will see.

#include <cstddef>
#include <string>
#include <string_view>

namespace wire {

// Copies valid UTF-8 without control characters: C0, DEL, C1, and the invisible ones that reorder
// or hide what stands beside them (zero width space, line and paragraph separator, bidirectional
// marks, byte order mark). False, with `out` unspecified, if more than `limit` code points are
// left.
bool clean_text(std::string_view text, std::size_t limit, std::string& out);

inline constexpr std::size_t kPlayerNameLimit = 20;  // code points of a display name

// As clean_text, but cut to the limit, and without blanks around it.
std::string clean_name(std::string_view text, std::size_t limit);

// Without ASCII blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace wire
