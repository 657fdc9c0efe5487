// The maps that come with the server: the pictures are what the text says, and they can be played
// on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/png.h"
#include "lobby/map_pool.h"
#include "sim/movement.h"
#include "sim/walls.h"

namespace lobby {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(TRESPASSER_SOURCE_DIR) / "maps";

std::vector<std::string> read_art(const std::string& name) {
  std::ifstream in(kFolder / (name + ".txt"));
  std::vector<std::string> rows;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(';')) rows.push_back(line);
  }
  return rows;
}

std::vector<std::uint8_t> read_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::map<char, std::uint32_t>& colours() {
  static const std::map<char, std::uint32_t> table = {
      {'#', 0x808080}, {'W', 0x8B4513}, {'M', 0x404040}, {'G', 0x87CEEB},
      {'R', 0xFF0000}, {'B', 0x0000FF}, {'L', 0xFFFF00}, {'.', 0xFFFFFF}};
  return table;
}

// Looks at the ground on the centres of squares of 5 x 5 px: each border of the movement rule is a
// multiple of 5 px.
constexpr int kColumns = 96;
constexpr int kRows = 54;
struct Ground {
  std::array<bool, static_cast<std::size_t>(kColumns* kRows)> free{};
  static sim::Vec2 centre(int i) { return {i % kColumns * 5.0 + 2.5, i / kColumns * 5.0 + 2.5}; }
  static int at(sim::Vec2 p) {
    return static_cast<int>(p.y / 5) * kColumns + static_cast<int>(p.x / 5);
  }
};

std::vector<sim::WallState> fresh_walls(const sim::Map& map) {
  std::vector<sim::WallState> walls;
  for (const sim::Wall& wall : map.walls) walls.push_back(sim::fresh_wall(wall));
  return walls;
}

bool within_clamp(sim::Vec2 p) {
  return p.x > sim::kClampLeft && p.x < sim::kClampRight && p.y > sim::kClampTop &&
         p.y < sim::kClampBottom;
}

Ground ground_of(const sim::Map& map, const std::vector<sim::WallState>& walls) {
  Ground ground;
  for (int i = 0; i < kColumns * kRows; ++i) {
    const sim::Vec2 p = Ground::centre(i);
    ground.free[static_cast<std::size_t>(i)] = within_clamp(p) && !sim::blocked(map, walls, p);
  }
  return ground;
}

// Steps of 5 px on foot from a set of squares; -1 = not reached. Only straight neighbours: a strict
// reading of "on foot".
std::vector<int> flood(const Ground& ground, const std::vector<int>& from) {
  std::vector<int> steps(ground.free.size(), -1);
  std::deque<int> queue;
  for (const int square : from) {
    steps[static_cast<std::size_t>(square)] = 0;
    queue.push_back(square);
  }
  while (!queue.empty()) {
    const int square = queue.front();
    queue.pop_front();
    for (const int step : {-1, 1, -kColumns, kColumns}) {
      const auto next = static_cast<std::size_t>(square + step);
      if (!ground.free[next] || steps[next] >= 0) continue;
      steps[next] = steps[static_cast<std::size_t>(square)] + 1;
      queue.push_back(square + step);
    }
  }
  return steps;
}

class MapFiles : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto pool = MapPool::load(kFolder, GetParam());
    ASSERT_TRUE(pool.ok()) << pool.error().message;
    map_ = pool->default_map();
    walls_ = fresh_walls(*map_);
    ground_ = ground_of(*map_, walls_);
    spawns_ = map_->red_spawns;
    spawns_.insert(spawns_.end(), map_->blue_spawns.begin(), map_->blue_spawns.end());
  }

  double mean_way_to_centre(const std::vector<sim::Vec2>& spawns, const Ground& ground) const {
    std::vector<int> centre;
    for (int i = 0; i < kColumns * kRows; ++i) {
      const sim::Vec2 p = Ground::centre(i);
      if (ground.free[static_cast<std::size_t>(i)] && std::hypot(p.x - 240, p.y - 135) <= 40)
        centre.push_back(i);
    }
    const std::vector<int> steps = flood(ground, centre);
    double sum = 0;
    for (const sim::Vec2& spawn : spawns) sum += steps[static_cast<std::size_t>(Ground::at(spawn))];
    return sum / static_cast<double>(spawns.size());
  }

  std::shared_ptr<const sim::Map> map_;
  std::vector<sim::WallState> walls_;
  Ground ground_;
  std::vector<sim::Vec2> spawns_;
};

TEST_P(MapFiles, PictureShowsTheText) {
  const std::vector<std::string> rows = read_art(GetParam());
  ASSERT_EQ(rows.size(), 27u);
  const auto image = base::decode_png(read_bytes(kFolder / (GetParam() + ".png")));
  ASSERT_TRUE(image.ok()) << image.error().message;
  ASSERT_EQ(image->width, 48);
  ASSERT_EQ(image->height, 27);
  for (std::size_t y = 0; y < 27; ++y) {
    ASSERT_EQ(rows[y].size(), 48u);
    for (std::size_t x = 0; x < 48; ++x) {
      const std::size_t at = (y * 48 + x) * 3;
      const std::uint32_t colour = static_cast<std::uint32_t>(image->rgb[at] << 16) |
                                   static_cast<std::uint32_t>(image->rgb[at + 1] << 8) |
                                   image->rgb[at + 2];
      ASSERT_EQ(colour, colours().at(rows[y][x])) << "cell " << x << "," << y;
    }
  }
}

