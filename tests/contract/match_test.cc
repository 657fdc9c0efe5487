// Matches, lobbies and the outbox (D2, D4), on every database.

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "base/random.h"
#include "contract/backends.h"
#include "contract/samples.h"
#include "store/database_recorder.h"
#include "store/outbox.h"
#include "store/write_match.h"

namespace contract {
namespace {

using store::Connection;
using store::Side;

class MatchContract : public testing::TestWithParam<Backend> {
 protected:
  bool write(const store::MatchResult& result) {
    auto written = store_->transact([&](Connection& db) { return store::write_match(db, result); });
    if (!written.ok()) throw std::runtime_error(written.error().message);
    return *written;
  }

  // kills, deaths, matches, wins
  std::vector<std::int64_t> totals_of(const std::string& player_id) {
    const auto row = ask(*store_,
                         "select total_kills, total_deaths, total_matches, wins from players where "
                         "player_id = $1",
                         {player_id})
                         .at(0);
    return {row[0].integer(), row[1].integer(), row[2].integer(), row[3].integer()};
  }

  std::int64_t count(const std::string& table) {
    return ask(*store_, "select count(*) from " + table)[0][0].integer();
  }

  std::unique_ptr<store::Outbox> open_outbox(store::OnMatch on_match = {}) {
    store::OutboxOptions options;
    options.path = folder_.path("outbox.db");
    options.on_match = std::move(on_match);
    options.first_pause = std::chrono::milliseconds(5);
    options.longest_pause = std::chrono::milliseconds(20);
    auto opened = store::Outbox::open(options, *store_);
    if (!opened.ok()) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  // Gives it in and waits until it is durable; false when it was refused.
  static bool put(store::Outbox& outbox, store::MatchResult result) {
    std::promise<bool> durable;
    outbox.deliver(std::move(result), [&](bool ok) { durable.set_value(ok); });
    return durable.get_future().get();
  }

  static void wait_until_empty(store::Outbox& outbox) {
    while (outbox.stats().waiting > 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  TempFolder folder_;
  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
};

INSTANTIATE_TEST_SUITE_P(Databases, MatchContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(MatchContract, D4_WritesTheMatchItsPlayersAndTheTotals) {
  const auto red = add_player(*store_, "red");
  const auto blue = add_player(*store_, "blue");
  auto result = sample_match(red, blue);
  result.players[1].left_at = at(200);
  EXPECT_TRUE(write(result));

  const auto row =
      ask(*store_,
          "select lobby_id, server_node_id, game_mode, map, winning_team, red_score, blue_score, "
          "reason,"
          " started_at, completed_at, duration_seconds from match_results where match_id = $1",
          {result.match_id})
          .at(0);
  EXPECT_EQ(row[0].text(), "LOBBY1");
  EXPECT_EQ(row[1].text(), "node-1");
  EXPECT_EQ(row[2].text(), "tdm");
  EXPECT_EQ(row[3].text(), "yard");
  EXPECT_EQ(row[4].text(), "red");
  EXPECT_EQ(row[5].integer(), 50);
  EXPECT_EQ(row[6].integer(), 20);
  EXPECT_EQ(row[7].text(), "score_limit");
  EXPECT_EQ(row[8].time(), at(0));
  EXPECT_EQ(row[9].time(), at(300));
  EXPECT_EQ(row[10].integer(), 300);

  const auto players =
      ask(*store_,
          "select seat, player_id, display_name, team, kills, deaths, joined_at, left_at, won"
          " from match_players order by seat");
  ASSERT_EQ(players.size(), 3u);
  EXPECT_EQ(players[0][1].text(), red);
  EXPECT_EQ(players[1][3].text(), "blue");
  EXPECT_EQ(players[1][7].time(), at(200));
  EXPECT_TRUE(players[0][7].is_null());
  EXPECT_TRUE(players[2][1].is_null())
      << "a guest is a name in the match record, nothing more (A6)";
  EXPECT_EQ(players[2][2].text(), "name of s3");
  EXPECT_TRUE(players[0][8].flag());
  EXPECT_FALSE(players[1][8].flag());

  EXPECT_EQ(totals_of(red), (std::vector<std::int64_t>{5, 1, 1, 1}));
  EXPECT_EQ(totals_of(blue), (std::vector<std::int64_t>{1, 5, 1, 0}));
  EXPECT_EQ(count("players"), 2) << "no account is made of a guest";
}

TEST_P(MatchContract, D4_TheSameMatchIdIsWrittenOnce) {
  const auto red = add_player(*store_, "red");
  const auto blue = add_player(*store_, "blue");
  const auto result = sample_match(red, blue);
  EXPECT_TRUE(write(result));
  EXPECT_FALSE(write(result));
  EXPECT_EQ(count("match_results"), 1);
  EXPECT_EQ(count("match_players"), 3);
  EXPECT_EQ(totals_of(red), (std::vector<std::int64_t>{5, 1, 1, 1}));
}

TEST_P(MatchContract, D4_AtOnceFromManyThreadsItIsStillWrittenOnce) {
  const auto red = add_player(*store_, "red");
  const auto blue = add_player(*store_, "blue");
  const auto result = sample_match(red, blue);
  const auto mirrored =
      sample_match(blue, red);  // locks the same players, named in the other order
  std::vector<std::future<bool>> writers;
  for (int i = 0; i < 8; ++i) {
    writers.push_back(
        std::async(std::launch::async, [&, i] { return write(i % 2 == 0 ? result : mirrored); }));
  }
  int fresh = 0;
  for (auto& writer : writers) fresh += writer.get() ? 1 : 0;
  EXPECT_EQ(fresh, 2);
  EXPECT_EQ(totals_of(red), (std::vector<std::int64_t>{6, 6, 2, 1}));
}

TEST_P(MatchContract, D2_ALobbyPlaysManyMatchesAndNobodyLosesARow) {
  const auto red = add_player(*store_, "red");
  const auto blue = add_player(*store_, "blue");
  EXPECT_TRUE(write(sample_match(red, blue)));
  EXPECT_TRUE(write(sample_match(blue, red)));
  EXPECT_EQ(count("match_results"), 2);
  EXPECT_EQ(count("match_players"), 6);
  const auto stay =
      ask(*store_,
          "select kills, deaths from lobby_players where lobby_id = 'LOBBY1' and player_id = $1",
          {red});
  ASSERT_EQ(stay.size(), 1u);
  EXPECT_EQ(stay[0][0].integer(), 6);
  EXPECT_EQ(stay[0][1].integer(), 6);
}

TEST_P(MatchContract, D2_APlayerWhoCameBackOnAnotherSeatCountsOneMatch) {
  const auto red = add_player(*store_, "red");
  auto result = sample_match();
  result.players.push_back(seat_of("s1", red, Side::red, 2, 1, false));
  result.players.push_back(seat_of("s9", red, Side::blue, 3, 0, true));
  EXPECT_TRUE(write(result));
  EXPECT_EQ(count("match_players"), 2);
  EXPECT_EQ(totals_of(red), (std::vector<std::int64_t>{5, 1, 1, 1}));
}

TEST_P(MatchContract, D4_AnUnknownPlayerIdIsKeptLikeAGuest) {
  EXPECT_TRUE(write(sample_match(base::uuid_v4(), base::uuid_v4())));
  EXPECT_EQ(
      ask(*store_, "select count(*) from match_players where player_id is null")[0][0].integer(),
      3);
  EXPECT_EQ(count("lobby_players"), 0);
}

TEST_P(MatchContract, UnsoundResultsAreRefusedByName) {
  const auto code_of = [&](const store::MatchResult& result) {
    auto written = store_->transact([&](Connection& db) { return store::write_match(db, result); });
    return written.ok() ? std::string("ok") : written.error().code;
  };
  auto bad_id = sample_match();
  bad_id.match_id = "1; drop table players";
  auto twice = sample_match();
  twice.players = {seat_of("s1", std::nullopt, Side::red, 0, 0, false),
                   seat_of("s1", std::nullopt, Side::red, 0, 0, false)};
  auto nul = sample_match();
  nul.players = {seat_of("s1", std::nullopt, Side::red, 0, 0, false)};
  nul.players[0].display_name = std::string("a\0b", 3);
  auto latin1 = sample_match();
  latin1.players = {seat_of("s1", std::nullopt, Side::red, 0, 0, false)};
  latin1.players[0].display_name = "caf\xe9";
  auto huge = sample_match();
  huge.red_score = 0xffffffffu;
  for (const auto& result : {bad_id, twice, nul, latin1, huge})
    EXPECT_EQ(code_of(result), "invalid");
  EXPECT_EQ(count("match_results"), 0);
}

TEST_P(MatchContract, D4_TheOutboxDeliversAndEmptiesItself) {
  const auto red = add_player(*store_, "red");
  const auto blue = add_player(*store_, "blue");
  auto outbox = open_outbox();
  const auto result = sample_match(red, blue);
  EXPECT_TRUE(put(*outbox, result));
  EXPECT_TRUE(put(*outbox, result)) << "the same once more";
  wait_until_empty(*outbox);
  EXPECT_EQ(count("match_results"), 1);
  EXPECT_EQ(totals_of(red), (std::vector<std::int64_t>{5, 1, 1, 1}));
}

TEST_P(MatchContract, D4_WhileTheTablesAreAwayResultsWaitAlsoAcrossARestart) {
  ask(*store_, "alter table match_results rename to match_results_away");
  auto result = sample_match();
  {
    auto outbox = open_outbox();
    EXPECT_TRUE(put(*outbox, result));
    EXPECT_EQ(outbox->stats().waiting, 1u);
  }
  auto outbox = open_outbox();
  EXPECT_EQ(outbox->stats().waiting, 1u);
  ask(*store_, "alter table match_results_away rename to match_results");
  wait_until_empty(*outbox);
  EXPECT_EQ(count("match_results"), 1);
}

TEST_P(MatchContract, D4_WorkOnAMatchIsPartOfItsTransaction) {
  std::atomic<int> calls = 0;
  std::atomic<bool> fail = true;
  auto outbox =
      open_outbox([&](Connection& db, const store::MatchResult& result) -> base::Result<void> {
        ++calls;
        auto row =
            db.query("select count(*) from match_players where match_id = $1", {result.match_id});
        if (!row.ok()) return row.error();
        if ((*row)[0][0].integer() != 1)
          return base::Error{"invalid", "the match is not there yet"};
        if (fail) return base::Error{"internal", "cannot rate now"};
        return {};
      });
  auto result = sample_match();
  result.players.push_back(seat_of("s1", std::nullopt, Side::red, 0, 0, true));
  ASSERT_TRUE(put(*outbox, result));
  while (calls < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(count("match_results"), 0) << "undone with the failed work";
  EXPECT_TRUE(put(*outbox, sample_match())) << "others are not held up";
  fail = false;
  wait_until_empty(*outbox);
  EXPECT_EQ(count("match_results"), 1) << "the one without a player was refused by the work";
  EXPECT_EQ(outbox->stats().rejected, 1u);
}

TEST_P(MatchContract, D4_AnUnsoundResultIsRefusedAtOnce) {
  auto outbox = open_outbox();
  auto bad = sample_match();
  bad.match_id = "x";
  EXPECT_FALSE(put(*outbox, bad));
  EXPECT_EQ(outbox->stats().waiting, 0u);
  EXPECT_EQ(outbox->stats().rejected, 1u);
}

TEST_P(MatchContract, D2_LobbyNotesShowTheLobbysLife) {
  const auto red = add_player(*store_, "red");
  store::RecorderOptions options;
  options.outbox.path = folder_.path("outbox.db");
  options.node_id = "node-1";
  {
    auto recorder = store::DatabaseRecorder::open(options, *store_);
    ASSERT_TRUE(recorder.ok()) << recorder.error().message;
    (*recorder)->lobby_opened({"L1", "node-1", "tdm", true, 50, 8, at(0)});
    (*recorder)->player_joined("L1", red, Side::red, at(1));
    (*recorder)->player_joined("L1", base::uuid_v4(), Side::red, at(1));  // no such account
    (*recorder)->player_joined("L1", "not a uuid", Side::red,
                               at(1));  // refused, and nothing else suffers
    (*recorder)->lobby_state("L1", store::LobbyState::playing, at(2));
    (*recorder)->player_left("L1", red, at(3));
    (*recorder)->player_joined("L1", red, Side::blue, at(4));
    (*recorder)->lobby_state("L1", store::LobbyState::results, at(5));
    (*recorder)->lobby_state("L1", store::LobbyState::playing, at(6));
    (*recorder)->lobby_state("L1", store::LobbyState::closed, at(7));
    (*recorder)->lobby_opened({"L2", "node-1", "tdm", false, 50, 8, at(8)});
    (*recorder)->player_joined("L2", red, Side::red, at(9));
    (*recorder)->lobby_opened({"L3", "node-1", "tdm", false, 50, 8, at(8)});
    (*recorder)->lobby_state("L3", store::LobbyState::starting, at(9));
    (*recorder)->lobby_state("L3", store::LobbyState::closed, at(9));
  }
  const auto lobby =
      ask(*store_,
          "select state, created_at, started_at, ended_at, kill_limit, max_players, is_private,"
          " server_node_id from lobbies where lobby_id = 'L1'")
          .at(0);
  EXPECT_EQ(lobby[0].text(), "closed");
  EXPECT_EQ(lobby[1].time(), at(0));
  EXPECT_EQ(lobby[2].time(), at(2)) << "the first match";
  EXPECT_EQ(lobby[3].time(), at(7));
  EXPECT_EQ(lobby[4].integer(), 50);
  EXPECT_EQ(lobby[5].integer(), 8);
  EXPECT_TRUE(lobby[6].flag());
  EXPECT_EQ(lobby[7].text(), "node-1");
  const auto stays = ask(*store_,
                         "select player_id, team, visits, joined_at, left_at from lobby_players"
                         " where lobby_id = 'L1'");
  ASSERT_EQ(stays.size(), 1u);
  EXPECT_EQ(stays[0][0].text(), red);
  EXPECT_EQ(stays[0][1].text(), "blue");
  EXPECT_EQ(stays[0][2].integer(), 2);
  EXPECT_EQ(stays[0][3].time(), at(1));
  EXPECT_EQ(stays[0][4].time(), at(7)) << "whoever is there when a lobby closes has left with it";

  EXPECT_EQ(ask(*store_, "select state from lobbies where lobby_id = 'L2'")[0][0].text(),
            "waiting");
  EXPECT_TRUE(ask(*store_, "select state from lobbies where lobby_id = 'L3'").empty())
      << "L3: nothing was played in it";
  {
    auto restarted = store::DatabaseRecorder::open(options, *store_);
  }
  EXPECT_EQ(ask(*store_, "select state from lobbies where lobby_id = 'L2'")[0][0].text(), "closed")
      << "a node that starts has no lobbies left from before";
}

}  // namespace
}  // namespace contract
