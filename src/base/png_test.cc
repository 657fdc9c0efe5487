#include "base/png.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base {
namespace {

Image chequers(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto shade = static_cast<std::uint8_t>((x * 31 + y * 57) & 0xff);
      image.rgb.insert(image.rgb.end(), {shade, static_cast<std::uint8_t>(255 - shade), 0x45});
    }
  }
  return image;
}

// 1x1 RGBA pixel (0x8b, 0x45, 0x13) with alpha 0.
constexpr std::uint8_t kTransparentWood[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00,
    0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0xe8, 0x76, 0x15, 0x66, 0x00, 0x00, 0x03, 0x26, 0x00, 0xe4, 0xf0, 0x40,
    0xdc, 0x20, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

// A header that claims 500,000 x 500,000 pixels.
constexpr std::uint8_t kHuge[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x07, 0xa1, 0x20, 0x00, 0x07, 0xa1, 0x20, 0x08, 0x02, 0x00, 0x00,
    0x00, 0x53, 0x6a, 0xb0, 0x67, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0xe8, 0x76, 0x15, 0x66, 0x00, 0x00, 0x03, 0x26, 0x00, 0xe4, 0xf0, 0x40,
    0xdc, 0x20, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

TEST(Png, EncodedPictureDecodesToItself) {
  const Image image = chequers(48, 27);
  const auto bytes = encode_png(image);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  const auto back = decode_png(*bytes);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->width, 48);
  EXPECT_EQ(back->height, 27);
  EXPECT_EQ(back->rgb, image.rgb);
}

TEST(Png, AlphaIsDroppedNotBlended) {
  const auto image = decode_png(kTransparentWood);
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_THAT(image->rgb, testing::ElementsAre(0x8b, 0x45, 0x13));
}

TEST(Png, TextIsRefused) {
  const std::vector<std::uint8_t> text = {'h', 'e', 'l', 'l', 'o'};
  const auto image = decode_png(text);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, "invalid");
  EXPECT_FALSE(decode_png({}).ok());
}

TEST(Png, TruncatedPictureIsRefused) {
  auto bytes = encode_png(chequers(48, 27));
  ASSERT_TRUE(bytes.ok());
  bytes->resize(bytes->size() / 2);
  const auto image = decode_png(*bytes);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, "invalid");
}

TEST(Png, HugePictureIsRefusedBeforeMemoryIsTaken) {
  const auto image = decode_png(kHuge);
  ASSERT_FALSE(image.ok());
  EXPECT_THAT(image.error().message, testing::HasSubstr("too many pixels"));
}

TEST(Png, EncodeRefusesSizeThatDoesNotFit) {
  Image image = chequers(4, 4);
  image.rgb.pop_back();
  EXPECT_FALSE(encode_png(image).ok());
  EXPECT_FALSE(encode_png(Image{}).ok());
}

}  // namespace
}  // namespace base
