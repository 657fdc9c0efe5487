#pragma once

// PNG pictures in memory, as plain 8-bit RGB. Maps and replay strips need no more. Pure functions,
// any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"

namespace base {

struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // width * height * 3 bytes, row by row from the top
};

// Pictures with more pixels than this are refused before memory is taken for them.
inline constexpr std::int64_t kMaxImagePixels = 16'000'000;

// Reads any kind of PNG (grey, palette, 16 bit, interlaced). Alpha is dropped, not blended. Error
// "invalid": no PNG, damaged, or too large.
Result<Image> decode_png(std::span<const std::uint8_t> bytes);

// Error "invalid": width, height and the length of rgb do not fit each other.
Result<std::vector<std::uint8_t>> encode_png(const Image& image);

}  // namespace base
