// Who is let in on a connection (A5, A6, S2), with a socket and a shard that only remember.

#include "session/gateway.h"

#include <gtest/gtest.h>

#include <utility>

#include "session/address_limits.h"
#include "session/gateway_test_bench.h"

namespace session {
namespace {

using testing::FakeShard;
using testing::FakeSocket;

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() { router.link(routers); }

  GatewaySettings settings() {
    GatewaySettings made;
    made.authenticate = [this](lobby::ShardIndex, const std::string& token,
                               std::function<void(base::Result<Identity>)> done) {
      asked = token;
      answer = std::move(done);
    };
    return made;
  }

  void say(FakeSocket& socket, std::string_view name, std::string_view args = "") {
    bench.say(socket, name, args);
    shard.run();
  }

  std::string asked;
  std::function<void(base::Result<Identity>)> answer;
  testing::NodeBench node{1};
  testing::ShardBench bench{node, 0, settings()};
  lobby::Directory& directory = node.directory;
  Presence& presence = node.presence;
  FakeShard& shard = bench.shard;
  Router& router = bench.router;
  LobbyHost& host = bench.host;
  Gateway& gateway = bench.gateway;
  std::array<Router*, 1> routers{&router};
};

TEST_F(GatewayTest, A6_no_token_is_a_guest_a_bad_payload_is_unauthorized) {
  FakeSocket guest("guest");
  gateway.on_connect(guest, "");
  EXPECT_TRUE(guest.accepted);
  FakeSocket odd("odd");
  gateway.on_connect(odd, R"({"token":7})");
  EXPECT_EQ(odd.refused, "unauthorized");
}

TEST_F(GatewayTest, A6_a_token_is_checked_before_anything_is_accepted) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  EXPECT_EQ(asked, "abc");
  EXPECT_FALSE(socket.accepted);
  answer(Identity{"account", "Ada", "login"});
  EXPECT_TRUE(socket.accepted);
  EXPECT_TRUE(presence.find("account"));
}

TEST_F(GatewayTest, Contract1_6_busy_is_no_refusal_but_a_closed_transport) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  answer(base::Error{"unavailable", "busy"});
  EXPECT_TRUE(socket.refused.empty());
  EXPECT_TRUE(socket.closed);
  FakeSocket other("o");
  gateway.on_connect(other, R"({"token":"abc"})");
  answer(base::Error{"unauthorized", ""});
  EXPECT_EQ(other.refused, "unauthorized");
}

TEST_F(GatewayTest, A5_a_login_that_ends_while_its_token_is_checked_does_not_get_in) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.end_login("account", "login", "banned");
  answer(Identity{"account", "Ada", "login"});
  EXPECT_TRUE(socket.heard("session:ended"));
  EXPECT_TRUE(socket.closed);
  EXPECT_FALSE(presence.find("account"));
}

TEST_F(GatewayTest, A5_the_end_of_another_login_of_the_account_changes_nothing) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.end_login("account", "another", "logout");
  answer(Identity{"account", "Ada", "login"});
  EXPECT_FALSE(socket.closed);
  gateway.end_login("account", "", "banned");
  EXPECT_TRUE(socket.closed);
}

TEST_F(GatewayTest, a_socket_that_went_while_its_token_was_checked_is_forgotten) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.on_disconnect(socket, sio::DisconnectReason::transport_closed);
  answer(Identity{"account", "Ada", "login"});
  EXPECT_FALSE(socket.accepted);
  EXPECT_FALSE(presence.find("account"));
}

// Doors that ask whether a guest is banned.
class GuestDoorTest : public GatewayTest {
 protected:
  using Ban = std::optional<std::string>;

  GuestDoorTest() : doors(asking(), router, directory, presence) { router.attach(doors, host); }

  GatewaySettings asking() {
    GatewaySettings made = settings();
    made.client_address = base::ClientAddress::make({"10.9.0.0/16"}).value();
    made.guest_ban = [this](lobby::ShardIndex, const std::string& address,
                            std::function<void(base::Result<Ban>)> done) {
      asked_about.push_back(address);
      about_guest = std::move(done);
    };
    return made;
  }

  Gateway doors;
  std::vector<std::string> asked_about;
  std::function<void(base::Result<Ban>)> about_guest;
};

