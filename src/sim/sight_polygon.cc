#include "sim/sight_polygon.h"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>
#include <cmath>
#include <limits>

#include "sim/clouds.h"
#include "sim/runs.h"
#include "sim/trig.h"

// How it works. In the frame of the viewer a direction of the cone is facing + s * side with s =
// tan(angle) in
// [-tan 60, tan 60], and the reciprocal of the depth of a straight wall face is linear in s. So the
// faces turned to the viewer are clipped to the cone and the circle, the s at which they begin and
// end are sorted, and in each interval between two of them one face is the nearest (or none, and
// sight ends on the circle).

namespace sim {
namespace {

constexpr double kTan60 = 1.7320508075688772;
constexpr double kTan3 = 0.052407779283041196;    // step of the smoke fan
constexpr double kArcStep = 0.17453292519943295;  // 10 degrees
constexpr double kCos60 = 0.5;
constexpr double kSin60 = 0.86602540378443865;
constexpr double kSame = 1e-6;  // px: two vertices this near are one
constexpr int kFaces =
    kMapColumns * kMapRows;  // the cone covers less than half the cells, two faces each
constexpr int kNone = -1;

double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
double cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }

// A wall face turned to the viewer, clipped to what he may see; coordinates relative to him.
struct Face {
  double begin = 0.0;  // s
  double end = 0.0;
  double at = 0.0;  // 1 / depth = at + slope * s
  double slope = 0.0;
  double line = 0.0;  // x (upright) or y of the face
  bool upright = false;
  Vec2 first;  // the point at begin
  Vec2 last;   // the point at end
};

// A face as it stands on the map, relative to the viewer and directed left to right as he sees it.
struct Side {
  double line = 0.0;
  double from = 0.0;
  double to = 0.0;
  bool upright = false;
};

// A place of the sweep: a face begins (or, kNone, something ends).
struct Stop {
  double s = 0.0;
  int face = kNone;
};

using Faces = boost::container::static_vector<Face, kFaces>;
using Sides = boost::container::static_vector<Side, kFaces>;
using Stops = boost::container::static_vector<Stop, 2 * kFaces + 64>;

// The last level side met on each grid line, so that sides of neighbouring walls become one. A
// saving only. Upright sides stay apart: two long sides could cross where walls meet, and the sweep
// takes it that none do.
class LastOnRow {
 public:
  LastOnRow() { last_.fill(kNone); }
  int& at(double y) {
    return last_[static_cast<std::size_t>(std::clamp(static_cast<int>(y / kCell), 0, kMapRows))];
  }

 private:
  std::array<int, kMapRows + 1> last_;
};

// A stretch of s in which smoke may shorten the rays.
struct Stretch {
  double begin = std::numeric_limits<double>::infinity();
  double end = -std::numeric_limits<double>::infinity();
  bool holds(double a, double b) const { return begin < b && a < end; }
};

class Painter {
 public:
  Painter(const World& world, const Viewpoint& viewpoint, std::vector<Vec2>& out)
      : eye_(viewpoint.position),
        facing_(viewpoint.facing),
        side_{-viewpoint.facing.y, viewpoint.facing.x},
        left_{facing_.x * kCos60 - side_.x * kSin60, facing_.y * kCos60 - side_.y * kSin60},
        right_{facing_.x * kCos60 + side_.x * kSin60, facing_.y * kCos60 + side_.y * kSin60},
        clouds_(world, viewpoint.position, kViewDistance),
        out_(out) {
    out_.clear();
    out_.push_back(eye_);
    if (!collect(world)) {
      out_.push_back(eye_);
      out_.push_back(eye_);
      return;
    }
    collect_smoke();
    sweep();
  }

 private:
  // The faces in sight; false when the viewer stands in a blocking slice.
  bool collect(const World& world) {
    const auto& walls = world.map->walls;
    find_near(*world.map);
    for (std::size_t i = 0; i < walls.size(); ++i) {
      if (!near_[i]) continue;
      bool inside = false;
      for_each_blocking_run(walls[i], world.walls[i], [&](const Box& run) {
        inside = inside || (run.left <= eye_.x && eye_.x <= run.right && run.top <= eye_.y &&
                            eye_.y <= run.bottom);
        if (!inside && sides_.size() + 2 <= sides_.capacity()) add_run(run);
      });
      if (inside) return false;
    }
    for (const Side& side : sides_) add_face(side);
    return true;
  }

