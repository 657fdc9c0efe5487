#include "net/buffer_pool.h"

#include <gtest/gtest.h>

namespace net {
namespace {

std::string used(char letter, std::size_t bytes = 1000) { return std::string(bytes, letter); }

void give(BufferPool& pool, std::string buffer) { pool.give(buffer); }

TEST(BufferPool, LendsTheMemoryOfTheLastOneEmpty) {
  BufferPool pool;
  std::string buffer = used('a');
  const char* const memory = buffer.data();
  pool.give(buffer);
  EXPECT_TRUE(buffer.empty());
  const std::string lent = pool.take();
  EXPECT_TRUE(lent.empty());
  EXPECT_EQ(lent.data(), memory);
  EXPECT_EQ(pool.size(), 0u);
}

TEST(BufferPool, KeepsNeitherLargeOnesNorTooMany) {
  BufferPool pool;
  give(pool, used('a', BufferPool::kMostBytes + 1));
  EXPECT_EQ(pool.size(), 0u);
  for (std::size_t i = 0; i < BufferPool::kMost + 10; ++i) give(pool, used('a'));
  EXPECT_EQ(pool.size(), BufferPool::kMost);
}

// The memory of a node grew with every HTTP answer until 16 MB a shard were kept.
TEST(BufferPool, WhatNobodyNeedsIsLetGoAndWhatIsNeededStays) {
  BufferPool pool;
  for (int i = 0; i < 100; ++i) give(pool, used('a'));
  pool.trim();  // only now are they known to wait
  EXPECT_EQ(pool.size(), 100u);
  for (int tick = 0; tick < 10; ++tick) {
    std::string lent[3] = {pool.take(), pool.take(), pool.take()};
    for (std::string& one : lent) pool.give(one);
    give(pool, used('b'));  // an answer that began in a buffer of its own
  }
  pool.trim();
  EXPECT_EQ(pool.size(), 13u);  // the three, and the ten that came meanwhile
  for (int tick = 0; tick < 10; ++tick) {
    std::string lent[3] = {pool.take(), pool.take(), pool.take()};
    for (std::string& one : lent) pool.give(one);
  }
  pool.trim();
  EXPECT_EQ(pool.size(), 3u);
  pool.trim();
  EXPECT_EQ(pool.size(), 0u);
}

}  // namespace
}  // namespace net
