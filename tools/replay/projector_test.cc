#include "replay/projector.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "match/testing_walkers.h"

namespace replay_tool {
namespace {

const std::string kMapFolder = std::string(TRESPASSER_SOURCE_DIR) + "/maps";

struct Recorded {
  Maps maps;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint64_t> hashes;  // after each tick
};

Recorded record(match::Tick ticks, bool another_way = false) {
  Recorded made;
  for (const char* name : {"depot", "foundry"})
    made.maps.push_back(match::testing::load_map(kMapFolder, name));
  match::ReplayHeader header;
  header.map_hash = match::map_hash(*made.maps[1]);
  header.map_name = "foundry";
  match::Match match(made.maps[1], header.settings, header.seed + (another_way ? 1 : 0));
  match::testing::Walkers walkers(1);
  match::Recorder recorder(header);
  recorder.name(0, "Ada");
  for (match::Tick tick = 0; tick < ticks; ++tick) {
    const auto& commands = walkers.next(match.world());
    match.step(commands);
    recorder.tick(commands, match);
    made.hashes.push_back(match.hash());
  }
  recorder.finish(match);
  made.bytes.assign(recorder.bytes().begin(), recorder.bytes().end());
  return made;
}

std::unique_ptr<Projector> open(const Recorded& recorded) {
  auto opened = Projector::open(recorded.bytes, recorded.maps);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return std::move(*opened);
}

// All of the film from its beginning, in pieces.
std::string film_of(Projector& projector, match::Tick from, match::Tick piece) {
  std::string film;
  EXPECT_TRUE(projector.cue(from, film).ok());
  while (*projector.roll(piece, film)) {
  }
  return film;
}

std::vector<std::string> lines_of(const std::string& film) {
  std::vector<std::string> lines;
  std::istringstream in(film);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Projector, VerifiesInPiecesEveryHashThatWasRecorded) {
  const Recorded recorded = record(1500);
  const auto projector = open(recorded);
  EXPECT_EQ(projector->ticks(), 1500u);
  EXPECT_EQ(projector->map().name, "foundry");
  match::Tick seen = 0;
  bool more = true;
  while (more) {
    more = *projector->verify(77);
    if (projector->verified() == seen) continue;
    seen = projector->verified();
    EXPECT_EQ(projector->hash(), recorded.hashes[seen - 1]) << seen;
  }
  EXPECT_EQ(seen, 1500u);
  EXPECT_EQ(projector->hashes_compared(), 1500u / match::kReplayHashEvery + 1);
  EXPECT_FALSE(projector->differs_at());
  EXPECT_FALSE(*projector->verify(1));
}

TEST(Projector, TellsWhereAMatchWentAnotherWayAndPlaysItAllTheSame) {
  const auto projector = open(record(600, true));
  while (*projector->verify(100)) {
  }
  ASSERT_TRUE(projector->differs_at());
  EXPECT_EQ(*projector->differs_at(), 1u);
  EXPECT_EQ(projector->verified(), 600u);
}

TEST(Projector, AFilmFromAnyMomentIsTheEndOfTheWholeFilm) {
  const auto projector = open(record(2000));
  const std::vector<std::string> whole = lines_of(film_of(*projector, 0, 100));
  ASSERT_GT(whole.size(), 600u);
  ASSERT_TRUE(whole[0].starts_with("{\"film\":1,\"map\":\"foundry\""));
  while (*projector->verify(500)) {
  }
  for (const match::Tick moment : {0u, 1019u, 1020u, 1500u, 1999u, 5000u}) {
    std::string head;
    const match::Tick begin = *projector->cue(moment, head);
    EXPECT_EQ(begin % kKeyframeEvery, 0u);
    EXPECT_TRUE(begin == 0 || begin + kProjectorLead <= moment) << begin;
    EXPECT_GE(begin + kProjectorLead + kKeyframeEvery, std::min(moment, 2000u)) << begin;
    const std::string part = film_of(*projector, moment, 33);
    const std::vector<std::string> lines = lines_of(film_of(*projector, moment, 33));
    ASSERT_GT(lines.size(), 2u);
    ASSERT_LE(lines.size(), whole.size());
    // What flies at the beginning is told anew there; it has landed when the lead is over.
    std::size_t compared = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      if (begin > 0 && std::stoul(lines[i].substr(5)) < begin + kProjectorLead) continue;
      ASSERT_EQ(lines[i], whole[whole.size() - lines.size() + i]) << moment << ' ' << i;
      ++compared;
    }
    EXPECT_GT(compared, 0u) << moment;
  }
}

TEST(Projector, TheEndStaysTheEnd) {
  const auto projector = open(record(100));
  std::string film;
  EXPECT_FALSE(*projector->roll(10, film));  // nothing was begun
  ASSERT_TRUE(projector->cue(0, film).ok());
  EXPECT_TRUE(*projector->roll(100, film));
  film.clear();
  for (int again = 0; again < 3; ++again) EXPECT_FALSE(*projector->roll(10, film));
  EXPECT_EQ(film, "");
  EXPECT_EQ(projector->rolled(), 100u);
}

TEST(Projector, AnUnverifiedMomentIsReachedFromTheLastStateKept) {
  const auto projector = open(record(1500));
  std::string film;
  EXPECT_EQ(*projector->cue(1400, film), 0u);
  while (*projector->verify(500)) {
  }
  film.clear();
  EXPECT_EQ(*projector->cue(1400, film), 600u);
}

TEST(Projector, FindsTheDeaths) {
  const auto projector = open(record(3600));
  std::size_t deaths = 0;
  while (*projector->verify(600)) {
    for (const Projector::Death& death : projector->take_deaths()) {
      ++deaths;
      EXPECT_LE(death.tick, projector->verified());
      EXPECT_LT(death.victim, sim::kMaxPlayers);
    }
  }
  EXPECT_GT(deaths, 0u);
}

TEST(Projector, RefusesWhatItCannotShow) {
  Recorded recorded = record(100);
  EXPECT_EQ(Projector::open(recorded.bytes, {recorded.maps[0]}).error().code, "not_found");
  for (std::size_t length = 0; length < recorded.bytes.size(); length += 7) {
    const std::vector<std::uint8_t> cut(
        recorded.bytes.begin(), recorded.bytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(Projector::open(cut, recorded.maps).error().code, "invalid") << length;
  }
  recorded.bytes[4] = 2;
  EXPECT_EQ(Projector::open(recorded.bytes, recorded.maps).error().message,
            "this replay is of another version");
}

// A hostile file may ask for days of nothing at a byte a tick.
TEST(Projector, RefusesAnEndlessReplay) {
  Recorded recorded = record(1);
  recorded.bytes.resize(recorded.bytes.size() + 2'000'000);
  const auto opened = Projector::open(recorded.bytes, recorded.maps);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, "invalid");
}

}  // namespace
}  // namespace replay_tool