TEST_F(GuestDoorTest, S8_a_guest_waits_for_the_word_that_he_is_not_banned) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  EXPECT_FALSE(guest.accepted);
  about_guest(Ban());
  EXPECT_TRUE(guest.accepted);
  EXPECT_EQ(shard.timers(), 0u);
}

TEST_F(GuestDoorTest, S8_a_banned_guest_is_refused_with_reason_and_end) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  about_guest(Ban("cheating (until 2026-11-23T00:00:00.000Z)"));
  EXPECT_FALSE(guest.accepted);
  EXPECT_EQ(guest.refused, "banned: cheating (until 2026-11-23T00:00:00.000Z)");
  EXPECT_EQ(shard.timers(), 0u);
  doors.on_disconnect(guest, sio::DisconnectReason::server_closed);
}

TEST_F(GuestDoorTest, S1_whose_address_is_asked_follows_the_trusted_proxies) {
  FakeSocket direct("a", "192.0.2.1", "198.51.100.1");
  FakeSocket proxied("b", "10.9.0.1", "198.51.100.1, 198.51.100.2");
  doors.on_connect(direct, "");
  doors.on_connect(proxied, "");
  EXPECT_EQ(asked_about, (std::vector<std::string>{"192.0.2.1", "198.51.100.2"}));
}

TEST_F(GuestDoorTest, S8_a_database_that_hangs_keeps_no_guest_out_for_ever) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  shard.pass_time();
  EXPECT_TRUE(guest.accepted);
  about_guest(Ban());
  EXPECT_FALSE(guest.closed);
}

TEST_F(GuestDoorTest, S8_a_ban_that_is_heard_of_too_late_still_counts) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  shard.pass_time();
  about_guest(Ban("cheating (for good)"));
  EXPECT_TRUE(guest.heard("session:ended"));
  EXPECT_TRUE(guest.closed);
}

TEST_F(GuestDoorTest, S8_a_database_that_is_away_lets_guests_play) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  about_guest(base::Error{"unavailable", "no database"});
  EXPECT_TRUE(guest.accepted);
}

TEST_F(GuestDoorTest, S8_a_guest_who_went_while_he_waited_is_forgotten) {
  FakeSocket guest("guest");
  doors.on_connect(guest, "");
  doors.on_disconnect(guest, sio::DisconnectReason::transport_closed);
  EXPECT_EQ(shard.timers(), 0u);
  about_guest(Ban());
  EXPECT_FALSE(guest.accepted);
}

TEST_F(GuestDoorTest, S8_a_ban_that_is_told_closes_the_guests_of_that_address_and_no_one_else) {
  FakeSocket playing("a", "2001:db8:1:2::1");
  FakeSocket waiting("b", "2001:db8:1:2::2");
  FakeSocket elsewhere("c", "2001:db8:1:3::1");
  FakeSocket account("d", "2001:db8:1:2::1");
  doors.on_connect(playing, "");
  about_guest(Ban());
  doors.on_connect(elsewhere, "");
  about_guest(Ban());
  doors.on_connect(account, R"({"token":"abc"})");
  answer(Identity{"account", "Ada", "login"});
  doors.on_connect(waiting, "");
  doors.end_guests("2001:db8:1:2::9", "banned: cheating (for good)");
  EXPECT_TRUE(playing.heard("session:ended"));
  EXPECT_TRUE(playing.closed);
  EXPECT_EQ(waiting.refused, "banned: cheating (for good)");
  EXPECT_FALSE(elsewhere.closed);
  EXPECT_FALSE(account.closed);
  about_guest(Ban());
  EXPECT_FALSE(waiting.accepted);
}

TEST_F(GuestDoorTest, S8_a_ban_of_guests_leaves_alone_whose_token_is_being_checked) {
  FakeSocket member("member", "2001:db8:1:2::1");
  doors.on_connect(member, R"({"token":"abc"})");
  doors.end_guests("2001:db8:1:2::9", "banned: cheating (for good)");
  EXPECT_FALSE(member.closed);
  EXPECT_TRUE(member.refused.empty());
  answer(Identity{"account", "Ada", "login"});
  EXPECT_TRUE(member.accepted);
}

