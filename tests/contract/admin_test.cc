// O5 on each database: roles, the second factor, players as staff see them, the queue of reports.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/login_sessions.h"
#include "accounts/players.h"
#include "api/admin_people.h"
#include "api/admin_reports.h"
#include "api/admin_staff.h"
#include "api/admin_totp.h"
#include "base/random.h"
#include "contract/backends.h"
#include "store/bans.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using api::FactorAnswer;
using api::Role;
using store::Connection;
using testing::ElementsAre;
using testing::IsEmpty;

class AdminContract : public testing::TestWithParam<Backend> {
 protected:
  template <class Work>
  auto in_db(Work work) {
    auto answer = store_->transact(work);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return std::move(answer).value();
  }

  std::string player(const std::string& name, std::vector<std::string> permissions = {}) {
    accounts::Account account;
    account.player.id = base::uuid_v4();
    account.player.email = name + "@example.org";
    account.player.display_name = name;
    account.player.permissions = std::move(permissions);
    account.player.created_at = now_;
    const auto made =
        store_->transact([&](Connection& db) { return accounts::insert_player(db, account); });
    EXPECT_TRUE(made.ok()) << made.error().message;
    return account.player.id;
  }

  std::string login(const std::string& player_id) {
    return in_db([&](Connection& db) {
             return accounts::insert_session(db, player_id, now_, now_ + 24h);
           })
        .session_id;
  }

  std::string enrolled(const std::string& player_id) {
    const auto made =
        in_db([&](Connection& db) { return api::begin_enrolment(db, seal_, player_id, now_); });
    const auto confirmed = in_db([&](Connection& db) {
      return api::confirm_enrolment(db, seal_, player_id, code(made.secret), now_);
    });
    EXPECT_EQ(confirmed.answer, FactorAnswer::good);
    return made.secret;
  }

  std::string code(const std::string& secret, std::int64_t steps = 0) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
    return api::hotp(secret, static_cast<std::uint64_t>(api::totp_step(seconds) + steps));
  }

  FactorAnswer show(const std::string& player_id, const std::string& code) {
    return in_db(
               [&](Connection& db) { return api::check_factor(db, seal_, player_id, code, now_); })
        .answer;
  }

  std::int64_t report(const std::string& target, bool credible, store::Time at) {
    store::Report report;
    report.reporter.key = base::uuid_v4();
    report.reporter.name = "Guest";
    report.target = {target, target, "Target", std::nullopt};
    report.match_id = base::uuid_v4();
    report.lobby_id = "LOBBY";
    report.reason = "cheating";
    report.credible = credible;
    report.created_at = at;
    return in_db([&](Connection& db) { return store::insert_report(db, report); });
  }

  std::optional<std::int64_t> next(const std::string& moderator) {
    return in_db([&](Connection& db) -> base::Result<std::optional<std::int64_t>> {
      const auto number = api::next_report(db, moderator, now_);
      if (!number || !*number) return number;
      if (const auto mine = api::claim_report(db, **number, moderator, now_); !mine)
        return mine.error();
      return number;
    });
  }

  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
  api::Seal seal_{{std::string(32, 's')}};
  store::Time now_ = store::now();
};

