#include "app/drain.h"

#include <gtest/gtest.h>

#include <csignal>
#include <deque>

namespace app {
namespace {

// Signals come one a look; a look takes a second.
struct Script {
  std::deque<int> signals;
  int empty_after = 1000;  // looks from the drain on
  int wanted_at = -1;      // which look
  int looks = 0;
  int drains = 0;
  int reloads = 0;
  int looks_in_drain = 0;

  Ending run(int limit_s) {
    Lifetime life;
    life.next_signal = [this](std::chrono::milliseconds) {
      ++looks;
      if (signals.empty()) return 0;
      const int signal = signals.front();
      signals.pop_front();
      return signal;
    };
    life.drain_wanted = [this] { return wanted_at >= 0 && looks >= wanted_at; };
    life.reload = [this] { ++reloads; };
    life.drain = [this] { ++drains; };
    life.empty = [this] { return ++looks_in_drain > empty_after; };
    life.now = [this] {
      return std::chrono::steady_clock::time_point{} + std::chrono::seconds(looks);
    };
    return wait_for_end(life, std::chrono::seconds(limit_s));
  }
};

TEST(Drain, C5_ASignalDrainsAndTheEmptyNodeEnds) {
  Script script{.signals = {0, 0, SIGTERM}, .empty_after = 5};
  EXPECT_EQ(script.run(1200), Ending::drained);
  EXPECT_EQ(script.drains, 1);
  EXPECT_EQ(script.looks, 8);
}

TEST(Drain, C5_TheSecondSignalEndsIt) {
  for (const int second : {SIGTERM, SIGINT}) {
    Script script{.signals = {SIGTERM, 0, 0, second}};
    EXPECT_EQ(script.run(1200), Ending::second_signal);
    EXPECT_EQ(script.drains, 1);
    EXPECT_EQ(script.looks, 4);
  }
}

TEST(Drain, C5_TheLimitEndsIt) {
  Script script{.signals = {SIGTERM}};
  EXPECT_EQ(script.run(20), Ending::limit);
  EXPECT_EQ(script.looks, 21);
}

TEST(Drain, C5_WithoutALimitTheFirstSignalStops) {
  Script script{.signals = {0, SIGINT}};
  EXPECT_EQ(script.run(0), Ending::at_once);
  EXPECT_EQ(script.drains, 0);
}

TEST(Drain, C5_AnOperatorsWordDrainsHoweverOftenItIsSaid) {
  Script heard{.signals = {}, .empty_after = 3, .wanted_at = 4};
  EXPECT_EQ(heard.run(1200), Ending::drained);
  EXPECT_EQ(heard.drains, 1);
  Script told{.signals = {SIGUSR1, SIGUSR1, SIGUSR1}, .empty_after = 3};
  EXPECT_EQ(told.run(1200), Ending::drained);
  EXPECT_EQ(told.drains, 1);
  Script then{.signals = {SIGUSR1, 0, SIGTERM}};
  EXPECT_EQ(then.run(1200), Ending::second_signal);
}

TEST(Drain, TheCertificateIsReadAgainAtAnyTime) {
  Script script{.signals = {SIGHUP, SIGTERM, SIGHUP}, .empty_after = 3};
  EXPECT_EQ(script.run(1200), Ending::drained);
  EXPECT_EQ(script.reloads, 2);
}

}  // namespace
}  // namespace app
