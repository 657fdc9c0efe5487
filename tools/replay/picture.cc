#include "replay/picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/sight_polygon.h"
#include "sim/smoke.h"
#include "sim/trig.h"
#include "sim/walls.h"

namespace replay_tool {
namespace {

using sim::Vec2;

constexpr int kGap = 2;

struct Color {
  int red = 0, green = 0, blue = 0;
};

constexpr Color kGapColor{0, 0, 0};
constexpr Color kFloor{38, 40, 46};
constexpr Color kSmoke{190, 190, 195};
constexpr Color kFlying{255, 220, 120};
constexpr Color kRed{230, 80, 70};
constexpr Color kBlue{90, 150, 250};
constexpr double kDimmed = 0.45;    // brightness of what the viewer does not see
constexpr double kCorpse = 0.45;    // opacity of the dead
constexpr double kGunLength = 9.0;  // px

Color color_of(sim::Material material) {
  switch (material) {
    case sim::Material::concrete:
      return {128, 128, 132};
    case sim::Material::wood:
      return {150, 96, 48};
    case sim::Material::metal:
      return {84, 92, 104};
    case sim::Material::glass:
      return {135, 206, 235};
  }
  return kFloor;
}

Color darker(Color color, double factor) {
  return {static_cast<int>(color.red * factor), static_cast<int>(color.green * factor),
          static_cast<int>(color.blue * factor)};
}

// One frame of the picture; drawing outside it does nothing.
class Frame {
 public:
  Frame(base::Image& image, int left, int top) : image_(image), left_(left), top_(top) {}

  void blend(int x, int y, Color color, double opacity) {
    if (x < 0 || y < 0 || x >= kFrameWidth || y >= kFrameHeight) return;
    std::uint8_t* pixel =
        &image_.rgb[(static_cast<std::size_t>(top_ + y) * static_cast<std::size_t>(image_.width) +
                     static_cast<std::size_t>(left_ + x)) *
                    3];
    const std::array<int, 3> target{color.red, color.green, color.blue};
    for (std::size_t i = 0; i < 3; ++i) {
      pixel[i] = static_cast<std::uint8_t>(pixel[i] + (target[i] - pixel[i]) * opacity);
    }
  }

  void box(const sim::Box& box, Color color) {
    for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y) {
      for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x)
        blend(x, y, color, 1.0);
    }
  }

  // opacity(distance from the centre) for each pixel of the disc
  template <class Opacity>
  void disc(Vec2 centre, double radius, Color color, Opacity opacity) {
    for (int y = static_cast<int>(std::floor(centre.y - radius)); y <= centre.y + radius; ++y) {
      for (int x = static_cast<int>(std::floor(centre.x - radius)); x <= centre.x + radius; ++x) {
        const double distance = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
        if (distance <= radius) blend(x, y, color, opacity(distance));
      }
    }
  }

  void line(Vec2 from, Vec2 to, Color color) {
    const int steps = static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) * 2.0) + 1;
    for (int i = 0; i <= steps; ++i) {
      blend(static_cast<int>(from.x + (to.x - from.x) * i / steps),
            static_cast<int>(from.y + (to.y - from.y) * i / steps), color, 1.0);
    }
  }

 private:
  base::Image& image_;
  int left_;
  int top_;
};

void draw_walls(Frame& frame, const sim::World& world) {
  frame.box({0, 0, kFrameWidth, kFrameHeight}, kFloor);
  for (std::size_t w = 0; w < world.walls.size(); ++w) {
    const sim::Wall& wall = world.map->walls[w];
    for (int slice = 0; slice < wall.tiles; ++slice) {
      if (!sim::blocks(world.walls[w], slice)) continue;
      const double health =
          world.walls[w].health[static_cast<std::size_t>(slice)] / sim::slice_health(wall.material);
      frame.box(sim::slice_box(wall, slice), darker(color_of(wall.material), 0.5 + 0.5 * health));
    }
  }
}

void draw_players(Frame& frame, const sim::World& world) {
  for (const sim::Player& player : world.players) {
    if (!player.in_world) continue;
    const Color color = player.team == sim::Team::red ? kRed : kBlue;
    const double opacity = player.alive ? 1.0 : kCorpse;
    frame.disc(player.position, sim::kBodyRadius, color, [&](double) { return opacity; });
    if (!player.alive) continue;
    const Vec2 facing = sim::direction(player.rotation);
    frame.line(
        player.position,
        {player.position.x + facing.x * kGunLength, player.position.y + facing.y * kGunLength},
        {255, 255, 255});
  }
}

bool inside(const std::vector<Vec2>& polygon, Vec2 point) {
  bool within = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Vec2 a = polygon[i];
    const Vec2 b = polygon[j];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) within = !within;
  }
  return within;
}

void dim_unseen(Frame& frame, const sim::World& world, const sim::Player& viewer) {
  std::vector<Vec2> polygon;
  sim::visibility_polygon(world, sim::viewpoint_of(viewer), polygon);
  for (int y = 0; y < kFrameHeight; ++y) {
    for (int x = 0; x < kFrameWidth; ++x) {
      if (!inside(polygon, {x + 0.5, y + 0.5})) frame.blend(x, y, {0, 0, 0}, 1.0 - kDimmed);
    }
  }
}

}  // namespace

Picture::Picture(int columns, int rows) {
  image_.width = columns * (kFrameWidth + kGap) - kGap;
  image_.height = rows * (kFrameHeight + kGap) - kGap;
  image_.rgb.assign(
      static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height) * 3,
      static_cast<std::uint8_t>(kGapColor.red));
}

void Picture::draw(int column, int row, const sim::World& world, sim::Slot viewer) {
  Frame frame(image_, column * (kFrameWidth + kGap), row * (kFrameHeight + kGap));
  draw_walls(frame, world);
  draw_players(frame, world);
  for (const sim::Projectile& projectile : world.projectiles) {
    frame.disc(projectile.position, 2.0, kFlying, [](double) { return 1.0; });
  }
  for (const sim::SmokeDisc& smoke : sim::smoke_discs(world)) {
    frame.disc(smoke.center, smoke.radius, kSmoke, [&](double distance) {
      return smoke.density * (1.0 - 0.5 * distance / smoke.radius);
    });
  }
  if (viewer < sim::kMaxPlayers && world.players[viewer].in_world)
    dim_unseen(frame, world, world.players[viewer]);
}

}  // namespace replay_tool
