#include "anticheat/finding.h"

#include <gtest/gtest.h>

#include <set>

namespace anticheat {
namespace {

TEST(Finding, S4_EachKindHasAName) {
  std::set<std::string_view> names;
  for (std::size_t kind = 0; kind < kKinds; ++kind) names.insert(name_of(static_cast<Kind>(kind)));
  EXPECT_EQ(names.size(), kKinds);
  EXPECT_FALSE(names.contains(""));
}

TEST(Finding, S4_TheScoreGrowsWithEachDoublingOfTheCount) {
  EXPECT_EQ(score_of(Kind::input_flood, 0), 0.0);
  EXPECT_EQ(score_of(Kind::input_flood, 1), 1.0);
  EXPECT_EQ(score_of(Kind::input_flood, 2), 2.0);
  EXPECT_EQ(score_of(Kind::input_flood, 3), 2.0);
  EXPECT_EQ(score_of(Kind::input_flood, 4), 3.0);
  EXPECT_EQ(score_of(Kind::aim_precision, 4), 6.0);
}

}  // namespace
}  // namespace anticheat
