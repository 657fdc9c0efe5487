#include "loadtest/frames.h"

#include <gtest/gtest.h>

#include <cstring>

namespace loadtest {
namespace {

// As a server would write it.
std::string unmasked(Opcode opcode, std::string_view payload) {
  std::string masked;
  append_frame(masked, opcode, payload, 0);  // a zero mask changes nothing
  const std::size_t key_at = masked.size() - payload.size() - 4;
  masked.erase(key_at, 4);
  masked[1] = static_cast<char>(masked[1] & 0x7f);
  return masked;
}

TEST(Frames, MaskedHelloOfRfc6455Section57) {
  std::string out;
  std::uint32_t mask = 0;
  std::memcpy(&mask, "\x37\xfa\x21\x3d", 4);
  append_frame(out, Opcode::text, "Hello", mask);
  EXPECT_EQ(out, std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11));
}

TEST(Frames, EveryLengthFormComesBack) {
  for (const std::size_t length : {0u, 1u, 125u, 126u, 65'535u, 65'536u}) {
    const std::string payload(length, 'x');
    const std::string bytes = unmasked(Opcode::text, payload);
    const std::string followed = bytes + "rest";
    const auto frame = next_frame(followed);
    ASSERT_TRUE(frame.has_value()) << length;
    EXPECT_EQ(frame->payload, payload);
    EXPECT_EQ(frame->size, bytes.size());
    EXPECT_TRUE(frame->last);
  }
}

TEST(Frames, IncompleteFramesWait) {
  const std::string bytes = unmasked(Opcode::ping, std::string(300, 'p'));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(next_frame(std::string_view(bytes).substr(0, cut)).has_value()) << cut;
  }
  const auto frame = next_frame(bytes);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->opcode, Opcode::ping);
}

}  // namespace
}  // namespace loadtest
