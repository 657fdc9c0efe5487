// Profiles, history, leaderboard, export, erasure and ratings on every database (A1, D5).

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "accounts/admin.h"
#include "accounts/rate_match.h"
#include "accounts/statistics.h"
#include "base/random.h"
#include "contract/accounts_fixture.h"
#include "contract/samples.h"
#include "store/reports.h"
#include "store/write_match.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using store::Side;
using testing::HasSubstr;
using testing::Not;

class PlayersContract : public AccountsContract {
 protected:
  template <class Work>
  auto run(Work work) {
    auto answer = store_->transact(work);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return *answer;
  }

  void play(const store::MatchResult& result) {
    auto played = store_->transact([&](store::Connection& db) -> base::Result<void> {
      auto fresh = store::write_match(db, result);
      if (!fresh.ok()) return fresh.error();
      return accounts::rate_match(db, result);
    });
    if (!played.ok()) throw std::runtime_error(played.error().message);
  }

  // What moderation keeps of people: one mute and one line of chat of hers, a report of each about
  // the other.
  void leave_traces(const std::string& ada, const std::string& bob) {
    ask(*store_,
        "insert into mutes (player_id, reason, muted_by, created_at) values ($1, 'spam', 'x', $2)",
        {ada, now_});
    ask(*store_,
        "insert into chat_log (lobby_id, player_id, speaker, channel, text, filtered, said_at)"
        " values ('L', $1, 'ada', 'lobby', 'hello', false, $2)",
        {ada, now_});
    const auto report = [&](const std::string& by, const std::string& about,
                            const std::string& note) {
      store::Report made;
      made.reporter = {by, by, "name of " + note, "192.0.2.1"};
      made.target = {about, about, "target of " + note, std::nullopt};
      made.match_id = base::uuid_v4();
      made.reason = "cheating";
      made.note = note;
      made.created_at = now_;
      run([&](store::Connection& db) { return store::insert_report(db, made); });
    };
    report(ada, bob, "by ada");
    report(bob, ada, "about ada");
  }

  accounts::Profile profile(const std::string& id) {
    return *run([&](store::Connection& db) { return accounts::public_profile(db, id); });
  }
};

