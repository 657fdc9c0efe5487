// A3: what passes for an access token, and everything that must not.

#include "accounts/token.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "accounts/encoding.h"

namespace accounts {
namespace {

constexpr std::int64_t kNow = 1'795'354'000;
const std::string kSecret = "a secret of at least thirty-two bytes";

Claims sample() {
  Claims claims;
  claims.player_id = "0190a5a0-1111-4222-8333-444455556666";
  claims.name = "Zo\xc3\xab";
  claims.region = "eu";
  claims.permissions = {"moderator"};
  claims.session_id = "0190a5a0-1111-4222-8333-444455556667";
  claims.issued_at = kNow;
  claims.expires_at = kNow + 900;
  return claims;
}

Tokens make(std::vector<TokenKey> keys = {TokenKey(kSecret)}) {
  return Tokens(std::move(keys), "trespasser", "players");
}

std::string signed_parts(const std::string& header, const std::string& payload,
                         const std::string& secret = kSecret) {
  const std::string content = to_base64url(header) + "." + to_base64url(payload);
  return content + "." + to_base64url(hmac_sha256(secret, content));
}

std::string header_with(const std::string& alg) {
  return R"({"alg":")" + alg + R"(","typ":"JWT","kid":")" + TokenKey(kSecret).id + R"("})";
}

// A good payload in which one text is replaced.
std::string payload_with(const std::string& from = "", const std::string& to = "") {
  std::string text =
      R"({"iss":"trespasser","aud":"players","sub":"0190a5a0-1111-4222-8333-444455556666","name":"Ada",)"
      R"("region":"eu","permissions":[],"sid":"0190a5a0-1111-4222-8333-444455556667",)"
      R"("iat":1795354000,"exp":1795354900})";
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return text;
}

std::string why(const Tokens& tokens, const std::string& token, std::int64_t now = kNow) {
  auto claims = tokens.verify(token, now);
  if (claims.ok()) return "ok";
  EXPECT_EQ(claims.error().code, "unauthorized");
  return claims.error().message;
}

TEST(Token, A3_ComesBackAsItWent) {
  const Tokens tokens = make();
  const std::string token = tokens.sign(sample());
  auto claims = tokens.verify(token, kNow + 899);
  ASSERT_TRUE(claims.ok()) << claims.error().message;
  EXPECT_EQ(claims->player_id, sample().player_id);
  EXPECT_EQ(claims->name, sample().name);
  EXPECT_EQ(claims->region, "eu");
  EXPECT_EQ(claims->permissions, std::vector<std::string>{"moderator"});
  EXPECT_EQ(claims->session_id, sample().session_id);
  EXPECT_EQ(claims->issued_at, kNow);
  EXPECT_EQ(claims->expires_at, kNow + 900);
}

TEST(Token, A3_ExpiresToTheSecond) {
  const Tokens tokens = make();
  const std::string token = tokens.sign(sample());
  EXPECT_EQ(why(tokens, token, kNow + 899), "ok");
  EXPECT_EQ(why(tokens, token, kNow + 900), "access token: expired");
  EXPECT_EQ(why(tokens, token, kNow - 61), "access token: from the future");
}

TEST(Token, A3_TwoKeysAreGoodWhileOneIsChanged) {
  const TokenKey old_key(kSecret);
  const TokenKey new_key("another secret of at least thirty-two bytes");
  EXPECT_NE(old_key.id, new_key.id);
  const std::string before = make({old_key}).sign(sample());
  const std::string after = make({new_key, old_key}).sign(sample());
  const Tokens both = make({new_key, old_key});
  EXPECT_EQ(why(both, before), "ok");
  EXPECT_EQ(why(both, after), "ok");
  EXPECT_EQ(why(make({new_key}), before), "access token: unknown key");
  EXPECT_EQ(why(make({old_key}), after), "access token: unknown key");
}

TEST(Token, A3_TheKeysOwnNameDoesNotHelpAnotherSecret) {
  EXPECT_EQ(why(make(), signed_parts(header_with("HS256"), payload_with(), "guessed")),
            "access token: bad signature");
  EXPECT_EQ(why(make(), signed_parts(header_with("HS256"), payload_with(), "")),
            "access token: bad signature");
}

TEST(Token, A3_TheAlgorithmIsOurs) {
  const Tokens tokens = make();
  EXPECT_EQ(why(tokens, signed_parts(header_with("HS256"), payload_with())), "ok")
      << "the forger's tool works";
  for (const char* alg :
       {"none", "None", "NONE", "hs256", "HS384", "HS512", "RS256", "ES256", ""}) {
    EXPECT_EQ(why(tokens, signed_parts(header_with(alg), payload_with())),
              "access token: wrong algorithm")
        << alg;
    const std::string unsigned_token =
        to_base64url(header_with(alg)) + "." + to_base64url(payload_with()) + ".";
    EXPECT_NE(why(tokens, unsigned_token), "ok") << alg;
  }
}

TEST(Token, A3_OddHeadersAreRefused) {
  const std::string kid = TokenKey(kSecret).id;
  const std::vector<std::string> headers = {
      R"({})",
      R"([])",
      R"("HS256")",
      R"({"alg":"HS256"})",
      R"({"alg":["HS256"],"kid":")" + kid + R"("})",
      R"({"alg":"HS256","kid":null})",
      R"({"alg":"HS256","kid":7})",
      R"({"alg":"HS256","kid":"../../dev/null"})",
      R"({"alg":"HS256","kid":")" + kid + R"(","typ":"JWE"})",
      R"({"alg":"HS256","kid":")" + kid + R"(","crit":["b64"]})",
      R"({"alg":"HS256","kid":")" + kid + R"("}x)"};
  for (const auto& header : headers)
    EXPECT_NE(why(make(), signed_parts(header, payload_with())), "ok") << header;
}

TEST(Token, A3_EveryClaimIsCheckedForTypeAndPresence) {
  const Tokens tokens = make();
  EXPECT_EQ(why(tokens, signed_parts(header_with("HS256"), payload_with())), "ok");
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"\"iss\":\"trespasser\"", "\"iss\":\"other\""},
      {"\"iss\"", "\"isz\""},
      {"\"aud\":\"players\"", "\"aud\":\"admins\""},
      {"\"aud\":\"players\"", "\"aud\":[\"players\"]"},
      {"\"aud\"", "\"awd\""},
      {"\"sub\":\"0190", "\"sub\":\"X190"},
      {"\"sub\"", "\"sup\""},
      {"\"sid\":\"0190", "\"sid\":\"' or 1=1 --"},
      {"\"exp\":1795354900", "\"exp\":\"1795354900\""},
      {"\"exp\":1795354900", "\"exp\":1795354900.5"},
      {"\"exp\":1795354900", "\"exp\":1e300"},
      {"\"exp\":1795354900", "\"exp\":null"},
      {"\"exp\"", "\"ext\""},
      {"\"exp\":1795354900", "\"exp\":1795353999"},
      {"\"iat\"", "\"iad\""},
      {"\"permissions\":[]", "\"permissions\":\"admin\""},
      {"\"permissions\":[]", "\"permissions\":[1]"},
      {"\"name\":\"Ada\"", "\"name\":{}"},
      {"\"region\"", "\"regiom\""}};
  for (const auto& [from, to] : changes) {
    EXPECT_NE(why(tokens, signed_parts(header_with("HS256"), payload_with(from, to))), "ok") << to;
  }
}

