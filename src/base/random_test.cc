#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace base {
namespace {

TEST(Random, L2_LobbyCodesAreReadableAndNeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 20'000; ++i) {
    const std::string code = lobby_code();
    ASSERT_EQ(code.size(), kLobbyCodeLength);
    ASSERT_EQ(code.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos)
        << code;
    ASSERT_TRUE(seen.insert(code).second) << code;
  }
  static_assert(kLobbyCodeLength * 5 >= 64);
}

TEST(Random, L2_LobbyCodesUseEveryLetterInEveryPlace) {
  std::array<std::set<char>, kLobbyCodeLength> letters;
  for (int i = 0; i < 2'000; ++i) {
    const std::string code = lobby_code();
    for (std::size_t place = 0; place < code.size(); ++place) letters[place].insert(code[place]);
  }
  for (const auto& set : letters) EXPECT_EQ(set.size(), 32u);
}

TEST(Random, L2_TypedLobbyCodesAreForgiven) {
  EXPECT_EQ(parse_lobby_code("0123456789abc"), "0123456789ABC");
  EXPECT_EQ(parse_lobby_code(" o1Z3-4567-89abc "), "01Z3456789ABC");
  EXPECT_EQ(parse_lobby_code("iLoooooooooo0"), "1100000000000");
  EXPECT_EQ(parse_lobby_code(lobby_code()).has_value(), true);
  for (const char* bad : {"", "0123456789AB", "0123456789ABCD", "0123456789ABU", "0123456789AB\xc3",
                          "0123456789A.C"}) {
    EXPECT_EQ(parse_lobby_code(bad), std::nullopt) << bad;
  }
}

TEST(Random, SocketIdsLookLikeSocketIoIds) {
  std::set<std::string> seen;
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = secure_id();
    ASSERT_EQ(id.size(), 20u);
    ASSERT_EQ(
        id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"),
        std::string::npos);
    ASSERT_TRUE(seen.insert(id).second);
  }
  EXPECT_EQ(secure_id(7).size(), 7u);
  EXPECT_NE(secure_u64(), secure_u64());
}

std::string encode(std::string_view text) { return base64url(std::as_bytes(std::span(text))); }

TEST(Random, Base64UrlFollowsRfc4648) {
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg");
  EXPECT_EQ(encode("fo"), "Zm8");
  EXPECT_EQ(encode("foo"), "Zm9v");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode("\xfb\xff\xfe"), "-__-");
}

TEST(Random, UuidsCarryVersionVariantAndTime) {
  const std::string v4 = uuid_v4();
  ASSERT_EQ(v4.size(), 36u);
  EXPECT_EQ(v4[14], '4');
  EXPECT_NE(std::string_view("89ab").find(v4[19]), std::string_view::npos);
  EXPECT_EQ(v4.find_first_not_of("0123456789abcdef-"), std::string::npos);
  EXPECT_NE(v4, uuid_v4());

  const std::string v7 = uuid_v7(0x017f22e279b0);  // the example of RFC 9562, appendix A.6
  EXPECT_EQ(v7.substr(0, 15), "017f22e2-79b0-7");
  EXPECT_LT(uuid_v7(1'000), uuid_v7(1'001));
}

}  // namespace
}  // namespace base
