#include "sim/map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "sim/test_maps.h"
#include "sim/walls.h"

namespace sim {
namespace {

using testing::HasSubstr;

// "12 Vc(430,10)5": the notation of rules 2.5.
std::string describe(std::size_t index, const Wall& wall) {
  std::ostringstream out;
  static constexpr char kLetters[] = {'c', 'w', 'm', 'g'};
  out << index + 1 << ' ' << (wall.horizontal ? 'H' : 'V')
      << kLetters[static_cast<int>(wall.material)] << '(' << wall.corner.x << ',' << wall.corner.y
      << ')' << int{wall.tiles};
  return out.str();
}

constexpr const char* kMapAWalls[] = {
    "1 Vc(40,0)5",     "2 Hc(50,0)5",     "3 Hc(100,0)5",    "4 Hc(150,0)5",    "5 Hc(200,0)5",
    "6 Hc(250,0)5",    "7 Hc(300,0)5",    "8 Hc(350,0)5",    "9 Hc(400,0)4",    "10 Vc(140,10)5",
    "11 Vw(240,10)5",  "12 Vc(430,10)5",  "13 Vc(0,50)5",    "14 Hc(10,50)4",   "15 Vw(190,50)4",
    "16 Hw(280,50)5",  "17 Hw(330,50)5",  "18 Hw(380,50)2",  "19 Vc(90,60)5",   "20 Vw(140,60)4",
    "21 Vw(350,60)3",  "22 Vc(430,60)5",  "23 Vc(190,90)5",  "24 Hc(200,90)3",  "25 Hw(230,90)5",
    "26 Hc(280,90)5",  "27 Hc(330,90)3",  "28 Vc(390,90)5",  "29 Vc(0,100)2",   "30 Hc(10,110)5",
    "31 Vc(90,110)5",  "32 Vc(430,110)2", "33 Vc(50,120)5",  "34 Hc(440,120)4", "35 Hw(100,130)5",
    "36 Hw(230,130)5", "37 Vc(280,130)5", "38 Hw(340,130)5", "39 Vc(470,130)5", "40 Vw(190,140)3",
    "41 Vc(10,160)5",  "42 Hc(20,160)3",  "43 Vc(90,160)5",  "44 Hc(100,170)3", "45 Hc(170,170)5",
    "46 Hc(260,170)2", "47 Hc(290,170)2", "48 Hc(350,170)5", "49 Hc(390,180)5", "50 Vc(470,180)5",
    "51 Vc(390,190)2", "52 Hc(50,200)4",  "53 Vc(10,210)5",  "54 Vc(140,210)2", "55 Hc(150,210)1",
    "56 Hw(160,210)5", "57 Hw(210,210)2", "58 Vc(230,210)2", "59 Hc(240,210)1", "60 Hw(250,210)5",
    "61 Hw(300,210)2", "62 Vc(320,210)2", "63 Hc(330,210)1", "64 Vc(150,220)1", "65 Vc(240,220)1",
    "66 Vc(330,220)1", "67 Vw(100,230)3", "68 Vc(470,230)4", "69 Vc(390,240)3", "70 Hc(10,260)5",
    "71 Hc(60,260)5",  "72 Hc(110,260)5", "73 Hc(160,260)5", "74 Hc(210,260)5", "75 Hc(260,260)5",
    "76 Hc(310,260)5", "77 Hc(360,260)3", "78 Hc(400,260)5", "79 Hc(450,260)2",
};

TEST(Tiler, CutsMapAIntoTheWallsOfRules2_5) {
  const auto map = map_from_pixels("a", 48, 27, test::pixels_of(test::kMapARows));
  ASSERT_TRUE(map.ok()) << map.error().message;
  std::vector<std::string> walls;
  for (std::size_t i = 0; i < map->walls.size(); ++i) walls.push_back(describe(i, map->walls[i]));
  EXPECT_THAT(walls, testing::ElementsAreArray(kMapAWalls));
  EXPECT_EQ(map->red_spawns, std::vector<Vec2>({{45, 85}}));
  EXPECT_EQ(map->blue_spawns, std::vector<Vec2>({{435, 155}}));
}

struct Count {
  int walls = 0;
  int slices = 0;
  friend bool operator==(const Count&, const Count&) = default;
};

Count count(const Map& map, bool horizontal, Material material) {
  Count result;
  for (const Wall& wall : map.walls) {
    if (wall.horizontal != horizontal || wall.material != material) continue;
    ++result.walls;
    result.slices += wall.tiles;
  }
  return result;
}

TEST(Tiler, D6_CutsMapBInto85Walls) {
  const auto map = map_from_pixels("b", 48, 27, test::pixels_of(test::kMapBRows));
  ASSERT_TRUE(map.ok()) << map.error().message;
  EXPECT_EQ(map->walls.size(), 85U);
  EXPECT_EQ(count(*map, true, Material::concrete), (Count{33, 135}));
  EXPECT_EQ(count(*map, false, Material::concrete), (Count{34, 116}));
  EXPECT_EQ(count(*map, true, Material::wood), (Count{10, 39}));
  EXPECT_EQ(count(*map, false, Material::wood), (Count{8, 22}));
  EXPECT_EQ(map->lights.size(), 18U);
  EXPECT_EQ(map->red_spawns, std::vector<Vec2>({{55, 125}}));
}

// D7 says the prototype refuses 480 x 270; rules 2.3 REC accept whole multiples.
TEST(MapFromPixels, D7_AcceptsWholeMultiplesOf48x27) {
  const auto small = map_from_pixels("b", 48, 27, test::pixels_of(test::kMapBRows));
  const auto large = map_from_pixels("b", 480, 270, test::pixels_of(test::kMapBRows, 10));
  ASSERT_TRUE(large.ok()) << large.error().message;
  ASSERT_EQ(large->walls.size(), small->walls.size());
  for (std::size_t i = 0; i < small->walls.size(); ++i) {
    EXPECT_EQ(describe(i, large->walls[i]), describe(i, small->walls[i]));
  }
}

TEST(MapFromPixels, RefusesWhatIsNoMapAndSaysWhy) {
  const auto why = [](int width, int height, const std::vector<std::uint8_t>& rgb) {
    const auto map = map_from_pixels("x", width, height, rgb);
    return map.ok() ? std::string("accepted") : map.error().message;
  };
  const auto good = test::pixels_of(test::kMapARows, 2);
  EXPECT_EQ(why(96, 54, good), "accepted");
  EXPECT_THAT(why(97, 54, good), HasSubstr("multiple"));
  EXPECT_THAT(why(96, 27, good), HasSubstr("multiple"));
  EXPECT_THAT(why(0, 0, {}), HasSubstr("multiple"));
  EXPECT_THAT(why(-48, -27, {}), HasSubstr("multiple"));
  EXPECT_THAT(why(48, 27, good), HasSubstr("not the pixels"));
  auto uneven = good;
  uneven[3] = 1;
  EXPECT_THAT(why(96, 54, uneven), HasSubstr("not of one colour"));
  EXPECT_THAT(why(48, 27, std::vector<std::uint8_t>(48 * 27 * 3, 0xff)), HasSubstr("no red spawn"));
  static constexpr test::Row kNoBlue[] = {{5, "R5"}};
  EXPECT_THAT(why(48, 27, test::pixels_of(kNoBlue)), HasSubstr("no blue spawn"));
  static constexpr test::Row kWalledIn[] = {{5, "R5 C6 B20"}};
  EXPECT_THAT(why(48, 27, test::pixels_of(kWalledIn)), HasSubstr("not free"));
  static constexpr test::Row kAtTheRim[] = {{5, "R0 B20"}};
  EXPECT_THAT(why(48, 27, test::pixels_of(kAtTheRim)), HasSubstr("not free"));
}

TEST(MapFromWalls, RefusesWhatTheTablesCannotHold) {
  const auto why = [](std::vector<Wall> walls) {
    const auto map = map_from_walls("x", std::move(walls), {{50, 50}}, {{400, 200}});
    return map.ok() ? std::string("accepted") : map.error().message;
  };
  EXPECT_EQ(why({{{460, 100}, true, Material::wood, 2}}), "accepted");
  EXPECT_THAT(why({{{460, 100}, true, Material::wood, 3}}), HasSubstr("wall_1 leaves the arena"));
  EXPECT_THAT(why({{{101, 100}, true, Material::wood, 3}}), HasSubstr("off the grid"));
  EXPECT_THAT(why({{{100, 100}, true, Material::wood, 0}}), HasSubstr("tiles"));
  EXPECT_THAT(why({{{100, 100}, true, Material::wood, 5}, {{120, 80}, false, Material::wood, 3}}),
              HasSubstr("wall_2 lies on another"));
}

TEST(Map, EverySliceIsFoundInItsCell) {
  const auto map = test::map_a();
  int found = 0;
  for (std::size_t cell = 0; cell < map->slice_at.size(); ++cell) {
    const int code = map->slice_at[cell];
    if (code < 0) continue;
    ++found;
    const Box box = slice_box(map->walls[static_cast<std::size_t>(code >> 3)], code & 7);
    EXPECT_EQ(box.left, kCell * static_cast<double>(cell % kMapColumns));
    EXPECT_EQ(box.top, kCell * static_cast<double>(cell / kMapColumns));
  }
  EXPECT_EQ(found, 242 + 68);
}

}  // namespace
}  // namespace sim
