// LINK: match
// Snapshots from anywhere: restore() refuses them or gives a match that can be played on. The input
// is taken as the bytes between magic and sum as well, which are put right, since no mutation
// guesses a 64-bit sum.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "match/match.h"
#include "match/test_rabble.h"

namespace {

void sign(std::vector<std::uint8_t>& bytes) {
  std::uint64_t state = 0x243f6a8885a308d3ULL;
  const auto mix = [&](std::uint64_t word) {
    state = (state ^ word) * 0x9e3779b97f4a7c15ULL;
    state ^= state >> 32U;
  };
  mix(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = at; i < std::min(bytes.size(), at + 8); ++i)
      word |= static_cast<std::uint64_t>(bytes[i]) << (8 * (i - at));
    mix(word);
  }
  state ^= state >> 29U;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(state >> (8 * i)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto map = match::test::field();
  static const std::vector<std::uint8_t> fresh = [] {
    std::vector<std::uint8_t> bytes;
    match::Match(map, {}, 1).snapshot(bytes);
    return bytes;
  }();
  constexpr std::size_t kHead = 12;  // magic and fingerprint
  match::Match game(map, {}, 1);
  (void)game.restore({data, size});
  std::vector<std::uint8_t> forged(fresh.begin(), fresh.begin() + kHead);
  forged.insert(forged.end(), data, data + size);
  sign(forged);
  if (!game.restore(forged)) return 0;
  std::vector<std::uint8_t> again;
  game.snapshot(again);
  if (again != forged) std::abort();
  match::test::Rabble rabble(1);
  for (int i = 0; i < 10; ++i) game.step(rabble.next(game.world()));
  return 0;
}
