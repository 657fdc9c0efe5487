// LINK: sim
// Pictures as somebody may put them into the maps folder: two bytes choose the size, the rest are
// pixels (as letters, so that walls and spawns come up often). A map that is accepted must be one a
// match can be played on.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sim/map.h"
#include "sim/movement.h"
#include "sim/walls.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::uint32_t kColors[] = {0xFFFFFF, 0x808080, 0x8B4513, 0x404040,
                                     0x87CEEB, 0xFF0000, 0x0000FF, 0xFFFF00};

void check(const sim::Map& map) {
  require(!map.red_spawns.empty() && !map.blue_spawns.empty());
  std::vector<bool> taken(map.slice_at.size(), false);
  std::vector<sim::WallState> states;
  for (const sim::Wall& wall : map.walls) {
    states.push_back(sim::fresh_wall(wall));
    require(wall.tiles >= 1 && wall.tiles <= sim::kSlices);
    for (int slice = 0; slice < wall.tiles; ++slice) {
      const sim::Vec2 center = sim::slice_center(wall, slice);
      const auto cell = static_cast<std::size_t>(center.y / sim::kCell) * sim::kMapColumns +
                        static_cast<std::size_t>(center.x / sim::kCell);
      require(cell < taken.size() && !taken[cell]);
      taken[cell] = true;
      require(sim::blocked(map, states, center) || states.size() < map.walls.size());
    }
  }
  for (const sim::Vec2 spawn : map.red_spawns) require(!sim::blocked(map, states, spawn));
  for (const sim::Vec2 spawn : map.blue_spawns) require(!sim::blocked(map, states, spawn));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const int scale = 1 + data[0] % 3;
  const int width = sim::kMapColumns * scale + (data[1] == 1 ? 1 : 0);
  const int height = sim::kMapRows * scale + (data[1] == 2 ? 1 : 0);
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width * height) * 3);
  for (std::size_t i = 0; i < rgb.size() / 3; ++i) {
    const std::size_t x = i % static_cast<std::size_t>(width) / static_cast<std::size_t>(scale);
    const std::size_t y = i / static_cast<std::size_t>(width) / static_cast<std::size_t>(scale);
    const std::size_t at = 2 + y * sim::kMapColumns + x;
    const std::uint32_t color = kColors[(at < size ? data[at] : 0) % 8];
    rgb[3 * i] = static_cast<std::uint8_t>(color >> 16);
    rgb[3 * i + 1] = static_cast<std::uint8_t>(color >> 8);
    rgb[3 * i + 2] = static_cast<std::uint8_t>(color);
  }
  const auto map = sim::map_from_pixels("fuzz", width, height, rgb);
  if (map) check(*map);
  (void)sim::map_from_pixels("raw", width, height, {data, size});
  return 0;
}
