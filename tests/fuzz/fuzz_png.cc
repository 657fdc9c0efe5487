// LINK: base z
// Pictures from a disk, with the sums of their chunks put right, since no mutation guesses them:
// what is accepted has the size that it says, and comes back the same when it is packed again.

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/png.h"

namespace {

constexpr std::size_t kMark = 8;   // bytes before the first chunk
constexpr std::size_t kFrame = 8;  // length and name of a chunk; its sum has four more

void put_sums_right(std::vector<std::uint8_t>& png) {
  for (std::size_t at = kMark; at + kFrame + 4 <= png.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | png[at + i];
    if (length > png.size() - at - kFrame - 4) return;
    const std::size_t end = at + kFrame + length;
    const auto sum = crc32(0, &png[at + 4], static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      png[end + i] = static_cast<std::uint8_t>(sum >> (8 * (3 - i)));
    at = end + 4;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> png(data, data + size);
  put_sums_right(png);
  const auto image = base::decode_png(png);
  if (!image) return 0;
  if (image->width <= 0 || image->height <= 0 ||
      image->rgb.size() !=
          static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height) * 3)
    std::abort();
  if (image->rgb.size() > 100'000) return 0;
  const auto packed = base::encode_png(*image);
  if (!packed) std::abort();
  const auto again = base::decode_png(*packed);
  if (!again || again->rgb != image->rgb) std::abort();
  return 0;
}
