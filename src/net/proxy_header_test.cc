#include "net/proxy_header.h"

#include <gtest/gtest.h>

#include <string>

namespace net {
namespace {

using Status = ProxyHeader::Status;

std::string binary(char command, char family, const std::string& rest) {
  std::string header("\r\n\r\n\0\r\nQUIT\n", 12);
  header += command;
  header += family;
  header += static_cast<char>(rest.size() / 256);
  header += static_cast<char>(rest.size() % 256);
  return header + rest;
}

const std::string kPair4("\xc6\x33\x64\x07\x7f\x00\x00\x01\x30\x39\x01\xbb", 12);
const std::string kPair6 =
    std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x05" + std::string(20, '\0');
const std::string kMapped6 =
    std::string(10, '\0') + std::string("\xff\xff\xc0\x00\x02\x01", 6) + std::string(20, '\0');

TEST(ProxyHeaderParser, S1_HeadersAreUnderstood) {
  const struct {
    std::string header;
    std::string client;
  } cases[] = {
      {"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", "192.0.2.1"},
      {"PROXY TCP6 2001:DB8:0::5 ::1 0 65535\r\n", "2001:db8::5"},
      {"PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1"},
      {"PROXY UNKNOWN\r\n", ""},
      {"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", ""},
      {binary('\x21', '\x11', kPair4), "198.51.100.7"},
      {binary('\x21', '\x11', kPair4 + "\x04\x00\x01x"), "198.51.100.7"},
      {binary('\x21', '\x21', kPair6), "2001:db8::5"},
      {binary('\x21', '\x21', kMapped6), "192.0.2.1"},
      {binary('\x20', '\x11', kPair4), ""},                 // the balancer's own check
      {binary('\x20', '\0', ""), ""},                       // the same
      {binary('\x21', '\0', ""), ""},                       // it does not know
      {binary('\x21', '\x31', std::string(216, 'u')), ""},  // a UNIX socket
      {binary('\x21', '\x11', kPair4 + std::string(996, 't')), "198.51.100.7"},
  };
  for (const auto& [header, client] : cases) {
    for (std::size_t end = 0; end < header.size(); ++end) {
      EXPECT_EQ(parse_proxy_header({header.data(), end}).status, Status::incomplete) << end;
    }
    const ProxyHeader parsed = parse_proxy_header(header + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(parsed.status, Status::complete) << header;
    EXPECT_EQ(parsed.bytes, header.size());
    EXPECT_EQ(parsed.client, client);
  }
}

TEST(ProxyHeaderParser, S1_WhatIsNoneIsRefused) {
  for (const std::string& bytes : {
           std::string("GET / HTTP/1.1\r\n"),
           std::string("\x16\x03\x01", 3),
           std::string("PROXZ"),
           std::string("proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
           std::string("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"),
           std::string("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"),
           std::string("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n"),
           std::string("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"),
           std::string("PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n"),
           std::string("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n"),
           std::string("PROXY TCP4 192.0.2.1 ::1 1 2\r\n"),
           std::string("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n"),
           std::string("PROXY TCP4 192.0.2.1, 192.0.2.2 1 2\r\n"),
           std::string("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"),
           std::string("PROXY UNKNOWNS\r\n"),
           std::string("PROXY \r\n"),
           "PROXY UNKNOWN " + std::string(100, 'x') + "\r\n",
           std::string("PROXY TCP4 192.0.2.1\0.5 192.0.2.2 1 2\r\n", 40),
           binary('\x11', '\x11', kPair4),  // version 1
           binary('\x22', '\x11', kPair4),  // no such command
           binary('\x21', '\x41', kPair4),  // no such family
           binary('\x21', '\x11', kPair4.substr(1)),
           binary('\x21', '\x21', kPair4),
           binary('\x21', '\x11', kPair4 + std::string(997, 't')),
       }) {
    EXPECT_EQ(parse_proxy_header(bytes).status, Status::bad) << bytes;
  }
}

}  // namespace
}  // namespace net
