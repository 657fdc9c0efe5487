#include "sio/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace sio {
namespace {

TEST(Ids, AreTwentyLettersOfTheUrlSafeAlphabetAndNeverTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = random_id();
    EXPECT_EQ(id.size(), kIdLength);
    EXPECT_EQ(
        id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Ids, NameTheirShard) {
  for (unsigned shard = 0; shard < 256; ++shard) {
    EXPECT_EQ(shard_of(random_id_of(static_cast<net::ShardId>(shard))), shard);
  }
}

TEST(Ids, WhatIsNoIdNamesNoShard) {
  for (const char* text : {"", "a", "AAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA",
                           "AAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAA%0"}) {
    EXPECT_FALSE(shard_of(text)) << text;
  }
}

}  // namespace
}  // namespace sio
