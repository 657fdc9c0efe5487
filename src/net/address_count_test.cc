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
  AddressCount count{2, proxies};
};

TEST(AddressCount, S2_so_many_an_address_and_the_next_when_one_has_gone) {
  Counted it;
  auto first = it.count.enter("192.0.2.1");
  const auto second = it.count.enter("192.0.2.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(it.count.enter("192.0.2.1"));
  EXPECT_TRUE(it.count.enter("192.0.2.2")) << "and gone again";
  first.reset();
  const auto third = it.count.enter("192.0.2.1");
  EXPECT_TRUE(third);
  EXPECT_FALSE(it.count.enter("192.0.2.1"));
}

TEST(AddressCount, S2_a_network_of_ipv6_counts_as_one_address) {
  Counted it;
  const auto first = it.count.enter("2001:db8:1:2::1"), second = it.count.enter("2001:db8:1:2::2");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(it.count.enter("2001:db8:1:2::3"));
  EXPECT_TRUE(it.count.enter("2001:db8:1:3::1"));
}

TEST(AddressCount, S2_trusted_proxies_have_no_bound) {
  Counted it;
  std::vector<std::optional<AddressCount::Place>> many;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(many.emplace_back(it.count.enter("10.9.1.1")));
}

TEST(AddressCount, S2_a_place_that_is_handed_on_counts_once) {
  Counted it;
  std::optional<AddressCount::Place> first = it.count.enter("192.0.2.1");
  AddressCount::Place kept;
  kept = std::move(*first);
  first.reset();
  const auto second = it.count.enter("192.0.2.1");
  EXPECT_TRUE(second);
  EXPECT_FALSE(it.count.enter("192.0.2.1"));
}

}  // namespace
}  // namespace net
