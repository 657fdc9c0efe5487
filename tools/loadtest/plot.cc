#include "loadtest/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace loadtest {
namespace {

constexpr double kWidth = 560;
constexpr double kHeight = 220;
constexpr double kLeft = 52;
constexpr double kRight = 8;
constexpr double kTop = 8;
constexpr double kBottom = 24;
constexpr int kLines = 4;        // between the axis' ends
constexpr double kLoneDot = 40;  // fewer points than this get dots, or one alone would not be seen

std::string fixed(double value) {
  std::array<char, 32> out;
  std::snprintf(out.data(), out.size(), "%.1f", value);
  std::string text = out.data();
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

// Seconds to the page, and values.
struct Frame {
  double x_end;
  double y_end;
  double x(double value) const { return kLeft + value / x_end * (kWidth - kLeft - kRight); }
  double y(double value) const {
    return kHeight - kBottom - value / y_end * (kHeight - kTop - kBottom);
  }
};

void text_at(std::string& out, double x, double y, const char* anchor, const std::string& text) {
  out += "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" text-anchor=\"" + anchor + "\">" +
         text + "</text>";
}

void line(std::string& out, double x1, double y1, double x2, double y2) {
  out += "<path class=\"grid\" d=\"M" + fixed(x1) + " " + fixed(y1) + "L" + fixed(x2) + " " +
         fixed(y2) + "\"/>";
}

void axes(std::string& out, const Frame& frame) {
  for (int i = 0; i <= kLines; ++i) {
    const double value = frame.y_end * i / kLines;
    line(out, kLeft, frame.y(value), kWidth - kRight, frame.y(value));
    text_at(out, kLeft - 6, frame.y(value) + 4, "end", short_number(value));
  }
  const double step = axis_end(frame.x_end / 6);
  for (double at = 0; at <= frame.x_end; at += step) {
    text_at(out, frame.x(at), kHeight - 6, at == 0 ? "start" : "middle", short_number(at) + " s");
  }
}

void draw(std::string& out, const Curve& curve, std::size_t colour, const Frame& frame) {
  const std::string name = "c" + std::to_string(colour);
  out += "<path class=\"" + name + "\" d=\"";
  bool first = true;
  for (const auto& [x, y] : curve.points) {
    out += (first ? "M" : "L") + fixed(frame.x(x)) + " " + fixed(frame.y(y));
    first = false;
  }
  out += "\"/>";
  if (static_cast<double>(curve.points.size()) > kLoneDot) return;
  for (const auto& [x, y] : curve.points) {
    out += "<circle class=\"" + name + "\" r=\"2.5\" cx=\"" + fixed(frame.x(x)) + "\" cy=\"" +
           fixed(frame.y(y)) + "\"/>";
  }
}

}  // namespace

double axis_end(double largest) {
  if (!(largest > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(largest)));
  for (const double times : {1.0, 2.0, 4.0, 8.0}) {
    if (largest <= times * power * (1 + 1e-9)) return times * power;
  }
  return 10 * power;
}

std::string short_number(double value) {
  const double size = std::abs(value);
  std::array<char, 32> out;
  if (size >= 999'950) {
    std::snprintf(out.data(), out.size(), "%.3g M", value / 1e6);
  } else if (size >= 9'999.5) {
    std::snprintf(out.data(), out.size(), "%.3g k", value / 1e3);
  } else if (size >= 999.5) {
    std::snprintf(out.data(), out.size(), "%.0f", value);
  } else {
    std::snprintf(out.data(), out.size(), "%.3g", value);
  }
  return out.data();
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string figure(const Plot& plot) {
  double largest = 0;
  bool any = false;
  for (const Curve& curve : plot.curves) {
    for (const auto& [x, y] : curve.points) largest = std::max(largest, y);
    any |= !curve.points.empty();
  }
  if (!any || !(plot.x_max > 0)) return "";
  const Frame frame{plot.x_max, axis_end(largest)};
  std::string out = "<figure><figcaption><b>" + escaped(plot.title) + "</b> " + escaped(plot.unit);
  out += "<span class=\"legend\">";
  for (std::size_t i = 0; i < std::min(plot.curves.size(), kMostCurves); ++i) {
    const Curve& curve = plot.curves[i];
    if (curve.points.empty()) continue;
    double most = 0;
    for (const auto& [x, y] : curve.points) most = std::max(most, y);
    out += "<span><i class=\"c" + std::to_string(i) + "\"></i>" + escaped(curve.name) +
           " <small>max " + short_number(most) + "</small></span> ";
  }
  out += "</span></figcaption><svg viewBox=\"0 0 " + fixed(kWidth) + " " + fixed(kHeight) +
         "\" role=\"img\" aria-label=\"" + escaped(plot.title) + "\">";
  if (plot.mark_to > plot.mark_from) {
    out += "<rect class=\"mark\" x=\"" + fixed(frame.x(plot.mark_from)) + "\" y=\"" + fixed(kTop) +
           "\" width=\"" +
           fixed(frame.x(std::min(plot.mark_to, plot.x_max)) - frame.x(plot.mark_from)) +
           "\" height=\"" + fixed(kHeight - kTop - kBottom) + "\"/>";
  }
  axes(out, frame);
  for (std::size_t i = 0; i < std::min(plot.curves.size(), kMostCurves); ++i) {
    if (!plot.curves[i].points.empty()) draw(out, plot.curves[i], i, frame);
  }
  return out + "</svg></figure>\n";
}

}  // namespace loadtest