INSTANTIATE_TEST_SUITE_P(Databases, AdminContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(AdminContract, O5_ThereIsAnAdministratorOrNot) {
  const auto known = [&] { return in_db([](Connection& db) { return api::has_admin(db); }); };
  EXPECT_FALSE(known());
  player("mod", {"moderator", "viewer"});
  player("fan", {"admin_of_hearts"});
  EXPECT_FALSE(known());
  player("boss", {"vip", "admin"});
  EXPECT_TRUE(known());
  const auto staff = in_db([](Connection& db) { return api::list_staff(db); });
  ASSERT_EQ(staff.size(), 2u);
  EXPECT_EQ(staff[0].role, Role::admin);
  EXPECT_EQ(staff[1].role, Role::moderator);
}

TEST_P(AdminContract, O5_TheLastAdministratorStays) {
  const std::string boss = player("boss", {"vip", "admin"});
  const std::string other = player("other");
  const auto change = [&](const std::string& who, Role role) {
    return store_->transact([&](Connection& db) { return api::change_role(db, who, role); });
  };
  EXPECT_EQ(change(boss, Role::viewer).error().code, "conflict");
  EXPECT_EQ(change(base::uuid_v4(), Role::viewer).error().code, "not_found");
  EXPECT_EQ(*change(other, Role::admin), Role::none);
  EXPECT_EQ(*change(boss, Role::viewer), Role::admin);
  const auto account = in_db([&](Connection& db) { return accounts::find_by_id(db, boss); });
  EXPECT_THAT(account->player.permissions, ElementsAre("vip", "viewer"));
}

TEST_P(AdminContract, O5_ACodeIsGoodOnceAndFiveWrongOnesLock) {
  const std::string boss = player("boss", {"admin"});
  EXPECT_EQ(show(boss, "000000"), FactorAnswer::none);
  const std::string secret = enrolled(boss);
  EXPECT_EQ(show(boss, code(secret)), FactorAnswer::wrong) << "it confirmed the factor";
  EXPECT_EQ(show(boss, code(secret, 1)), FactorAnswer::good);
  EXPECT_EQ(show(boss, code(secret, 1)), FactorAnswer::wrong);
  now_ += 60s;
  for (int i = 0; i < api::kFactorFailures - 1; ++i)
    EXPECT_EQ(show(boss, "abcdef"), FactorAnswer::wrong);
  EXPECT_EQ(show(boss, code(secret)), FactorAnswer::locked) << "even the right one";
  now_ += api::kFactorLock;
  EXPECT_EQ(show(boss, code(secret)), FactorAnswer::good);
  EXPECT_EQ(show(boss, "abcdef"), FactorAnswer::wrong) << "counted anew";
}

TEST_P(AdminContract, O5_RecoveryCodesAreGoodOnceAndOnlyTheNewestSet) {
  const std::string boss = player("boss", {"admin"});
  const std::string other = player("other", {"viewer"});
  enrolled(boss);
  enrolled(other);
  const auto fresh = [&] {
    return in_db([&](Connection& db) { return api::new_recovery_codes(db, boss); });
  };
  const auto old = fresh();
  const auto codes = fresh();
  ASSERT_EQ(codes.size(), 10u);
  EXPECT_EQ(show(other, codes[0]), FactorAnswer::wrong);
  EXPECT_EQ(show(boss, old[0]), FactorAnswer::wrong);
  EXPECT_EQ(show(boss, codes[0]), FactorAnswer::good);
  EXPECT_EQ(show(boss, codes[0]), FactorAnswer::wrong);
}

TEST_P(AdminContract, O5_ASessionIsVerifiedForAWhileAndAnotherIsNot) {
  const std::string boss = player("boss", {"admin"});
  enrolled(boss);
  const std::string here = login(boss);
  const std::string there = login(boss);
  const auto verified = [&](const std::string& session) {
    return in_db([&](Connection& db) { return api::find_staff(db, boss, session, now_); }).verified;
  };
  EXPECT_FALSE(verified(here));
  ASSERT_TRUE(
      store_->transact([&](Connection& db) { return api::mark_verified(db, boss, here, now_); })
          .ok());
  EXPECT_TRUE(verified(here));
  EXPECT_FALSE(verified(there));
  now_ += api::kVerifiedFor;
  EXPECT_FALSE(verified(here));
  now_ -= 1h;
  EXPECT_TRUE(verified(here));
  EXPECT_TRUE(in_db([&](Connection& db) { return api::reset_factor(db, boss); }));
  EXPECT_FALSE(verified(here));
}

TEST_P(AdminContract, O5_ErasedPlayersLeaveNoSecondFactor) {
  const std::string boss = player("boss", {"admin"});
  enrolled(boss);
  in_db([&](Connection& db) { return api::new_recovery_codes(db, boss); });
  ASSERT_TRUE(
      store_->transact([&](Connection& db) { return accounts::erase_player(db, boss); }).ok());
  EXPECT_THAT(ask(*store_, "select 1 from staff_factors"), IsEmpty());
  EXPECT_THAT(ask(*store_, "select 1 from staff_recovery_codes"), IsEmpty());
}

TEST_P(AdminContract, O5_PlayersAreFoundByPartOfTheNameWhateverItsLetters) {
  const std::string ada = player("Ada_Lovelace");
  player("Adam");
  const auto found = [&](api::PeopleFilter filter) {
    std::vector<std::string> names;
    for (const api::Person& person :
         in_db([&](Connection& db) { return api::find_people(db, filter, now_); }))
      names.push_back(person.name);
    return names;
  };
  EXPECT_THAT(found({.text = "ADA_"}), ElementsAre("Ada_Lovelace"));
  EXPECT_THAT(found({.text = "%"}), IsEmpty());
  EXPECT_THAT(found({.text = "' or 1=1 --"}), IsEmpty());
  EXPECT_THAT(found({.text = ada}), ElementsAre("Ada_Lovelace"));
  EXPECT_THAT(found({.banned = true}), IsEmpty());
  store::Ban ban;
  ban.player_id = ada;
  ban.reason = "Cheating";
  ban.banned_by = "system";
  ban.created_at = now_;
  ban.ends_at = now_ + 1h;
  in_db([&](Connection& db) { return store::insert_ban(db, ban); });
  report(ada, true, now_);
  EXPECT_THAT(found({.banned = true}), ElementsAre("Ada_Lovelace"));
  EXPECT_THAT(found({.reported = true}), ElementsAre("Ada_Lovelace"));
  now_ += 2h;
  EXPECT_THAT(found({.banned = true}), IsEmpty()) << "it is over";
  EXPECT_EQ(in_db([&](Connection& db) { return api::find_person(db, ada, now_); })->open_reports,
            1);
  EXPECT_EQ(in_db([&](Connection& db) {
              return api::names_of(db, {ada, "system", base::uuid_v4()});
            }).size(),
            1u);
}

TEST_P(AdminContract, S7_TheQueueGivesEachReportToOneModerator) {
  const std::string one = player("one", {"moderator"});
  const std::string two = player("two", {"moderator"});
  const std::string target = player("target");
  EXPECT_EQ(next(one), std::nullopt);
  const std::int64_t doubtful = report(player("other"), false, now_ - 2h);
  const std::int64_t first = report(target, true, now_ - 1h);
  const std::int64_t second = report(target, true, now_);
  EXPECT_EQ(next(one), first) << "two credible ones count more than one that waits longer";
  EXPECT_EQ(next(one), first) << "still his";
  EXPECT_EQ(next(two), second);
  const auto claim = [&](std::int64_t number, const std::string& who) {
    const auto done = store_->transact([&](Connection& db) -> base::Result<bool> {
      const auto claimed = api::claim_report(db, number, who, now_);
      if (!claimed) return claimed.error();
      return true;
    });
    return done.ok() ? "ok" : done.error().code;
  };
  EXPECT_EQ(claim(first, two), "conflict");
  EXPECT_EQ(claim(doubtful, two), "ok");
  EXPECT_EQ(claim(999'999, two), "not_found");
  now_ += api::kClaimLife;
  EXPECT_EQ(claim(first, two), "ok") << "nobody may sit on a report";
}

}  // namespace
}  // namespace contract
