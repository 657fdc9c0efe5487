// Registration, login, tokens and sessions on every database (A1-A5, S1, S8): the good, the bad and
// the hostile.

#include <gmock/gmock.h>

#include <fstream>
#include <future>

#include "accounts/login_addresses.h"
#include "base/log.h"
#include "base/tally.h"
#include "contract/accounts_fixture.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using accounts::SignedIn;
using testing::HasSubstr;
using testing::Not;

INSTANTIATE_TEST_SUITE_P(Databases, AccountsContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(AccountsContract, A1_RegisterThenLogin) {
  auto made = service_->register_player(" Ada@Example.org", "correct horse", "Ada", "");
  EXPECT_EQ(code_of(made), "invalid") << "a blank is no part of an address";
  made = service_->register_player("Ada@Example.org", "correct horse", " Ada  L ", "");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->player.email, "ada@example.org");
  EXPECT_EQ(made->player.display_name, "Ada L");
  EXPECT_EQ(made->player.region, "eu");
  EXPECT_EQ(made->player.stats.matches, 0);
  EXPECT_EQ(made->player.stats.rating, 1500);
  EXPECT_EQ(made->expires_in, 900s);
  EXPECT_EQ(made->refresh_token.size(), 43u) << "256 bits";
  EXPECT_EQ(auth(made->access_token), "ok");

  auto again = service_->login("ADA@example.ORG", "correct horse", "");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->player.id, made->player.id);
  EXPECT_NE(again->session_id, made->session_id);
  const auto claims = claims_of(*again);
  EXPECT_EQ(claims.player_id, made->player.id);
  EXPECT_EQ(claims.name, "Ada L");
  EXPECT_EQ(claims.region, "eu");
  EXPECT_EQ(claims.session_id, again->session_id);
  EXPECT_EQ(claims.expires_at - claims.issued_at, 900);
}

TEST_P(AccountsContract, A1_WhatRegistrationRefuses) {
  sign_up("ada");
  const auto attempt = [&](const std::string& email, const std::string& password,
                           const std::string& name) {
    return code_of(service_->register_player(email, password, name, ""));
  };
  EXPECT_EQ(attempt("ADA@example.org", "correct horse", "Other"), "conflict");
  EXPECT_EQ(attempt("bob@example.org", "short", "Bob"), "invalid");
  EXPECT_EQ(attempt("bob@example.org", std::string(73, 'x'), "Bob"), "invalid");
  EXPECT_EQ(attempt("bob@example.org", "correct horse", "<script>alert(1)"), "invalid");
  EXPECT_EQ(attempt("bob", "correct horse", "Bob"), "invalid");
  EXPECT_EQ(attempt("bob'; drop table players; --@example.org", "correct horse", "Bob"), "invalid");
  EXPECT_EQ(attempt("bob@example.org", "correct horse", "Robert;drop table"), "ok")
      << "just a name";
  EXPECT_EQ(ask(*store_, "select count(*) from players")[0][0].integer(), 2);
}

TEST_P(AccountsContract, S6_TheWordFilterHasItsSay) {
  options_.name_allowed = [](const std::string& name) { return name != "Rude"; };
  restart();
  EXPECT_EQ(code_of(service_->register_player("ada@example.org", "correct horse", "Rude", "")),
            "invalid");
  EXPECT_EQ(code_of(service_->register_player("ada@example.org", "correct horse", "Polite", "")),
            "ok");
}

TEST_P(AccountsContract, A1_OfManyWhoRegisterOneAddressAtOnceOneGetsIt) {
  std::vector<std::future<std::string>> tries;
  for (int i = 0; i < 6; ++i) {
    tries.push_back(std::async(std::launch::async, [&] {
      return code_of(service_->register_player("ada@example.org", "correct horse", "Ada", ""));
    }));
  }
  std::multiset<std::string> codes;
  for (auto& one : tries) codes.insert(one.get());
  EXPECT_EQ(codes.count("ok"), 1u);
  EXPECT_EQ(codes.count("conflict"), 5u);
}

