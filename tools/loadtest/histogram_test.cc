#include "loadtest/histogram.h"

#include <gtest/gtest.h>

namespace loadtest {
namespace {

TEST(Histogram, QuantilesAreWithinABucketOfTheTruth) {
  Histogram histogram;
  for (int i = 1; i <= 100'000; ++i) histogram.add(i);
  EXPECT_EQ(histogram.count(), 100'000u);
  EXPECT_EQ(histogram.max(), 100'000);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    EXPECT_NEAR(static_cast<double>(histogram.quantile(share)), share * 100'000,
                share * 100'000 * 0.017)
        << share;
  }
  EXPECT_EQ(histogram.quantile(1.0), 100'000);
}

TEST(Histogram, SmallValuesAreExactAndOddOnesAreKept) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0);
  for (const std::int64_t value : {-5, 0, 63, 64, 65}) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0.2), 0);
  EXPECT_EQ(histogram.quantile(0.6), 63);
  EXPECT_EQ(histogram.quantile(0.8), 64);
  histogram.add(INT64_MAX);
  EXPECT_EQ(histogram.count(), 6u);
  EXPECT_EQ(histogram.max(), INT64_MAX);
  EXPECT_GT(histogram.quantile(1.0), 1'000'000'000);
}

TEST(Histogram, MergingIsAddingBoth) {
  Histogram even, odd, all;
  for (int i = 0; i < 1'000; ++i) {
    (i % 2 == 0 ? even : odd).add(i * 37);
    all.add(i * 37);
  }
  even.merge(odd);
  EXPECT_EQ(even.count(), all.count());
  for (const double share : {0.1, 0.5, 0.99}) EXPECT_EQ(even.quantile(share), all.quantile(share));
}

}  // namespace
}  // namespace loadtest
