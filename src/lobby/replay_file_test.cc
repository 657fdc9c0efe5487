#include "lobby/replay_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "match/replay.h"
#include "match/testing_walkers.h"

namespace lobby {
namespace {

namespace fs = std::filesystem;
using sim::Tick;

class ReplayFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("trespasser_replay_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::vector<std::uint8_t> bytes(std::size_t count) {
    std::vector<std::uint8_t> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<std::uint8_t>(i * i >> 3u);
    return result;
  }

  fs::path folder_;
};

TEST_F(ReplayFileTest, PiecesComeBackAsOne) {
  auto file = ReplayFile::create(folder_ / "replays", "m-1_a");
  ASSERT_TRUE(file.ok()) << file.error().message;
  const auto all = bytes(100'000);
  const std::span<const std::uint8_t> view(all);
  ASSERT_TRUE(file->append(view.first(kReplayPiece)).ok());
  ASSERT_TRUE(file->append({}).ok());
  ASSERT_TRUE(file->append(view.subspan(kReplayPiece)).ok());
  EXPECT_FALSE(fs::exists(folder_ / "replays" / "m-1_a.replay"));
  ASSERT_TRUE(file->finish().ok());
  const auto read = read_replay_file(folder_ / "replays" / "m-1_a.replay");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, all);
}

TEST_F(ReplayFileTest, NamesCannotLeaveTheFolder) {
  for (const char* name : {"", "../x", "a/b", "a.b"}) {
    const auto file = ReplayFile::create(folder_, name);
    ASSERT_FALSE(file.ok()) << name;
    EXPECT_EQ(file.error().code, "invalid");
  }
}

TEST_F(ReplayFileTest, DamageAndCutsAreErrors) {
  auto file = ReplayFile::create(folder_, "x");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->append(bytes(5000)).ok());
  ASSERT_TRUE(file->finish().ok());
  std::ifstream stream(folder_ / "x.replay", std::ios::binary);
  const std::vector<std::uint8_t> packed{std::istreambuf_iterator<char>(stream), {}};
  ASSERT_TRUE(unpack_replay(packed).ok());
  for (std::size_t length = 0; length < packed.size(); ++length) {
    const auto cut = unpack_replay(std::span(packed).first(length));
    ASSERT_FALSE(cut.ok()) << length;
    EXPECT_EQ(cut.error().code, "invalid");
  }
  auto wrong = packed;
  wrong[0] ^= 1;
  EXPECT_FALSE(unpack_replay(wrong).ok());
  auto trailed = packed;
  trailed.push_back(7);
  EXPECT_FALSE(unpack_replay(trailed).ok());
}

TEST_F(ReplayFileTest, BombsAreRefused) {
  auto file = ReplayFile::create(folder_, "bomb");
  ASSERT_TRUE(file.ok());
  const std::vector<std::uint8_t> zeros(kMaxReplayBytes / 4, 0);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(file->append(zeros).ok());
  ASSERT_TRUE(file->finish().ok());
  EXPECT_LT(fs::file_size(folder_ / "bomb.replay"), 100'000u);
  const auto read = read_replay_file(folder_ / "bomb.replay");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, "invalid");
}

TEST_F(ReplayFileTest, MissingFileAndFolder) {
  EXPECT_EQ(read_replay_file(folder_ / "none.replay").error().code, "not_found");
  EXPECT_EQ(*remove_old_replays(folder_, std::chrono::hours(1)), 0u);
}

TEST_F(ReplayFileTest, OldOnesGoAndNothingElse) {
  for (const char* name : {"old", "new"}) {
    auto file = ReplayFile::create(folder_, name);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->append(bytes(10)).ok());
    ASSERT_TRUE(file->finish().ok());
  }
  {
    auto left_by_a_crash = ReplayFile::create(folder_, "crashed");
  }
  std::ofstream(folder_ / "notes.txt") << "stays";
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(48);
  for (const char* name : {"old.replay", "crashed.replay.part", "notes.txt"}) {
    fs::last_write_time(folder_ / name, long_ago);
  }
  EXPECT_EQ(*remove_old_replays(folder_, std::chrono::hours(24)), 2u);
  EXPECT_TRUE(fs::exists(folder_ / "new.replay"));
  EXPECT_TRUE(fs::exists(folder_ / "notes.txt"));
  EXPECT_FALSE(fs::exists(folder_ / "old.replay"));
  EXPECT_FALSE(fs::exists(folder_ / "crashed.replay.part"));
}

// Issue 3 point 5: at most 1.5 KB a second for eight players, here ones whose mice never rest.
TEST_F(ReplayFileTest, EightPlayersNeedLessThan1500BytesASecond) {
  constexpr Tick kLength = 180 * sim::kTickRate;
  const auto map =
      match::testing::load_map(std::string(TRESPASSER_SOURCE_DIR) + "/maps", "foundry");
  ASSERT_NE(map, nullptr);
  match::ReplayHeader header;
  header.settings.kill_limit = 0xffff;
  header.map_hash = match::map_hash(*map);
  match::Match match(map, header.settings, header.seed);
  match::testing::Walkers walkers(1);
  match::Recorder recorder(header);
  auto file = ReplayFile::create(folder_, "rate");
  ASSERT_TRUE(file.ok());
  for (Tick tick = 0; tick < kLength; ++tick) {
    const auto& commands = walkers.next(match.world());
    match.step(commands);
    recorder.tick(commands, match);
    if (recorder.bytes().size() >= kReplayPiece) {
      ASSERT_TRUE(file->append(recorder.bytes()).ok());
      recorder.drop();
    }
  }
  recorder.finish(match);
  ASSERT_TRUE(file->append(recorder.bytes()).ok());
  ASSERT_TRUE(file->finish().ok());
  const auto rate = fs::file_size(folder_ / "rate.replay") / (kLength / sim::kTickRate);
  RecordProperty("bytes_per_second", static_cast<int>(rate));
  EXPECT_LE(rate, 1500u);
  const auto read = read_replay_file(folder_ / "rate.replay");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*match::verify_replay(*read, map), kLength);
}

}  // namespace
}  // namespace lobby