TEST_P(AccountsContract, A1_UnknownAddressAndWrongPasswordLookAlikeAndCostTheSame) {
  sign_up("ada");
  const auto before = service_->hashes();
  auto wrong = service_->login("ada@example.org", "wrong password", "");
  EXPECT_EQ(service_->hashes(), before + 1);
  auto unknown = service_->login("nobody@example.org", "wrong password", "");
  EXPECT_EQ(service_->hashes(), before + 2) << "a hash of the same cost is compared";
  auto nonsense = service_->login("' or '1'='1", "wrong password", "");
  EXPECT_EQ(service_->hashes(), before + 3);
  for (const auto* answer : {&wrong, &unknown, &nonsense}) {
    ASSERT_FALSE(answer->ok());
    EXPECT_EQ(answer->error().code, "unauthorized");
    EXPECT_EQ(answer->error().message, wrong.error().message);
  }
}

TEST_P(AccountsContract, A2_TheHashIsMadeAnewWhenTheCostWentUp) {
  sign_up("ada");
  const auto hash = [&] { return ask(*store_, "select password_hash from players")[0][0].text(); };
  const std::string cheap = hash();
  EXPECT_EQ(accounts::cost_of(cheap), 4);
  options_.bcrypt_cost = 5;
  restart();
  EXPECT_EQ(code_of(log_in("ada")), "ok");
  EXPECT_EQ(accounts::cost_of(hash()), 5);
  const std::string dear = hash();
  EXPECT_EQ(code_of(log_in("ada")), "ok");
  EXPECT_EQ(hash(), dear);
  options_.bcrypt_cost = 4;
  restart();
  EXPECT_EQ(code_of(log_in("ada")), "ok");
  EXPECT_EQ(hash(), dear) << "never cheaper";
}

TEST_P(AccountsContract, S1_GuessingIsStoppedAlsoWithTheRightPassword) {
  sign_up("ada");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(code_of(service_->login("ada@example.org", "wrong password", "")), "unauthorized");
  const auto hashes = service_->hashes();
  EXPECT_EQ(code_of(log_in("ada")), "limited");
  EXPECT_EQ(service_->hashes(), hashes) << "refused without work";
  EXPECT_GT(service_->login_wait("ada@example.org", "").count(), 0);
  EXPECT_EQ(service_->login_wait("bob@example.org", "").count(), 0);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(service_->login("nobody@example.org", "wrong password", "")), "unauthorized");
  }
  EXPECT_EQ(code_of(service_->login("nobody@example.org", "wrong password", "")), "limited");
  EXPECT_GT(service_->login_wait("nobody@example.org", "").count(), 0)
      << "as if there were such an account";
}

TEST_P(AccountsContract, S1_ManyAtOnceGetNoMoreTriesThanFive) {
  sign_up("ada");
  std::vector<std::future<std::string>> tries;
  for (int i = 0; i < 20; ++i) {
    tries.push_back(std::async(std::launch::async, [&] {
      return code_of(service_->login("ada@example.org", "wrong password", ""));
    }));
  }
  std::multiset<std::string> codes;
  for (auto& one : tries) codes.insert(one.get());
  EXPECT_EQ(codes.count("unauthorized"), 5u);
  EXPECT_EQ(codes.count("limited"), 15u);
}

TEST_P(AccountsContract, S1_AStrangerWhoFailsOnPurposeDoesNotLockTheOwnerOut) {
  const std::string email = "ada@example.org", home = "10.0.0.1", stranger = "10.6.6.6";
  sign_up("ada");
  const auto enter = [&](const std::string& address) {
    return code_of(service_->login(email, "password of ada", address));
  };
  ASSERT_EQ(enter(home), "ok");
  const auto lock = [&] {
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(code_of(service_->login(email, "wrong password", stranger)), "unauthorized") << i;
  };
  lock();
  EXPECT_EQ(enter(stranger), "limited");
  EXPECT_EQ(enter("10.0.0.2"), "limited") << "only from where the owner was before";
  EXPECT_EQ(enter(home), "ok");
  EXPECT_EQ(enter(stranger), "limited") << "the owner's login opens it for nobody else";
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(code_of(service_->login(email, "wrong password", home)), "unauthorized") << i;
  EXPECT_EQ(enter(home), "limited") << "a thief at home gets no more than that";
  EXPECT_GT(service_->login_wait(email, home).count(), 0);

  tries_now_ += 24h;
  now_ += accounts::kLoginAddressLife + 1h;
  lock();
  EXPECT_EQ(enter(home), "limited") << "an address is known for 30 days";
  EXPECT_EQ(code_of(service_->login("nobody@example.org", "x", home)), "unauthorized");
}

