#include "accounts/encoding.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const unsigned char c : bytes) {
    char buffer[3];
    std::snprintf(buffer, sizeof buffer, "%02x", c);
    text += buffer;
  }
  return text;
}

TEST(Encoding, Base64UrlGoesThereAndBack) {
  for (const std::string bytes : {"", "f", "fo", "foo", "\xff\xfe\xfd", "any carnal pleas"}) {
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
}

TEST(Encoding, Base64UrlIsReadStrictly) {
  for (const char* text : {"A", "AAAAA", "Zg==", "Zh", "+w", "Z g", "Zg\n", "Z.", "Zm9v\xc3"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
}

// FIPS 180-4 and RFC 4231 (test case 2).
TEST(Encoding, DigestsAreTheStandards) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Encoding, Compares) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace accounts
