#pragma once

// Options of small programs, `--name value` each, given once or not at all. The server and the load
// client have tables of their own, with limits and explanations.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"

namespace base {

struct Flag {
  std::string_view name;                                   // "--seeds"
  std::variant<int*, std::uint64_t*, std::string*> field;  // keeps its value when not given
};

// Any thread. The Error names the word that is unknown, without a value, or no number of its field.
Result<void> read_flags(int argc, const char* const* argv, std::initializer_list<Flag> flags);

}  // namespace base
