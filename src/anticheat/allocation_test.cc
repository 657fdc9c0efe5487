// Nothing is allocated while a match is watched. This program counts every allocation.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "anticheat/watch.h"
#include "match/test_rabble.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace anticheat {
namespace {

// Players who send everything there is, sensible or not.
TEST(WatchAllocation, S4_WatchingAllocatesNothing) {
  match::Settings settings;
  settings.kill_limit = 60'000;
  match::Match match(match::test::field(), settings, 21);
  match::test::Rabble rabble(21);
  Watch watch;
  std::uint64_t in_watch = 0;
  std::size_t found = 0;
  for (int tick = 0; tick < 4000; ++tick) {
    const auto& commands = rabble.next(match.world());
    match.step(commands);
    const std::uint64_t before = allocations.load();
    for (const sim::Command& command : commands) watch.heard(command, match.world().tick);
    watch.stepped(match, 0xff);
    found += watch.findings().size();
    watch.clear();
    in_watch += allocations.load() - before;
  }
  EXPECT_EQ(in_watch, 0u);
  EXPECT_GT(found, 0u) << "the rabble floods";
}

TEST(WatchAllocation, AWatchIsSmall) { EXPECT_LE(sizeof(Watch), 24U * 1024U); }

}  // namespace
}  // namespace anticheat
