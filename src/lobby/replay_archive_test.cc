#include "lobby/replay_archive.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

namespace lobby {
namespace {

namespace fs = std::filesystem;

class ReplayArchiveTest : public ::testing::Test {
 protected:
  ReplayArchiveTest() {
    folder_ = fs::path(::testing::TempDir()) / ("replays_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~ReplayArchiveTest() override { fs::remove_all(folder_); }

  // Of the folder, in this process.
  int open_files() const {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code ignored;  // closed meanwhile
      count += fs::read_symlink(entry.path(), ignored).string().starts_with(folder_.string());
    }
    return count;
  }
  // Whether it comes true in time.
  static bool comes(const std::function<bool()>& condition) {
    for (int i = 0; i < 2'000 && !condition(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return condition();
  }

  fs::path folder_;
};

TEST_F(ReplayArchiveTest, pieces_become_one_file_in_order) {
  const std::vector<std::uint8_t> first(50'000, 7);
  const std::vector<std::uint8_t> second{1, 2, 3};
  {
    ReplayArchive archive({.folder = folder_});
    EXPECT_TRUE(archive.append("m1", first, false));
    EXPECT_TRUE(archive.append("m1", second, true));
  }
  const auto bytes = read_replay_file(folder_ / "m1.replay");
  ASSERT_TRUE(bytes.ok());
  ASSERT_EQ(bytes->size(), first.size() + second.size());
  EXPECT_EQ(bytes->back(), 3);
}

TEST_F(ReplayArchiveTest, the_oldest_give_way_when_the_folder_is_too_large) {
  for (int i = 0; i < 4; ++i) {
    ReplayArchive archive({.folder = folder_});
    std::vector<std::uint8_t> noise(10'000);
    for (std::size_t k = 0; k < noise.size(); ++k)
      noise[k] = static_cast<std::uint8_t>(k * k * 31 + k / 7);
    archive.append("m" + std::to_string(i), noise, true);
  }
  for (int i = 0; i < 4; ++i) {
    fs::last_write_time(folder_ / ("m" + std::to_string(i) + ".replay"),
                        fs::file_time_type::clock::now() - std::chrono::minutes(10 - i));
  }
  const std::uint64_t one = fs::file_size(folder_ / "m3.replay");
  {
    ReplayArchive archive({.folder = folder_, .max_bytes = 2 * one + one / 2});
    archive.append("m9", {}, true);
  }
  EXPECT_FALSE(fs::exists(folder_ / "m0.replay"));
  EXPECT_FALSE(fs::exists(folder_ / "m1.replay"));
  EXPECT_TRUE(fs::exists(folder_ / "m3.replay"));
}

TEST_F(ReplayArchiveTest, refuses_what_the_disk_cannot_follow) {
  ReplayArchive archive({.folder = folder_, .max_waiting = 10});
  EXPECT_FALSE(archive.append("m1", std::vector<std::uint8_t>(11), false));
}

TEST_F(ReplayArchiveTest, what_is_abandoned_is_closed_and_removed) {
  ReplayArchive archive({.folder = folder_});
  EXPECT_TRUE(archive.append("m1", std::vector<std::uint8_t>(100, 1), false));
  EXPECT_TRUE(comes([&] { return open_files() == 1; }));
  archive.abandon("m1");
  archive.abandon("never begun");
  EXPECT_TRUE(comes([&] { return open_files() == 0 && fs::is_empty(folder_); }));
}

TEST_F(ReplayArchiveTest, what_is_refused_in_the_middle_is_closed_and_removed) {
  ReplayArchive archive({.folder = folder_, .max_waiting = 10});
  EXPECT_TRUE(archive.append("m1", std::vector<std::uint8_t>(5, 1), false));
  EXPECT_TRUE(comes([&] { return open_files() == 1; }));
  EXPECT_FALSE(archive.append("m1", std::vector<std::uint8_t>(11, 2), false));
  EXPECT_TRUE(comes([&] { return open_files() == 0 && fs::is_empty(folder_); }));
}

TEST_F(ReplayArchiveTest, one_that_has_lost_a_piece_does_not_go_on_as_another) {
  fs::create_directories(folder_ / "m1.replay.part");  // in its way
  {
    ReplayArchive archive({.folder = folder_});
    EXPECT_TRUE(archive.append("m1", std::vector<std::uint8_t>(5, 1), false));
    EXPECT_TRUE(archive.append("m2", std::vector<std::uint8_t>(5, 2), true));
    EXPECT_TRUE(comes([&] { return fs::exists(folder_ / "m2.replay"); }));
    fs::remove(folder_ / "m1.replay.part");
    EXPECT_TRUE(archive.append("m1", std::vector<std::uint8_t>(5, 3), true));
  }
  EXPECT_FALSE(fs::exists(folder_ / "m1.replay"));
}

}  // namespace
}  // namespace lobby
