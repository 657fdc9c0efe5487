// The contract of cluster::Sessions (A5).

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "cluster/memory_sessions.h"

namespace contract {
namespace {

using cluster::SessionState;

struct SessionsBackend {
  const char* name;
  std::unique_ptr<cluster::Sessions> (*create)(
      std::function<std::chrono::steady_clock::time_point()> now);
};
void PrintTo(const SessionsBackend& backend, std::ostream* out) { *out << backend.name; }

class SessionsContract : public testing::TestWithParam<SessionsBackend> {
 protected:
  std::chrono::steady_clock::time_point now_{};
  std::unique_ptr<cluster::Sessions> sessions_ = GetParam().create([this] { return now_; });
};

INSTANTIATE_TEST_SUITE_P(Kinds, SessionsContract,
                         testing::Values(SessionsBackend{"memory", cluster::make_memory_sessions}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(SessionsContract, A5_LivesFromItsStartToItsEnd) {
  EXPECT_EQ(sessions_->state("p1", "s1"), SessionState::unknown);
  sessions_->started("p1", "s1");
  EXPECT_EQ(sessions_->state("p1", "s1"), SessionState::live);
  EXPECT_EQ(sessions_->state("p2", "s1"), SessionState::unknown) << "a session is one player's";
  sessions_->started("p1", "s2");
  sessions_->ended({"p1", "s1", "logout"});
  EXPECT_EQ(sessions_->state("p1", "s1"), SessionState::ended);
  EXPECT_EQ(sessions_->state("p1", "s2"), SessionState::live);
}

TEST_P(SessionsContract, A5_AnEndIsNotTakenBack) {
  sessions_->ended({"p1", "s1", "banned"});
  sessions_->started("p1", "s1");
  EXPECT_EQ(sessions_->state("p1", "s1"), SessionState::ended);
}

TEST_P(SessionsContract, A5_ListenersHearOfEveryEnd) {
  std::vector<std::string> heard;
  sessions_->listen([&](const cluster::SessionEnd& end) {
    heard.push_back(end.player_id + " " + end.session_id + " " + end.reason);
  });
  sessions_->started("p1", "s1");
  sessions_->ended({"p1", "s1", "logout"});
  sessions_->ended({"p2", "s2", "banned"});
  EXPECT_EQ(heard, (std::vector<std::string>{"p1 s1 logout", "p2 s2 banned"}));
}

TEST_P(SessionsContract, A5_ForgottenAfterADayUnlessSeenAgain) {
  sessions_->started("p1", "s1");
  sessions_->started("p1", "s2");
  now_ += std::chrono::hours(23);
  sessions_->started("p1", "s2");
  now_ += std::chrono::hours(1);
  EXPECT_EQ(sessions_->state("p1", "s1"), SessionState::unknown);
  EXPECT_EQ(sessions_->state("p1", "s2"), SessionState::live);
  now_ += std::chrono::hours(23);
  EXPECT_EQ(sessions_->state("p1", "s2"), SessionState::unknown);
}

}  // namespace
}  // namespace contract
