#include "loadtest/target.h"

#include <gtest/gtest.h>

#include <set>

namespace loadtest {
namespace {

TEST(Target, AddressesAsPeopleWriteThem) {
  for (const char* text : {"http://127.0.0.1:3000", "127.0.0.1:3000", "ws://127.0.0.1:3000/"}) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(target->authority(), "127.0.0.1:3000");
    EXPECT_EQ(ntohs(target->address.sin_port), 3000);
    EXPECT_TRUE(target->loopback());
  }
  EXPECT_FALSE(parse_target("192.0.2.1")->loopback());
}

TEST(Target, MistakesAreErrors) {
  for (const char* text : {"", "http://", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:12a",
                           "127.0.0.1/path", "https://127.0.0.1", "http://not a host:1"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

// O7: registrations and searches are limited by address; on loopback players have many.
TEST(Target, SourcesSpreadOnLoopbackOnly) {
  const auto here = parse_target("127.0.0.1:1");
  const auto there = parse_target("192.0.2.1:1");
  EXPECT_EQ(source_of(*there, 17, 0), 0u);
  EXPECT_EQ(source_of(*here, 0, 0), source_of(*here, 3, 0));
  EXPECT_NE(source_of(*here, 3, 0), source_of(*here, 4, 0));
  std::set<std::uint32_t> sources;
  for (std::uint64_t player = 0; player < 100; ++player)
    sources.insert(source_of(*here, player, 7));
  EXPECT_EQ(sources.size(), 7u);
  for (const std::uint32_t source : sources) EXPECT_EQ(source >> 24, 127u);
}

}  // namespace
}  // namespace loadtest
