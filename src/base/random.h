#pragma once

// Randomness that nobody can guess: ids, codes, keys. The simulation has its own seeded generator
// (sim/random.h); nothing here may reach it. All functions may be called from any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

// Fills `out` from the kernel's generator. Ends the process if the kernel has none: ids that can be
// guessed are worse than no server.
void secure_bytes(std::span<std::byte> out);
std::uint64_t secure_u64();

// `length` characters of [A-Za-z0-9_-], 6 random bits each. 20 (120 bits) is what Socket.IO ids
// look like.
std::string secure_id(std::size_t length = 20);

// Unpadded base64url (RFC 4648 section 5).
std::string base64url(std::span<const std::byte> bytes);

// Length of a lobby code: 13 characters of 5 random bits = 65 bits (requirement L2 asks for 64).
inline constexpr std::size_t kLobbyCodeLength = 13;

// A code a person can read out and type: Crockford's base 32, upper case, without I, L, O, U.
std::string lobby_code();

// What a person typed, as the code that was meant: upper case, O read as 0, I and L as 1, blanks
// and dashes dropped. Nothing when it cannot be a code.
std::optional<std::string> parse_lobby_code(std::string_view typed);

// RFC 9562. Version 4 is all random; version 7 starts with the time, so that keys of a database
// table grow in order.
std::string uuid_v4();
std::string uuid_v7(std::int64_t wall_ms);

}  // namespace base
