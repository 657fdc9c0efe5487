#include "base/client_address.h"

#include <gtest/gtest.h>

namespace base {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> proxies;
  const char* peer;
  std::string forwarded;
  const char* expected;
};

class ClientAddressCases : public ::testing::TestWithParam<Case> {};

TEST_P(ClientAddressCases, S1) {
  const Case& c = GetParam();
  const auto rule = ClientAddress::make(c.proxies);
  ASSERT_TRUE(rule.ok());
  EXPECT_EQ(rule->of(c.peer, c.forwarded), c.expected) << c.name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ClientAddressCases,
    ::testing::Values(
        Case{"no proxies: the header is a forgery", {}, "9.9.9.9", "1.2.3.4", "9.9.9.9"},
        Case{"peer is no proxy", {"10.0.0.0/8"}, "9.9.9.9", "1.2.3.4", "9.9.9.9"},
        Case{"one proxy", {"10.0.0.0/8"}, "10.0.0.1", "1.2.3.4", "1.2.3.4"},
        Case{"forged entries to the left are not reached",
             {"10.0.0.0/8"},
             "10.0.0.1",
             "6.6.6.6, 1.2.3.4",
             "1.2.3.4"},
        Case{"two proxies", {"10.0.0.0/8"}, "10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4"},
        Case{"a client that names our proxy stays the last one told",
             {"10.0.0.0/8"},
             "10.0.0.1",
             "10.0.0.7",
             "10.0.0.7"},
        Case{"garbage ends the walk", {"10.0.0.0/8"}, "10.0.0.1", "1.2.3.4, garbage", "10.0.0.1"},
        Case{"empty header", {"10.0.0.0/8"}, "10.0.0.1", "", "10.0.0.1"},
        Case{"loopback v6", {"::1"}, "::1", "2001:db8::7", "2001:db8::7"},
        Case{"spaces and tabs", {"127.0.0.1"}, "127.0.0.1", " 6.6.6.6 ,\t1.2.3.4 ", "1.2.3.4"},
        Case{"a port is no address", {"127.0.0.1"}, "127.0.0.1", "1.2.3.4:80", "127.0.0.1"},
        Case{"brackets are no address", {"127.0.0.1"}, "127.0.0.1", "[2001:db8::7]", "127.0.0.1"},
        Case{"a zone is no address", {"127.0.0.1"}, "127.0.0.1", "fe80::1%eth0", "127.0.0.1"},
        Case{"a name is no address", {"127.0.0.1"}, "127.0.0.1", "1.2.3.4, localhost", "127.0.0.1"},
        Case{"a NUL byte does not end an address",
             {"127.0.0.1"},
             "127.0.0.1",
             std::string("1.2.3.4, 5.6.7.8\0x", 18),
             "127.0.0.1"},
        Case{"unknown, as proxies write it",
             {"127.0.0.1"},
             "127.0.0.1",
             "1.2.3.4, unknown",
             "127.0.0.1"},
        Case{"octal and short forms are no address",
             {"127.0.0.1"},
             "127.0.0.1",
             "0177.0.0.1",
             "127.0.0.1"},
        Case{"an empty entry ends the walk", {"127.0.0.1"}, "127.0.0.1", "1.2.3.4,", "127.0.0.1"},
        Case{"garbage left of the client does not matter",
             {"127.0.0.1"},
             "127.0.0.1",
             "<script>,,, 1.2.3.4",
             "1.2.3.4"},
        Case{"garbage between our proxies ends the walk at the nearer one",
             {"10.0.0.0/8"},
             "10.0.0.1",
             "1.2.3.4, x, 10.0.0.2",
             "10.0.0.2"},
        Case{"a stranger between our proxies is the client, whatever he says of others",
             {"10.0.0.0/8"},
             "10.0.0.1",
             "1.2.3.4, 9.9.9.9, 10.0.0.2",
             "9.9.9.9"},
        Case{
            "a proxy told as mapped IPv6", {"10.0.0.0/8"}, "::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"},
        Case{"our proxy's address forged as mapped IPv6 is passed over",
             {"10.0.0.0/8"},
             "10.0.0.1",
             "1.2.3.4, ::ffff:10.0.0.2",
             "1.2.3.4"},
        Case{"next to our network is not in it",
             {"10.0.0.0/9"},
             "10.0.0.1",
             "1.2.3.4, 10.128.0.1",
             "10.128.0.1"}));

TEST(ClientAddressCase, S1_a_header_of_our_proxies_only_ends_with_the_farthest) {
  const auto rule = ClientAddress::make({"10.0.0.0/8"});
  ASSERT_TRUE(rule.ok());
  std::string header = "10.0.0.7";
  for (int i = 0; i < 2000; ++i) header += ", 10.0.0.2";
  EXPECT_EQ(rule->of("10.0.0.1", header), "10.0.0.7");
}

TEST(Network, refuses_what_is_none) {
  for (const char* text :
       {"", "x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10.0.0.0/8x", "1.2.3"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
  EXPECT_FALSE(ClientAddress::make({"10.0.0.0/8", "nonsense"}).ok());
}

TEST(NetworkOf, S1_a_household_is_one) {
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::1"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(network_of("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(network_of("2001:db8:1:2::/64"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("nonsense"), "nonsense");
}

}  // namespace
}  // namespace base