TEST_P(MapFiles, BorderIsClosed) {
  for (const std::string& row : {read_art(GetParam()).front(), read_art(GetParam()).back()}) {
    EXPECT_THAT(row, testing::MatchesRegex("[#M]+"));
  }
  for (const std::string& row : read_art(GetParam())) {
    EXPECT_THAT(std::string({row.front(), row.back()}), testing::MatchesRegex("[#M][#M]"));
  }
}

TEST_P(MapFiles, SpawnsAreManyFreeAndApart) {
  EXPECT_GE(map_->red_spawns.size(), 4u);
  EXPECT_EQ(map_->red_spawns.size(), map_->blue_spawns.size());
  for (const sim::Vec2& spawn : spawns_)
    EXPECT_FALSE(sim::blocked(*map_, walls_, spawn)) << spawn.x << "," << spawn.y;
  for (const auto* team : {&map_->red_spawns, &map_->blue_spawns}) {
    for (const sim::Vec2& a : *team) {
      for (const sim::Vec2& b : *team) {
        if (a == b) continue;
        EXPECT_GE(std::hypot(a.x - b.x, a.y - b.y), 2 * sim::kBodyRadius);
        EXPECT_LE(std::hypot(a.x - b.x, a.y - b.y), 150.0);
      }
    }
  }
}

TEST_P(MapFiles, EverySpawnReachesEveryOtherOnFoot) {
  for (const sim::Vec2& from : spawns_) {
    const std::vector<int> steps = flood(ground_, {Ground::at(from)});
    for (const sim::Vec2& to : spawns_) {
      EXPECT_GE(steps[static_cast<std::size_t>(Ground::at(to))], 0)
          << from.x << "," << from.y << " -> " << to.x << "," << to.y;
    }
  }
}

TEST_P(MapFiles, NoGroundIsOutOfReach) {
  const std::vector<int> steps = flood(ground_, {Ground::at(spawns_.front())});
  for (int i = 0; i < kColumns * kRows; ++i) {
    if (!ground_.free[static_cast<std::size_t>(i)]) continue;
    EXPECT_GE(steps[static_cast<std::size_t>(i)], 0)
        << Ground::centre(i).x << "," << Ground::centre(i).y;
  }
}

// Decision 15: strips shorter than five cells are padded for movement. Whatever is blocked must be
// next to a slice that can be seen.
TEST_P(MapFiles, NoInvisibleStubBlocksTheFloor) {
  const auto near_slice = [this](sim::Vec2 p) {
    for (std::size_t w = 0; w < map_->walls.size(); ++w) {
      for (int slice = 0; slice < map_->walls[w].tiles; ++slice) {
        const sim::Vec2 c = sim::slice_center(map_->walls[w], slice);
        if (std::abs(p.x - c.x) <= 10 && std::abs(p.y - c.y) <= 10) return true;
      }
    }
    return false;
  };
  for (int i = 0; i < kColumns * kRows; ++i) {
    const sim::Vec2 p = Ground::centre(i);
    if (within_clamp(p) && !ground_.free[static_cast<std::size_t>(i)]) {
      EXPECT_TRUE(near_slice(p)) << "invisible stub at " << p.x << "," << p.y;
    }
  }
}

TEST_P(MapFiles, SoftWallsAreDoorsOnceOpen) {
  std::vector<sim::WallState> open = walls_;
  int soft = 0;
  for (std::size_t w = 0; w < open.size(); ++w) {
    if (!sim::is_soft(map_->walls[w].material)) continue;
    open[w].open = sim::kAllSlices;
    ++soft;
  }
  EXPECT_GE(soft, 4);
  const Ground ground = ground_of(*map_, open);
  const auto count = [](const Ground& g) { return std::count(g.free.begin(), g.free.end(), true); };
  EXPECT_GT(count(ground), count(ground_) + soft * 8);
  EXPECT_LT(mean_way_to_centre(map_->red_spawns, ground),
            mean_way_to_centre(map_->red_spawns, ground_));
  EXPECT_LT(mean_way_to_centre(map_->blue_spawns, ground),
            mean_way_to_centre(map_->blue_spawns, ground_));
}

TEST_P(MapFiles, BothTeamsAreEquallyFarFromTheCentre) {
  const double red = mean_way_to_centre(map_->red_spawns, ground_);
  const double blue = mean_way_to_centre(map_->blue_spawns, ground_);
  EXPECT_LE(std::max(red, blue), 1.15 * std::min(red, blue))
      << red << " against " << blue << " squares";
}

TEST_P(MapFiles, TeamsDoNotStartInSightOfEachOther) {
  const auto standing = [this](sim::Vec2 p) {
    const int cell = static_cast<int>(p.y / 10) * sim::kMapColumns + static_cast<int>(p.x / 10);
    return map_->slice_at[static_cast<std::size_t>(cell)] >= 0;
  };
  for (const sim::Vec2& red : map_->red_spawns) {
    for (const sim::Vec2& blue : map_->blue_spawns) {
      bool wall = false;
      for (double t = 0; t <= 1; t += 0.002) {
        wall = wall || standing({red.x + t * (blue.x - red.x), red.y + t * (blue.y - red.y)});
      }
      EXPECT_TRUE(wall) << red.x << "," << red.y << " sees " << blue.x << "," << blue.y;
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") found.push_back(entry.path().stem().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, MapFiles, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

TEST(MapFolder, HasTwoMapsOrMoreAndEachPictureHasItsText) {
  EXPECT_GE(names().size(), 2u);
  const auto pool = MapPool::load(kFolder, names().front());
  ASSERT_TRUE(pool.ok()) << pool.error().message;
  std::vector<std::string> loaded;
  for (const auto& map : pool->maps()) loaded.push_back(map->name);
  EXPECT_EQ(loaded, names());
}

}  // namespace
}  // namespace lobby