INSTANTIATE_TEST_SUITE_P(Databases, PlayersContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(PlayersContract, D5_AProfileShowsWhatWasPlayedAndNoEmail) {
  const auto ada = sign_up("ada").player.id;
  const auto bob = sign_up("bob").player.id;
  play(sample_match(ada, bob));
  play(sample_match(ada, bob));
  play(sample_match(bob, ada));
  const auto shown = profile(ada);
  EXPECT_EQ(shown.display_name, "ada");
  EXPECT_EQ(shown.stats.matches, 3);
  EXPECT_EQ(shown.stats.wins, 2);
  EXPECT_EQ(shown.stats.kills, 11);
  EXPECT_EQ(shown.stats.deaths, 7);
  EXPECT_DOUBLE_EQ(accounts::win_rate(shown.stats), 2.0 / 3);
  EXPECT_DOUBLE_EQ(accounts::kill_ratio(shown.stats), 11.0 / 7);
  EXPECT_DOUBLE_EQ(accounts::win_rate(accounts::Stats{}), 0);
  EXPECT_FALSE(
      run([&](store::Connection& db) { return accounts::public_profile(db, "' or 1=1"); }));
  EXPECT_FALSE(run([&](store::Connection& db) {
    return accounts::public_profile(db, "00000000-0000-4000-8000-000000000000");
  }));
}

TEST_P(PlayersContract, D5_HistoryIsPagedNewestFirst) {
  const auto ada = sign_up("ada").player.id;
  const auto bob = sign_up("bob").player.id;
  for (int i = 0; i < 5; ++i) {
    auto result = sample_match(ada, bob);
    result.completed_at = at(300 + i / 2);  // some end in the same moment
    result.red_score = static_cast<std::uint32_t>(i);
    play(result);
  }
  std::set<std::string> seen;
  std::string cursor;
  store::Time last = at(10'000);
  for (const std::size_t expected : {2u, 2u, 1u}) {
    const auto page =
        run([&](store::Connection& db) { return accounts::history(db, ada, cursor, 2); });
    ASSERT_EQ(page.matches.size(), expected);
    for (const auto& match : page.matches) {
      EXPECT_TRUE(seen.insert(match.match_id).second);
      EXPECT_LE(match.completed_at, last);
      last = match.completed_at;
      EXPECT_EQ(match.team, "red");
      EXPECT_EQ(match.kills, 5);
      EXPECT_TRUE(match.won);
      EXPECT_EQ(match.winning_team, "red");
      EXPECT_EQ(match.map, "yard");
    }
    cursor = page.next;
  }
  EXPECT_EQ(cursor, "");
  for (const std::string& bad :
       {std::string("x"), std::string("_"), store::to_text(at(0)) + "_x", std::string(9999, '_')}) {
    auto refused =
        store_->transact([&](store::Connection& db) { return accounts::history(db, ada, bad, 2); });
    EXPECT_EQ(code_of(refused), "invalid") << bad;
  }
  EXPECT_TRUE(run([&](store::Connection& db) {
                return accounts::history(db, "nobody", "", 2);
              }).matches.empty());
}

TEST_P(PlayersContract, D5_TheLeaderboardByEachOrder) {
  std::vector<std::string> ids;
  for (const char* name : {"ada", "bob", "cyd", "dan"}) ids.push_back(sign_up(name).player.id);
  const auto set = [&](int who, int kills, int deaths, int matches, int wins) {
    ask(*store_,
        "update players set total_kills = $2, total_deaths = $3, total_matches = $4, wins = $5 "
        "where player_id = $1",
        {ids[static_cast<std::size_t>(who)], kills, deaths, matches, wins});
  };
  set(0, 50, 10, 10, 3);  // ratio 5
  set(1, 90, 45, 10, 9);  // ratio 2
  set(2, 40, 0, 4, 4);    // ratio 40, too few matches
  set(3, 0, 0, 0, 0);     // never played
  const auto names = [&](accounts::Order order, std::size_t page = 0, std::size_t size = 10) {
    const auto board =
        run([&](store::Connection& db) { return accounts::leaderboard(db, order, page, size); });
    std::string text = std::to_string(board.first_rank) + ":";
    for (const auto& player : board.players) text += " " + player.display_name;
    return text + (board.more ? " ..." : "");
  };
  EXPECT_EQ(names(accounts::Order::wins), "1: bob cyd ada");
  EXPECT_EQ(names(accounts::Order::kills), "1: bob ada cyd");
  EXPECT_EQ(names(accounts::Order::ratio), "1: ada bob");
  EXPECT_EQ(names(accounts::Order::rating), "1:") << "nobody is rated yet";
  EXPECT_EQ(names(accounts::Order::wins, 0, 2), "1: bob cyd ...");
  EXPECT_EQ(names(accounts::Order::wins, 1, 2), "3: ada");
  EXPECT_EQ(names(accounts::Order::wins, 7, 2), "15:");
  EXPECT_EQ(names(accounts::Order::wins, SIZE_MAX, 2), "10001:");
  EXPECT_EQ(accounts::parse_order("ratio"), accounts::Order::ratio);
  EXPECT_EQ(accounts::parse_order("email"), std::nullopt);
}

TEST_P(PlayersContract, D5_RatingsMoveWithTheMatchThatIsWritten) {
  const auto ada = sign_up("ada").player.id;
  const auto bob = sign_up("bob").player.id;
  auto duel = sample_match(ada, bob);
  duel.players.pop_back();
  play(duel);
  EXPECT_GT(profile(ada).stats.rating, 1500);
  EXPECT_LT(profile(bob).stats.rating, 1500);
  EXPECT_NEAR(profile(ada).stats.rating - 1500, 1500 - profile(bob).stats.rating, 1e-6);
  EXPECT_LT(profile(ada).stats.deviation, 350);

  auto draw = duel;
  draw.match_id = sample_match().match_id;
  draw.winning_team = store::Winner::draw;
  draw.players[0].won = false;
  const double before = profile(ada).stats.rating;
  play(draw);
  EXPECT_LT(profile(ada).stats.rating, before) << "a draw with a weaker player";
  EXPECT_EQ(ask(*store_, "select matches from player_ratings where player_id = $1", {ada})[0][0]
                .integer(),
            2);
}

TEST_P(PlayersContract, D5_WhatIsNotRated) {
  const auto ada = sign_up("ada").player.id;
  const auto bob = sign_up("bob").player.id;
  auto aborted = sample_match(ada, bob);
  aborted.reason = "aborted";
  play(aborted);
  auto alone = sample_match(ada, bob);  // against bots, who are not in the list
  alone.players.resize(1);
  play(alone);
  EXPECT_EQ(ask(*store_, "select count(*) from player_ratings")[0][0].integer(), 0);
  auto against_guest = sample_match();
  against_guest.players = {seat_of("s1", ada, Side::red, 9, 0, true),
                           seat_of("s2", std::nullopt, Side::blue, 0, 9, false)};
  play(against_guest);
  EXPECT_GT(profile(ada).stats.rating, 1500) << "a guest counts as a newcomer";
  EXPECT_EQ(ask(*store_, "select count(*) from player_ratings")[0][0].integer(), 1);
}

TEST_P(PlayersContract, D5_WhoLeavesEarlyHasLost) {
  const auto ada = sign_up("ada").player.id;
  const auto bob = sign_up("bob").player.id;
  auto result = sample_match(ada, bob);
  result.players[0].left_at = at(10);
  result.players[0].won = false;
  play(result);
  EXPECT_LT(profile(ada).stats.rating, 1500);
}

TEST_P(PlayersContract, A1_MeAndExportShowTheOwner) {
  const auto signed_in = sign_up("ada");
  const auto ada = signed_in.player.id;
  const auto bob = sign_up("bob").player.id;
  play(sample_match(ada, bob));
  ban(ada, now_ + 1h);
  leave_traces(ada, bob);
  const auto claims = claims_of(signed_in);
  EXPECT_EQ(service_->me(claims)->stats.kills, 5);
  EXPECT_EQ(service_->me(claims)->email, "ada@example.org");

  auto text = service_->export_me(claims);
  ASSERT_TRUE(text.ok()) << text.error().message;
  const auto json = boost::json::parse(*text).as_object();
  EXPECT_EQ(json.at("player").at("email"), "ada@example.org");
  EXPECT_EQ(json.at("player").at("kills"), 5);
  ASSERT_EQ(json.at("matches").as_array().size(), 1u);
  EXPECT_EQ(json.at("matches").at(0).at("map"), "yard");
  EXPECT_EQ(json.at("matches").at(0).at("won"), true);
  EXPECT_EQ(json.at("lobbies").at(0).at("lobbyId"), "LOBBY1");
  EXPECT_EQ(json.at("logins").as_array().size(), 1u);
  EXPECT_EQ(json.at("bans").at(0).at("reason"), "cheating");
  EXPECT_EQ(json.at("mutes").at(0).at("reason"), "spam");
  EXPECT_EQ(json.at("chat").at(0).at("text"), "hello");
  ASSERT_EQ(json.at("reports").as_array().size(), 1u) << "not what others said of her";
  EXPECT_EQ(json.at("reports").at(0).at("note"), "by ada");
  EXPECT_THAT(*text, Not(HasSubstr("$2b$")));
  EXPECT_THAT(*text, Not(HasSubstr("bob")));
}

TEST_P(PlayersContract, O5_TheFirstAdminIsMadeOrPromoted) {
  const auto make = [&](const std::string& email) {
    return store_->transact(
        [&](store::Connection& db) { return accounts::make_admin(db, email, 4); });
  };
  const auto made = make("Boss@example.org");
  ASSERT_TRUE(made.ok()) << made.error().message;
  ASSERT_TRUE(made->password);
  auto boss = service_->login("boss@example.org", *made->password, "");
  ASSERT_TRUE(boss.ok());
  EXPECT_EQ(claims_of(*boss).permissions, std::vector<std::string>{"admin"});

  const auto ada = sign_up("ada");
  EXPECT_TRUE(claims_of(ada).permissions.empty());
  for (int twice = 0; twice < 2; ++twice) {
    const auto promoted = make("ada@example.org");
    ASSERT_TRUE(promoted.ok());
    EXPECT_EQ(promoted->player_id, ada.player.id);
    EXPECT_FALSE(promoted->password) << "hers is kept";
  }
  EXPECT_EQ(claims_of(*log_in("ada")).permissions, std::vector<std::string>{"admin"});
  EXPECT_EQ(code_of(make("nonsense")), "invalid");
}

TEST_P(PlayersContract, A1_ErasureKeepsTheMatchAndNothingPersonal) {
  const auto signed_in = sign_up("ada");
  const auto ada = signed_in.player.id;
  const auto bob = sign_up("bob").player.id;
  auto result = sample_match(ada, bob);
  result.players[0].display_name = "ada";
  play(result);
  const auto claims = claims_of(signed_in);
  leave_traces(ada, bob);
  ASSERT_EQ(code_of(service_->erase(claims)), "ok");

  EXPECT_EQ(auth(signed_in.access_token), "unauthorized");
  EXPECT_EQ(code_of(service_->refresh(signed_in.refresh_token)), "unauthorized");
  EXPECT_EQ(code_of(log_in("ada")), "unauthorized");
  EXPECT_EQ(code_of(service_->me(claims)), "not_found");
  EXPECT_EQ(code_of(service_->erase(claims)), "not_found");
  EXPECT_FALSE(run([&](store::Connection& db) { return accounts::public_profile(db, ada); }));
  const auto board = run([&](store::Connection& db) {
    return accounts::leaderboard(db, accounts::Order::kills, 0, 10);
  });
  EXPECT_EQ(board.players.size(), 1u);

  const auto rows =
      ask(*store_, "select player_id, display_name, kills from match_players order by seat");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0][0].text(), ada) << "the match keeps its player";
  EXPECT_EQ(rows[0][1].text(), accounts::kErasedName);
  const auto player =
      ask(*store_,
          "select email, password_hash, display_name, last_login from players where player_id = $1",
          {ada})
          .at(0);
  EXPECT_TRUE(player[0].is_null());
  EXPECT_TRUE(player[1].is_null());
  EXPECT_EQ(player[2].text(), accounts::kErasedName);
  EXPECT_TRUE(player[3].is_null());
  EXPECT_EQ(ask(*store_, "select count(*) from login_sessions where player_id = $1", {ada})[0][0]
                .integer(),
            0);
  EXPECT_EQ(ask(*store_, "select count(*) from player_ratings where player_id = $1", {ada})[0][0]
                .integer(),
            0);
  EXPECT_EQ(ask(*store_, "select count(*) from mutes")[0][0].integer(), 0);
  EXPECT_EQ(ask(*store_, "select count(*) from chat_log")[0][0].integer(), 0);
  const auto reports = run([&](store::Connection& db) {
    return store::list_reports(db, {.open_only = false, .player_id = ""});
  });
  ASSERT_EQ(reports.size(), 2u) << "they are evidence, without her name";
  EXPECT_EQ(reports[0].target.name, accounts::kErasedName);
  EXPECT_EQ(reports[0].note, "about ada");
  EXPECT_EQ(reports[1].reporter.name, accounts::kErasedName);
  EXPECT_EQ(reports[1].note, "");
  EXPECT_FALSE(reports[1].reporter.address.has_value());
  play(sample_match(ada, bob));  // a match that ended while the account was erased
  EXPECT_EQ(sign_up("ada").player.stats.matches, 0)
      << "the address is free again, for a new player";
}

