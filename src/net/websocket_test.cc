#include "net/websocket.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace net::ws {
namespace {

// A client's frame.
std::string masked(unsigned first, std::string payload,
                   std::array<unsigned char, 4> key = {0x37, 0xfa, 0x21, 0x3d}) {
  std::string frame(1, static_cast<char>(first));
  const std::size_t size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(0x80 | size);
  } else {
    const int bytes = size < 65536 ? 2 : 8;
    frame += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i));
  }
  for (const unsigned char byte : key) frame += static_cast<char>(byte);
  for (std::size_t i = 0; i < size; ++i) frame += static_cast<char>(payload[i] ^ key[i & 3]);
  return frame;
}

constexpr unsigned kFin = 0x80;

struct Outcome {
  std::vector<std::string> messages;
  std::vector<std::string> controls;  // "ping:x", "pong:x", "close:1000:x"
  std::uint16_t error = 0;
};

// Feeds bytes as they would come off a socket, in pieces of the given sizes, and gathers what
// becomes of them.
Outcome feed(Reader& reader, std::string_view bytes, const std::vector<std::size_t>& pieces) {
  Outcome outcome;
  std::string held;
  std::size_t at = 0;
  for (std::size_t piece = 0; at < bytes.size(); ++piece) {
    const std::size_t size = std::min(pieces[piece % pieces.size()], bytes.size() - at);
    held += bytes.substr(at, size);
    at += size;
    while (!held.empty()) {
      // Exactly as large as what is there, so that the sanitizer sees a read beyond it.
      std::vector<char> buffer(held.begin(), held.end());
      const Input input = reader.next(buffer.data(), buffer.size());
      if (input.kind == Input::Kind::need_more) {
        EXPECT_GT(input.wanted, buffer.size());
        break;
      }
      if (input.kind == Input::Kind::error) {
        outcome.error = input.code;
        return outcome;
      }
      const std::string payload(input.payload);
      if (input.kind == Input::Kind::message) {
        outcome.messages.push_back((input.opcode == Opcode::text ? "t:" : "b:") + payload);
      } else if (input.kind == Input::Kind::ping) {
        outcome.controls.push_back("ping:" + payload);
      } else if (input.kind == Input::Kind::pong) {
        outcome.controls.push_back("pong:" + payload);
      } else if (input.kind == Input::Kind::close) {
        outcome.controls.push_back("close:" + std::to_string(input.code) + ":" + payload);
      }
      held.erase(0, input.used);
    }
  }
  return outcome;
}

Outcome feed(std::string_view bytes, std::size_t limit = 1000) {
  Reader reader(limit);
  return feed(reader, bytes, {bytes.size()});
}

TEST(WebSocket, AcceptKeyOfRfc6455) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocket, KeysAreBase64OfSixteenBytes) {
  EXPECT_TRUE(valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
  for (const char* key : {"", "abc", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ==x",
                          "dGhlIHNhbXBsZS_ub25jZQ=="}) {
    EXPECT_FALSE(valid_key(key)) << key;
  }
}

// RFC 6455 5.7
TEST(WebSocket, ExamplesOfRfc6455) {
  EXPECT_EQ(feed({"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11}).messages,
            std::vector<std::string>{"t:Hello"});
  std::string out;
  write_frame(out, Opcode::text, "Hello");
  EXPECT_EQ(out, "\x81\x05Hello");
  EXPECT_EQ(feed(masked(0x01, "Hel") + masked(0x80, "lo")).messages,
            std::vector<std::string>{"t:Hello"});
  EXPECT_EQ(feed({"\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11}).controls,
            std::vector<std::string>{"ping:Hello"});
}

TEST(WebSocket, WritesEachLengthInItsShortestForm) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 65535u, 65536u, 70000u}) {
    std::string out;
    const std::string payload(size, 'x');
    write_frame(out, Opcode::binary, std::string_view(payload).substr(0, size / 2),
                std::string_view(payload).substr(size / 2));
    const std::size_t head = size <= 125 ? 2 : size <= 65535 ? 4 : 10;
    ASSERT_EQ(out.size(), head + size);
    EXPECT_EQ(static_cast<unsigned char>(out[0]), 0x82);
    EXPECT_EQ(out.substr(head), payload);
  }
}

// Autobahn groups 3 to 5 and 7: what breaks the rules, and with which code the connection fails.
TEST(WebSocket, BrokenRules) {
  const std::vector<std::pair<std::string, unsigned>> table = {
      {masked(kFin | 0x41, "a"), 1002},  // 3.x reserved bits
      {masked(kFin | 0x21, "a"), 1002},
      {masked(kFin | 0x11, "a"), 1002},
      {masked(kFin | 3, "a"), 1002},  // 4.1 reserved opcodes
      {masked(kFin | 7, ""), 1002},
      {masked(kFin | 11, "a"), 1002},  // 4.2
      {masked(kFin | 15, ""), 1002},
      {std::string("\x81\x01"
                   "a",
                   3),
       1002},                     // not masked
      {masked(kFin, "a"), 1002},  // 5.9 continuation of nothing
      {masked(0, "a"), 1002},
      {masked(1, "a") + masked(kFin | 1, "b"), 1002},        // 5.18
      {masked(9, "a"), 1002},                                // 5.1 fragmented ping
      {masked(10, "a"), 1002},                               // 5.2
      {masked(kFin | 9, std::string(126, 'a')), 1002},       // 2.5
      {masked(kFin | 8, "a"), 1002},                         // 7.3.2
      {masked(kFin | 8, std::string("\x03\xe7", 2)), 1002},  // 7.9: 999
      {masked(kFin | 8, std::string("\x03\xec", 2)), 1002},  // 1004
      {masked(kFin | 8, std::string("\x03\xed", 2)), 1002},  // 1005
      {masked(kFin | 8, std::string("\x03\xee", 2)), 1002},  // 1006
      {masked(kFin | 8, std::string("\x03\xf7", 2)), 1002},  // 1015
      {masked(kFin | 8, std::string("\x07\xd0", 2)), 1002},  // 2000
      {masked(kFin | 8, std::string("\x13\x88", 2)), 1002},  // 5000
      {masked(kFin | 8, std::string("\x03\xe8\xc3\x28", 4)), 1007},
      {masked(kFin | 1, "\xc3\x28"), 1007},  // 6.x
      {masked(kFin | 1, "\xed\xa0\x80"), 1007},
      {masked(kFin | 1, "\xf4\x90\x80\x80"), 1007},
      {masked(kFin | 1, "\xc0\x80"), 1007},
      {masked(1, "\xe2\x82") + masked(kFin, "a"), 1007},
      {masked(kFin | 2, std::string(1001, 'a')), 1009},
      {masked(2, std::string(600, 'a')) + masked(kFin, std::string(401, 'a')), 1009},
      {std::string("\x81\xff\x80\0\0\0\0\0\0\1\0\0\0\0", 14), 1002},
      {std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14), 1009},
      {std::string("\x81\xfe\0\x7d\0\0\0\0", 8), 1002},  // not the shortest length
      {std::string("\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", 14), 1002},
  };
  for (const auto& [bytes, code] : table)
    EXPECT_EQ(feed(bytes).error, code) << testing::PrintToString(bytes);
}

TEST(WebSocket, CloseFrames) {
  for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1014u, 3000u, 4999u}) {
    const std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 255), 'x'};
    EXPECT_EQ(feed(masked(kFin | 8, payload)).controls,
              std::vector<std::string>{"close:" + std::to_string(code) + ":x"});
  }
  EXPECT_EQ(feed(masked(kFin | 8, "")).controls, std::vector<std::string>{"close:1005:"});
}

