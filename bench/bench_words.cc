// LINK: moderation
// The word filter over 200 characters of chat (S6): plain talk, and what costs it most.

#include <benchmark/benchmark.h>

#include <string>

#include "moderation/words.h"

namespace {

std::string repeated(const std::string& piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

void mask(benchmark::State& state, const std::string& text) {
  const moderation::Words& words = moderation::Words::standard();
  std::string out;
  for (auto _ : state) {
    benchmark::DoNotOptimize(words.mask(text, out));
    benchmark::DoNotOptimize(out.data());
  }
}

BENCHMARK_CAPTURE(mask, plain_english, repeated("the quick brown fox jumps over it, ok?! ", 5));
BENCHMARK_CAPTURE(mask, cyrillic, repeated("привет как дела ", 13));
BENCHMARK_CAPTURE(mask, han, repeated("你好世界", 50));
BENCHMARK_CAPTURE(mask, mathematical, repeated("𝖋𝖚𝖓", 67));
BENCHMARK_CAPTURE(mask, letters_one_by_one, repeated("a.b.", 50));
BENCHMARK_CAPTURE(mask, signs, repeated("B!a4B!a4B!a4C ", 14));

}  // namespace
