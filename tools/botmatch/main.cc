// Plays whole matches of bots without a server and prints how they went: for tuning bots and maps,
// and to see what a tick costs.
//
//   trespasser-botmatch --maps maps --map foundry --seeds 10 --red hard --blue easy --players 8
//   --kills 50 --minutes 15 --record FOLDER
//
// With --record each match is kept as FOLDER/seed-<n>.replay, like those of a server.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/flags.h"
#include "lobby/bot.h"
#include "lobby/map_pool.h"
#include "lobby/replay_file.h"
#include "match/match.h"
#include "match/replay.h"
#include "sim/weapons.h"

namespace {

struct Options {
  std::string maps = "maps";
  std::string map = "foundry";
  std::string red = "normal";
  std::string blue = "normal";
  int seeds = 5;
  int first_seed = 1;
  int players = 8;
  int kills = 50;
  int minutes = 15;
  std::string record;  // a folder, empty: nothing is recorded
};

struct Tally {
  std::array<int, sim::kWeaponCount> shots{};
  std::array<int, sim::kWeaponCount> kills{};
  int hits = 0;
  int bullets = 0;
  std::array<int, sim::kWeaponCount> own{};  // team mates and oneself
  int opened = 0;
  double think_seconds = 0.0;
  double step_seconds = 0.0;
};

int usage(const base::Error& error) {
  std::fprintf(
      stderr,
      "%s\nusage: trespasser-botmatch [--maps FOLDER] [--map NAME] [--seeds N] [--first-seed "
      "N] [--red SKILL]\n"
      "         [--blue SKILL] [--players 2..8] [--kills N] [--minutes N]\n"
      "         [--record FOLDER]      SKILL: easy, normal, hard\n",
      error.message.c_str());
  return 2;
}

base::Result<void> read_options(int argc, char** argv, Options& options) {
  auto read = base::read_flags(argc, argv,
                               {{"--maps", &options.maps},
                                {"--map", &options.map},
                                {"--red", &options.red},
                                {"--blue", &options.blue},
                                {"--seeds", &options.seeds},
                                {"--first-seed", &options.first_seed},
                                {"--players", &options.players},
                                {"--kills", &options.kills},
                                {"--minutes", &options.minutes},
                                {"--record", &options.record}});
  if (!read) return read;
  const bool good = options.players >= 2 && options.players <= sim::kMaxPlayers &&
                    options.kills > 0 && lobby::bot_skill_from(options.red) &&
                    lobby::bot_skill_from(options.blue);
  return good ? read : base::Error{"invalid", "players, kills or skills out of their range"};
}

bool single_bullet(sim::WeaponId weapon) {
  return sim::weapon_info(weapon).kind == sim::WeaponKind::hitscan &&
         weapon != sim::WeaponId::shotgun;
}

void count(const match::Match& match, Tally& tally) {
  for (const sim::Event& event : match.events()) {
    const auto weapon = static_cast<std::size_t>(event.weapon);
    if (event.kind == sim::EventKind::shot_fired) {
      ++tally.shots[weapon];
      if (single_bullet(event.weapon)) ++tally.bullets;
    } else if (event.kind == sim::EventKind::shot_hit && event.other != sim::kNoSlot) {
      if (single_bullet(event.weapon)) ++tally.hits;
    } else if (event.kind == sim::EventKind::player_died) {
      ++tally.kills[weapon];
      if (event.team == event.team2) ++tally.own[weapon];
    } else if (event.kind == sim::EventKind::wall_destroyed) {
      ++tally.opened;
    }
  }
}

base::Result<void> keep(match::Recorder& recorder, const match::Match& match,
                        const Options& options, std::uint64_t seed) {
  recorder.finish(match);
  auto file = lobby::ReplayFile::create(options.record, "seed-" + std::to_string(seed));
  if (!file) return file.error();
  if (auto written = file->append(recorder.bytes()); !written) return written.error();
  return file->finish();
}

base::Result<void> play(const std::shared_ptr<const sim::Map>& map, const Options& options,
                        std::uint64_t seed, Tally& tally) {
  using Clock = std::chrono::steady_clock;
  match::Settings settings;
  settings.kill_limit = static_cast<std::uint16_t>(options.kills);
  settings.time_limit = static_cast<sim::Tick>(options.minutes * 60 * sim::kTickRate);
  match::Match match(map, settings, seed);
  match::Recorder recorder({.seed = seed,
                            .map_hash = match::map_hash(*map),
                            .map_name = map->name,
                            .settings = settings,
                            .initial = {}});
  const auto navigation = std::make_shared<lobby::Navigation>();
  std::vector<lobby::Bot> bots;
  for (int slot = 0; slot < options.players; ++slot) {
    const bool red = slot % 2 == 0;
    bots.emplace_back(seed * 1000 + static_cast<unsigned>(slot), red ? options.red : options.blue,
                      navigation);
    recorder.name(static_cast<sim::Slot>(slot), "Bot " + std::to_string(slot + 1));
    bots.back().ask_for(red ? sim::Team::red : sim::Team::blue);
  }
  std::vector<sim::Command> commands(1);
  commands[0].kind = sim::CommandKind::start;
  double think = 0.0;
  double step = 0.0;
  while (match.phase() != match::Phase::over) {
    const auto begin = Clock::now();
    for (std::size_t slot = 0; slot < bots.size(); ++slot) {
      bots[slot].think(match, static_cast<sim::Slot>(slot), commands);
    }
    const auto middle = Clock::now();
    match.step(commands);
    const auto end = Clock::now();
    if (!options.record.empty()) recorder.tick(commands, match);
    think += std::chrono::duration<double>(middle - begin).count();
    step += std::chrono::duration<double>(end - middle).count();
    count(match, tally);
    commands.clear();
  }
  const match::Outcome& outcome = *match.outcome();
  const double ticks = match.world().tick;
  std::printf(
      "%-10s seed %-4llu red %3d blue %3d  %5.1f s a kill, %6.1f s simulated; %5.2f us a bot tick, "
      "%5.2f us a step\n",
      map->name.c_str(), static_cast<unsigned long long>(seed), outcome.red, outcome.blue,
      ticks / sim::kTickRate / std::max(1, outcome.red + outcome.blue), ticks / sim::kTickRate,
      think / ticks / static_cast<double>(bots.size()) * 1e6, step / ticks * 1e6);
  tally.think_seconds += think;
  tally.step_seconds += step;
  return options.record.empty() ? base::Result<void>{} : keep(recorder, match, options, seed);
}

void print(const Tally& tally) {
  std::printf("bullets (no pellets) that hit a player: %.0f %%, slices opened: %d\n",
              100.0 * tally.hits / std::max(1, tally.bullets), tally.opened);
  for (std::size_t i = 1; i < tally.shots.size(); ++i) {
    if (tally.shots[i] == 0) continue;
    std::printf("  %-18s %6d shots %5d deaths, %d of them of team mates or oneself\n",
                std::string(sim::weapon_name(static_cast<sim::WeaponId>(i))).c_str(),
                tally.shots[i], tally.kills[i], tally.own[i]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (const auto read = read_options(argc, argv, options); !read) return usage(read.error());
  const auto pool = lobby::MapPool::load(options.maps, options.map);
  if (!pool) {
    std::fprintf(stderr, "%s\n", pool.error().message.c_str());
    return 1;
  }
  Tally tally;
  for (int i = 0; i < options.seeds; ++i) {
    const auto played = play(pool->default_map(), options,
                             static_cast<std::uint64_t>(options.first_seed + i), tally);
    if (!played) {
      std::fprintf(stderr, "%s\n", played.error().message.c_str());
      return 1;
    }
  }
  print(tally);
  return 0;
}
