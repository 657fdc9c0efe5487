#include "sim/map.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/movement.h"
#include "sim/walls.h"

namespace sim {
namespace {

constexpr int kCells = kMapColumns * kMapRows;

struct Color {
  std::uint8_t red, green, blue;
  friend bool operator==(const Color&, const Color&) = default;
};

constexpr Color kConcrete{0x80, 0x80, 0x80};
constexpr Color kWood{0x8B, 0x45, 0x13};
constexpr Color kMetal{0x40, 0x40, 0x40};
constexpr Color kGlass{0x87, 0xCE, 0xEB};
constexpr Color kRedSpawn{0xFF, 0x00, 0x00};
constexpr Color kBlueSpawn{0x00, 0x00, 0xFF};
constexpr Color kLight{0xFF, 0xFF, 0x00};

base::Error wrong(const std::string& map, const std::string& why) {
  return {"invalid", "map " + map + ": " + why};
}

std::string place(double x, double y) {
  return "(" + std::to_string(static_cast<int>(x)) + ", " + std::to_string(static_cast<int>(y)) +
         ")";
}

Vec2 cell_center(int x, int y) { return {kCell * x + 0.5 * kCell, kCell * y + 0.5 * kCell}; }

// Cuts the wall cells of a picture into strips, by the six rules of 2.2.
class Tiler {
 public:
  enum class Cell : std::uint8_t { empty, concrete, wood, metal, glass };

  explicit Tiler(const std::array<Cell, kCells>& cells) : cells_(cells) {}

  std::vector<Wall> run() {
    for (int y = 0; y < kMapRows; ++y) {
      for (int x = 0; x < kMapColumns; ++x) {
        if (fresh(x, y, at(x, y)) && at(x, y) != Cell::empty) cut_at(x, y);
      }
    }
    return std::move(walls_);
  }

 private:
  static constexpr int kLongest = kSlices;

  static std::size_t index(int x, int y) { return static_cast<std::size_t>(y * kMapColumns + x); }
  Cell at(int x, int y) const {
    if (x >= kMapColumns || y >= kMapRows) return Cell::empty;
    return cells_[index(x, y)];
  }
  // A cell of this material, consumed or not.
  bool solid(int x, int y, Cell material) const { return at(x, y) == material; }
  bool fresh(int x, int y, Cell material) const {
    return solid(x, y, material) && !used_[index(x, y)];
  }

  int run_right(int x, int y, Cell material) const {
    int length = 0;
    while (length < kLongest && fresh(x + length, y, material)) ++length;
    return length;
  }
  int run_down(int x, int y, Cell material) const {
    int length = 0;
    while (length < kLongest && fresh(x, y + length, material)) ++length;
    return length;
  }

  void emit(int x, int y, bool horizontal, int length, Cell material) {
    for (int k = 0; k < length; ++k) used_[horizontal ? index(x + k, y) : index(x, y + k)] = true;
    static constexpr std::array kMaterials = {Material::concrete, Material::concrete,
                                              Material::wood, Material::metal, Material::glass};
    walls_.push_back({{kCell * x, kCell * y},
                      horizontal,
                      kMaterials[static_cast<std::size_t>(material)],
                      static_cast<std::uint8_t>(length)});
  }

  void cut_at(int x, int y) {
    const Cell m = at(x, y);
    const int right = run_right(x, y, m);
    const int down = run_down(x, y, m);
    if (right >= 2 && down >= 2 && solid(x + 1, y + 1, m)) {
      cut_corner(x, y, right, down, m);
    } else if (right >= 3 && down >= 2 && solid(x + right / 2, y + 1, m)) {
      emit(x, y, true, right, m);
      cut_stem(x + right / 2, y + 1, m);
    } else if (right >= 2 && right > down) {
      emit(x, y, true, right, m);
    } else {
      emit(x, y, false, down, m);
    }
  }

