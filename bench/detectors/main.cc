// Labelled matches for the detectors of S4: honest players of several skills, some with a hand's
// faults, and players with a cheat each. Everything is computed from the seeds, so that the numbers
// are the same on every machine.
//
//   bench-detectors [--maps FOLDER] [--first-seed N] [--honest N] [--cheats N] [--minutes N]
//                   [--threads N]
//
// N matches of eight honest players, and N of each cheat: one cheat a team among honest players.
// Prints JSON: by role, player-matches, those in which each kind was found, and how its aim looked.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "anticheat/watch.h"
#include "base/flags.h"
#include "cheat.h"
#include "line.h"
#include "lobby/map_pool.h"
#include "lobby/seat.h"
#include "lobby/view_delay.h"
#include "match/match.h"

namespace {

using namespace detectors;

constexpr std::array<const char*, 3> kMaps = {"depot", "foundry", "gardens"};

struct Options {
  std::string maps = "maps";
  std::uint64_t first_seed = 1;
  int honest = 40;
  int cheats = 10;
  int minutes = 5;
  int threads = 2;
};

struct Shares {  // of observations with a yes
  std::uint64_t seen = 0;
  std::uint64_t agreed = 0;
  double highest = 0.0;  // level of a scale at the end
  void add(const anticheat::Scale& scale) {
    seen += scale.seen();
    agreed += scale.agreed();
    highest = std::max(highest, scale.level());
  }
};

struct RoleTally {
  int matches = 0;  // of one player
  int found = 0;    // with any finding
  std::array<int, anticheat::kKinds> by_kind{};
  std::uint64_t first_ticks = 0;  // until the first finding, summed up
  std::array<Shares, 4> aim;
};
using Tally = std::array<RoleTally, kRoles>;

struct Job {
  std::uint64_t seed;
  Role cheat;  // an honest role: nobody cheats
};

// Eight honest roles in turn; in a match of a cheat two of them have it.
Role role_of(const Job& job, int slot) {
  const bool cheats = !is_honest(job.cheat) && slot < 2;
  return cheats ? job.cheat
                : static_cast<Role>((job.seed + static_cast<std::uint64_t>(slot)) % kHonestRoles);
}

class Game {
 public:
  Game(const std::shared_ptr<const sim::Map>& map, const Job& job, int minutes)
      : match_(map, settings(minutes), job.seed) {
    const auto ways = std::make_shared<lobby::Navigation>();
    for (int slot = 0; slot < sim::kMaxPlayers; ++slot) {
      const std::uint64_t seed = job.seed * 1000 + static_cast<std::uint64_t>(slot);
      const sim::Team team = slot % 2 == 0 ? sim::Team::red : sim::Team::blue;
      players_.emplace_back(seed, role_of(job, slot), team, ways);
      lines_.emplace_back(seed + 31);
    }
    commands_.resize(1);
    commands_[0].kind = sim::CommandKind::start;
  }

  void play(Tally& tally) {
    while (match_.phase() != match::Phase::over) tick();
    for (std::size_t slot = 0; slot < players_.size(); ++slot) add(tally, slot);
  }

 private:
  static match::Settings settings(int minutes) {
    match::Settings made;
    made.kill_limit = 60'000;
    made.time_limit = static_cast<sim::Tick>(minutes) * 60 * sim::kTickRate;
    return made;
  }

  void tick() {
    const sim::Tick now = match_.world().tick;
    for (std::size_t i = 0; i < players_.size(); ++i) {
      const auto slot = static_cast<sim::Slot>(i);
      players_[i].think(match_, slot, sent_);
      lines_[i].send(sent_, now);
      arrived_.clear();
      lines_[i].deliver(now, arrived_);
      for (sim::Command command : arrived_) {
        if (command.kind == sim::CommandKind::fire) {
          command.view_delay = lobby::view_delay(lines_[i].delay(), 1 + now % sim::kSnapshotEvery);
        }
        if (command.kind == sim::CommandKind::join) watch_.entered(slot, now);
        watch_.heard(command, now);
        inboxes_[i].push(command);
      }
      const auto& kept = inboxes_[i].commands();
      commands_.insert(commands_.end(), kept.begin(), kept.end());
      inboxes_[i].clear();
    }
    match_.step(commands_);
    commands_.clear();
    watch_.stepped(match_, 0xff);
    for (const anticheat::Finding& finding : watch_.findings()) note(finding);
    watch_.clear();
  }

  void note(const anticheat::Finding& finding) {
    found_[finding.slot][static_cast<std::size_t>(finding.kind)] = true;
    if (first_[finding.slot] == 0) first_[finding.slot] = finding.tick;
  }

  void add(Tally& tally, std::size_t slot) const {
    RoleTally& role = tally[static_cast<std::size_t>(players_[slot].role())];
    ++role.matches;
    if (first_[slot] != 0) ++role.found;
    role.first_ticks += first_[slot];
    for (std::size_t kind = 0; kind < anticheat::kKinds; ++kind)
      role.by_kind[kind] += found_[slot][kind] ? 1 : 0;
    const anticheat::AimWatch& aim = watch_.aim(static_cast<sim::Slot>(slot));
    role.aim[0].add(aim.precision());
    role.aim[1].add(aim.snap());
    role.aim[2].add(aim.reaction());
    role.aim[3].add(aim.trigger());
  }

