#include "wire/connect_auth.h"

#include <gtest/gtest.h>

namespace wire {
namespace {

TEST(ConnectAuth, A6_none_is_a_guest_a_token_is_read_the_rest_is_refused) {
  EXPECT_TRUE(connect_auth("").ok);
  EXPECT_TRUE(connect_auth("{}").ok);
  EXPECT_TRUE(connect_auth(R"({"token":null})").ok);
  EXPECT_EQ(connect_auth(R"({"pid":"x","token":"abc"})").token, "abc");
  EXPECT_TRUE(connect_auth(R"({"pid":"x","offset":"y"})").token.empty());
  for (const char* bad : {"[]", "7", "\"x\"", "{", "{\"token\":7}", "{\"token\":[]}", "null", "\xff\xff"}) {
    EXPECT_FALSE(connect_auth(bad).ok) << bad;
  }
  EXPECT_FALSE(connect_auth("{\"token\":\"" + std::string(5000, 'x') + "\"}").ok);
  EXPECT_FALSE(connect_auth("{\"token\":\"x\",\"pad\":\"" + std::string(9000, 'x') + "\"}").ok);
}

}  // namespace
}  // namespace wire