  // Which walls could be in the circle and between the borders of the cone? Without a branch, so
  // that the compiler tests several at once.
  void find_near(const Map& map) {
    const double* const middle_x = map.extents.middle_x.data();
    const double* const middle_y = map.extents.middle_y.data();
    const double* const half_width = map.extents.half_width.data();
    const double* const half_height = map.extents.half_height.data();
    const std::size_t count = map.walls.size();
    for (std::size_t i = 0; i < count; ++i) {
      const double half_x = half_width[i];
      const double half_y = half_height[i];
      const Vec2 centre{middle_x[i] - eye_.x, middle_y[i] - eye_.y};
      const double gap_x = std::max(std::abs(centre.x) - half_x, 0.0);
      const double gap_y = std::max(std::abs(centre.y) - half_y, 0.0);
      const bool in_reach = gap_x * gap_x + gap_y * gap_y < kViewDistance * kViewDistance;
      const bool right_of_left =
          cross(left_, centre) + std::abs(left_.x) * half_y + std::abs(left_.y) * half_x >= 0.0;
      const bool left_of_right =
          cross(centre, right_) + std::abs(right_.x) * half_y + std::abs(right_.y) * half_x >= 0.0;
      near_[i] = in_reach & right_of_left & left_of_right;
    }
  }

  void add_run(const Box& run) {
    const Box r{run.left - eye_.x, run.top - eye_.y, run.right - eye_.x, run.bottom - eye_.y};
    if (r.left > 0.0) sides_.push_back({r.left, r.top, r.bottom, true});
    if (r.right < 0.0) sides_.push_back({r.right, r.bottom, r.top, true});
    if (r.top > 0.0) add_level({r.top, r.right, r.left, false}, run.top);
    if (r.bottom < 0.0) add_level({r.bottom, r.left, r.right, false}, run.bottom);
  }

  void add_level(const Side& side, double y) {
    int& last = last_on_row_.at(y);
    if (last != kNone) {
      Side& before = sides_[static_cast<std::size_t>(last)];
      if (before.line == side.line && before.to == side.from) {
        before.to = side.to;
        return;
      }
      if (before.line == side.line && before.from == side.to) {
        before.from = side.from;
        return;
      }
    }
    last = static_cast<int>(sides_.size());
    sides_.push_back(side);
  }

  // Keeps what of the side is in the circle and the cone.
  void add_face(const Side& side) {
    constexpr double kReachSquared = kViewDistance * kViewDistance;
    const double reach_squared = kReachSquared - side.line * side.line;
    if (reach_squared <= 0.0) return;
    double from = side.from;
    double to = side.to;
    if (from * from > reach_squared || to * to > reach_squared) {
      const double reach = std::sqrt(reach_squared);
      from = std::clamp(from, -reach, reach);
      to = std::clamp(to, -reach, reach);
      if (from == to) return;
    }
    Face face;
    face.line = side.line;
    face.upright = side.upright;
    face.first = side.upright ? Vec2{side.line, from} : Vec2{from, side.line};
    face.last = side.upright ? Vec2{side.line, to} : Vec2{to, side.line};
    if (!clip_to_cone(face)) return;
    const double reciprocal = 1.0 / side.line;
    face.at = (side.upright ? facing_.x : facing_.y) * reciprocal;
    face.slope = (side.upright ? side_.x : side_.y) * reciprocal;
    faces_.push_back(face);
  }

  // Cuts the face at the borders of the cone and finds its s. False when nothing is left. The cone
  // is narrower than half a turn, so it is where both half planes meet, and a face turned left to
  // right can only enter it through the left border and leave it through the right one.
  bool clip_to_cone(Face& face) const {
    double enter = 0.0;
    double leave = 1.0;
    const auto clip = [&](double first, double last) {
      if (first < 0.0 && last < 0.0) leave = -1.0;
      if (first < 0.0 && last >= 0.0) enter = std::max(enter, first / (first - last));
      if (first >= 0.0 && last < 0.0) leave = std::min(leave, first / (first - last));
    };
    clip(cross(left_, face.first), cross(left_, face.last));
    clip(cross(face.first, right_), cross(face.last, right_));
    if (enter >= leave) return false;
    const Vec2 first = face.first;
    const Vec2 way{face.last.x - first.x, face.last.y - first.y};
    if (enter > 0.0) face.first = {first.x + way.x * enter, first.y + way.y * enter};
    if (leave < 1.0) face.last = {first.x + way.x * leave, first.y + way.y * leave};
    face.begin = enter > 0.0 ? -kTan60 : slope_of(face.first);
    face.end = leave < 1.0 ? kTan60 : slope_of(face.last);
    return face.begin < face.end;
  }