TEST_P(AccountsContract, S1_AccountsKnowEightAddressesAndNobodyCanReadThem) {
  const auto ada = sign_up("ada");
  for (int i = 1; i <= 12; ++i) {
    now_ += 1s;
    const std::string address = "10.0.0." + std::to_string(i);
    ASSERT_EQ(code_of(service_->login("ada@example.org", "password of ada", address)), "ok");
  }
  const auto kept =
      ask(*store_, "select fingerprint from login_addresses where player_id = $1", {ada.player.id});
  EXPECT_EQ(kept.size(), 8u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(service_->login("ada@example.org", "wrong password", "10.6.6.6")),
              "unauthorized");
  }
  EXPECT_EQ(code_of(service_->login("ada@example.org", "password of ada", "10.0.0.5")), "ok");
  EXPECT_EQ(code_of(service_->login("ada@example.org", "password of ada", "10.0.0.4")), "limited")
      << "the ones not used for longest went";
  ASSERT_EQ(code_of(service_->erase(claims_of(ada))), "ok");
  EXPECT_THAT(ask(*store_, "select fingerprint from login_addresses", {}), testing::IsEmpty());
}

TEST_P(AccountsContract, S1_ANewPasswordByMailEndsTheWait) {
  sign_up("ada");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(service_->login("ada@example.org", "wrong password", "10.6.6.6")),
              "unauthorized");
  }
  ASSERT_EQ(code_of(log_in("ada")), "limited");
  ASSERT_EQ(code_of(service_->request_reset("ada@example.org", "")), "ok");
  const std::string& text = mailbox_.mails.at(0).text;
  const auto at = text.find("code=") + 5;
  ASSERT_EQ(code_of(service_->reset_password(text.substr(at, text.find('\n', at) - at),
                                             "another password")),
            "ok");
  EXPECT_EQ(code_of(service_->login("ada@example.org", "another password", "")), "ok");
}

TEST_P(AccountsContract, A4_RefreshTokensRotate) {
  const auto ada = sign_up("ada");
  now_ += 1h;
  EXPECT_EQ(auth(ada.access_token), "unauthorized") << "expired";
  auto renewed = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(renewed.ok()) << renewed.error().message;
  EXPECT_NE(renewed->refresh_token, ada.refresh_token);
  EXPECT_EQ(auth(renewed->access_token), "ok");
  auto next = service_->refresh(renewed->refresh_token);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(service_->verify(next->access_token)->session_id, ada.session_id)
      << "one session all along";
  EXPECT_THAT(ask(*store_, "select token_hash from refresh_tokens where token_hash = $1",
                  {next->refresh_token}),
              testing::IsEmpty())
      << "stored hashed";
}

TEST_P(AccountsContract, A4_ASpentTokenRevokesItsFamily) {
  const auto ada = sign_up("ada");
  const auto phone = log_in("ada");
  const auto renewed = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(renewed.ok());
  now_ += accounts::kRefreshLeeway + 1s;
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "unauthorized")
      << "the thief, or the robbed";
  EXPECT_EQ(code_of(service_->refresh(renewed->refresh_token)), "unauthorized")
      << "the family is dead";
  EXPECT_EQ(auth(renewed->access_token), "unauthorized") << "at once";
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].session_id, ada.session_id);
  EXPECT_EQ(ended_[0].reason, "refresh_token_reused");
  EXPECT_EQ(auth(phone->access_token), "ok") << "another login is another family";
}