TEST(WebSocket, UnmasksEveryLengthAndKeyPosition) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string payload;
    for (std::size_t i = 0; i < size; ++i) payload += static_cast<char>(i * 7);
    EXPECT_EQ(feed(masked(kFin | 2, payload, {1, 200, 3, 4})).messages,
              std::vector<std::string>{"b:" + payload});
  }
}

TEST(WebSocket, ControlFramesBetweenFragments) {
  const Outcome got = feed(masked(1, "4he") + masked(kFin | 9, "p") + masked(0, "") +
                           masked(kFin | 10, "") + masked(kFin, "llo") + masked(kFin | 2, "x"));
  EXPECT_EQ(got.messages, (std::vector<std::string>{"t:4hello", "b:x"}));
  EXPECT_EQ(got.controls, (std::vector<std::string>{"ping:p", "pong:"}));
  EXPECT_EQ(got.error, 0);
}

TEST(WebSocket, AMessageOfExactlyTheLimitPassesWholeAndInFragments) {
  EXPECT_EQ(feed(masked(kFin | 2, std::string(1000, 'a'))).messages.size(), 1u);
  EXPECT_EQ(feed(masked(2, std::string(600, 'a')) + masked(kFin, std::string(400, 'a')) +
                 masked(kFin | 2, std::string(1000, 'b')))
                .messages.size(),
            2u);
}

// Advisory: tiny fragments and zero-length frames without end.
TEST(WebSocket, EndlessFragmentsAreRefused) {
  std::string bytes = masked(2, "");
  for (int i = 0; i < 2000; ++i) bytes += masked(0, "");
  EXPECT_EQ(feed(bytes).error, 1008);
}

TEST(WebSocket, SplitPointsDoNotMatter) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    std::vector<std::string> expected;
    for (int i = 0; i < 6; ++i) {
      std::string text(random() % 4 == 0 ? random() % 400 : random() % 20, ' ');
      for (char& c : text) c = static_cast<char>('a' + random() % 26);
      const std::size_t cut = text.empty() ? 0 : random() % text.size();
      const unsigned opcode = 1 + random() % 2;
      const std::array<unsigned char, 4> key = {
          static_cast<unsigned char>(random()), static_cast<unsigned char>(random()),
          static_cast<unsigned char>(random()), static_cast<unsigned char>(random())};
      if (random() % 2 == 0) {
        bytes += masked(kFin | opcode, text, key);
      } else {
        bytes += masked(opcode, text.substr(0, cut), key) + masked(kFin | 9, "p") +
                 masked(kFin, text.substr(cut));
      }
      expected.push_back((opcode == 1 ? "t:" : "b:") + text);
    }
    std::vector<std::size_t> pieces;
    for (int i = 0; i < 5; ++i) pieces.push_back(1 + random() % 60);
    Reader reader(1000);
    const Outcome got = feed(reader, bytes, pieces);
    ASSERT_EQ(got.messages, expected);
    ASSERT_EQ(got.error, 0);
  }
}

}  // namespace
}  // namespace net::ws
