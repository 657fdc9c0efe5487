#pragma once

#include <string_view>

namespace base {

// Which build this is, for operators: what `git describe` said when it was built, or what the
// builder named with -DTRESPASSER_VERSION; "unknown" when it was neither.
std::string_view version();

}  // namespace base