TEST_F(GatewayTest, S8_a_banned_account_is_refused_with_reason_and_end) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  answer(base::Error{"banned", "cheating (for good)"});
  EXPECT_EQ(socket.refused, "banned: cheating (for good)");
  FakeSocket guest("g");
  gateway.on_connect(guest, "");
  say(guest, "account:link", R"({"token":"abc"})");
  answer(base::Error{"banned", "cheating (for good)"});
  EXPECT_NE(guest.packets.back().find("banned: cheating (for good)"), std::string::npos);
}

TEST_F(GatewayTest, S8_a_ban_told_as_the_end_of_a_login_closes_its_sockets_with_the_reason) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  answer(Identity{"account", "Ada", "login"});
  gateway.end_login("account", "login", "banned: cheating (for good)");
  EXPECT_NE(socket.packets.back().find("banned: cheating (for good)"), std::string::npos);
  EXPECT_TRUE(socket.closed);
}

TEST_F(GatewayTest, S9_a_player_join_without_a_lobby_finds_one) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "player:join", R"({"loadout":{"primary":"rifle"},"playerName":"Ada"})");
  EXPECT_EQ(directory.counts().players, 1u);
  EXPECT_FALSE(socket.heard("lobby_joined"));
}

TEST_F(GatewayTest, a_wrong_code_keeps_the_seat_and_one_s_own_code_is_answered) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "find_match", "{}");
  const std::string id = directory.all().front().id;
  say(socket, "join_lobby", R"({"lobbyId":"0000000000000"})");
  EXPECT_TRUE(socket.heard("lobby_join_failed"));
  EXPECT_EQ(directory.counts().players, 1u);
  socket.packets.clear();
  say(socket, "join_lobby", "{\"lobbyId\":\"" + id + "\"}");
  EXPECT_TRUE(socket.heard("lobby_joined"));
  EXPECT_EQ(directory.counts().players, 1u);
  EXPECT_EQ(directory.all().front().id, id);
}

TEST_F(GatewayTest, S2_a_flood_of_malformed_events_closes_its_sender) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  for (int i = 0; i < 200; ++i) say(socket, "player:input", "7");
  EXPECT_TRUE(socket.closed);
}

// The events of a socket, by the bucket they share.
struct Burst {
  std::string_view name;
  std::string_view args;
  std::uint64_t most;  // at once
};
class EventLimitTest : public GatewayTest, public ::testing::WithParamInterface<Burst> {
 protected:
  // How many of `count` events are over the limit.
  std::uint64_t refused(FakeSocket& socket, std::uint64_t count) {
    const std::uint64_t before = gateway.counters().limited.value();
    for (std::uint64_t i = 0; i < count; ++i) say(socket, GetParam().name, GetParam().args);
    return gateway.counters().limited.value() - before;
  }
};

