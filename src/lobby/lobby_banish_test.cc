// O5: whom a moderator sends away is out, and not back in that lobby before its match has ended.

#include <gmock/gmock.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using ::testing::HasSubstr;
using testing::Player;
using ::testing::SizeIs;
using wire::ClientKind;

std::string field(const std::string& packet, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const auto at = packet.find(key);
  if (at == std::string::npos) return "";
  const auto begin = at + key.size();
  return packet.substr(begin, packet.find('"', begin) - begin);
}

class LobbyBanish : public ::testing::Test {
 protected:
  LobbyBanish() {
    bench_.addresses = {{"host", "10.0.0.1"},       {"rude", "10.0.0.2"},
                        {"rude again", "10.0.0.2"}, {"other", "10.0.0.3"},
                        {"account", "10.0.0.2"},    {"account again", "10.0.0.9"}};
    bench_.accounts = {{"account", "A1"}, {"account again", "A1"}};
    code_ = field(bench_.create("host").packets[0], "inviteCode");
  }
  Player& enter(const std::string& id) { return bench_.by_code(id, code_); }

  Bench bench_;
  std::string code_;
};

TEST_F(LobbyBanish, O5_AGuestIsOutAndKnownAgainByNetwork) {
  Player& rude = enter("rude");
  Player& other = enter("other");
  bench_.engine.banish({"", "rude", ""});
  EXPECT_FALSE(rude.seat);
  EXPECT_THAT(rude.heard("lobby:kicked"), SizeIs(1));
  EXPECT_THAT(rude.heard("left_lobby"), SizeIs(1));
  EXPECT_THAT(other.heard("player:left"), SizeIs(1));
  EXPECT_TRUE(other.seat);
  EXPECT_EQ(enter("rude again").refused, "You were removed from this lobby");
  EXPECT_TRUE(enter("account").seat) << "an account of that network has done nothing";
}

TEST_F(LobbyBanish, O5_WhoSitsHereIsFoundByAccountOrConnectionAndNobodyByNothing) {
  enter("account");
  std::vector<std::string> found;
  bench_.engine.each([&](const Lobby& lobby) {
    for (const char* id : {"A1", "account", "host", "A2", ""}) {
      const auto person = lobby.anybody(id);
      found.push_back(person ? person->player_id + "/" + person->account_id : "nobody");
    }
  });
  EXPECT_THAT(found,
              ::testing::ElementsAre("account/A1", "account/A1", "host/", "nobody", "nobody"))
      << "a guest has no account, and is not everybody's";
}

TEST_F(LobbyBanish, C3_WhoIsSentHereAloneIsToldForGood_QuickPlayLooksElsewhere) {
  Player& first = bench_.quick("first");
  ASSERT_TRUE(first.seat);
  enter("rude");
  ASSERT_TRUE(bench_.quick("rude again").seat);
  bench_.engine.banish({"", "", "10.0.0.2"});
  EXPECT_EQ(enter("rude").refused, "You were removed from this lobby");
  EXPECT_FALSE(bench_.player("rude").may_look_again) << "the queue would send him here again";
  EXPECT_EQ(bench_.quick("rude again").refused, "You were removed from this lobby");
  EXPECT_TRUE(bench_.player("rude again").may_look_again);
}

TEST_F(LobbyBanish, O5_AnAccountIsKnownAgainWhereverItIs) {
  Player& account = enter("account");
  bench_.engine.banish({"A1", "", ""});
  EXPECT_FALSE(account.seat);
  EXPECT_EQ(enter("account again").refused, "You were removed from this lobby");
  EXPECT_TRUE(enter("rude").seat) << "guests of his network have done nothing";
}

TEST_F(LobbyBanish, O5_GuestsOfANetworkAreOutTogether) {
  enter("rude");
  enter("rude again");
  Player& account = enter("account");
  bench_.engine.banish({"", "", "10.0.0.2"});
  EXPECT_FALSE(bench_.player("rude").seat);
  EXPECT_FALSE(bench_.player("rude again").seat);
  EXPECT_TRUE(account.seat);
}

TEST_F(LobbyBanish, O5_WhoLeftBeforeTheWordCameMayNotComeBackEither) {
  Player& rude = enter("rude");
  bench_.say(bench_.player("host"), ClientKind::lobby_start);
  bench_.run_seconds(5);
  bench_.join_world(rude);
  bench_.run_seconds(1);
  bench_.leave(rude);
  bench_.engine.banish({"", "rude", ""});
  EXPECT_EQ(enter("rude again").refused, "You were removed from this lobby");
}

TEST_F(LobbyBanish, O5_TheNextMatchIsOpenAgain) {
  LobbyOptions options;
  options.kill_limit = 1;
  options.time_limit_s = 10;
  Player& host = bench_.create("second host", options);
  code_ = field(host.packets[0], "inviteCode");
  enter("rude");
  Player& other = enter("other");
  bench_.say(host, ClientKind::lobby_start);
  bench_.run_seconds(5);
  bench_.join_world(host);
  bench_.join_world(other, sim::Team::blue);
  bench_.engine.banish({"", "rude", ""});
  bench_.run_seconds(1);
  EXPECT_FALSE(enter("rude again").seat);
  bench_.run_seconds(12);
  ASSERT_THAT(host.heard("match_ended"), SizeIs(1));
  EXPECT_TRUE(enter("rude again").seat);
}

TEST_F(LobbyBanish, O5_TheNodeThatTakesTheLobbyOverKnowsItToo) {
  enter("rude");
  bench_.engine.banish({"", "rude", ""});
  std::string save;
  std::string id;
  bench_.engine.each([&](const Lobby& lobby) {
    lobby.save(save);
    id = lobby.id();
  });
  Bench other;
  other.addresses = bench_.addresses;
  const auto place = other.directory.adopt(id, code_, 0);
  ASSERT_TRUE(place.ok());
  ASSERT_TRUE(other.engine.adopt(*place, save, other.now).ok());
  EXPECT_EQ(other.by_code("rude again", code_).refused, "You were removed from this lobby");
  EXPECT_TRUE(other.by_code("other", code_).seat);
}

TEST_F(LobbyBanish, O5_AGuestWithoutAnAddressBarsNobodyElse) {
  enter("one of no address");
  bench_.engine.banish({"", "one of no address", ""});
  EXPECT_TRUE(enter("another of no address").seat);
}

// 32 names are remembered.
TEST_F(LobbyBanish, O5_WhoIsSentAwayAgainPushesNobodyElseOut) {
  enter("rude");
  bench_.engine.banish({"", "rude", ""});
  bench_.say(bench_.player("host"), ClientKind::lobby_start);
  bench_.run_seconds(5);
  Player& other = enter("other");
  bench_.join_world(other);
  bench_.run_seconds(1);
  bench_.leave(other);
  for (int i = 0; i < 40; ++i) bench_.engine.banish({"", "other", ""});
  EXPECT_EQ(enter("rude again").refused, "You were removed from this lobby");
}

TEST_F(LobbyBanish, O5_TheLastOneOutClosesTheLobby) {
  bench_.engine.banish({"", "host", ""});
  EXPECT_EQ(bench_.engine.lobby_count(), 0u);
  bench_.engine.banish({"", "nobody", ""});
}

}  // namespace
}  // namespace lobby
