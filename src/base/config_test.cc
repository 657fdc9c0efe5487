#include "base/config.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/settings.h"
#include "base/settings_file.h"

namespace base {
namespace {

class Configuration : public testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "trespasser-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  Result<CommandLine> load(std::vector<std::string_view> arguments,
                           const std::map<std::string, std::string>& environment = {}) {
    return load_config(arguments, [&](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    });
  }

  std::string file(std::string_view text) {
    const std::string path = (dir_ / "settings.toml").string();
    std::ofstream(path) << text;
    return path;
  }

  // The message of the refusal, which must name what is wrong.
  std::string refusal(std::vector<std::string_view> arguments,
                      const std::map<std::string, std::string>& environment = {}) {
    const auto loaded = load(std::move(arguments), environment);
    if (loaded) return "accepted";
    return loaded.error().message;
  }

  std::filesystem::path dir_;
};

TEST_F(Configuration, FlagOverEnvironmentOverFileOverDefault) {
  const std::string path =
      file("port = 4001\nkill_limit = 11\nregion = \"eu\"\nmax_lobbies_per_node = 5\n");
  const std::string flag = "--config=" + path;
  const auto loaded = load({flag, "--port", "4003", "--max-lobbies-per-node=7"},
                           {{"PORT", "4002"}, {"KILL_LIMIT", "12"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.port, 4003);
  EXPECT_EQ(loaded->config.kill_limit, 12);
  EXPECT_EQ(loaded->config.region, "eu");
  EXPECT_EQ(loaded->config.max_lobbies_per_node, 7);
  EXPECT_EQ(loaded->config.max_players_per_node, 10'000);
}

TEST_F(Configuration, TheFileMayBeNamedByTheEnvironment) {
  const auto loaded =
      load({}, {{"CONFIG", file("countdown = 3\ncors_origins = [\"https://a.example\"]\n")}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.countdown, std::chrono::seconds(3));
  EXPECT_EQ(loaded->config.cors_origins, std::vector<std::string>{"https://a.example"});
}

TEST_F(Configuration, EveryKindOfValueFromEveryPlace) {
  const auto loaded =
      load({"--test-hooks", "--ping-interval", "5", "migrate", "--", "--odd"},
           {{"TRUSTED_PROXIES", "10.0.0.0/8, ::1"}, {"ALLOW_GUESTS", "false"}, {"REGION", ""}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->config.test_hooks);
  EXPECT_EQ(loaded->config.ping_interval, std::chrono::seconds(5));
  EXPECT_EQ(loaded->config.trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
  EXPECT_FALSE(loaded->config.guests_allowed());
  EXPECT_EQ(loaded->config.region, "local");
  EXPECT_EQ(loaded->words, (std::vector<std::string>{"migrate", "--odd"}));
}

TEST_F(Configuration, AThreeWaySwitchTakesPlainTruthInAFile) {
  const auto loaded = load({}, {{"CONFIG", file("allow_guests = false\n")}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_FALSE(loaded->config.guests_allowed());
}

TEST_F(Configuration, AnUnknownSettingStopsTheStartAndIsNamed) {
  EXPECT_NE(refusal({"--max-lobbys", "3"}).find("--max-lobbys"), std::string::npos);
  EXPECT_NE(refusal({"-x"}).find("-x"), std::string::npos);
  const std::string message = refusal({}, {{"CONFIG", file("port = 1\n\nmax_lobbys = 3\n")}});
  EXPECT_NE(message.find("max_lobbys"), std::string::npos);
  EXPECT_NE(message.find("line 3"), std::string::npos);
  EXPECT_NE(refusal({}, {{"CONFIG", file("[server]\nport = 1\n")}}).find("server"),
            std::string::npos);
}

TEST_F(Configuration, AMalformedValueStopsTheStartAndIsNamed) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"PORT", "http"},
      {"PORT", "65536"},
      {"PORT", "-1"},
      {"PORT", "3000 "},
      {"PORT", "3e3"},
      {"SHARDS", "1.5"},
      {"KILL_LIMIT", "0"},
      {"MAX_PLAYERS_PER_LOBBY", "9"},
      {"TEST_HOOKS", "yes"},
      {"ALLOW_GUESTS", "maybe"},
      {"LOG_LEVEL", "loud"},
      {"NODE_ENV", "prod"},
      {"HOST", "example.com"},
      {"DATABASE_URL", "mysql://x"},
      {"REDIS_URL", "localhost:6379"},
      {"CORS_ORIGINS", "a.example"},
      {"CORS_ORIGINS", "https://a.example/path"},
      {"TRUSTED_PROXIES", "10.0.0.0/33"},
      {"TRUSTED_PROXIES", "proxy"},
      {"NODE_ID", "a b"},
      {"COUNTDOWN", "1"},
      {"BOT_SKILL", "expert"},
      {"PORT", "99999999999999999999"}};
  for (const auto& [name, value] : bad) {
    const std::string message = refusal({}, {{name, value}});
    EXPECT_NE(message.find(name), std::string::npos) << name << "=" << value << ": " << message;
  }
  EXPECT_NE(refusal({"--port=x"}).find("--port"), std::string::npos);
  EXPECT_NE(refusal({"--port"}).find("--port needs a value"), std::string::npos);
  EXPECT_EQ(load({"--port"}).error().code, "usage");
  EXPECT_EQ(load({"--port=x"}).error().code, "invalid");
}

TEST_F(Configuration, AMalformedFileStopsTheStartAndTheLineIsNamed) {
  const auto message = [&](std::string_view text) { return refusal({}, {{"CONFIG", file(text)}}); };
  EXPECT_NE(message("port = \n").find("line 1"), std::string::npos);
  EXPECT_NE(message("port = 1\nport = 2\n").find("line 2"), std::string::npos);
  EXPECT_NE(message("port = \"x\"\n").find("port"), std::string::npos);
  EXPECT_NE(message("port = 1.5\n").find("port"), std::string::npos);
  EXPECT_NE(message("log_level = 3\n").find("log_level"), std::string::npos);
  EXPECT_NE(message("test_hooks = 1\n").find("test_hooks"), std::string::npos);
  EXPECT_NE(message("cors_origins = [1]\n").find("cors_origins"), std::string::npos);
  EXPECT_NE(message("port = [\"1\"]\n").find("port"), std::string::npos);
  EXPECT_NE(refusal({"--config", (dir_ / "absent.toml").string()}).find("absent.toml"),
            std::string::npos);
}

TEST_F(Configuration, SecretsAreNotRepeatedInMessages) {
  EXPECT_EQ(refusal({}, {{"DATABASE_URL", "mysql://user:hunter2@host"}}).find("hunter2"),
            std::string::npos);
}

TEST_F(Configuration, ProductionIsStricter) {
  const std::string secret(32, 's');
  const auto loaded = load({"--production"}, {{"JWT_SECRET", secret}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->config.production());
  EXPECT_EQ(loaded->config.host, "0.0.0.0");
  EXPECT_FALSE(loaded->config.guests_allowed());

  const auto by_name =
      load({"--production"}, {{"JWT_SECRET", secret}, {"ALLOW_GUESTS", "true"}, {"HOST", "::"}});
  ASSERT_TRUE(by_name) << by_name.error().message;
  EXPECT_TRUE(by_name->config.guests_allowed());
  EXPECT_EQ(by_name->config.host, "::");

  EXPECT_NE(refusal({}, {{"NODE_ENV", "production"}}).find("JWT_SECRET"), std::string::npos);
  EXPECT_NE(refusal({"--production"}, {{"JWT_SECRET", std::string(31, 's')}}).find("JWT_SECRET"),
            std::string::npos);
  EXPECT_NE(refusal({"--production", "--test-hooks"}, {{"JWT_SECRET", secret}}).find("test_hooks"),
            std::string::npos);
}

TEST_F(Configuration, OutsideProductionOnlyThisMachineIsServedAndGuestsPlay) {
  const auto loaded = load({}, {{"NODE_ENV", "test"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.host, "127.0.0.1");
  EXPECT_TRUE(loaded->config.guests_allowed());
}

TEST_F(Configuration, SettingsThatContradictEachOtherAreRefused) {
  const std::string tls = refusal({"--tls-port", "3443", "--tls-cert", "cert.pem"});
  EXPECT_NE(tls.find("TLS_KEY"), std::string::npos) << tls;
  EXPECT_TRUE(load({"--tls-port", "3443", "--tls-cert", "cert.pem", "--tls-key", "key.pem"}, {}));
  const std::string proxy = refusal({"--proxy-protocol", "both"});
  EXPECT_NE(proxy.find("trusted_proxies"), std::string::npos) << proxy;
  EXPECT_TRUE(load({"--proxy-protocol", "both", "--trusted-proxies", "10.0.0.1"}, {}));
  EXPECT_NE(refusal({"--bot-fill=5", "--max-players-per-lobby=4"}).find("bot_fill"),
            std::string::npos);
  EXPECT_NE(refusal({"--vote-time=5", "--results-time=5"}).find("vote_time"), std::string::npos);
}

// Found by fuzz_settings: a line end in a text made another file of it.
TEST_F(Configuration, ATextIsShownAsTheTomlThatItCameFrom) {
  Config config;
  config.redis_url = "a\n\"b\"\\c\t\x01\x7f\u00e4";
  EXPECT_EQ(toml_value(config, *find_setting("redis_url")),
            "\"a\\u000a\\\"b\\\"\\\\c\\u0009\\u0001\\u007f\u00e4\"");
}

// The shipped file is the table for the operator: same keys, same order, same defaults, the same
// words above each.
TEST_F(Configuration, TheShippedFileHoldsEverySettingWithItsDefault) {
  const std::string path = std::string(TRESPASSER_SOURCE_DIR) + "/config/trespasser.toml";
  const auto entries = read_settings_file(path);
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), settings().size());
  const Config defaults;
  Config from_file;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Setting& setting = settings()[i];
    EXPECT_EQ((*entries)[i].key, setting.key);
    ASSERT_TRUE(assign(from_file, setting, (*entries)[i].value)) << setting.key;
    EXPECT_EQ(toml_value(from_file, setting), toml_value(defaults, setting)) << setting.key;
  }

  std::ifstream in(path);
  std::string comment;
  std::size_t documented = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) comment = line.substr(2);
    const Setting* setting = find_setting(line.substr(0, line.find(' ')));
    if (setting == nullptr || line.starts_with('#')) continue;
    EXPECT_EQ(comment, setting->doc) << setting->key;
    ++documented;
  }
  EXPECT_EQ(documented, settings().size());
}

TEST_F(Configuration, EveryDefaultIsAllowedAndEverySettingHasItsOwnNames) {
  std::set<std::string> names;
  const Config defaults;
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(names.insert(environment_name(setting)).second);
    EXPECT_TRUE(names.insert(flag_name(setting)).second);
    EXPECT_FALSE(setting.doc.empty());
  }
  for (const char* kept :
       {"PORT", "HOST", "DATABASE_URL", "REDIS_URL", "JWT_SECRET", "LOG_LEVEL",
        "MAX_LOBBIES_PER_NODE", "MAX_PLAYERS_PER_NODE", "MAX_PLAYERS_PER_LOBBY", "DATA_DIR",
        "TEST_HOOKS", "BOT_FILL", "ALLOW_GUESTS", "CORS_ORIGINS", "TRUSTED_PROXIES", "NODE_ENV"}) {
    EXPECT_TRUE(names.contains(kept)) << kept;
  }
  EXPECT_NE(config_help().find("--max-lobbies-per-node"), std::string::npos);
  EXPECT_TRUE(load({"--help"})->help);
}

}  // namespace
}  // namespace base
