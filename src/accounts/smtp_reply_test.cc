#include "accounts/smtp_reply.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

TEST(SmtpReply, RepliesComeInAnyPieces) {
  const std::string bytes = "220 ready\r\n250-one\r\n250-two\n250\r\n354 go on\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    SmtpReplyReader reader;
    std::string heard;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.take(std::string_view(bytes).substr(at, piece));
      for (auto reply = reader.next(); reply.ok() && *reply; reply = reader.next())
        heard += std::to_string((*reply)->code) + "[" + (*reply)->text + "]";
    }
    EXPECT_EQ(heard, "220[ready]250[one\ntwo\n]354[go on]") << piece;
  }
}

TEST(SmtpReply, S2_WhatIsNoReplyEndsTheConnection) {
  const std::string long_line = "250 " + std::string(4100, 'x');
  for (const std::string& bytes : {std::string("\r\n"), std::string("25\r\n"),
                                   std::string("hello\r\n"), long_line, long_line + "\r\n"}) {
    SmtpReplyReader reader;
    reader.take(bytes);
    const auto reply = reader.next();
    ASSERT_FALSE(reply.ok()) << bytes.substr(0, 20);
    EXPECT_EQ(reply.error().code, "unavailable");
  }
  SmtpReplyReader reader;
  for (int i = 0; i < 99; ++i) reader.take("250-more\r\n");
  EXPECT_TRUE(reader.next().ok()) << "may still end";
  reader.take("250-more\r\n");
  EXPECT_FALSE(reader.next().ok());
}

TEST(SmtpReply, WhatCameBeforeTlsIsForgotten) {
  SmtpReplyReader reader;
  reader.take("250-half of one\r\n250 forged");
  EXPECT_TRUE(reader.next().ok());
  reader.forget();
  reader.take("220 true\r\n");
  const auto reply = reader.next();
  ASSERT_TRUE(reply.ok() && *reply);
  EXPECT_EQ((*reply)->code, 220);
  EXPECT_EQ((*reply)->text, "true");
}

TEST(SmtpReply, O3_NothingButItsCodesIsToldOfAReply) {
  EXPECT_EQ(codes_of({550, "5.1.1 <ada@example.org>: no such user"}), "550 5.1.1");
  EXPECT_EQ(codes_of({550, "<ada@example.org>"}), "550");
  EXPECT_EQ(codes_of({550, "5.1.1\nada"}), "550");
  EXPECT_EQ(codes_of({421, ""}), "421");
}

}  // namespace
}  // namespace accounts
