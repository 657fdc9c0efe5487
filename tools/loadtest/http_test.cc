#include "loadtest/http.h"

#include <gtest/gtest.h>

namespace loadtest {
namespace {

TEST(Http, RequestsHaveWhatAServerNeeds) {
  const std::string post = post_request("game:1", "/api/auth/login", "{\"a\":1}");
  EXPECT_TRUE(post.starts_with("POST /api/auth/login HTTP/1.1\r\nHost: game:1\r\n"));
  EXPECT_NE(post.find("Content-Length: 7\r\n"), std::string::npos);
  EXPECT_TRUE(post.ends_with("\r\n\r\n{\"a\":1}"));
  EXPECT_EQ(get_request("game:1", "/metrics", "").find("Authorization"), std::string::npos);
  EXPECT_NE(get_request("game:1", "/metrics", "word").find("Authorization: Bearer word\r\n"),
            std::string::npos);
}

TEST(Http, AnAnswerIsTakenWhenItIsWhole) {
  const std::string whole =
      "HTTP/1.1 429 Too Many\r\nRETRY-AFTER: 17\r\ncontent-length: 4\r\n\r\nbody";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = parse_response(std::string_view(whole).substr(0, size));
    ASSERT_TRUE(part);
    EXPECT_FALSE(part->has_value()) << size;
  }
  const std::string two = whole + "more";
  const auto answer = parse_response(two);
  ASSERT_TRUE(answer && answer->has_value());
  EXPECT_EQ((*answer)->status, 429);
  EXPECT_EQ((*answer)->retry_after, 17);
  EXPECT_EQ((*answer)->body, "body");
  EXPECT_EQ((*answer)->size, whole.size());
}

TEST(Http, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(parse_response("SSH-2.0\r\n\r\n"));
  EXPECT_FALSE(parse_response("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_FALSE(parse_response("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"));
}

}  // namespace
}  // namespace loadtest
