// The whole vocabulary of the server, read from the source: what it sends is what the contract's
// matrix (4.7) says and the few events of our own, and nothing that would harm the shipped client.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace wire {
namespace {

std::set<std::string> sent_names() {
  std::set<std::string> names;
  // Packet packet(out, "name"), Packet(out, "name"), reason_packet(out, "name", ...), and the pair
  // of wall events.
  const std::regex call(R"(acket\(out,[^")]*((?:"[^"]+"[^")]*)+))");
  const std::regex word(R"rx("([^"]+)")rx");
  for (const char* file : {"packets.cc", "queue_packets.cc", "event_text.cc", "state.cc"}) {
    std::ifstream stream(std::string(TRESPASSER_SOURCE_DIR) + "/src/wire/" + file);
    EXPECT_TRUE(stream.good()) << file;
    const std::string source((std::istreambuf_iterator<char>(stream)),
                             std::istreambuf_iterator<char>());
    for (std::sregex_iterator at(source.begin(), source.end(), call), end; at != end; ++at) {
      const std::string texts = (*at)[1];
      for (std::sregex_iterator name(texts.begin(), texts.end(), word); name != end; ++name)
        names.insert((*name)[1]);
    }
  }
  return names;
}

TEST(Vocabulary, Contract47_NothingElseIsSent) {
  const std::set<std::string> contract = {
      "server:ready", "time:sync:response", "authenticated", "lobby_joined",
      "private_lobby_created", "matchmaking_failed", "lobby_creation_failed", "lobby_join_failed",
      "lobby_list", "lobby_error", "left_lobby", "lobby:state", "player_joined_lobby",
      "player_left_lobby", "match_starting", "match_start_cancelled", "match_started",
      "match_ended", "game:state", "player:left", "player:join:success", "player:join:failed",
      "spawn_position", "weapon:fired", "weapon:hit", "weapon:miss", "weapon:switched",
      "weapon:heat:update", "weapon:reloaded", "player:damaged", "backend:player:died",
      "backend:player:respawned", "wall:damaged", "wall:destroyed", "projectile:created",
      "projectile:updated", "projectile:exploded", "explosion:created", "FLASHBANG_EFFECT",
      // test hooks (L11)
      "test_start_failed", "force_create_failed", "debug:match_end_triggered",
      "debug:match_end_failed", "debug:match_state"};
  const std::set<std::string> ours = {
      "scoreboard",   "vote_started",    "vote_update",   "vote_result",  "chat:message",
      "chat:refused", "report:received", "report:failed", "queue:status", "queue:matched",
      "queue:failed", "party:state",     "party:failed",  "lobby:kicked", "lobby:refused"};
  std::set<std::string> allowed = contract;
  allowed.insert(ours.begin(), ours.end());
  EXPECT_EQ(sent_names(), allowed);
}

TEST(Vocabulary, S10_WordsThatMuteOrThrowTheClientAreNotAmongThem) {
  const std::set<std::string> names = sent_names();
  ASSERT_FALSE(names.empty());
  for (const char* word :
       {"error", "auth-failed", "auth-timeout", "time:sync:error", "player:joined",
        "player:collision", "collision:detected", "game:restarting", "game:restarted",
        "game:restart_failed", "lobby_state_update", "weapon:equipped", "kill_target_reached",
        "backend:respawn:denied"}) {
    EXPECT_FALSE(names.contains(word)) << word;
  }
}

}  // namespace
}  // namespace wire
