#include "api/machine_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/random.h"

namespace api {
namespace {

bool becomes(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

TEST(MachineWatchTest, O2_counts_the_descriptors_that_are_open) {
  const ProcessFigures before = process_figures();
  std::vector<int> opened;
  for (int i = 0; i < 10; ++i) opened.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const ProcessFigures after = process_figures();
  for (const int fd : opened) ::close(fd);
  EXPECT_EQ(after.open_descriptors, before.open_descriptors + 10);
  EXPECT_GT(before.most_descriptors, before.open_descriptors);
  EXPECT_GT(before.resident_bytes, 1'000'000u);
  EXPECT_GE(after.cpu_seconds, before.cpu_seconds);
}

TEST(MachineWatchTest, O1_descriptors_are_short_at_95_of_100) {
  const auto of = [](std::uint64_t open, std::uint64_t most) {
    ProcessFigures figures;
    figures.open_descriptors = open;
    figures.most_descriptors = most;
    return figures;
  };
  EXPECT_FALSE(nearly_out_of_descriptors(of(94, 100)));
  EXPECT_TRUE(nearly_out_of_descriptors(of(95, 100)));
  EXPECT_TRUE(nearly_out_of_descriptors(of(64, 64)));
  EXPECT_FALSE(nearly_out_of_descriptors(of(1000, ~std::uint64_t{0}))) << "no limit";
}

TEST(MachineWatchTest, O1_a_folder_that_cannot_be_written_is_ill_and_gets_well_again) {
  const auto folder = std::filesystem::temp_directory_path() / ("disk-" + base::secure_id());
  std::filesystem::create_directories(folder);
  {
    const DiskWatch watch(folder);
    ASSERT_TRUE(becomes([&] { return watch.state().size_bytes > 0; }));
    EXPECT_TRUE(watch.state().ok);
    EXPECT_GT(watch.state().free_bytes, 0u);
    std::filesystem::remove_all(folder);
    EXPECT_TRUE(becomes([&] { return !watch.state().ok; }));
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(becomes([&] { return watch.state().ok; }));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace api
