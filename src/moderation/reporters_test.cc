#include "moderation/reporters.h"

#include <gtest/gtest.h>

#include <vector>

namespace moderation {
namespace {

store::Report by(const std::string& account, const std::string& network,
                 const std::string& party = "", const std::string& match = "m") {
  store::Report report;
  report.reporter.key = account;
  if (!network.empty()) report.reporter.address = network;
  if (!party.empty()) report.reporter_party = party;
  report.match_id = match;
  return report;
}

TEST(Reporters, S7_accounts_of_networks_of_their_own_are_different) {
  EXPECT_EQ(different_reporters({}), 0u);
  EXPECT_EQ(different_reporters(std::vector{by("a", "1"), by("b", "2"), by("c", "")}), 3u);
}

TEST(Reporters, S7_one_account_network_or_party_is_one) {
  EXPECT_EQ(different_reporters(std::vector{by("a", "1"), by("a", "2"), by("a", "3")}), 1u);
  EXPECT_EQ(different_reporters(std::vector{by("a", "1"), by("b", "1")}), 1u);
  EXPECT_EQ(different_reporters(std::vector{by("a", "1", "p"), by("b", "2", "p")}), 1u);
}

TEST(Reporters, S7_who_hangs_together_by_way_of_a_third_is_one) {
  EXPECT_EQ(different_reporters(std::vector{by("a", "1", "p"), by("b", "2", "p"), by("c", "2"),
                                            by("d", "4"), by("d", "5"), by("e", "5")}),
            2u);
}

TEST(Reporters, the_name_of_a_party_means_something_within_a_match_only) {
  EXPECT_EQ(different_reporters(std::vector{by("a", "1", "p", "m"), by("b", "2", "p", "n")}), 2u);
}

}  // namespace
}  // namespace moderation