// S4: an attacker can bring it about with an account of his own as often as he likes.
TEST_P(AccountsContract, A4_TokensBroughtTwiceAreCountedAndDoNotFillTheLog) {
  const TempFolder logs;
  base::log::Options to;
  to.dir = logs.path("logs");
  to.console = false;
  ASSERT_TRUE(base::log::start(to).ok());
  const auto counted = [] {
    return base::tally::counted(base::tally::Suspicion::refresh_token_reused);
  };
  const std::uint64_t before = counted();
  const auto bring_twice = [&](const accounts::SignedIn& login) {
    EXPECT_EQ(code_of(service_->refresh(login.refresh_token)), "ok");
    now_ += accounts::kRefreshLeeway + 1s;
    EXPECT_EQ(code_of(service_->refresh(login.refresh_token)), "unauthorized");
  };
  bring_twice(sign_up("ada"));
  for (int i = 0; i < 9; ++i) bring_twice(*log_in("ada"));
  bring_twice(sign_up("bob"));
  base::log::stop();
  EXPECT_EQ(counted() - before, 11U);
  std::ifstream file(logs.path("logs/combined.log"));
  int lines = 0;
  for (std::string line; std::getline(file, line);)
    lines += line.find("refresh_token_reused") != std::string::npos ? 1 : 0;
  EXPECT_EQ(lines, 4) << "three of ada, one of bob";
}

TEST_P(AccountsContract, A4_WhoNeverSawTheNewTokenMayBringTheSpentOneForAMoment) {
  const auto ada = sign_up("ada");
  const auto lost = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(lost.ok());
  now_ += 10s;
  const auto lost_too = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(lost_too.ok()) << lost_too.error().message;
  now_ += accounts::kRefreshLeeway - 10s;
  const auto again = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(auth(again->access_token), "ok");
  EXPECT_EQ(service_->verify(again->access_token)->session_id, ada.session_id);
  EXPECT_TRUE(ended_.empty());
  EXPECT_EQ(
      ask(*store_, "select count(*) from refresh_tokens where used_at is null")[0][0].integer(), 1)
      << "one token of the family is good";
  EXPECT_EQ(code_of(service_->refresh(again->refresh_token)), "ok");
}

TEST_P(AccountsContract, A4_TheLeewayCountsFromTheFirstUse) {
  const auto ada = sign_up("ada");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "ok") << i;
    now_ += 10s;
  }
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "unauthorized");
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_P(AccountsContract, A4_OnceTheNewTokenIsUsedTheSpentOneRevokesTheFamily) {
  const auto ada = sign_up("ada");
  const auto renewed = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(renewed.ok());
  const auto next = service_->refresh(renewed->refresh_token);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "unauthorized");
  EXPECT_EQ(code_of(service_->refresh(next->refresh_token)), "unauthorized");
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].reason, "refresh_token_reused");
}

TEST_P(AccountsContract, A4_ATokenRevokedUnusedRevokesTheFamilyWhenItTurnsUp) {
  const auto ada = sign_up("ada");
  const auto overtaken = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(overtaken.ok());
  const auto again = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(code_of(service_->refresh(overtaken->refresh_token)), "unauthorized")
      << "two hold tokens of one login: one of them is a thief";
  EXPECT_EQ(code_of(service_->refresh(again->refresh_token)), "unauthorized");
  ASSERT_EQ(ended_.size(), 1u);
}

TEST_P(AccountsContract, A4_TheLeewayOpensNoEndedSession) {
  const auto ada = sign_up("ada");
  const auto renewed = service_->refresh(ada.refresh_token);
  ASSERT_TRUE(renewed.ok());
  EXPECT_EQ(code_of(service_->logout(claims_of(ada))), "ok");
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "unauthorized");
}

TEST_P(AccountsContract, A4_OfManyWhoBringOneTokenAtOnceOneHoldsAGoodOne) {
  const auto ada = sign_up("ada");
  std::vector<std::future<std::string>> tries;
  for (int i = 0; i < 6; ++i) {
    tries.push_back(std::async(std::launch::async,
                               [&] { return code_of(service_->refresh(ada.refresh_token)); }));
  }
  for (auto& one : tries) EXPECT_EQ(one.get(), "ok");
  EXPECT_EQ(
      ask(*store_, "select count(*) from refresh_tokens where used_at is null")[0][0].integer(), 1);
}

