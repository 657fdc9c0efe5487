#include "cluster/redis_url.h"

#include <gtest/gtest.h>

namespace cluster {
namespace {

TEST(RedisUrl, AllParts) {
  const auto address = parse_redis_url("rediss://me:p%40ss%3A@redis.example:6380/2");
  ASSERT_TRUE(address.ok()) << address.error().message;
  EXPECT_TRUE(address->tls);
  EXPECT_EQ(address->user, "me");
  EXPECT_EQ(address->password, "p@ss:");
  EXPECT_EQ(address->host, "redis.example");
  EXPECT_EQ(address->port, 6380);
  EXPECT_EQ(address->database, 2u);
}

TEST(RedisUrl, Defaults) {
  const auto address = parse_redis_url("redis://:secret@127.0.0.1");
  ASSERT_TRUE(address.ok());
  EXPECT_FALSE(address->tls);
  EXPECT_EQ(address->user, "");
  EXPECT_EQ(address->password, "secret");
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 6379);
  EXPECT_EQ(address->database, 0u);
}

TEST(RedisUrl, Ipv6) {
  const auto address = parse_redis_url("redis://[::1]:7000/");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 7000);
}

TEST(RedisUrl, RefusesNonsenseWithoutShowingThePassword) {
  for (const char* url :
       {"", "localhost", "http://localhost", "redis://", "redis://:pass@", "redis://h:0",
        "redis://h:70000", "redis://h:x", "redis://h/one", "redis://:pass%4@h", "redis://[::1"}) {
    const auto address = parse_redis_url(url);
    ASSERT_FALSE(address.ok()) << url;
    EXPECT_EQ(address.error().code, "invalid");
    EXPECT_EQ(address.error().message.find("pass%"), std::string::npos);
    EXPECT_EQ(address.error().message.find(":pass@"), std::string::npos);
  }
}

}  // namespace
}  // namespace cluster
