// S6-S8 on each database: bans, mutes, reports and what follows from them, and the log of it all.

#include "moderation/moderation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "accounts/players.h"
#include "base/random.h"
#include "base/tally.h"
#include "cluster/memory_sessions.h"
#include "contract/backends.h"
#include "moderation/reporters.h"
#include "store/lobby_notes.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using moderation::Accusation;
using moderation::Actor;
using moderation::Moderation;
using moderation::Target;
using moderation::Verdict;

// What the cluster is told; nothing of it needs a second node.
class KeptNotices final : public cluster::Channel {
 public:
  bool send(std::string_view, std::string_view) override { return false; }
  bool notify_all(std::string_view notice) override {
    told.emplace_back(notice);
    return true;
  }
  void on_frame(std::function<void(std::string_view, std::string_view)>) override {}
  void on_notice(std::function<void(std::string_view, std::string_view)>) override {}
  void on_unreachable(std::function<void(std::string_view)>) override {}
  std::vector<std::string> told;
};

class ModerationContract : public testing::TestWithParam<Backend> {
 protected:
  ModerationContract() {
    options_.now = [this] { return now_; };
    sessions_->listen([this](const cluster::SessionEnd& end) {
      const std::lock_guard lock(mutex_);
      ended_.push_back(end);
    });
    moderation_ = std::make_unique<Moderation>(*store_, *sessions_, notices_, options_);
    chief_ = {player("chief"), "chief"};
  }

  // An account of that age with so many matches behind it.
  std::string player(const std::string& name, std::chrono::hours age = 100h, int matches = 10) {
    accounts::Account account;
    account.player.id = base::uuid_v4();
    account.player.email = name + std::to_string(++people_) + "@example.org";
    account.player.display_name = name;
    account.player.created_at = now_ - age;
    account.password_hash = "none";
    ask(*store_,
        "insert into players (player_id, email, password_hash, display_name, created_at, "
        "total_matches) values ($1, $2, $3, $4, $5, $6)",
        {account.player.id, account.player.email, "none", name, account.player.created_at,
         matches});
    return account.player.id;
  }

  // A report as from a network of the reporter's own.
  Accusation accusation(const std::string& reporter, const std::string& target,
                        const std::string& match) {
    Accusation made;
    made.reporter = {reporter, "socket of " + reporter, "reporter", next_address()};
    made.target = {target, "socket of " + target, "target", "192.0.2.1"};
    made.match_id = match;
    made.lobby_id = "lobby";
    made.tick = 3000;
    made.reason = "cheating";
    return made;
  }
  std::string next_address() {
    ++addresses_;
    return "10.0." + std::to_string(addresses_ / 250) + "." + std::to_string(1 + addresses_ % 250);
  }

  template <class T>
  static std::string code_of(const base::Result<T>& result) {
    return result.ok() ? "ok" : result.error().code + ": " + result.error().message;
  }
  // "banned" when it made a ban.
  std::string report(const Accusation& made) {
    const auto receipt = moderation_->report(made);
    if (!receipt.ok()) return receipt.error().code;
    return receipt->banned ? "banned" : "ok";
  }
  bool is_banned(const std::string& player_id) {
    auto ban = store_->transact(
        [&](store::Connection& db) { return store::ban_of_player(db, player_id, now_); });
    return ban.ok() && ban->has_value();
  }
  std::vector<std::string> actions() {
    std::vector<std::string> found;
    auto entries = moderation_->audit({});
    for (const auto& entry : *entries) found.push_back(entry.action + " by " + entry.actor);
    return found;
  }

