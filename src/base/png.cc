#include "base/png.h"

#include <png.h>

#include <memory>
#include <string>

namespace base {
namespace {

Error invalid(std::string message) { return Error{"invalid", std::move(message)}; }

// libpng keeps an allocation behind png_image::opaque until it is freed or finished.
struct Release {
  void operator()(png_image* image) const { png_image_free(image); }
};

png_image fresh() {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  return image;
}

}  // namespace

Result<Image> decode_png(std::span<const std::uint8_t> bytes) {
  png_image png = fresh();
  const std::unique_ptr<png_image, Release> release(&png);
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) {
    return invalid(std::string("not a PNG picture: ") + png.message);
  }
  const std::int64_t pixels = std::int64_t{png.width} * std::int64_t{png.height};
  if (pixels > kMaxImagePixels) return invalid("the picture has too many pixels");
  png.format = PNG_FORMAT_RGBA;  // asking for RGB would blend alpha with a background
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(pixels) * 4);
  if (png_image_finish_read(&png, nullptr, rgba.data(), 0, nullptr) == 0) {
    return invalid(std::string("damaged PNG picture: ") + png.message);
  }
  Image image;
  image.width = static_cast<int>(png.width);
  image.height = static_cast<int>(png.height);
  image.rgb.reserve(static_cast<std::size_t>(pixels) * 3);
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    image.rgb.insert(image.rgb.end(), {rgba[i], rgba[i + 1], rgba[i + 2]});
  }
  return image;
}

Result<std::vector<std::uint8_t>> encode_png(const Image& image) {
  const bool sane = image.width > 0 && image.height > 0 &&
                    std::int64_t{image.width} * image.height <= kMaxImagePixels;
  if (!sane || image.rgb.size() != static_cast<std::size_t>(image.width) *
                                       static_cast<std::size_t>(image.height) * 3) {
    return invalid("picture size and data do not fit");
  }
  png_image png = fresh();
  const std::unique_ptr<png_image, Release> release(&png);
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<std::uint8_t> bytes(size);
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, image.rgb.data(), 0, nullptr) == 0) {
    return Error{"internal", std::string("PNG encoder: ") + png.message};
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace base
