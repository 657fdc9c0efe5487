// S1, S2: how many connections one address may hold open.

#include "net/address_count.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/client_address.h"

namespace net {
namespace {

struct Counted {
  base::ClientAddress proxies = base::ClientAddress::make({"10.9.0.0/16"}).value();
  AddressCount count{{.open = 2}, proxies};
  base::RateLimit::Clock::time_point now{};
  std::optional<AddressCount::Place> enter(const std::string& address) {
    return count.enter(address, now);
  }
};

TEST(AddressCount, S2_so_many_an_address_and_the_next_when_one_has_gone) {
  Counted it;
  auto first = it.enter("192.0.2.1");
  const auto second = it.enter("192.0.2.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(it.enter("192.0.2.1"));
  EXPECT_TRUE(it.enter("192.0.2.2")) << "and gone again";
  first.reset();
  const auto third = it.enter("192.0.2.1");
  EXPECT_TRUE(third);
  EXPECT_FALSE(it.enter("192.0.2.1"));
}

TEST(AddressCount, S2_a_network_of_ipv6_counts_as_one_address) {
  Counted it;
  const auto first = it.enter("2001:db8:1:2::1"), second = it.enter("2001:db8:1:2::2");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(it.enter("2001:db8:1:2::3"));
  EXPECT_TRUE(it.enter("2001:db8:1:3::1"));
}

TEST(AddressCount, S2_trusted_proxies_have_no_bound) {
  Counted it;
  std::vector<std::optional<AddressCount::Place>> many;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(many.emplace_back(it.enter("10.9.1.1")));
}

TEST(AddressCount, S2_a_place_that_is_handed_on_counts_once) {
  Counted it;
  std::optional<AddressCount::Place> first = it.enter("192.0.2.1");
  AddressCount::Place kept;
  kept = std::move(*first);
  first.reset();
  const auto second = it.enter("192.0.2.1");
  EXPECT_TRUE(second);
  EXPECT_FALSE(it.enter("192.0.2.1"));
}

TEST(AddressCount, S1_openings_are_counted_even_when_they_end_at_once) {
  Counted it;
  AddressCount busy({.open = 2, .per_minute = 60}, it.proxies);
  int opened = 0;
  for (int i = 0; i < 100; ++i) opened += busy.enter("192.0.2.1", it.now) ? 1 : 0;
  EXPECT_EQ(opened, 60);
  EXPECT_TRUE(busy.enter("192.0.2.2", it.now)) << "another address";
  EXPECT_TRUE(busy.enter("10.9.1.1", it.now)) << "a trusted proxy";
  EXPECT_TRUE(busy.enter("192.0.2.1", it.now + std::chrono::seconds(1))) << "one a second";
  EXPECT_FALSE(busy.enter("192.0.2.1", it.now + std::chrono::seconds(1)));
}

TEST(AddressCount, S1_openings_can_be_bounded_alone) {
  Counted it;
  AddressCount busy({.per_minute = 3}, it.proxies);
  std::vector<std::optional<AddressCount::Place>> held;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(held.emplace_back(busy.enter("192.0.2.1", it.now)));
  EXPECT_FALSE(busy.enter("192.0.2.1", it.now));
}

}  // namespace
}  // namespace net