TEST_P(AccountsContract, A4_ThirtyDaysAreTheEndHoweverOftenRefreshed) {
  auto token = sign_up("ada").refresh_token;
  for (int day = 0; day < 29; ++day) {
    now_ += 24h;
    auto renewed = service_->refresh(token);
    ASSERT_TRUE(renewed.ok()) << day;
    token = renewed->refresh_token;
  }
  now_ += 24h;
  EXPECT_EQ(code_of(service_->refresh(token)), "unauthorized");
}

TEST_P(AccountsContract, A4_OtherTextsAreNoRefreshTokens) {
  const auto ada = sign_up("ada");
  for (const std::string& text :
       {std::string(), std::string("' or 1=1 --"), ada.access_token, std::string(43, 'A'),
        std::string(100'000, 'x'), std::string("a\0b", 3)}) {
    EXPECT_EQ(code_of(service_->refresh(text)), "unauthorized");
  }
  EXPECT_EQ(code_of(service_->authenticate(ada.refresh_token)), "unauthorized");
}

TEST_P(AccountsContract, A5_LogoutEndsThisSessionEverywhereAndNoOther) {
  const auto desk = sign_up("ada");
  const auto phone = log_in("ada");
  EXPECT_EQ(code_of(service_->logout(claims_of(desk))), "ok");
  EXPECT_EQ(auth(desk.access_token), "unauthorized");
  EXPECT_EQ(code_of(service_->refresh(desk.refresh_token)), "unauthorized");
  EXPECT_EQ(auth(phone->access_token), "ok");
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].session_id, desk.session_id);
}

TEST_P(AccountsContract, A5_LogoutEverywhere) {
  const auto desk = sign_up("ada");
  const auto phone = log_in("ada");
  const auto bob = sign_up("bob");
  EXPECT_EQ(code_of(service_->logout_all(claims_of(desk))), "ok");
  EXPECT_EQ(auth(desk.access_token), "unauthorized");
  EXPECT_EQ(auth(phone->access_token), "unauthorized");
  EXPECT_EQ(ended_.size(), 2u);
  EXPECT_EQ(auth(bob.access_token), "ok");
}

TEST_P(AccountsContract, A5_ARestartedNodeKnowsWhoIsLoggedOut) {
  const auto desk = sign_up("ada");
  const auto phone = log_in("ada");
  EXPECT_EQ(code_of(service_->logout(claims_of(desk))), "ok");
  sessions_ = cluster::make_memory_sessions();
  restart();
  EXPECT_EQ(auth(desk.access_token), "unauthorized");
  EXPECT_EQ(auth(phone->access_token), "ok");
  EXPECT_EQ(sessions_->state(phone->player.id, phone->session_id), cluster::SessionState::live)
      << "looked up once";
}

TEST_P(AccountsContract, A1_PasswordChangeEndsEverySession) {
  const auto desk = sign_up("ada");
  const auto phone = log_in("ada");
  const auto claims = claims_of(desk);
  EXPECT_EQ(code_of(service_->change_password(claims, "wrong password", "new password", "")),
            "unauthorized");
  EXPECT_EQ(code_of(service_->change_password(claims, "password of ada", "short", "")), "invalid");
  EXPECT_EQ(auth(phone->access_token), "ok");
  auto changed = service_->change_password(claims, "password of ada", "new password", "");
  ASSERT_TRUE(changed.ok()) << changed.error().message;
  EXPECT_EQ(auth(desk.access_token), "unauthorized");
  EXPECT_EQ(auth(phone->access_token), "unauthorized");
  EXPECT_EQ(auth(changed->access_token), "ok") << "the caller stays signed in";
  EXPECT_EQ(code_of(log_in("ada")), "unauthorized");
  EXPECT_EQ(code_of(service_->login("ada@example.org", "new password", "")), "ok");
}