  double slope_of(Vec2 point) const {
    return std::clamp(dot(side_, point) / dot(facing_, point), -kTan60, kTan60);
  }

  // The stretch of the cone in which some zone of smoke lies, from the tangents to it.
  void collect_smoke() {
    for (const SmokeDisc& cloud : clouds_) {
      const Vec2 to{cloud.center.x - eye_.x, cloud.center.y - eye_.y};
      const double ahead = dot(facing_, to);
      const double aside = dot(side_, to);
      const double square = cloud.radius * cloud.radius;
      if (ahead <= cloud.radius) {  // around or beside the viewer: its tangents may leave the half
                                    // plane ahead
        if (ahead > -cloud.radius) smoke_ = {-kTan60, kTan60};
        continue;
      }
      const double a = ahead * ahead - square;
      const double root = cloud.radius * std::sqrt(ahead * ahead + aside * aside - square);
      smoke_.begin = std::clamp((ahead * aside - root) / a, -kTan60, smoke_.begin);
      smoke_.end = std::max(smoke_.end, std::min((ahead * aside + root) / a, kTan60));
    }
  }

  void sweep() {
    collect_stops();
    sort_stops();
    for (std::size_t i = 0; i + 1 < stops_.size(); ++i) {
      if (stops_[i].face != kNone) active_.push_back(stops_[i].face);
      const double begin = stops_[i].s;
      const double end = stops_[i + 1].s;
      if (begin < end) paint(begin, end, nearest(begin, end));
    }
    finish(kTan60);
  }

  // Beginnings after all else and by face: their order where several have one s.
  void collect_stops() {
    unsorted_.push_back({-kTan60, kNone});
    unsorted_.push_back({kTan60, kNone});
    for (const Face& face : faces_) unsorted_.push_back({face.end, kNone});
    if (smoke_.begin < smoke_.end) {
      for (double s = -kTan60; s < smoke_.end; s = (s + kTan3) / (1.0 - s * kTan3)) {
        if (s > smoke_.begin) unsorted_.push_back({s, kNone});
      }
      unsorted_.push_back({smoke_.begin, kNone});
      unsorted_.push_back({smoke_.end, kNone});
    }
    for (const Face& face : faces_)
      unsorted_.push_back({face.begin, static_cast<int>(&face - faces_.data())});
  }

  // Stable: first by stretches of equal width, then each where it belongs among its neighbours.
  void sort_stops() {
    constexpr int kStretches = 64;
    constexpr double kPerUnit = (kStretches - 1) / (2.0 * kTan60);
    const auto stretch_of = [](const Stop& stop) {
      return static_cast<std::size_t>((stop.s + kTan60) * kPerUnit);
    };
    std::array<std::uint16_t, kStretches + 1> places{};
    for (const Stop& stop : unsorted_) ++places[stretch_of(stop) + 1];
    for (std::size_t i = 1; i < places.size(); ++i) places[i] += places[i - 1];
    stops_.resize(unsorted_.size(), boost::container::default_init);
    for (const Stop& stop : unsorted_) stops_[places[stretch_of(stop)]++] = stop;
    for (std::size_t i = 1; i < stops_.size(); ++i) {
      const Stop stop = stops_[i];
      std::size_t to = i;
      for (; to > 0 && stop.s < stops_[to - 1].s; --to) stops_[to] = stops_[to - 1];
      stops_[to] = stop;
    }
  }

  // The face in front between two neighbouring stops; drops the faces that have ended.
  int nearest(double begin, double end) {
    const double middle = (begin + end) * 0.5;
    int best = kNone;
    double best_reciprocal = 0.0;
    std::size_t kept = 0;
    for (const int index : active_) {
      const Face& face = faces_[static_cast<std::size_t>(index)];
      if (face.end <= begin) continue;
      active_[kept++] = index;
      const double reciprocal = face.at + face.slope * middle;
      if (reciprocal > best_reciprocal) {
        best_reciprocal = reciprocal;
        best = index;
      }
    }
    active_.resize(kept);
    return best;
  }

