// Issue 3 point 6: no allocation in a tick. This program counts every allocation of the process.

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "match/test_rabble.h"
#include "match/testing_walkers.h"

namespace {

std::atomic<std::uint64_t> allocations{0};
std::atomic<std::int64_t> live_bytes{0};  // as the allocator counts them, its own padding included

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  live_bytes.fetch_add(static_cast<std::int64_t>(malloc_usable_size(memory)),
                       std::memory_order_relaxed);
  return memory;
}

void given_back(void* memory) {
  if (memory != nullptr)
    live_bytes.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)),
                         std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { given_back(memory); }
void operator delete[](void* memory) noexcept { given_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { given_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { given_back(memory); }

namespace match {
namespace {

TEST(Allocation, AWarmTickAllocatesNothing) {
  Settings settings;
  settings.kill_limit = 60000;
  Match match(test::field(), settings, 21);
  test::Rabble rabble(21);
  for (int i = 0; i < 500; ++i) match.step(rabble.next(match.world()));
  std::uint64_t in_steps = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto& commands = rabble.next(match.world());
    const std::uint64_t before = allocations.load();
    match.step(commands);
    in_steps += allocations.load() - before;
  }
  EXPECT_EQ(in_steps, 0U);
  const std::uint64_t before = allocations.load();
  std::vector<int> proof(10);
  EXPECT_EQ(allocations.load(), before + 1) << "the counter works, " << proof.size();
}

// Issue 3 point 6: the world of a lobby takes at most 40 KB: the match object and all it holds on
// the heap after eight players have fought in it for a while. The map is shared by all lobbies.
TEST(Allocation, AWorldOfEightIsAtMost40KbOnEveryShippedMap) {
  for (const char* name : {"depot", "foundry", "gardens"}) {
    const auto map = testing::load_map(std::string(TRESPASSER_SOURCE_DIR) + "/maps", name);
    ASSERT_NE(map, nullptr) << name;
    Settings settings;
    settings.kill_limit = 60000;
    test::Rabble rabble(33);
    const std::int64_t before = live_bytes.load();
    const auto match = std::make_unique<Match>(map, settings, 33);
    for (int i = 0; i < 3000; ++i) {
      match->step(rabble.next(match->world()));
      if (i % 100 == 0) match->polygon(static_cast<Slot>(i / 100 % 8));
    }
    const std::int64_t bytes = live_bytes.load() - before;
    std::printf("%s: the world of 8 takes %lld bytes\n", name, static_cast<long long>(bytes));
    RecordProperty(std::string("bytes_") + name, std::to_string(bytes));
    EXPECT_GT(bytes, static_cast<std::int64_t>(sizeof(Match))) << "all of it is counted";
    EXPECT_LE(bytes, 40 * 1024) << name;
  }
}

}  // namespace
}  // namespace match
