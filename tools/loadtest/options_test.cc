// O7: what the load test can be told, and what it says of mistakes.

#include "loadtest/options.h"

#include <gmock/gmock.h>

namespace loadtest {
namespace {

using ::testing::HasSubstr;

base::Result<Options> parse(std::vector<std::string_view> arguments) {
  return parse_options(arguments);
}

TEST(Options, BothWaysToGiveAValue) {
  const auto options = parse({"--players", "400", "--ramp=2.5", "--quiet", "--profile", "mix"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->players, 400);
  EXPECT_EQ(options->ramp, 2.5);
  EXPECT_TRUE(options->quiet);
  EXPECT_EQ(options->profile, Profile::mix);
  ASSERT_EQ(options->targets.size(), 1u);
  EXPECT_EQ(options->targets[0].authority(), "127.0.0.1:3000");
}

TEST(Options, SeveralServers) {
  const auto options =
      parse({"--server", "http://127.0.0.1:3001,127.0.0.2:3002", "--server", "127.0.0.3"});
  ASSERT_TRUE(options) << options.error().message;
  ASSERT_EQ(options->targets.size(), 3u);
  EXPECT_EQ(options->targets[1].authority(), "127.0.0.2:3002");
  EXPECT_EQ(options->targets[2].authority(), "127.0.0.3:80");
}

TEST(Options, ALaunchHasNoRampAndAFileMeansAccounts) {
  const auto options = parse({"--profile", "launch", "--ramp", "9", "--accounts-file", "some"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->ramp, 0);
  EXPECT_TRUE(options->accounts);
}

TEST(Options, NoMoreThreadsThanGroups) {
  EXPECT_EQ(parse({"--players", "17", "--threads", "8"})->threads, 3);
  EXPECT_EQ(parse({"--players", "17", "--threads", "2"})->threads, 2);
}

TEST(Options, MistakesAreNamed) {
  const std::vector<std::pair<std::vector<std::string_view>, const char*>> mistakes = {
      {{"--players", "0"}, "--players: \"0\" is no number in its range"},
      {{"--players", "12x"}, "--players: \"12x\""},
      {{"--ramp", "nan"}, "--ramp"},
      {{"--players"}, "--players needs a value"},
      {{"--wild"}, "unknown flag --wild"},
      {{"--quiet=1"}, "--quiet takes no value"},
      {{"--profile", "calm"}, "none of steady, launch, reconnect, idle, mix, accounts"},
      {{"--entry", "door"}, "none of quick, queue, private"},
      {{"--profile", "accounts"}, "needs --accounts-file"},
      {{"--kill-limit", "5"}, "--entry private"},
      {{"--server", "https://127.0.0.1"}, "TLS is not spoken"},
      {{"--server", "192.0.2.1:80", "--sources", "4"}, "192.0.2.1:80 is not on loopback"},
  };
  for (const auto& [arguments, words] : mistakes) {
    const auto options = parse(arguments);
    ASSERT_FALSE(options) << words;
    EXPECT_THAT(options.error().message, HasSubstr(words));
  }
}

TEST(Options, HelpNamesEachFlagWithItsDefault) {
  const std::string help = options_help();
  EXPECT_THAT(help, HasSubstr("--players "));
  EXPECT_THAT(help, HasSubstr("[100]"));
  EXPECT_THAT(help, HasSubstr("[steady]"));
  EXPECT_THAT(help, HasSubstr("--accounts-file "));
}

}  // namespace
}  // namespace loadtest