TEST_P(AccountsContract, S8_ABanClosesEveryDoorAndSaysWhy) {
  const auto ada = sign_up("ada");
  ban(ada.player.id, now_ + 24h);
  EXPECT_EQ(code_of(service_->end_sessions(ada.player.id, "banned")), "ok");
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].reason, "banned");
  const auto says_why = [&](const auto& refused) {
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, "banned");
    EXPECT_THAT(refused.error().message, HasSubstr("cheating"));
    EXPECT_THAT(refused.error().message, HasSubstr(store::to_text(now_ + 24h)));
  };
  says_why(log_in("ada"));
  says_why(service_->refresh(ada.refresh_token));
  says_why(service_->authenticate(ada.access_token));
  EXPECT_EQ(code_of(service_->login("ada@example.org", "wrong password", "")), "unauthorized")
      << "only the owner learns of the ban";
  now_ += 24h;
  EXPECT_EQ(code_of(log_in("ada")), "ok") << "served";
}

TEST_P(AccountsContract, S8_ABanThatWasNotToldYetStillHolds) {
  const auto ada = sign_up("ada");
  ban(ada.player.id, std::nullopt);
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "banned");
  sessions_ = cluster::make_memory_sessions();
  restart();
  EXPECT_EQ(auth(ada.access_token), "banned");
}

TEST_P(AccountsContract, S8_AReusedTokenOfABannedPlayerStillEndsItsSession) {
  const auto ada = sign_up("ada");
  ASSERT_EQ(code_of(service_->refresh(ada.refresh_token)), "ok");
  now_ += accounts::kRefreshLeeway + 1s;
  ban(ada.player.id, std::nullopt);
  EXPECT_EQ(code_of(service_->refresh(ada.refresh_token)), "banned");
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].reason, "refresh_token_reused");
}

TEST_P(AccountsContract, S8_GuestsAreBannedByTheirNetworkForTheDuration) {
  const auto ban_address = [&](const std::string& address) {
    auto made = store_->transact([&](store::Connection& db) {
      return store::insert_ban(
          db, {0, std::nullopt, address, "cheating", "system", now_, now_ + 1h, std::nullopt});
    });
    ASSERT_TRUE(made.ok()) << made.error().message;
  };
  const auto words_for = [&](const std::string& address) {
    auto ban = service_->guest_ban(address);
    return ban.ok() ? ban->value_or("free") : ban.error().code;
  };
  ban_address("10.0.0.1");
  ban_address("2001:db8:1:2::1");
  EXPECT_EQ(words_for("10.0.0.1"), "cheating (until " + store::to_text(now_ + 1h) + ")");
  EXPECT_EQ(words_for("::ffff:10.0.0.1"), words_for("10.0.0.1"));
  EXPECT_EQ(words_for("2001:db8:1:2:ffff::2"), words_for("10.0.0.1"));
  EXPECT_EQ(words_for("10.0.0.2"), "free");
  EXPECT_EQ(words_for("2001:db8:1:3::1"), "free");
  now_ += 1h;
  EXPECT_EQ(words_for("10.0.0.1"), "free") << "served";
}