  match::Match match_;
  anticheat::Watch watch_;
  std::vector<Player> players_;
  std::vector<Line> lines_;
  std::array<lobby::Inbox, sim::kMaxPlayers> inboxes_;
  std::array<std::array<bool, anticheat::kKinds>, sim::kMaxPlayers> found_{};
  std::array<sim::Tick, sim::kMaxPlayers> first_{};
  std::vector<sim::Command> sent_;
  std::vector<sim::Command> arrived_;
  std::vector<sim::Command> commands_;
};

base::Result<void> read_options(int argc, char** argv, Options& options) {
  auto read = base::read_flags(argc, argv,
                               {{"--maps", &options.maps},
                                {"--first-seed", &options.first_seed},
                                {"--honest", &options.honest},
                                {"--cheats", &options.cheats},
                                {"--minutes", &options.minutes},
                                {"--threads", &options.threads}});
  if (!read) return read;
  const bool good =
      options.honest >= 0 && options.cheats >= 0 && options.minutes > 0 && options.threads > 0;
  return good ? read : base::Error{"invalid", "a number is out of its range"};
}

std::vector<Job> jobs_of(const Options& options) {
  std::vector<Job> jobs;
  std::uint64_t seed = options.first_seed;
  for (int i = 0; i < options.honest; ++i) jobs.push_back({seed++, Role::bot_easy});
  for (std::size_t role = kHonestRoles; role < kRoles; ++role) {
    for (int i = 0; i < options.cheats; ++i) jobs.push_back({seed++, static_cast<Role>(role)});
  }
  return jobs;
}

void add(RoleTally& to, const RoleTally& from) {
  to.matches += from.matches;
  to.found += from.found;
  to.first_ticks += from.first_ticks;
  for (std::size_t kind = 0; kind < anticheat::kKinds; ++kind)
    to.by_kind[kind] += from.by_kind[kind];
  for (std::size_t i = 0; i < to.aim.size(); ++i) {
    to.aim[i].seen += from.aim[i].seen;
    to.aim[i].agreed += from.aim[i].agreed;
    to.aim[i].highest = std::max(to.aim[i].highest, from.aim[i].highest);
  }
}

void print(const Options& options, const Tally& tally) {
  constexpr std::array<const char*, 4> kScales = {"precision", "snap", "reaction", "trigger"};
  std::printf(
      "{\"firstSeed\": %llu, \"honestMatches\": %d, \"matchesPerCheat\": %d, "
      "\"minutes\": %d, \"roles\": [\n",
      static_cast<unsigned long long>(options.first_seed), options.honest, options.cheats,
      options.minutes);
  bool first = true;
  for (std::size_t i = 0; i < kRoles; ++i) {
    const RoleTally& role = tally[i];
    if (role.matches == 0) continue;
    std::printf(
        "%s{\"role\": \"%s\", \"honest\": %s, \"matches\": %d, \"found\": %d, "
        "\"secondsToFirst\": %.1f, \"kinds\": {",
        first ? "" : ",\n", std::string(name_of(static_cast<Role>(i))).c_str(),
        is_honest(static_cast<Role>(i)) ? "true" : "false", role.matches, role.found,
        role.found == 0 ? 0.0
                        : static_cast<double>(role.first_ticks) / role.found / sim::kTickRate);
    first = false;
    for (std::size_t kind = 0; kind < anticheat::kKinds; ++kind) {
      std::printf("%s\"%s\": %d", kind == 0 ? "" : ", ",
                  std::string(anticheat::name_of(static_cast<anticheat::Kind>(kind))).c_str(),
                  role.by_kind[kind]);
    }
    std::printf("}, \"aim\": {");
    for (std::size_t scale = 0; scale < kScales.size(); ++scale) {
      const Shares& shares = role.aim[scale];
      std::printf(
          "%s\"%s\": {\"perMatch\": %.1f, \"yes\": %.3f, \"highest\": %.1f}",
          scale == 0 ? "" : ", ", kScales[scale], static_cast<double>(shares.seen) / role.matches,
          shares.seen == 0 ? 0.0
                           : static_cast<double>(shares.agreed) / static_cast<double>(shares.seen),
          shares.highest);
    }
    std::printf("}}");
  }
  std::printf("\n]}\n");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (const auto read = read_options(argc, argv, options); !read) {
    std::fprintf(
        stderr,
        "%s\nusage: bench-detectors [--maps FOLDER] [--first-seed N] [--honest N] [--cheats "
        "N] [--minutes N] [--threads N]\n",
        read.error().message.c_str());
    return 2;
  }
  std::vector<std::shared_ptr<const sim::Map>> maps;
  for (const char* name : kMaps) {
    const auto pool = lobby::MapPool::load(options.maps, name);
    if (!pool) {
      std::fprintf(stderr, "%s\n", pool.error().message.c_str());
      return 1;
    }
    maps.push_back(pool->default_map());
  }
  const std::vector<Job> jobs = jobs_of(options);
  Tally tally;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] {
      for (std::size_t job = next++; job < jobs.size(); job = next++) {
        Tally own;
        Game(maps[jobs[job].seed % maps.size()], jobs[job], options.minutes).play(own);
        const std::lock_guard lock(mutex);
        for (std::size_t role = 0; role < kRoles; ++role) add(tally[role], own[role]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  print(options, tally);
  return 0;
}
