#include "base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <thread>
#include <vector>

namespace base::log {
namespace {

class LogFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "trespasser-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    dir_ = name;
    options_.dir = dir_ / "logs";
    options_.node = "node-1";
    options_.console = false;
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(dir_);
  }

  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream in(options_.dir / file);
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }

  std::filesystem::path dir_;
  Options options_;
};

std::string line_of(std::string_view event, Fields fields) {
  std::string out;
  append_line(out, 0, Level::info, ",\"node\":\"n\"", event, fields);
  return out;
}

TEST(LogLine, O3_HasTimeLevelEventAndTypedFields) {
  const std::string id = "p1";
  EXPECT_EQ(line_of("player_join", {{"player", id},
                                    {"seat", 3},
                                    {"slot", std::uint8_t{7}},
                                    {"late", true},
                                    {"wait_ms", 1.5}}),
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"node\":\"n\",\"event\":"
            "\"player_join\","
            "\"player\":\"p1\",\"seat\":3,\"slot\":7,\"late\":true,\"wait_ms\":1.5}");
}

TEST(LogLine, O3_NumbersKeepAllTheirDigits) {
  EXPECT_NE(line_of("n", {{"v", std::numeric_limits<std::int64_t>::min()}})
                .find(":-9223372036854775808}"),
            std::string::npos);
  EXPECT_NE(line_of("n", {{"v", std::numeric_limits<std::uint64_t>::max()}})
                .find(":18446744073709551615}"),
            std::string::npos);
  EXPECT_NE(line_of("n", {{"v", std::nan("")}}).find(":null}"), std::string::npos);
  EXPECT_NE(line_of("n", {{"v", std::numeric_limits<double>::infinity()}}).find(":null}"),
            std::string::npos);
}

TEST(LogLine, O3_TextFromTheWireStaysOneValidJsonString) {
  const auto text = [](std::string_view value) {
    std::string out;
    Value(value).append_json(out);
    return out;
  };
  EXPECT_EQ(text("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(text("line\nfeed\r\t\x01"), R"("line\nfeed\r\t\u0001")");
  EXPECT_EQ(text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
  EXPECT_EQ(text("cut off \xe2\x82"), R"("cut off \ufffd\ufffd")");
}

TEST(LogLine, O3_SecretsAreNeverWritten) {
  const std::string line = line_of(
      "login", {{"password", "hunter2"}, {"token", "abc"}, {"email", "a@b.c"}, {"player", "p1"}});
  EXPECT_EQ(line.find("hunter2"), std::string::npos);
  EXPECT_EQ(line.find("abc"), std::string::npos);
  EXPECT_EQ(line.find("a@b.c"), std::string::npos);
  EXPECT_NE(line.find("\"player\":\"p1\""), std::string::npos);
}

TEST_F(LogFiles, O3_EverythingInCombinedErrorsAlsoInErrorLog) {
  ASSERT_TRUE(start(options_).ok());
  info("match_start", {{"lobby", "L1"}});
  error("error", {{"what", "disk"}});
  debug("noise");
  stop();
  const auto combined = lines("combined.log");
  ASSERT_EQ(combined.size(), 2u);
  EXPECT_NE(combined[0].find("\"service\":\"trespasser\",\"node\":\"node-1\",\"event\":\"match_"
                             "start\",\"lobby\":\"L1\""),
            std::string::npos);
  const auto errors = lines("error.log");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0], combined[1]);
}

TEST_F(LogFiles, O3_LevelDecidesWhatIsWritten) {
  options_.level = Level::warn;
  ASSERT_TRUE(start(options_).ok());
  info("quiet");
  warn("loud");
  stop();
  info("after stop");
  EXPECT_EQ(lines("combined.log").size(), 1u);
  EXPECT_EQ(parse_level("debug").value(), Level::debug);
  EXPECT_FALSE(parse_level("verbose").ok());
}

// A disk that takes nothing more: a pipe that nobody reads.
TEST_F(LogFiles, O3_AWriterThatHangsHoldsUpNobodyAndCostsNoMemory) {
  options_.queue_lines = 8;
  std::filesystem::create_directories(options_.dir);
  const std::string pipe = options_.dir / "combined.log";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(start(options_).ok());
  constexpr std::uint64_t kLines = 20'000;
  for (std::uint64_t i = 0; i < kLines; ++i) info("flood", {{"i", i}});  // each returns
  // What a pipe holds, 64 KiB, is less than a thousand lines; the queue holds eight.
  EXPECT_GE(dropped(), kLines - 1'000);
  std::string last;
  std::atomic<bool> done = false;
  std::thread drain([&] {
    std::array<char, 65'536> bytes;
    while (true) {
      const bool end = done;
      const ssize_t got = ::read(reader, bytes.data(), bytes.size());
      if (got > 0) {
        last.append(bytes.data(), static_cast<std::size_t>(got));
      } else if (end) {
        return;
      }
    }
  });
  stop();
  done = true;
  drain.join();
  ::close(reader);
  EXPECT_TRUE(last.ends_with("\"i\":19999}\n")) << "the newest lines are kept";
}

TEST_F(LogFiles, O3_FilesRotateAndOldOnesGo) {
  options_.file_bytes = 2'000;
  options_.files = 2;
  ASSERT_TRUE(start(options_).ok());
  for (int i = 0; i < 100; ++i) info("line", {{"i", i}});
  stop();
  EXPECT_TRUE(std::filesystem::exists(options_.dir / "combined.1.log"));
  EXPECT_TRUE(std::filesystem::exists(options_.dir / "combined.2.log"));
  EXPECT_FALSE(std::filesystem::exists(options_.dir / "combined.3.log"));
  EXPECT_LE(std::filesystem::file_size(options_.dir / "combined.log"), 2'000u);
}

TEST_F(LogFiles, O3_AFolderThatCannotBeMadeIsAnError) {
  std::ofstream(dir_ / "file") << "in the way";
  options_.dir = dir_ / "file" / "logs";
  const auto started = start(options_);
  ASSERT_FALSE(started.ok());
  EXPECT_NE(started.error().message.find("logs"), std::string::npos);
}

}  // namespace
}  // namespace base::log
