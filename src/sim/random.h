#pragma once

#include <cstdint>

namespace sim {

// Seeded generator of one world (PCG32). The order of draws is part of the rules (11.3): keep it.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0) : state_(0) {
    next();
    state_ += seed;
    next();
  }

  std::uint32_t next() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18u) ^ old) >> 27u);
    const auto rotation = static_cast<std::uint32_t>(old >> 59u);
    return (shifted >> rotation) | (shifted << ((32u - rotation) & 31u));
  }

  // Uniform in [0,1) with 32 bits: exact in a double on every machine.
  double uniform() { return static_cast<double>(next()) * (1.0 / 4294967296.0); }

  std::uint64_t state() const { return state_; }
  void set_state(std::uint64_t state) { state_ = state; }

 private:
  std::uint64_t state_;
};

}  // namespace sim