  store::Time now_ = store::now();
  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
  std::unique_ptr<cluster::Sessions> sessions_ = cluster::make_memory_sessions();
  std::mutex mutex_;
  std::vector<cluster::SessionEnd> ended_;
  KeptNotices notices_;
  moderation::Options options_;
  std::unique_ptr<Moderation> moderation_;
  Actor chief_;
  int people_ = 0;
  int addresses_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Databases, ModerationContract, testing::ValuesIn(all_backends()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ModerationContract, S8_a_ban_ends_sessions_is_audited_and_can_be_lifted_once) {
  options_.appeals = "appeals@example.org";
  moderation_ = std::make_unique<Moderation>(*store_, *sessions_, notices_, options_);
  const std::string bob = player("bob");
  auto ban = moderation_->ban(chief_, {bob, ""}, "aimbot", 3600s);
  ASSERT_EQ(code_of(ban), "ok");
  EXPECT_TRUE(is_banned(bob));
  {
    const std::lock_guard lock(mutex_);
    ASSERT_FALSE(ended_.empty());
    EXPECT_EQ(ended_.back().player_id, bob);
    EXPECT_THAT(ended_.back().reason, testing::StartsWith("banned: aimbot (until "));
    EXPECT_THAT(ended_.back().reason, testing::EndsWith("Appeals: appeals@example.org"));
  }
  ASSERT_EQ(moderation_->bans(true, 0, 10)->size(), 1u);
  EXPECT_EQ(code_of(moderation_->unban(chief_, ban->number, "it was lag")), "ok");
  EXPECT_FALSE(is_banned(bob));
  EXPECT_EQ(moderation_->unban(chief_, ban->number, "again").error().code, "conflict");
  EXPECT_EQ(moderation_->unban(chief_, 9999, "who").error().code, "not_found");
  EXPECT_TRUE(moderation_->bans(true, 0, 10)->empty());
  EXPECT_EQ(moderation_->bans(false, 0, 10)->size(), 1u);

  const auto entries = *moderation_->audit({});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].action, "unban");
  EXPECT_EQ(entries[0].actor_id, chief_.player_id);
  EXPECT_EQ(entries[0].target, "player " + bob);
  EXPECT_EQ(entries[0].reason, "it was lag");
  EXPECT_THAT(entries[0].before, testing::HasSubstr("\"liftedAt\":null"));
  EXPECT_THAT(entries[0].after, testing::Not(testing::HasSubstr("\"liftedAt\":null")));
}

TEST_P(ModerationContract, S8_a_ban_expires_by_itself) {
  const std::string bob = player("bob");
  ASSERT_EQ(code_of(moderation_->ban(chief_, {bob, ""}, "aimbot", 60s)), "ok");
  now_ += 61s;
  EXPECT_FALSE(is_banned(bob));
}

TEST_P(ModerationContract, orders_that_make_no_sense_are_refused_and_change_nothing) {
  const std::string bob = player("bob");
  EXPECT_EQ(moderation_->ban(chief_, {bob, ""}, "", 60s).error().code, "invalid");
  EXPECT_EQ(moderation_->ban(chief_, {bob, ""}, "why", 0s).error().code, "invalid");
  EXPECT_EQ(moderation_->ban(chief_, {bob, ""}, "why\n10.0.0.1", 60s).error().code, "invalid");
  EXPECT_EQ(moderation_->ban(chief_, {bob, "10.0.0.1"}, "why", 60s).error().code, "invalid");
  EXPECT_EQ(moderation_->ban(chief_, {"", ""}, "why", 60s).error().code, "invalid");
  EXPECT_EQ(moderation_->mute(chief_, {"bob", ""}, "why", 60s).error().code, "invalid");
  EXPECT_EQ(moderation_->mute(chief_, {base::uuid_v4(), ""}, "why", 60s).error().code, "not_found");
  EXPECT_EQ(moderation_->kick(chief_, {base::uuid_v4(), ""}, "why").error().code, "not_found");
  EXPECT_TRUE(moderation_->audit({})->empty());
  EXPECT_TRUE(notices_.told.empty());
}

