// Issue 3 point 6: no allocation in a tick. This program counts every allocation of the process.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "match/test_rabble.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

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

TEST(Allocation, AWorldIsSmall) {
  EXPECT_LE(sizeof(sim::World) + 100 * sizeof(sim::WallState), 40U * 1024U) << "issue 3 point 6";
}

}  // namespace
}  // namespace match
