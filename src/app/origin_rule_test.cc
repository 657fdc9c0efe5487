#include "app/origin_rule.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(OriginRule, S3_embedded_mode_takes_pages_of_this_machine_and_no_other) {
  const OriginRule rule({}, true);
  for (const char* own :
       {"http://localhost", "http://localhost:5173", "https://localhost:8443", "http://127.0.0.1",
        "http://127.0.0.1:3000", "http://[::1]", "http://[::1]:3000"}) {
    EXPECT_TRUE(rule(own)) << own;
  }
  for (const char* other :
       {"http://localhost.evil.example", "http://localhost.evil.example:80",
        "http://evil.example:80", "http://[::1].evil.example", "http://[::1]evil.example:80",
        "http://[::12]", "http://[::1", "http://127.0.0.1.evil.example",
        "http://localhost:", "http://localhost:80@evil.example", "http://localhost@evil.example",
        "null", "", "://", "localhost", "http://notlocalhost"}) {
    EXPECT_FALSE(rule(other)) << other;
  }
}

TEST(OriginRule, S3_production_takes_what_is_listed_and_nothing_else) {
  const OriginRule rule({"https://trespass.example"}, false);
  EXPECT_TRUE(rule("https://trespass.example"));
  for (const char* other : {"http://trespass.example", "https://trespass.example:444",
                            "https://trespass.example.evil.example", "http://localhost:5173",
                            "http://127.0.0.1", "http://[::1]:3000", "null"}) {
    EXPECT_FALSE(rule(other)) << other;
  }
}

TEST(OriginRule, S3_production_without_a_list_takes_no_other_page) {
  const OriginRule rule({}, false);
  for (const char* other : {"https://trespass.example", "http://localhost", "null", "*", ""})
    EXPECT_FALSE(rule(other)) << other;
}

TEST(OriginRule, S3_a_star_takes_everything) {
  EXPECT_TRUE(OriginRule({"*"}, false)("https://anything.example"));
}

}  // namespace
}  // namespace app
