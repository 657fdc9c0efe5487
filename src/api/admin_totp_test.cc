#include "api/admin_totp.h"

#include <gtest/gtest.h>

namespace api {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";  // of both RFCs' examples

// O5: RFC 4226, appendix D.
TEST(AdminTotp, TheCountersOfRfc4226) {
  constexpr const char* kCodes[] = {"755224", "287082", "359152", "969429", "338314",
                                    "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t counter = 0; counter < 10; ++counter)
    EXPECT_EQ(hotp(kSecret, counter), kCodes[counter]) << counter;
}

// O5: RFC 6238, appendix B, the rows of SHA-1.
TEST(AdminTotp, TheTimesOfRfc6238) {
  struct Row {
    std::int64_t time;
    const char* code;
  };
  constexpr Row kRows[] = {{59, "94287082"},         {1111111109, "07081804"},
                           {1111111111, "14050471"}, {1234567890, "89005924"},
                           {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const Row& row : kRows) {
    const auto step = static_cast<std::uint64_t>(totp_step(row.time));
    EXPECT_EQ(hotp(kSecret, step, 8), row.code) << row.time;
  }
}

TEST(AdminTotp, ACodeIsGoodInItsStepAndBesideItAndOnlyOnce) {
  const std::int64_t now = 1'700'000'000;
  const std::int64_t step = totp_step(now);
  const auto code_of = [](std::int64_t at) {
    return hotp(kSecret, static_cast<std::uint64_t>(at));
  };
  EXPECT_EQ(totp_match(kSecret, code_of(step), now, 0), step);
  EXPECT_EQ(totp_match(kSecret, code_of(step - 1), now, 0), step - 1);
  EXPECT_EQ(totp_match(kSecret, code_of(step + 1), now, 0), step + 1);
  EXPECT_EQ(totp_match(kSecret, code_of(step - 2), now, 0), std::nullopt);
  EXPECT_EQ(totp_match(kSecret, code_of(step + 2), now, 0), std::nullopt);
  EXPECT_EQ(totp_match(kSecret, code_of(step), now, step), std::nullopt) << "shown before";
  EXPECT_EQ(totp_match(kSecret, code_of(step - 1), now, step), std::nullopt) << "older than shown";
  EXPECT_EQ(totp_match(kSecret, code_of(step + 1), now, step), step + 1);
}

TEST(AdminTotp, WhatIsNoCodeMatchesNothing) {
  for (const std::string_view text : {"", "1", "12345", "1234567", "abcdef", "000000\n"})
    EXPECT_EQ(totp_match(kSecret, text, 59, 0), std::nullopt) << text;
}

// RFC 4648, section 10, without the padding.
TEST(AdminTotp, Base32) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("fo"), "MZXQ");
  EXPECT_EQ(to_base32("foo"), "MZXW6");
  EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

TEST(AdminTotp, TheAddressForApps) {
  EXPECT_EQ(otpauth_uri("Trespasser", "ada & co@example.org", kSecret),
            "otpauth://totp/Trespasser:ada%20%26%20co%40example.org"
            "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Trespasser"
            "&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace api
