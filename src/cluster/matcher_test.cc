// Who plays with whom (C3): oldest first, parties together, skill and regions widen with time.

#include "cluster/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace cluster {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kNow = 1'000'000;
const MatchRules kRules{.seats = 4,
                        .fewest = 2,
                        .short_ms = 5'000,
                        .skill_range = 100,
                        .skill_per_s = 10,
                        .regions_ms = 10'000};

Ticket ticket(const std::string& id, std::int64_t waited_ms, double skill = 1000,
              std::vector<std::string> regions = {"eu"}, int players = 1) {
  Ticket made{.id = id,
              .mode = "tdm",
              .regions = std::move(regions),
              .players = {},
              .skill = skill,
              .queued_ms = kNow - waited_ms};
  for (int i = 0; i < players; ++i) made.players.push_back(id + std::to_string(i));
  return made;
}

TEST(Matcher, C3_OldestFirst) {
  const std::vector<Ticket> waiting{ticket("e", 10), ticket("a", 50), ticket("d", 20),
                                    ticket("b", 40), ticket("c", 30)};
  const auto groups = form_groups(waiting, {}, kRules, kNow);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_THAT(groups[0].tickets, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(groups[0].region, "eu");
  EXPECT_EQ(groups[0].players, 4u);
  EXPECT_DOUBLE_EQ(groups[0].skill, 1000);
}

TEST(Matcher, C3_PartiesStayTogether) {
  const std::vector<Ticket> waiting{ticket("a", 50, 1000, {"eu"}, 3),
                                    ticket("b", 40, 1000, {"eu"}, 2), ticket("c", 30)};
  const auto groups = form_groups(waiting, {}, kRules, kNow);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_THAT(groups[0].tickets, ElementsAre("a", "c")) << "b does not fit, c does";
}

TEST(Matcher, C3_AnOldTicketIsContentWithASmallerMatch) {
  EXPECT_TRUE(
      form_groups(std::vector{ticket("a", 4'999), ticket("b", 0)}, {}, kRules, kNow).empty());
  const auto groups =
      form_groups(std::vector{ticket("a", 5'000), ticket("b", 0)}, {}, kRules, kNow);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_THAT(groups[0].tickets, ElementsAre("a", "b"));
  EXPECT_TRUE(form_groups(std::vector{ticket("a", 60'000)}, {}, kRules, kNow).empty())
      << "nobody plays alone";
}

TEST(Matcher, C3_SkillWidensWithTheWaitingTime) {
  const auto pair = [](std::int64_t waited) {
    return form_groups(std::vector{ticket("a", waited, 1000), ticket("b", 0, 1200)}, {}, kRules,
                       kNow)
        .size();
  };
  EXPECT_EQ(pair(9'900), 0u);
  EXPECT_EQ(pair(10'000), 1u);
}

TEST(Matcher, C3_OtherRegionsAfterAWhile) {
  const auto pair = [](std::int64_t a, std::int64_t b) {
    return form_groups(
        std::vector{ticket("a", a, 1000, {"eu", "us"}), ticket("b", b, 1000, {"us", "eu"})}, {},
        kRules, kNow);
  };
  EXPECT_TRUE(pair(9'000, 8'000).empty());
  const auto groups = pair(10'000, 8'000);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].region, "us") << "the older one moves, the younger one does not yet";
}

TEST(Matcher, C3_AnOpeningIsFilledFirst) {
  const std::vector<Opening> openings{{"OTHER", "dm", "eu", 4, 1000},
                                      {"HERE", "tdm", "eu", 2, 1050}};
  const std::vector<Ticket> waiting{ticket("a", 10, 1000, {"eu"}, 3), ticket("b", 9),
                                    ticket("c", 8), ticket("d", 7)};
  const auto groups = form_groups(waiting, openings, kRules, kNow);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_THAT(groups[0].tickets, ElementsAre("a", "b")) << "a party of three does not fit in";
  EXPECT_EQ(groups[0].lobby, "");
  EXPECT_THAT(groups[1].tickets, ElementsAre("c"));
  EXPECT_EQ(groups[1].lobby, "HERE");
  EXPECT_THAT(groups[2].tickets, ElementsAre("d"));
  EXPECT_EQ(groups[2].lobby, "HERE");
}

TEST(Matcher, SameTicketsInAnyOrderSameGroupsAndNoneTwice) {
  std::mt19937 chance(7);
  std::vector<Ticket> waiting;
  const std::vector<std::vector<std::string>> regions{{"eu"}, {"us"}, {"eu", "us"}, {"us", "eu"}};
  for (int i = 0; i < 300; ++i)
    waiting.push_back(ticket("t" + std::to_string(i), chance() % 30'000, 800 + chance() % 600,
                             regions[chance() % 4], 1 + static_cast<int>(chance() % 4)));
  const auto first = form_groups(waiting, {}, kRules, kNow);
  std::shuffle(waiting.begin(), waiting.end(), chance);
  const auto second = form_groups(waiting, {}, kRules, kNow);
  ASSERT_GT(first.size(), 50u);
  ASSERT_EQ(first.size(), second.size());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].tickets, second[i].tickets);
    EXPECT_LE(first[i].players, kRules.seats);
    EXPECT_GE(first[i].players, kRules.fewest);
    for (const auto& id : first[i].tickets) EXPECT_TRUE(seen.insert(id).second) << id;
  }
}

TEST(Matcher, C3_SaysWhatBlocks) {
  const std::vector<Ticket> waiting{ticket("a", 6'000), ticket("far", 6'000, 1000, {"us"}),
                                    ticket("good", 6'000, 2000), ticket("us2", 0, 1010, {"us"})};
  EXPECT_EQ(explain(waiting, "a", kRules, kNow), Block::skill);
  EXPECT_EQ(explain(waiting, "far", kRules, kNow), Block::none);
  EXPECT_EQ(explain(waiting, "us2", kRules, kNow), Block::region) << "four would be needed yet";
  EXPECT_EQ(explain(std::vector{ticket("a", 0)}, "a", kRules, kNow), Block::players);
  EXPECT_EQ(explain(waiting, "nobody", kRules, kNow), Block::none);
}

TEST(Matcher, TicketsWithoutRegionOrPlayersAreLeftAlone) {
  std::vector<Ticket> waiting{ticket("a", 6'000, 1000, {}), ticket("b", 6'000, 1000, {"eu"}, 0),
                              ticket("c", 6'000)};
  EXPECT_TRUE(form_groups(waiting, {}, kRules, kNow).empty());
}

}  // namespace
}  // namespace cluster
