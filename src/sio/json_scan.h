#pragma once

// A check of JSON text without building anything: the rooms above decode what they need themselves.
// Follows RFC 8259 to the letter (so NaN, Infinity, 01, trailing commas and raw control characters
// are refused); UTF-8 is checked by the transport. Nesting is bounded.

#include <cstddef>
#include <string>
#include <string_view>

namespace sio {

inline constexpr int kMaxJsonDepth = 32;

// Whether the text is one JSON value and nothing else but white space.
bool valid_json(std::string_view text);

// An array's first element and the rest of it, as text.
struct ArrayText {
  std::string_view first;  // e.g. "\"name\""; empty for []
  std::string_view rest;   // e.g. `{"a":1},2`, trimmed; empty when there is no more
};
// False when the text is not one valid JSON array.
bool split_array(std::string_view text, ArrayText& array);

// Value of a string member of a valid JSON object, outermost level only; empty when absent or no
// string. Escaped values are not decoded but left out as if absent: for machine-made values.
std::string_view string_member(std::string_view object, std::string_view name);

// Decodes a valid JSON string, quotes included, to UTF-8. Lone surrogates become U+FFFD. False when
// it is no string.
bool decode_string(std::string_view text, std::string& out);

// Whether the `num`s of the `{"_placeholder":true,"num":n}` in a valid JSON text are exactly 0 to
// count - 1, each once.
bool placeholders_match(std::string_view text, std::size_t count);

}  // namespace sio
