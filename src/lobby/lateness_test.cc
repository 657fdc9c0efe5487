#include "lobby/lateness.h"

#include <gtest/gtest.h>

#include <memory>

namespace lobby {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

TEST(Lateness, BucketsMeetWithoutGapsAndAreAtMostAnEighthWide) {
  std::uint64_t begin = 0;
  for (std::size_t bucket = 0; bucket + 1 < Lateness::kBuckets; ++bucket) {
    const std::uint64_t end = Lateness::end_of(bucket);
    ASSERT_LT(begin, end);
    EXPECT_EQ(Lateness::bucket_of(begin), bucket);
    EXPECT_EQ(Lateness::bucket_of(end - 1), bucket);
    if (begin >= 32'768) {
      EXPECT_LE((end - begin) * 8, begin) << bucket;
    }
    begin = end;
  }
  EXPECT_EQ(begin, 4'294'967'296u) << "where the last begins";
  EXPECT_EQ(Lateness::bucket_of(begin), Lateness::kBuckets - 1);
  EXPECT_EQ(Lateness::bucket_of(~0ull), Lateness::kBuckets - 1);
  EXPECT_EQ(Lateness::end_of(Lateness::kBuckets - 1), begin);
}

TEST(Lateness, SummaryOfWhatCameBetweenTwoReadings) {
  const auto lateness = std::make_unique<Lateness>();
  lateness->record(900 * kMs);  // before the window
  Lateness::Counts before{};
  lateness->add_to(before);
  for (int i = 0; i < 980; ++i) lateness->record(kMs / 10);
  for (int i = 0; i < 19; ++i) lateness->record(3 * kMs);
  lateness->record(40 * kMs);
  Lateness::Counts after{};
  lateness->add_to(after);
  const LatenessSummary summary = summarize(before, after);
  EXPECT_EQ(summary.count, 1000u);
  EXPECT_GE(summary.p50_ns, kMs / 10);
  EXPECT_LE(summary.p50_ns, kMs / 10 * 9 / 8);
  EXPECT_GE(summary.p99_ns, 3 * kMs);
  EXPECT_LE(summary.p99_ns, 3 * kMs * 9 / 8);
  EXPECT_GE(summary.max_ns, 40 * kMs);
  EXPECT_LE(summary.max_ns, 40 * kMs * 9 / 8);
}

TEST(Lateness, NothingRecordedIsAllZero) {
  const LatenessSummary summary = summarize({}, {});
  EXPECT_EQ(summary.count, 0u);
  EXPECT_EQ(summary.max_ns, 0u);
}

TEST(Lateness, SumsShards) {
  Lateness one, two;
  one.record(kMs);
  two.record(2 * kMs);
  Lateness::Counts sum{};
  one.add_to(sum);
  two.add_to(sum);
  EXPECT_EQ(summarize({}, sum).count, 2u);
}

}  // namespace
}  // namespace lobby
