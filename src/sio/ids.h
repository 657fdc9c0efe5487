#pragma once

// Names that cannot be guessed: 15 bytes of the system's random source as 20 characters
// [A-Za-z0-9_-].

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/shard.h"

namespace sio {

inline constexpr std::size_t kIdLength = 20;

// 120 random bits.
std::string random_id();

// 112 random bits and the shard on which whatever bears the id lives, for those who are handed the
// id elsewhere.
std::string random_id_of(net::ShardId shard);
// Empty when the text is no id.
std::optional<net::ShardId> shard_of(std::string_view id);

}  // namespace sio
