#pragma once

// Test data only: the two pictures of rules 2.5 and 2.6, given as runs of cells a row. They are
// vectors for the tiler, not maps of this game.

#include <charconv>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/map.h"

namespace sim::test {

struct Row {
  int row;
  std::string_view
      runs;  // "C4-43 W14": concrete in columns 4 to 43, wood in 14; R, B spawns, L light
};

inline constexpr Row kMapARows[] = {
    {0, "C4-43"},
    {1, "C4 C14 W24 C43"},
    {2, "C4 C14 W24 C43"},
    {3, "C4 C14 W24 C43"},
    {4, "C4 C14 W24 C43"},
    {5, "C0-4 C14 W19 W24 W28-39 C43"},
    {6, "C0 C9 W14 W19 W35 C43"},
    {7, "C0 C9 W14 W19 W35 C43"},
    {8, "C0 R4 C9 W14 W19 W35 C43"},
    {9, "C0 C9 W14 C19-22 W23-27 C28-35 C39 C43"},
    {10, "C0 C9 C19 C39 C43"},
    {11, "C0-5 C9 C19 C39 C43"},
    {12, "C5 C9 C19 C39 C43-47"},
    {13, "C5 C9 W10-14 C19 W23-27 C28 W34-38 C39 C47"},
    {14, "C5 C9 W19 C28 C47"},
    {15, "C5 C9 W19 C28 B43 C47"},
    {16, "C1-5 C9 W19 C28 C47"},
    {17, "C1 C9-12 C17-21 C26-30 C35-39 C47"},
    {18, "C1 C9 C39-43 C47"},
    {19, "C1 C9 C39 C47"},
    {20, "C1 C5-9 C39 C47"},
    {21, "C1 C14-15 W16-22 C23-24 W25-31 C32-33 C47"},
    {22, "C1 C14-15 C23-24 C32-33 C47"},
    {23, "C1 W10 C47"},
    {24, "C1 W10 C39 C47"},
    {25, "C1 W10 C39 C47"},
    {26, "C1-47"},
};

inline constexpr Row kMapBRows[] = {
    {1, "C8-41"},
    {2, "C8-9 W20 W25 C34 C41"},
    {3, "C8-9 L14 W20 W25 C34 C41"},
    {4, "C6-9 W20 W25 C34 C41"},
    {5, "C6 C9 C13 W14-19 C20-25 L30 C34 C41"},
    {6, "C6 C13 C20-25 W39-40 C41-45"},
    {7, "C6 L11 C13 C20-25 C45"},
    {8, "C6 C13 C20-25 L36 L42 C45"},
    {9, "C2-6 C9 C13 L16 C20-25 W29-33 C34 C45"},
    {10, "C2 C9 L23 C34 W39 C45"},
    {11, "C2 C9 C34 W39 C45"},
    {12, "C2 R5 C9-14 W25-30 C31-34 W35-39 C43-47"},
    {13, "C2 L6 C14 W25 C31 W39 C47"},
    {14, "C2 C14 W15-21 W25 C31 W39 C47"},
    {15, "C2 C14 C21 W25-27 B43 C47"},
    {16, "C2-9 C14 C21 W27 L29 L35 L43 C47"},
    {17, "C9 L18 C21 W27 C31 C39 C47"},
    {18, "C6-9 C21 L24 W27 C31 C39 C47"},
    {19, "C6 C21 W27 C31 C39 C47"},
    {20, "C6 C14 W15-19 C20-23 C27-33 C37-41 W42-45 C46-47"},
    {21, "C6 C14 W30 C39 C46"},
    {22, "C6 L10 C14 W30 C39 C46"},
    {23, "C6 C14 L16 C19 L22 C25 C30 L33 C36 C39 L43 C46"},
    {24, "C6 C46"},
    {25, "C6 C46"},
    {26, "C6-46"},
};

inline std::uint32_t color_of(char letter) {
  switch (letter) {
    case 'C':
      return 0x808080;
    case 'W':
      return 0x8B4513;
    case 'M':
      return 0x404040;
    case 'G':
      return 0x87CEEB;
    case 'R':
      return 0xFF0000;
    case 'B':
      return 0x0000FF;
    case 'L':
      return 0xFFFF00;
    default:
      return 0xFFFFFF;
  }
}

// The picture of a list of rows, each cell enlarged to scale x scale pixels.
template <std::size_t N>
std::vector<std::uint8_t> pixels_of(const Row (&rows)[N], int scale = 1) {
  const int width = kMapColumns * scale;
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width * kMapRows * scale * 3), 0xff);
  const auto paint = [&](int column, int row, std::uint32_t color) {
    for (int y = row * scale; y < (row + 1) * scale; ++y) {
      for (int x = column * scale; x < (column + 1) * scale; ++x) {
        std::uint8_t* pixel = &rgb[static_cast<std::size_t>((y * width + x) * 3)];
        pixel[0] = static_cast<std::uint8_t>(color >> 16);
        pixel[1] = static_cast<std::uint8_t>(color >> 8);
        pixel[2] = static_cast<std::uint8_t>(color);
      }
    }
  };
  for (const Row& row : rows) {
    std::string_view rest = row.runs;
    while (!rest.empty()) {
      const std::string_view run = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), run.size() + 1));
      int first = 0;
      const char* end = run.data() + run.size();
      const auto [stop, error] = std::from_chars(run.data() + 1, end, first);
      int last = first;
      if (stop != end) std::from_chars(stop + 1, end, last);
      for (int column = first; column <= last; ++column)
        paint(column, row.row, color_of(run.front()));
    }
  }
  return rgb;
}

// The map of rules 2.5, ready for play.
inline std::shared_ptr<const Map> map_a() {
  return std::make_shared<const Map>(
      map_from_pixels("a", kMapColumns, kMapRows, pixels_of(kMapARows)).value());
}

}  // namespace sim::test
