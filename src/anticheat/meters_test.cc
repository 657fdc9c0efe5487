#include "anticheat/meters.h"

#include <gtest/gtest.h>

namespace anticheat {
namespace {

constexpr Flow::Rule kOneATick{1.0, 10.0, 100.0};

TEST(Flow, S4_TheAllowedRatePassesForEver) {
  Flow flow;
  for (sim::Tick now = 1; now < 10'000; ++now)
    ASSERT_TRUE(flow.take(kOneATick, 1.0, now, 0)) << now;
}

TEST(Flow, S4_TwiceTheRateUsesUpTheSlackAndIsRefusedThen) {
  Flow flow;
  int refused = 0;
  for (sim::Tick now = 1; now <= 100; ++now) {
    for (int i = 0; i < 2; ++i) refused += flow.take(kOneATick, 1.0, now, 0) ? 0 : 1;
  }
  EXPECT_NEAR(refused, 90, 2);
}

TEST(Flow, S4_WhatSilenceKeptBackMayComeAtOnceButNotMore) {
  Flow flow;
  ASSERT_TRUE(flow.take(kOneATick, 1.0, 1, 0));
  int passed = 0;  // 50 ticks of silence: its worth, and the slack
  for (int i = 0; i < 200; ++i) passed += flow.take(kOneATick, 1.0, 51, 50) ? 1 : 0;
  EXPECT_NEAR(passed, 60, 1);
}

TEST(Flow, S4_SilenceSavesUpToItsBoundOnly) {
  Flow flow;
  ASSERT_TRUE(flow.take(kOneATick, 1.0, 1, 0));
  int passed = 0;
  for (int i = 0; i < 9000; ++i) passed += flow.take(kOneATick, 1.0, 5001, 5000) ? 1 : 0;
  EXPECT_EQ(passed, 100);
}

TEST(Flow, S4_AHugeCostIsRefusedAndCostsNothing) {
  Flow flow;
  EXPECT_FALSE(flow.take(kOneATick, 4e9, 1, 0));
  EXPECT_TRUE(flow.take(kOneATick, 10.0, 1, 0));
}

TEST(Leak, S4_FillsWhenFastAndForgetsWhenSlow) {
  constexpr Leak::Rule rule{3.0, 0.1};
  Leak fast;
  EXPECT_FALSE(fast.add(rule, 1));
  EXPECT_FALSE(fast.add(rule, 1));
  EXPECT_TRUE(fast.add(rule, 1));
  EXPECT_FALSE(fast.add(rule, 1)) << "it begins anew";
  Leak slow;
  for (sim::Tick now = 0; now < 1000; now += 10) EXPECT_FALSE(slow.add(rule, now));
}

TEST(Scale, S4_TipsAfterARunOfYesAndNeverByAnEvenMixture) {
  constexpr Scale::Rule rule{1.0, -1.5, 5.0};
  Scale cheat;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(cheat.add(rule, true));
  EXPECT_TRUE(cheat.add(rule, true));
  EXPECT_EQ(cheat.level(), 0.0);
  Scale honest;
  for (int i = 0; i < 10'000; ++i) ASSERT_FALSE(honest.add(rule, i % 2 == 0));
  EXPECT_EQ(honest.seen(), 10'000u);
  EXPECT_EQ(honest.agreed(), 5'000u);
}

TEST(PerSecond, TellsTheFullerOfTheTwoLatestSeconds) {
  PerSecond rate;
  for (sim::Tick now = 0; now < 60; ++now) rate.add(2.0, now);
  EXPECT_EQ(rate.highest(), 120.0);
  rate.add(1.0, 60);
  EXPECT_EQ(rate.highest(), 120.0);
  rate.add(1.0, 300);
  EXPECT_EQ(rate.highest(), 1.0);
}

}  // namespace
}  // namespace anticheat