TEST_P(ModerationContract, S6_a_mute_and_its_end_are_told_to_all_nodes_and_audited) {
  auto mute = moderation_->mute(chief_, {"", "192.0.2.7"}, "spam", 600s);
  ASSERT_EQ(code_of(mute), "ok");
  ASSERT_EQ(notices_.told.size(), 1u);
  const auto told = moderation::decode_mute(notices_.told[0]);
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told->number, mute->number);
  EXPECT_EQ(told->address, "192.0.2.7");
  EXPECT_EQ(told->ends_at, now_ + 600s);
  EXPECT_EQ(moderation_->mutes(true, 0, 10)->size(), 1u);
  ASSERT_EQ(code_of(moderation_->unmute(chief_, mute->number, "sorry")), "ok");
  EXPECT_TRUE(moderation_->mutes(true, 0, 10)->empty());
  ASSERT_EQ(notices_.told.size(), 2u);
  EXPECT_TRUE(moderation::decode_mute(notices_.told[1])->lifted_at.has_value());
  EXPECT_THAT(actions(), testing::ElementsAre("unmute by chief", "mute by chief"));
}

TEST_P(ModerationContract, kicks_are_told_and_audited) {
  ASSERT_EQ(code_of(moderation_->kick_connection(chief_, "socketid", "bad manners")), "ok");
  const auto told = moderation::decode_kick(notices_.told.at(0));
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told->connection_id, "socketid");
  EXPECT_EQ(told->reason, "kicked: bad manners");
  EXPECT_THAT(actions(), testing::ElementsAre("kick by chief"));
}

TEST_P(ModerationContract, O5_a_row_tells_the_role_and_the_machine_and_where_the_kicked_one_sat) {
  chief_.role = "moderator";
  chief_.address = "192.0.2.9";
  const std::string bob = player("bob");
  ASSERT_EQ(code_of(moderation_->kick(chief_, {bob, ""}, "manners", R"({"lobby":"L"})")), "ok");
  ASSERT_EQ(code_of(moderation_->kick(chief_, {bob, ""}, "again")), "ok");
  const auto entries = *moderation_->audit({});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].target, "player " + bob);
  EXPECT_EQ(entries[1].role, "moderator");
  EXPECT_EQ(entries[1].address, "192.0.2.9");
  EXPECT_EQ(entries[1].before, R"({"lobby":"L"})");
  EXPECT_EQ(entries[1].after, R"({"lobby":null})");
  EXPECT_EQ(entries[0].before + entries[0].after, "") << "it sat nowhere";
}

TEST_P(ModerationContract, O5_what_others_do_is_written_down_and_counted) {
  const auto counted = [] { return base::tally::counted(base::tally::Event::admin_action); };
  const std::uint64_t before = counted();
  ASSERT_EQ(code_of(moderation_->note(chief_, {"drain", "node n2", "upgrade", "{}", "[]"})), "ok");
  EXPECT_EQ(counted(), before + 1);
  const auto entry = moderation_->audit({})->at(0);
  EXPECT_EQ(entry.action + ' ' + entry.target + ' ' + entry.reason + entry.before + entry.after,
            "drain node n2 upgrade{}[]");
}

TEST_P(ModerationContract, S7_five_different_credible_reporters_ban_for_a_day) {
  const std::string bob = player("bob");
  const std::string match = base::uuid_v4();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(report(accusation(player("witness"), bob, match)), "ok") << i;
  EXPECT_FALSE(is_banned(bob));
  EXPECT_EQ(report(accusation(player("witness"), bob, match)), "banned");
  EXPECT_TRUE(is_banned(bob));
  EXPECT_THAT(actions(), testing::ElementsAre("ban by system"));
  EXPECT_EQ(report(accusation(player("witness"), bob, match)), "ok") << "banned once";
  now_ += 24h + 1s;
  EXPECT_FALSE(is_banned(bob));

  const auto queue = *moderation_->reports({});
  ASSERT_EQ(queue.size(), 6u);
  const auto clip = moderation::clip_of(queue[0]);
  EXPECT_EQ(clip.match_id, match);
  EXPECT_EQ(clip.from_tick, 3000 - 20 * 60);
  EXPECT_EQ(clip.to_tick, 3000);
}