// The result of a match that one erased in its midst was told under her old name: by her lobby, or
// by an outbox that had to wait for the database.
TEST_P(PlayersContract, A1_TheNameOfTheErasedIsInNoLaterResult) {
  const auto ada = sign_up("ada");
  const auto bob = sign_up("bob");
  ASSERT_EQ(code_of(service_->erase(claims_of(ada))), "ok");
  auto result = sample_match(ada.player.id, bob.player.id);
  ASSERT_EQ(result.players[0].player_id, ada.player.id);
  ASSERT_EQ(result.players[1].player_id, bob.player.id);
  result.players[0].display_name = "Ada Lovelace";
  result.players[1].display_name = "Bob";
  // She left and came back: two seats, both hers.
  auto again = result.players[0];
  again.seat += "-again";
  again.kills = 2;
  result.players.push_back(again);
  play(result);

  const auto rows =
      ask(*store_,
          "select player_id, display_name, kills from match_players where match_id = $1 order by "
          "seat",
          {result.match_id});
  ASSERT_EQ(rows.size(), 4u);
  int hers = 0;
  for (const auto& row : rows) {
    EXPECT_NE(row[1].text(), "Ada Lovelace");
    if (row[0].is_null() || row[0].text() != ada.player.id) continue;
    ++hers;
    EXPECT_EQ(row[1].text(), accounts::kErasedName);
    EXPECT_GT(row[2].integer(), 0) << "the match keeps what was done";
  }
  EXPECT_EQ(hers, 2);
  EXPECT_EQ(
      ask(*store_, "select display_name from match_players where player_id = $1", {bob.player.id})
          .at(0)[0]
          .text(),
      "Bob")
      << "nobody else loses his";
  EXPECT_EQ(ask(*store_, "select count(*) from players where display_name = 'Ada Lovelace'")[0][0]
                .integer(),
            0);
}

}  // namespace
}  // namespace contract
