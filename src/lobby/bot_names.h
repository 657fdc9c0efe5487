#pragma once

// Names of bots: friendly, and at once known as a bot's.

#include <cstdint>
#include <span>
#include <string_view>

namespace lobby {

std::span<const std::string_view> bot_names();

// The name for a number; neighbours get different names.
inline std::string_view bot_name(std::uint64_t number) {
  const auto names = bot_names();
  return names[number % names.size()];
}

}  // namespace lobby