TEST_P(ModerationContract, S7_a_brigade_of_fifty_fresh_accounts_or_guests_bans_nobody) {
  const std::string bob = player("bob");
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(report(accusation(player("fresh", 1h, 10), bob, base::uuid_v4())), "ok");
    EXPECT_EQ(report(accusation(player("idle", 1000h, 0), bob, base::uuid_v4())), "ok");
    Accusation guest = accusation("", bob, base::uuid_v4());
    guest.reporter.player_id = "guest" + std::to_string(i);
    EXPECT_EQ(report(guest), "ok");
  }
  EXPECT_FALSE(is_banned(bob));
  EXPECT_TRUE(moderation_->audit({})->empty());
}

TEST_P(ModerationContract, S7_one_reporter_network_or_party_counts_once) {
  const std::string bob = player("bob");
  const std::string match = base::uuid_v4();
  const std::string eve = player("eve");
  EXPECT_EQ(report(accusation(eve, bob, match)), "ok");
  EXPECT_EQ(report(accusation(eve, bob, match)), "conflict") << "once a match";
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(report(accusation(eve, bob, base::uuid_v4())), "ok") << "one reporter";
  for (int i = 0; i < 10; ++i) {
    Accusation flat = accusation(player("flatmate"), bob, base::uuid_v4());
    flat.reporter.address = "2001:db8:1:2::" + std::to_string(i + 1);
    EXPECT_EQ(report(flat), "ok") << "one network";
    Accusation friends = accusation(player("friend"), bob, match);
    friends.reporter_party = "clan";
    EXPECT_EQ(report(friends), "ok") << "one party";
  }
  EXPECT_FALSE(is_banned(bob));
}

TEST_P(ModerationContract, S7_reports_of_long_ago_or_rejected_or_had_their_say_do_not_count) {
  const std::string bob = player("bob");
  for (int i = 0; i < 4; ++i) report(accusation(player("old"), bob, base::uuid_v4()));
  now_ += 25h;
  for (int i = 0; i < 4; ++i) report(accusation(player("new"), bob, base::uuid_v4()));
  EXPECT_FALSE(is_banned(bob)) << "four within a day";
  const auto newest = moderation_->reports({})->front();
  ASSERT_EQ(code_of(moderation_->close_report(chief_, newest.number, Verdict::rejected, "no")),
            "ok");
  EXPECT_EQ(moderation_->close_report(chief_, newest.number, Verdict::accepted, "yes").error().code,
            "conflict");
  EXPECT_EQ(report(accusation(player("new"), bob, base::uuid_v4())), "ok") << "one was rejected";
  EXPECT_EQ(report(accusation(player("new"), bob, base::uuid_v4())), "banned");
  const auto bans = *moderation_->bans(true, 0, 1);
  ASSERT_EQ(code_of(moderation_->unban(chief_, bans[0].number, "wrong")), "ok");
  now_ += 1s;
  EXPECT_EQ(report(accusation(player("new"), bob, base::uuid_v4())), "ok")
      << "those before the ban have had their say";
}

TEST_P(ModerationContract, S7_who_cries_wolf_is_not_credible) {
  const std::string wolf = player("wolf");
  for (int i = 0; i < 3; ++i) {
    report(accusation(wolf, player("sheep"), base::uuid_v4()));
    const auto newest = moderation_->reports({})->front();
    EXPECT_TRUE(newest.credible);
    ASSERT_EQ(code_of(moderation_->close_report(chief_, newest.number, Verdict::rejected, "no")),
              "ok");
  }
  report(accusation(wolf, player("sheep"), base::uuid_v4()));
  EXPECT_FALSE(moderation_->reports({})->front().credible);
}

TEST_P(ModerationContract, S7_a_guest_is_banned_by_network) {
  for (int i = 0; i < 5; ++i) {
    Accusation about = accusation(player("witness"), "", base::uuid_v4());
    about.target = {"", "socket" + std::to_string(i), "Guest", "192.0.2.77"};
    EXPECT_EQ(report(about), i < 4 ? "ok" : "banned");
  }
  const std::lock_guard lock(mutex_);
  ASSERT_FALSE(ended_.empty());
  EXPECT_EQ(ended_.back().address, "192.0.2.77");
}

