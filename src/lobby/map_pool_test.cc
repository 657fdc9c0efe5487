#include "lobby/map_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/png.h"

namespace lobby {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A folder of its own for each test, gone afterwards.
class MapPoolTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("map_pool_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::vector<std::uint8_t>& bytes) {
    std::ofstream(folder_ / file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  // An empty arena with one spawn a team.
  void write_map(const std::string& file, int width = 48, int height = 27) {
    base::Image image{
        width, height,
        std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), 0xff)};
    const int block = width / 48;
    const auto paint = [&](int cx, int cy, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
      for (int y = cy * block; y < (cy + 1) * block; ++y) {
        for (int x = cx * block; x < (cx + 1) * block; ++x) {
          const auto at = static_cast<std::size_t>((y * width + x) * 3);
          image.rgb[at] = r;
          image.rgb[at + 1] = g;
          image.rgb[at + 2] = b;
        }
      }
    };
    if (block > 0) {
      paint(4, 8, 0xff, 0, 0);
      paint(43, 15, 0, 0, 0xff);
    }
    const auto bytes = base::encode_png(image);
    ASSERT_TRUE(bytes.ok());
    write(file, *bytes);
  }

  fs::path folder_;
};

TEST_F(MapPoolTest, LoadsEveryPictureByName) {
  write_map("b.png");
  write_map("a.png");
  write("notes.txt", {'h', 'i'});
  const auto pool = MapPool::load(folder_, "b");
  ASSERT_TRUE(pool.ok()) << pool.error().message;
  ASSERT_EQ(pool->maps().size(), 2u);
  EXPECT_EQ(pool->maps()[0]->name, "a");
  EXPECT_EQ(pool->default_name(), "b");
  EXPECT_EQ(pool->default_map(), pool->find("b"));
  ASSERT_NE(pool->find("a"), nullptr);
  EXPECT_EQ(pool->find("a")->red_spawns.front(), (sim::Vec2{45, 85}));
  EXPECT_EQ(pool->find("c"), nullptr);
}

TEST_F(MapPoolTest, TenfoldPictureIsTheSameMap) {
  write_map("big.png", 480, 270);
  const auto pool = MapPool::load(folder_, "big");
  ASSERT_TRUE(pool.ok()) << pool.error().message;
  EXPECT_EQ(pool->default_map()->blue_spawns.front(), (sim::Vec2{435, 155}));
}

TEST_F(MapPoolTest, ErrorsNameTheFile) {
  write_map("good.png");
  write("broken.png", {1, 2, 3});
  auto pool = MapPool::load(folder_, "good");
  ASSERT_FALSE(pool.ok());
  EXPECT_THAT(pool.error().message, HasSubstr("broken.png"));

  fs::remove(folder_ / "broken.png");
  write_map("small.png", 47, 27);
  pool = MapPool::load(folder_, "good");
  ASSERT_FALSE(pool.ok());
  EXPECT_THAT(pool.error().message, HasSubstr("small.png"));
}

TEST_F(MapPoolTest, ErrorsNameTheFolder) {
  auto pool = MapPool::load(folder_, "any");
  ASSERT_FALSE(pool.ok());
  EXPECT_THAT(pool.error().message, HasSubstr(folder_.string()));
  pool = MapPool::load(folder_ / "absent", "any");
  ASSERT_FALSE(pool.ok());
  EXPECT_THAT(pool.error().message, HasSubstr("absent"));
}

TEST_F(MapPoolTest, WithoutADefaultTheFirstByNameIs) {
  write_map("b.png");
  write_map("a.png");
  const auto pool = MapPool::load(folder_, "");
  ASSERT_TRUE(pool.ok()) << pool.error().message;
  EXPECT_EQ(pool->default_name(), "a");
}

TEST_F(MapPoolTest, UnknownDefaultIsAnError) {
  write_map("a.png");
  const auto pool = MapPool::load(folder_, "z");
  ASSERT_FALSE(pool.ok());
  EXPECT_THAT(pool.error().message, HasSubstr("z"));
}

TEST_F(MapPoolTest, L8_OthersAreDrawnWithoutRepetition) {
  for (const char* name : {"a.png", "b.png", "c.png", "d.png"}) write_map(name);
  const auto pool = MapPool::load(folder_, "a");
  ASSERT_TRUE(pool.ok()) << pool.error().message;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto names = pool->others("a", 2);
    ASSERT_EQ(names.size(), 2u);
    EXPECT_NE(names[0], names[1]);
    seen.insert(names.begin(), names.end());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"b", "c", "d"}));
  EXPECT_EQ(pool->others("a", 9).size(), 3u);
}

}  // namespace
}  // namespace lobby