  void paint(double begin, double end, int face) {
    if (smoke_.holds(begin, end)) {
      finish(begin);
      if (!smoky_ || !same_line(face, current_)) emit(shortened(begin, face));
      emit(shortened(end, face));
      smoky_ = true;
      current_ = face;
      return;
    }
    smoky_ = false;
    if (painting_ && same_line(face, current_)) {
      current_ = face;
      return;
    }
    finish(begin);
    painting_ = true;
    current_ = face;
    begun_ = begin;
    emit(point_on(face, begin));
  }

  bool same_line(int a, int b) const {
    if (a == kNone || b == kNone) return a == b;
    const Face& one = faces_[static_cast<std::size_t>(a)];
    const Face& two = faces_[static_cast<std::size_t>(b)];
    return one.upright == two.upright && one.line == two.line;
  }

  // Ends what is being painted at s.
  void finish(double s) {
    if (!painting_) return;
    painting_ = false;
    if (current_ == kNone) {
      arc(begun_, s);
    } else {
      emit(point_on(current_, s));
    }
  }

  Vec2 direction(double s) const { return {facing_.x + side_.x * s, facing_.y + side_.y * s}; }

  // Where sight ends at s if this face is in front; relative to the viewer.
  Vec2 point_on(int index, double s) const {
    const Vec2 way = direction(s);
    if (index == kNone) {
      const double scale = kViewDistance / std::sqrt(1.0 + s * s);
      return {way.x * scale, way.y * scale};
    }
    const Face& face = faces_[static_cast<std::size_t>(index)];
    if (s == face.begin) return face.first;
    if (s == face.end) return face.last;
    return face.upright ? Vec2{face.line, way.y * (face.line / way.x)}
                        : Vec2{way.x * (face.line / way.y), face.line};
  }

  Vec2 shortened(double s, int face) const {
    const Vec2 end = point_on(face, s);
    const double length = std::sqrt(dot(end, end));
    const double limit = clouds_.ray_length({end.x / length, end.y / length}, length);
    const double part = limit / length;
    return {end.x * part, end.y * part};
  }

  // Points of the circle after the one at `begin`, up to and with the one at `end`, evenly spaced.
  void arc(double begin, double end) {
    const Vec2 last = point_on(kNone, end);
    Vec2 point = point_on(kNone, begin);
    const double gap = sim::atan2(cross(point, last), dot(point, last));
    const int steps = static_cast<int>(std::ceil(gap / kArcStep - 1e-9));
    if (steps > 1) {
      const Vec2 turn = sim::direction(gap / steps);
      for (int i = 1; i < steps; ++i) {
        point = {point.x * turn.x - point.y * turn.y, point.x * turn.y + point.y * turn.x};
        emit(point);
      }
    }
    emit(last);
  }

  void emit(Vec2 relative) {
    const Vec2 point{relative.x + eye_.x, relative.y + eye_.y};
    if (out_.size() > 1) {
      const Vec2 before = out_.back();
      if (std::abs(before.x - point.x) <= kSame && std::abs(before.y - point.y) <= kSame) return;
    }
    out_.push_back(point);
  }

  const Vec2 eye_;
  const Vec2 facing_;
  const Vec2 side_;  // facing turned right by 90 degrees
  const Vec2 left_;  // borders of the cone
  const Vec2 right_;
  const Clouds clouds_;
  std::vector<Vec2>& out_;
  LastOnRow last_on_row_;
  Sides sides_;
  Faces faces_;
  std::array<bool, kMapColumns * kMapRows> near_;  // by wall
  Stops unsorted_;
  Stops stops_;
  boost::container::static_vector<int, kFaces>
      active_;  // faces that the sweep has met and not yet passed
  Stretch smoke_;
  bool painting_ = false;  // something is begun that finish() has to end
  bool smoky_ =
      false;  // the stretch before this one had smoke in it and ended at what current_ says
  int current_ = kNone;  // the face in front in the stretch being painted, kNone: the circle
  double begun_ = 0.0;
};

}  // namespace

void visibility_polygon(const World& world, const Viewpoint& viewpoint, std::vector<Vec2>& out) {
  Painter(world, viewpoint, out);
}

}  // namespace sim
