#pragma once

// Trigonometry with the same bits on every compiler and CPU: only + - * / on doubles, no libm
// (glibc picks its routines by CPU). Results are within 1-2 units in the last place of the true
// value.

#include "sim/types.h"

namespace sim {

inline constexpr double kPi = 3.141592653589793;

// Radians. Any finite argument; beyond 1e6 the argument is first reduced exactly by std::fmod.
double sin(double angle);
double cos(double angle);

// (cos, sin) of an angle in one reduction.
Vec2 direction(double angle);

// As in C: (-pi, pi], atan2(0, 0) = 0, atan2(0, negative) = pi. Arguments must be finite.
double atan2(double y, double x);

// Argument is clamped to [-1, 1].
double asin(double x);

// Angle to (-pi, pi]. Any finite argument.
double normalised(double angle);

// Smallest turn from `from` to `to`, in (-pi, pi].
inline double turn(double from, double to) { return normalised(to - from); }

// x to the power 0.8 for x in [0, 1] (the fall-off of a flash, rules 6.7).
double pow_four_fifths(double x);

}  // namespace sim
