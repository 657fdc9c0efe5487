#include "cluster/frames.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cluster {
namespace {

std::vector<std::string> read(std::string_view batch, bool& good) {
  std::vector<std::string> frames;
  good = read_batch(batch, [&](std::string_view from, std::string_view frame) {
    frames.push_back(std::string(from) + ":" + std::string(frame));
  });
  return frames;
}

TEST(Frames, ManyInOneMessage) {
  std::string batch = begin_batch("n1");
  const std::string large(70'000, 'x');
  for (const std::string& frame : {std::string("a\nb"), std::string(), large})
    append_frame(batch, frame);
  bool good = false;
  EXPECT_EQ(read(batch, good), (std::vector<std::string>{"n1:a\nb", "n1:", "n1:" + large}));
  EXPECT_TRUE(good);
}

TEST(Frames, CutAnywhereIsFoundOut) {
  std::string batch = begin_batch("n1");
  append_frame(batch, "hello");
  append_frame(batch, "world");
  const std::size_t second = 3 + 4 + 5;
  for (std::size_t size = 0; size < batch.size(); ++size) {
    bool good = false;
    const auto frames = read(std::string_view(batch).substr(0, size), good);
    EXPECT_EQ(good, size == 3 || size == second) << size;
    EXPECT_EQ(frames.size(), size >= second ? 1u : 0u) << size;
  }
}

}  // namespace
}  // namespace cluster