TEST(Token, A3_AnyChangedByteIsNoticed) {
  const Tokens tokens = make();
  const std::string token = tokens.sign(sample());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(why(tokens, bad), "ok") << i;
    EXPECT_NE(why(tokens, token.substr(0, i)), "ok") << i;
  }
}

TEST(Token, A3_GarbageIsRefused) {
  const Tokens tokens = make();
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        std::string("a.b.c"), std::string("a.b.c.d"), tokens.sign(sample()) + ".",
        " " + tokens.sign(sample()), tokens.sign(sample()) + "=", std::string(5000, 'A'),
        std::string(100, '.'), std::string("\0.\0.\0", 5)}) {
    EXPECT_NE(why(tokens, text), "ok");
  }
}

class TokenSecret : public testing::Test {
 protected:
  TokenSecret() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "trespasser-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TokenSecret() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(TokenSecret, A3_ProductionNeedsAGoodOne) {
  EXPECT_FALSE(token_secret("", true, folder_).ok());
  EXPECT_FALSE(token_secret(std::string(31, 'x'), true, folder_).ok());
  EXPECT_EQ(*token_secret(std::string(32, 'x'), true, folder_), std::string(32, 'x'));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(TokenSecret, A3_EmbeddedMakesOneAndKeepsItToItself) {
  const auto made = token_secret("", false, folder_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_GE(made->size(), 32u);
  EXPECT_EQ(*token_secret("", false, folder_), *made);
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "jwt_secret").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1)
      << "no draft is left";
  EXPECT_EQ(*token_secret("given", false, folder_), "given");
}

TEST_F(TokenSecret, A3_ADamagedFileIsNamed) {
  std::ofstream(folder_ / "jwt_secret") << "short";
  const auto secret = token_secret("", false, folder_);
  ASSERT_FALSE(secret.ok());
  EXPECT_NE(secret.error().message.find("jwt_secret"), std::string::npos);
  EXPECT_FALSE(token_secret("", false, folder_ / "missing").ok());
}

}  // namespace
}  // namespace accounts
