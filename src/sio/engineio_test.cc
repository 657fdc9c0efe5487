#include "sio/engineio.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sio::engineio {
namespace {

// Packets of a payload as type and data, binary ones as 'b'; "!" ends the list on an error.
std::vector<std::string> read_all(std::string_view payload) {
  std::vector<std::string> items;
  PayloadReader reader(payload);
  Packet packet{};
  std::string binary;
  while (true) {
    switch (reader.next(packet, binary)) {
      case PayloadReader::Item::end:
        return items;
      case PayloadReader::Item::error:
        items.emplace_back("!");
        return items;
      case PayloadReader::Item::binary:
        items.push_back("b" + binary);
        break;
      case PayloadReader::Item::packet:
        items.push_back(std::string(1, static_cast<char>(packet.type)) + std::string(packet.data));
        break;
    }
  }
}

TEST(EngineIo, Payloads) {
  using Items = std::vector<std::string>;
  const std::vector<std::pair<std::string, Items>> table = {
      {"4hello", {"4hello"}},
      {"4a\x1e"
       "4b\x1e"
       "2\x1e"
       "3probe",
       {"4a", "4b", "2", "3probe"}},
      {"4", {"4"}},
      {"4\x1e"
       "4",
       {"4", "4"}},
      {"bAQID", {"b\x01\x02\x03"}},
      {"bAQI=", {"b\x01\x02"}},
      {"bAQI", {"b\x01\x02"}},
      {"bAQ==", {"b\x01"}},
      {"b", {"b"}},
      {"", {"!"}},
      {"abc", {"!"}},
      {"7", {"!"}},
      {"4a\x1e", {"4a", "!"}},
      {"\x1e"
       "4a",
       {"!"}},
      {"4a\x1e\x1e"
       "4b",
       {"4a", "!"}},
      {"bA", {"!"}},
      {"bA===", {"!"}},
      {"bA-_A", {"!"}},
      {"bAQ=D", {"!"}},
      {"bAQID=", {"!"}},
  };
  for (const auto& [payload, items] : table)
    EXPECT_EQ(read_all(payload), items) << testing::PrintToString(payload);
}

TEST(EngineIo, S2_APayloadHasAtMostSoManyPackets) {
  std::string payload = "3";
  for (std::size_t i = 1; i < kMaxPackets; ++i)
    payload +=
        "\x1e"
        "3";
  EXPECT_EQ(read_all(payload).back(), "3");
  payload +=
      "\x1e"
      "3";
  EXPECT_EQ(read_all(payload).back(), "!");
}

TEST(EngineIo, TheRestOfAPayloadCanBeTakenElsewhere) {
  PayloadReader reader(
      "4a\x1e"
      "4b\x1e"
      "4c");
  Packet packet{};
  std::string binary;
  reader.next(packet, binary);
  EXPECT_EQ(reader.rest(),
            "4b\x1e"
            "4c");
  reader.next(packet, binary);
  reader.next(packet, binary);
  EXPECT_EQ(reader.rest(), "");
}

TEST(EngineIo, WhatIsWrittenIsReadBack) {
  std::mt19937 random(5);
  std::string payload;
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 50, ' ');
    for (char& c : bytes) c = static_cast<char>(random());
    if (i % 2 == 0) {
      append_binary(payload, bytes);
      expected.push_back("b" + bytes);
    } else {
      std::erase(bytes, kSeparator);
      append_text(payload, Type::message, bytes);
      expected.push_back("4" + bytes);
    }
  }
  EXPECT_EQ(read_all(payload), expected);
}

TEST(EngineIo, OpenPacket) {
  Settings settings;
  settings.ping_interval = std::chrono::milliseconds(300);
  settings.ping_timeout = std::chrono::milliseconds(200);
  settings.max_payload = 1'000'000;
  EXPECT_EQ(
      open_packet("x", true, settings),
      R"({"sid":"x","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})");
  EXPECT_EQ(
      open_packet("x", false, settings),
      R"({"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})");
}

TEST(EngineIo, Queries) {
  const Query query = parse_query("t=abc&EIO=4&transport=polling&sid=x-_&b64");
  EXPECT_EQ(query.eio, "4");
  EXPECT_EQ(query.transport, "polling");
  EXPECT_EQ(query.sid, "x-_");
  EXPECT_FALSE(query.repeated);
  for (const char* text : {"", "&", "=", "&&=&", "EIO", "EIO=", "%00=%", "eio=4"}) {
    const Query odd = parse_query(text);
    EXPECT_EQ(odd.eio, "") << text;
    EXPECT_FALSE(odd.repeated) << text;
  }
  for (const char* text : {"EIO=4&EIO=4", "sid=a&x=1&sid=b", "transport=a&transport="}) {
    EXPECT_TRUE(parse_query(text).repeated) << text;
  }
}

TEST(EngineIo, FaultBodies) {
  EXPECT_EQ(fault_body(Fault::unsupported_version),
            R"({"code":5,"message":"Unsupported protocol version"})");
  EXPECT_EQ(fault_body(Fault::transport_unknown), R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(fault_body(Fault::bad_handshake_method),
            R"({"code":2,"message":"Bad handshake method"})");
  EXPECT_EQ(fault_body(Fault::session_unknown), R"({"code":1,"message":"Session ID unknown"})");
}

}  // namespace
}  // namespace sio::engineio