TEST_P(ModerationContract, S7_reports_that_make_no_sense_are_refused) {
  const std::string bob = player("bob");
  const std::string match = base::uuid_v4();
  EXPECT_EQ(report(accusation(bob, bob, match)), "invalid");
  Accusation odd = accusation(player("eve"), bob, match);
  odd.reason = "ugly";
  EXPECT_EQ(report(odd), "invalid");
  EXPECT_TRUE(moderation_->reports({})->empty());
}

TEST_P(ModerationContract, S6_chat_is_logged_found_and_forgotten_after_thirty_days) {
  const std::string bob = player("bob");
  const auto write = [&](std::optional<std::string> speaker, const std::string& text) {
    auto written = store_->transact([&](store::Connection& db) {
      return store::write_note(db, store::ChatLine{0, "lobby", std::nullopt, std::move(speaker),
                                                   "Bob", "team", text, true, now_});
    });
    ASSERT_EQ(code_of(written), "ok");
  };
  write(bob, "Darn 100% it_");
  write(base::uuid_v4(), "of nobody any more");
  write(std::nullopt, "a guest's");
  EXPECT_EQ(moderation_->chat({})->size(), 3u);
  store::ChatFilter filter;
  filter.contains = "dARN 100%";
  const auto found = *moderation_->chat(filter);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].player_id, bob);
  EXPECT_EQ(found[0].text, "Darn 100% it_");
  EXPECT_EQ(found[0].channel, "team");
  EXPECT_TRUE(found[0].filtered);
  filter.contains = "t%";
  EXPECT_TRUE(moderation_->chat(filter)->empty()) << "no wildcards";
  filter = {};
  filter.player_id = bob;
  EXPECT_EQ(moderation_->chat(filter)->size(), 1u);

  EXPECT_EQ(report(accusation(player("eve"), bob, base::uuid_v4())), "ok");
  now_ += 30 * 24h - 1s;
  ASSERT_EQ(code_of(moderation_->sweep()), "ok");
  EXPECT_EQ(moderation_->chat({})->size(), 3u);
  now_ += 2s;
  ASSERT_EQ(code_of(moderation_->sweep()), "ok");
  EXPECT_TRUE(moderation_->chat({})->empty());
  EXPECT_FALSE(moderation_->reports({})->front().reporter.address.has_value());
}

TEST_P(ModerationContract, S4_findings_of_guests_are_forgotten_after_30_days_of_accounts_after_90) {
  store::Suspicion finding;
  finding.name = "Bob";
  finding.lobby_id = "lobby";
  finding.kind = "input_flood";
  finding.evidence = "{}";
  finding.happened_at = now_;
  const auto write = [&](std::optional<std::string> account, const std::string& subject) {
    finding.player_id = std::move(account);
    finding.subject = subject;
    finding.match_id = base::uuid_v4();
    auto written =
        store_->transact([&](store::Connection& db) { return store::write_note(db, finding); });
    ASSERT_EQ(code_of(written), "ok");
  };
  const auto left = [&] {
    EXPECT_EQ(code_of(moderation_->sweep()), "ok");
    std::vector<std::string> subjects;
    for (const auto& row : ask(*store_, "select subject from suspicious_events order by subject"))
      subjects.emplace_back(row[0].text());
    return subjects;
  };
  using testing::ElementsAre;
  write(player("bob"), "account");
  write(std::nullopt, "guest");
  write(base::uuid_v4(), "of nobody any more");
  now_ += 30 * 24h - 1s;
  EXPECT_THAT(left(), ElementsAre("account", "guest", "of nobody any more"));
  now_ += 2s;
  EXPECT_THAT(left(), ElementsAre("account"));
  now_ += 60 * 24h - 2s;
  EXPECT_THAT(left(), ElementsAre("account"));
  now_ += 2s;
  EXPECT_THAT(left(), ElementsAre());
}

}  // namespace
}  // namespace contract
