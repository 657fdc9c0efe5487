#include "base/flags.h"

#include <gtest/gtest.h>

#include <vector>

namespace base {
namespace {

struct Options {
  std::string maps = "maps";
  int seeds = 5;
  std::uint64_t first = 1;
};

std::string said(Options& options, std::vector<const char*> words) {
  words.insert(words.begin(), "program");
  const auto read = read_flags(
      static_cast<int>(words.size()), words.data(),
      {{"--maps", &options.maps}, {"--seeds", &options.seeds}, {"--first", &options.first}});
  return read.ok() ? "" : read.error().message;
}

TEST(Flags, WhatIsGivenIsSetAndTheRestKeepsItsValue) {
  Options options;
  EXPECT_EQ(said(options, {}), "");
  EXPECT_EQ(said(options, {"--seeds", "-7", "--maps", "--seeds"}), "");
  EXPECT_EQ(options.maps, "--seeds");
  EXPECT_EQ(options.seeds, -7);
  EXPECT_EQ(options.first, 1u);
  EXPECT_EQ(said(options, {"--first", "18446744073709551615"}), "");
  EXPECT_EQ(options.first, ~std::uint64_t{0});
}

TEST(Flags, WhatIsWrongIsNamed) {
  Options options;
  EXPECT_EQ(said(options, {"--nope", "1"}), "unknown option --nope");
  EXPECT_EQ(said(options, {"--seeds"}), "--seeds has no value");
  for (const char* wrong : {"", "many", "5x", " 5", "99999999999", "1.5"}) {
    EXPECT_EQ(said(options, {"--seeds", wrong}),
              "--seeds: \"" + std::string(wrong) + "\" is no number in its range");
  }
  EXPECT_NE(said(options, {"--first", "-1"}), "");
  EXPECT_EQ(options.seeds, 5);
  EXPECT_EQ(options.first, 1u);
}

}  // namespace
}  // namespace base