TEST_P(EventLimitTest, S1_its_burst_passes_a_flood_does_not_and_nobody_else_pays) {
  FakeSocket flooder("flooder");
  FakeSocket honest("honest");
  gateway.on_connect(flooder, "");
  gateway.on_connect(honest, "");
  EXPECT_EQ(refused(flooder, GetParam().most), 0u);
  // Ten times as much: the bucket fills while this runs, but not so fast.
  EXPECT_GT(refused(flooder, 10 * GetParam().most), 0u);
  EXPECT_FALSE(flooder.closed) << "well-formed events are dropped, not punished";
  EXPECT_EQ(refused(honest, 1), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Buckets, EventLimitTest,
    ::testing::Values(
        Burst{"player:input", R"({"keys":{},"mouse":{"x":1,"y":1},"sequence":1,"timestamp":1})",
              1800},
        Burst{"weapon:fire", R"({"weaponType":"smg","targetPosition":{"x":481,"y":90}})", 60},
        Burst{"weapon:reload", "", 150}, Burst{"request_game_state", "", 12},
        Burst{"lobby:start", "", 15}, Burst{"join_lobby", R"({"lobbyId":"0000000000000"})", 10},
        Burst{"get_lobby_list", "", 6},
        Burst{"chat:message", R"({"text":"hey","channel":"lobby"})", 5},
        Burst{"queue:status", "", 30}),
    [](const auto& limit) {
      std::string name(limit.param.name);
      for (char& c : name) c = c == ':' ? '_' : c;
      return name;
    });

// A socket's own buckets are full again when it connects anew; those of its address are not.
class AddressLimitTest : public GatewayTest {
 protected:
  AddressLimitTest() : door(limited(), router, directory, presence) { router.attach(door, host); }

  GatewaySettings limited() {
    GatewaySettings made = settings();
    made.address_limits = &limits;
    return made;
  }

  // Connects, says it once, and tells what came.
  std::string hears(std::string_view name, std::string_view args, std::string address = "10.0.0.1",
                    std::string_view auth = "") {
    FakeSocket socket("s" + std::to_string(++sockets), std::move(address));
    door.on_connect(socket, auth);
    sio::Event event;
    event.name = name;
    event.args = args;
    if (!name.empty()) door.on_event(socket, event);
    shard.run();
    std::string heard = socket.packets.empty() ? "" : socket.packets.back();
    if (socket.closed) heard = "closed";
    door.on_disconnect(socket, sio::DisconnectReason::client_left);
    shard.run();
    return heard;
  }

  AddressLimits limits{10};
  Gateway door;
  int sockets = 0;
  static constexpr std::string_view kTooMany = "Too many requests";
};

TEST_F(AddressLimitTest,
       S1_codes_and_passwords_are_tried_so_often_an_address_however_it_reconnects) {
  const std::string_view wrong = R"({"lobbyId":"AAAAAAAAAAAAAAAA"})";
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(hears("join_lobby", wrong).find("Lobby not found"), std::string::npos);
  EXPECT_NE(hears("join_lobby", wrong).find(kTooMany), std::string::npos);
  EXPECT_NE(hears("join_lobby", wrong, "10.0.0.2").find("Lobby not found"), std::string::npos);
}

TEST_F(AddressLimitTest, S1_lists_are_counted_by_address_apart_from_searches) {
  for (int i = 0; i < 40; ++i)
    EXPECT_NE(hears("get_lobby_list", "{}").find("lobby_list"), std::string::npos) << i;
  EXPECT_EQ(hears("get_lobby_list", "{}").find("lobby_list"), std::string::npos);
  EXPECT_NE(hears("get_lobby_list", "{}", "10.0.0.2").find("lobby_list"), std::string::npos);
  EXPECT_EQ(hears("find_match", R"({"gameMode":"deathmatch"})").find(kTooMany), std::string::npos);
}

TEST_F(AddressLimitTest, S1_searches_and_new_lobbies_are_counted_by_address) {
  const std::string_view any = R"({"gameMode":"deathmatch"})";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(hears("find_match", any).find(kTooMany), std::string::npos);
    EXPECT_EQ(hears("create_private_lobby", any).find(kTooMany), std::string::npos);
  }
  EXPECT_NE(hears("find_match", any).find(kTooMany), std::string::npos);
  EXPECT_NE(hears("create_private_lobby", any).find(kTooMany), std::string::npos);
  EXPECT_NE(hears("player:join", "{}").find(kTooMany), std::string::npos);
  EXPECT_EQ(hears("find_match", any, "10.0.0.2").find(kTooMany), std::string::npos);
}

TEST_F(AddressLimitTest, S1_tokens_are_checked_so_often_an_address_and_more_is_busy_not_refused) {
  const std::string_view auth = R"({"token":"abc"})";
  for (int i = 0; i < 10; ++i) {
    asked.clear();
    EXPECT_NE(hears("", "", "10.0.0.1", auth), "closed");
    EXPECT_EQ(asked, "abc");
  }
  asked.clear();
  EXPECT_EQ(hears("", "", "10.0.0.1", auth), "closed");
  EXPECT_EQ(asked, "");
  EXPECT_NE(hears("account:link", auth).find(kTooMany), std::string::npos);
  EXPECT_NE(hears("", "", "10.0.0.2", auth), "closed");
}

TEST_F(GatewayTest, L3_leaving_leaves_nothing_behind) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "find_match", "{}");
  EXPECT_EQ(directory.counts().lobbies, 1u);
  gateway.on_disconnect(socket, sio::DisconnectReason::client_left);
  shard.run();
  EXPECT_EQ(directory.counts().lobbies, 0u);
}

}  // namespace
}  // namespace session