  // Rules 1 and 2: the longer arm first, then every cell of the other arm starts a strip of its
  // own.
  void cut_corner(int x, int y, int right, int down, Cell m) {
    if (right > down) {
      emit(x, y, true, right, m);
      for (int k = 1; k < down; ++k) {
        if (fresh(x, y + k, m)) emit(x, y + k, false, run_down(x, y + k, m), m);
      }
    } else {
      emit(x, y, false, down, m);
      for (int k = 1; k < right; ++k) {
        if (fresh(x + k, y, m)) emit(x + k, y, true, run_right(x + k, y, m), m);
      }
    }
  }

  // Rule 3: the upright of a T.
  void cut_stem(int x, int top, Cell m) {
    for (int y = top; y < kMapRows; ++y) {
      if (!fresh(x, y, m)) continue;
      emit(x, y, false, run_down(x, y, m), m);
      return;
    }
  }

  const std::array<Cell, kCells>& cells_;
  std::array<bool, kCells> used_{};
  std::vector<Wall> walls_;
};

struct Picture {
  int scale = 1;
  std::span<const std::uint8_t> rgb;

  Color pixel(int x, int y) const {
    const auto offset =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(kMapColumns * scale) +
         static_cast<std::size_t>(x)) *
        3;
    return {rgb[offset], rgb[offset + 1], rgb[offset + 2]};
  }
  Color cell(int x, int y) const { return pixel(x * scale, y * scale); }
  bool uniform(int x, int y) const {
    const Color first = cell(x, y);
    for (int dy = 0; dy < scale; ++dy) {
      for (int dx = 0; dx < scale; ++dx) {
        if (!(pixel(x * scale + dx, y * scale + dy) == first)) return false;
      }
    }
    return true;
  }
};

Tiler::Cell material_of(Color color) {
  if (color == kConcrete) return Tiler::Cell::concrete;
  if (color == kWood) return Tiler::Cell::wood;
  if (color == kMetal) return Tiler::Cell::metal;
  if (color == kGlass) return Tiler::Cell::glass;
  return Tiler::Cell::empty;
}

base::Result<void> check_spawns(const Map& map) {
  if (map.red_spawns.empty() || map.blue_spawns.empty()) {
    return wrong(map.name, map.red_spawns.empty() ? "no red spawn" : "no blue spawn");
  }
  std::vector<WallState> walls;
  for (const Wall& wall : map.walls) walls.push_back(fresh_wall(wall));
  for (const auto* list : {&map.red_spawns, &map.blue_spawns}) {
    for (const Vec2 spawn : *list) {
      const bool outside = spawn.x < kClampLeft || spawn.x > kClampRight || spawn.y < kClampTop ||
                           spawn.y > kClampBottom;
      if (outside || blocked(map, walls, spawn)) {
        return wrong(map.name, "the spawn at " + place(spawn.x, spawn.y) + " px is not free");
      }
    }
  }
  return {};
}

}  // namespace

base::Result<Map> map_from_pixels(std::string name, int width, int height,
                                  std::span<const std::uint8_t> rgb) {
  const int scale = width / kMapColumns;
  const bool fits = scale >= 1 && width == scale * kMapColumns && height / kMapRows == scale &&
                    height % kMapRows == 0;
  if (!fits) {
    return wrong(name, place(width, height) + " px is not a whole multiple of 48 x 27");
  }
  if (rgb.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {
    return wrong(
        name, std::to_string(rgb.size()) + " bytes are not the pixels of " + place(width, height));
  }
  const Picture picture{scale, rgb};
  Map map;
  map.name = std::move(name);
  std::array<Tiler::Cell, kCells> cells{};
  for (int y = 0; y < kMapRows; ++y) {
    for (int x = 0; x < kMapColumns; ++x) {
      if (!picture.uniform(x, y)) {
        return wrong(map.name, "the block of cell " + place(x, y) + " is not of one colour");
      }
      const Color color = picture.cell(x, y);
      cells[static_cast<std::size_t>(y * kMapColumns + x)] = material_of(color);
      if (color == kRedSpawn) map.red_spawns.push_back(cell_center(x, y));
      if (color == kBlueSpawn) map.blue_spawns.push_back(cell_center(x, y));
      if (color == kLight) map.lights.push_back(cell_center(x, y));
    }
  }
  map.walls = Tiler(cells).run();
  index_map(map);
  if (auto checked = check_spawns(map); !checked) return checked.error();
  return map;
}

}  // namespace sim
