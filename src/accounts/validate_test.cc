#include "accounts/validate.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

std::string email(const std::string& text) {
  auto normal = normal_email(text);
  return normal.ok() ? *normal : "no";
}

std::string name(const std::string& text) {
  auto normal = normal_display_name(text);
  return normal.ok() ? *normal : "no";
}

TEST(Email, GoodOnesInLowerCase) {
  EXPECT_EQ(email("Ada.Lovelace+game@Example.ORG"), "ada.lovelace+game@example.org");
  EXPECT_EQ(email("a@b.c"), "a@b.c");
  EXPECT_EQ(email("o'brien@sub-domain.example.co.uk"), "o'brien@sub-domain.example.co.uk");
  EXPECT_EQ(email(std::string(64, 'a') + "@example.org"), std::string(64, 'a') + "@example.org");
}

TEST(Email, BadOnes) {
  for (const std::string& text : {std::string(),
                                  std::string("ada"),
                                  std::string("@example.org"),
                                  std::string("ada@"),
                                  std::string("ada@localhost"),
                                  std::string("ada@@example.org"),
                                  std::string(".ada@example.org"),
                                  std::string("ada.@example.org"),
                                  std::string("a..b@example.org"),
                                  std::string("ada@-example.org"),
                                  std::string("ada@example..org"),
                                  std::string("ada@example.org "),
                                  std::string("ada lovelace@example.org"),
                                  std::string("\"ada\"@example.org"),
                                  std::string("ada@[127.0.0.1]"),
                                  std::string("ada@ex_ample.org"),
                                  std::string("zo\xc3\xab@example.org"),
                                  std::string("ada@example.org\r\nBcc: x@y.z"),
                                  std::string("ada\0@example.org", 16),
                                  std::string(65, 'a') + "@example.org",
                                  "a@" + std::string(64, 'b') + ".org",
                                  std::string(300, 'a')}) {
    EXPECT_EQ(email(text), "no") << text;
  }
}

TEST(DisplayName, GoodOnes) {
  EXPECT_EQ(name("Ada"), "Ada");
  EXPECT_EQ(name("  Ada   Lovelace "), "Ada Lovelace");
  EXPECT_EQ(name("Zoe\xcc\x88"), "Zo\xc3\xab") << "composed";
  EXPECT_EQ(name("\xef\xbc\xa1\xef\xbd\x84\xef\xbd\x81"), "Ada") << "full width is plain";
  EXPECT_EQ(name("\xe5\xb0\x8f\xe6\x98\x8e"), "\xe5\xb0\x8f\xe6\x98\x8e");
  EXPECT_EQ(name("xX_[99]_Xx"), "xX_[99]_Xx");
  EXPECT_EQ(name("\xf0\x9f\xa6\x8a fox"), "\xf0\x9f\xa6\x8a fox");
  std::string twenty;
  for (int i = 0; i < 20; ++i) twenty += "\xc3\xa9";
  EXPECT_EQ(name(twenty), twenty) << "20 characters, 40 bytes";
  EXPECT_EQ(name(twenty + "x"), "no");
}

TEST(DisplayName, BadOnes) {
  for (const std::string& text :
       {std::string(), std::string("A"), std::string("   "), std::string(" A "),
        std::string("<b>Ada</b>"), std::string("Ada\"onload="),
        std::string("\xef\xbc\x9cscript\xef\xbc\x9e"), std::string("Ada\nBob"),
        std::string("Ada\0Bob", 7),
        std::string("Ada\xe2\x80\xae"
                    "bob"),
        std::string("A\xe2\x80\x8b"
                    "da"),
        std::string("\xe3\x85\xa4\xe3\x85\xa4\xe3\x85\xa4"), std::string("caf\xe9"),
        std::string("\xed\xa0\x80"
                    "ab"),
        std::string("\xee\x80\x80"
                    "ab"),
        std::string("Z\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86lgo"), std::string(2000, 'x'),
        std::string(21, 'x')}) {
    EXPECT_EQ(name(text), "no") << text;
  }
}

}  // namespace
}  // namespace accounts
