#pragma once

// Curves as a piece of SVG. Colours are classes (c0, c1, ...) that the page gives, for light and
// for dark.

#include <string>
#include <utility>
#include <vector>

namespace loadtest {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  // ascending in x; gaps are drawn through
};

struct Plot {
  std::string title;
  std::string unit;           // of y
  std::vector<Curve> curves;  // at most six
  double x_max = 0;           // s; x begins at 0
  double mark_from = 0;       // s: the stretch that is shaded; none when both are the same
  double mark_to = 0;
};

inline constexpr std::size_t kMostCurves = 6;

// A figure with title, legend (last and largest value of each curve) and axes; "" when there is no
// point to draw.
std::string figure(const Plot& plot);

// The upper end of an axis for values up to `largest`: 1, 2, 4 or 8 times a power of ten.
double axis_end(double largest);
// As few digits as tell the value: 0.25, 12.3, 1,200, 3.4 M.
std::string short_number(double value);
// For text and attributes of HTML.
std::string escaped(std::string_view text);

}  // namespace loadtest
