#include "sio/packet.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sio {
namespace {

constexpr std::size_t kAttachments = 4;

struct Row {
  const char* text;
  PacketType type;
  std::size_t attachments;
  const char* nsp;
  long id;  // -1 = none
  const char* name;
  const char* args;
};

TEST(Packet, Grammar) {
  const std::vector<Row> table = {
      {"0", PacketType::connect, 0, "/", -1, "", ""},
      {"0{\"a\":1}", PacketType::connect, 0, "/", -1, "", ""},
      {"0/custom", PacketType::connect, 0, "/custom", -1, "", ""},
      {"0/custom,", PacketType::connect, 0, "/custom", -1, "", ""},
      {"0/custom?x=1,{}", PacketType::connect, 0, "/custom", -1, "", ""},
      {"1", PacketType::disconnect, 0, "/", -1, "", ""},
      {"1/custom,", PacketType::disconnect, 0, "/custom", -1, "", ""},
      {"2[\"a\"]", PacketType::event, 0, "/", -1, "\"a\"", ""},
      {"2[\"a\",1,{\"b\":2}]", PacketType::event, 0, "/", -1, "\"a\"", "1,{\"b\":2}"},
      {"2/custom,12[\"a\",null]", PacketType::event, 0, "/custom", 12, "\"a\"", "null"},
      {"20[\"a\"]", PacketType::event, 0, "/", 0, "\"a\"", ""},
      {"3456[]", PacketType::ack, 0, "/", 456, "", ""},
      {"3456[1,\"2\"]", PacketType::ack, 0, "/", 456, "", "1,\"2\""},
      {"3456[ 1 ]", PacketType::ack, 0, "/", 456, "", "1"},
      {"51-[\"a\",{\"_placeholder\":true,\"num\":0}]", PacketType::binary_event, 1, "/", -1,
       "\"a\"", "{\"_placeholder\":true,\"num\":0}"},
      {"61-/custom,7[{\"_placeholder\":true,\"num\":0}]", PacketType::binary_ack, 1, "/custom", 7,
       "", "{\"_placeholder\":true,\"num\":0}"},
  };
  for (const Row& row : table) {
    PacketView packet;
    ASSERT_TRUE(parse_packet(row.text, kAttachments, packet)) << row.text;
    EXPECT_EQ(packet.type, row.type) << row.text;
    EXPECT_EQ(packet.attachments, row.attachments) << row.text;
    EXPECT_EQ(packet.nsp, row.nsp) << row.text;
    EXPECT_EQ(packet.id ? static_cast<long>(*packet.id) : -1, row.id) << row.text;
    EXPECT_EQ(packet.name, row.name) << row.text;
    EXPECT_EQ(packet.args, row.args) << row.text;
  }
}

TEST(Packet, BrokenOnes) {
  for (const char* text : {"",
                           "a",
                           "7",
                           "abc",
                           "2",
                           "2{}",
                           "2abc[\"a\"]",
                           "2[]",
                           "2[1]",
                           "2[null,1]",
                           "2[{}]",
                           "2[\"a\"",
                           "2[\"a\"]]",
                           "2[\"a\",NaN]",
                           "0[]",
                           "0\"a\"",
                           "0null",
                           "0{",
                           "0{}x",
                           "1{}",
                           "1[]",
                           "3[]",
                           "31{}",
                           "3",
                           "4{}",
                           "4{\"message\":\"x\"}",
                           "5[\"a\"]",
                           "50-[\"a\"]",
                           "5-1-[\"a\"]",
                           "51[\"a\",{\"_placeholder\":true,\"num\":0}]",
                           "51-[\"a\"]",
                           "5999999-[\"a\"]",
                           "51-[\"a\",{\"_placeholder\":true,\"num\":1}]",
                           "61-[{\"_placeholder\":true,\"num\":0}]",
                           "299999999999999999999[\"a\"]",
                           "2/x",
                           "2/x,",
                           "2 [\"a\"",
                           "2-1[\"a\"]"}) {
    PacketView packet;
    EXPECT_FALSE(parse_packet(text, kAttachments, packet)) << text;
  }
  PacketView packet;
  EXPECT_FALSE(parse_packet("0/" + std::string(200, 'n') + ",", kAttachments, packet));
}

TEST(Packet, S2_AttachmentsBeyondTheLimitAreRefused) {
  const std::string text =
      R"(52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
  PacketView packet;
  EXPECT_TRUE(parse_packet(text, 2, packet));
  EXPECT_FALSE(parse_packet(text, 1, packet));
  EXPECT_FALSE(parse_packet(text, 0, packet));
  EXPECT_TRUE(packet.data.empty()) << "nothing after the number was looked at";
  EXPECT_TRUE(parse_packet("2[\"a\"]", 0, packet));
}

TEST(Packet, ReservedEvents) {
  for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener",
                           "removeListener"}) {
    EXPECT_TRUE(reserved_event(name));
  }
  for (const char* name : {"", "error", "__proto__", "Connect", "connected"})
    EXPECT_FALSE(reserved_event(name));
}

TEST(Packet, Writing) {
  std::string out;
  append_head(out, PacketType::event, 0, "/", std::nullopt);
  append_head(out, PacketType::ack, 0, "/custom", 7);
  append_head(out, PacketType::binary_event, 2, "/custom", std::nullopt);
  append_head(out, PacketType::binary_ack, 1, "/", 0);
  EXPECT_EQ(out, "23/custom,752-/custom,61-0");
  out.clear();
  append_json_string(out, "a\"\\\n\x01\xc3\xa9");
  EXPECT_EQ(out, "\"a\\\"\\\\\\u000a\\u0001\xc3\xa9\"");
}

}  // namespace
}  // namespace sio