TEST_P(AccountsContract, S8_BansAreRows) {
  const auto ada = sign_up("ada");
  const auto run = [&](auto work) {
    auto answer = store_->transact(work);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return *answer;
  };
  const store::Ban of_address{0,        std::nullopt, "10.0.0.1", "flooding",
                              "system", now_,         now_ + 1h,  std::nullopt};
  const store::Ban short_one{0,        ada.player.id, std::nullopt, "rude",
                             "system", now_,          now_ + 1h,    std::nullopt};
  const store::Ban long_one{0,        ada.player.id, std::nullopt, "ruder",
                            "system", now_,          std::nullopt, std::nullopt};
  const auto first = run([&](store::Connection& db) { return store::insert_ban(db, of_address); });
  run([&](store::Connection& db) { return store::insert_ban(db, short_one); });
  const auto last = run([&](store::Connection& db) { return store::insert_ban(db, long_one); });
  const auto of_player = [&] {
    return run(
        [&](store::Connection& db) { return store::ban_of_player(db, ada.player.id, now_); });
  };
  const auto at = [&](const char* address) {
    return run([&](store::Connection& db) { return store::ban_of_address(db, address, now_); });
  };
  EXPECT_EQ(of_player()->reason, "ruder");
  EXPECT_EQ(at("10.0.0.1")->reason, "flooding");
  EXPECT_FALSE(at("10.0.0.2"));
  const auto news = run([&](store::Connection& db) { return store::bans_after(db, first, 10); });
  ASSERT_EQ(news.size(), 2u);
  EXPECT_EQ(news[1].number, last);
  EXPECT_FALSE(news[1].ends_at);
  EXPECT_TRUE(run([&](store::Connection& db) { return store::lift_ban(db, last, now_); }));
  EXPECT_FALSE(run([&](store::Connection& db) { return store::lift_ban(db, last, now_); }));
  EXPECT_EQ(of_player()->reason, "rude");
  now_ += 1h;
  EXPECT_FALSE(of_player());
  EXPECT_FALSE(at("10.0.0.1"));
}

TEST_P(AccountsContract, AForgottenPasswordIsSetByALinkThatWorksOnce) {
  const auto ada = sign_up("ada");
  EXPECT_EQ(code_of(service_->request_reset("nobody@example.org", "")), "ok") << "tells nothing";
  EXPECT_TRUE(mailbox_.mails.empty());
  EXPECT_EQ(code_of(service_->request_reset("Ada@example.org", "")), "ok");
  ASSERT_EQ(mailbox_.mails.size(), 1u);
  EXPECT_EQ(mailbox_.mails[0].to, "ada@example.org");
  const std::string& text = mailbox_.mails[0].text;
  const auto begin = text.find("reset?code=") + 11;
  const std::string code = text.substr(begin, 43);

  EXPECT_EQ(code_of(service_->reset_password("guess", "new password")), "unauthorized");
  EXPECT_EQ(code_of(service_->reset_password(code, "short")), "invalid");
  EXPECT_EQ(code_of(service_->reset_password(code, "new password")), "ok");
  EXPECT_EQ(auth(ada.access_token), "unauthorized");
  EXPECT_EQ(code_of(service_->reset_password(code, "other password")), "unauthorized");
  EXPECT_EQ(code_of(service_->login("ada@example.org", "new password", "")), "ok");

  EXPECT_EQ(code_of(service_->request_reset("ada@example.org", "")), "ok");
  const std::string& late = mailbox_.mails[1].text;
  now_ += 1h;
  EXPECT_EQ(
      code_of(service_->reset_password(late.substr(late.find("code=") + 5, 43), "other password")),
      "unauthorized");
}

TEST_P(AccountsContract, A1_ANewPasswordEndsTheLinksThatCouldSetAnother) {
  const auto ada = sign_up("ada");
  const auto code = [&] {
    EXPECT_EQ(code_of(service_->request_reset("ada@example.org", "")), "ok");
    const std::string& text = mailbox_.mails.back().text;
    return text.substr(text.find("code=") + 5, 43);
  };
  const std::string first = code(), second = code();
  EXPECT_EQ(code_of(service_->reset_password(second, "new password")), "ok");
  EXPECT_EQ(code_of(service_->reset_password(first, "other password")), "unauthorized");
  EXPECT_EQ(code_of(service_->login("ada@example.org", "new password", "")), "ok");
}

TEST_P(AccountsContract, ExpiredSessionsAreForgotten) {
  sign_up("ada");
  now_ += 20 * 24h;
  EXPECT_EQ(code_of(log_in("ada")), "ok");
  now_ += 20 * 24h;
  auto forgotten =
      store_->transact([&](store::Connection& db) { return accounts::forget_expired(db, now_); });
  ASSERT_TRUE(forgotten.ok()) << forgotten.error().message;
  EXPECT_EQ(*forgotten, 1u);
  EXPECT_EQ(ask(*store_, "select count(*) from refresh_tokens")[0][0].integer(), 1);
}

}  // namespace
}  // namespace contract
