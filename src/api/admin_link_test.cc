// O5: staff's questions to other nodes.

#include "api/admin_link.h"

#include <gtest/gtest.h>

namespace api {
namespace {

using namespace std::chrono_literals;

// The way from one node to another; what is sent has arrived when send() returns.
class Wire final : public cluster::Channel {
 public:
  explicit Wire(std::string self) : self_(std::move(self)) {}
  bool send(std::string_view, std::string_view frame) override {
    if (other == nullptr) return false;
    sent = std::string(frame);
    other->hear(self_, std::string(frame));
    return true;
  }
  bool notify_all(std::string_view) override { return false; }
  void on_frame(std::function<void(std::string_view, std::string_view)>) override {}
  void on_notice(std::function<void(std::string_view, std::string_view)>) override {}
  void on_unreachable(std::function<void(std::string_view)>) override {}

  AdminLink* other = nullptr;
  std::string sent;

 private:
  const std::string self_;
};

AdminLink::Answerer nobody() {
  return [](const Question&, const std::function<void(const NodeAnswer&)>&) {};
}

TEST(AdminLink, O5_AQuestionIsAnsweredByTheOtherNode) {
  Wire from_a("a");
  Wire from_b("b");
  AdminLink a(from_a, nobody(), 20s);
  AdminLink b(
      from_b,
      [](const Question& asked, const std::function<void(const NodeAnswer&)>& done) {
        if (asked.verb == Verb::close) return done(base::Error{"not_found", "no lobby"});
        done(asked.subject + "/" + asked.detail + std::string(100'000, 'x'));
      },
      20s);
  from_a.other = &b;
  from_b.other = &a;
  const NodeAnswer told = a.ask("b", {Verb::person, "LOBBY", "player"});
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(*told, "LOBBY/player" + std::string(100'000, 'x'));
  const NodeAnswer refused = a.ask("b", {Verb::close, "LOBBY"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "not_found");
  EXPECT_EQ(refused.error().message, "no lobby");
}

TEST(AdminLink, O5_SilenceIsAnError) {
  Wire wire("a");
  AdminLink link(wire, nobody(), 20s);
  EXPECT_EQ(link.ask("b", {Verb::view, "L"}).error().code, "unavailable") << "not sent";
  AdminLink deaf(wire, nobody());
  AdminLink hasty(wire, nobody(), 1ms);
  wire.other = &deaf;
  EXPECT_EQ(hasty.ask("b", {Verb::view, "L"}).error().code, "unavailable") << "never answered";
}

TEST(AdminLink, O5_SeveralAreAskedAtOnceAndOneThatIsSilentIsKnownByItsPlace) {
  Wire from_a("a");
  Wire from_b("b");
  AdminLink a(from_a, nobody(), 1ms);
  AdminLink b(
      from_b,
      [](const Question& asked, const std::function<void(const NodeAnswer&)>& done) {
        done(asked.subject + " is here");
      },
      20s);
  from_a.other = &b;  // what is meant for others arrives there, too, but its answer is b's
  from_b.other = &a;
  const std::vector<NodeAnswer> told = a.ask_all({"c", "b", "d"}, {Verb::seat, "somebody"});
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].error().code, "unavailable");
  ASSERT_TRUE(told[1].ok());
  EXPECT_EQ(*told[1], "somebody is here");
  EXPECT_EQ(told[2].error().code, "unavailable");
  EXPECT_TRUE(a.ask_all({}, {Verb::seat, "somebody"}).empty());
}

TEST(AdminLink, S2_WhatCannotBeReadIsDropped) {
  Wire wire("a");
  int asked = 0;
  AdminLink link(
      wire, [&](const Question&, const std::function<void(const NodeAnswer&)>&) { ++asked; }, 1ms);
  wire.other = &link;
  EXPECT_FALSE(link.ask("b", {Verb::view, "LOBBY", "x"}).ok());
  const std::string whole = wire.sent;
  for (std::size_t size = 0; size < whole.size(); ++size) link.hear("b", whole.substr(0, size));
  link.hear("b", whole + "x");
  std::string wrong = whole;
  wrong[11] = '\x7f';  // no such verb
  link.hear("b", wrong);
  wrong = whole;
  wrong[1] = '\x7f';  // of another version
  link.hear("b", wrong);
  EXPECT_TRUE(AdminLink::owns(whole));
  EXPECT_FALSE(AdminLink::owns(""));
  EXPECT_FALSE(AdminLink::owns(std::string(3, '\1')));
  EXPECT_EQ(asked, 1) << "the first one alone";
}

TEST(AdminLink, S2_AnAnswerOfSomebodyElseIsNone) {
  Wire from_a("a");
  Wire from_b("b");
  AdminLink a(from_a, nobody(), 1ms);
  AdminLink b(
      from_b,
      [&](const Question&, const std::function<void(const NodeAnswer&)>& done) {
        done(std::string("mine"));
      },
      20s);
  from_a.other = &b;
  from_b.other = &a;
  EXPECT_FALSE(a.ask("c", {Verb::view, "L"}).ok()) << "b answered what c was asked";
}

}  // namespace
}  // namespace api
