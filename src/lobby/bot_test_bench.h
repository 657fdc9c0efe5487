#pragma once

// For tests: a match without a lobby in which bots, and now and then a scripted body, hold the
// seats.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lobby/bot.h"
#include "lobby/map_pool.h"
#include "match/match.h"

namespace lobby {

inline std::shared_ptr<const sim::Map> shipped_map(const std::string& name) {
  const auto pool = MapPool::load(std::filesystem::path(TRESPASSER_SOURCE_DIR) / "maps", name);
  return pool ? pool->default_map() : nullptr;
}

class BotBench {
 public:
  BotBench(std::shared_ptr<const sim::Map> map, match::Settings settings, std::uint64_t seed)
      : match_(std::move(map), settings, seed), seed_(seed) {}

  // Even slots red, odd slots blue.
  void fill(int players, std::string_view red, std::string_view blue) {
    for (int slot = 0; slot < players; ++slot)
      add(slot % 2 == 0 ? red : blue, slot % 2 == 0 ? sim::Team::red : sim::Team::blue);
  }

  void add(std::string_view skill, sim::Team team) {
    bots_.push_back(std::make_unique<Bot>(seed_ * 1000 + bots_.size(), skill, navigation_));
    bots_.back()->ask_for(team);
  }

  // The next tick begins the match.
  void start() {
    sim::Command start;
    start.kind = sim::CommandKind::start;
    commands_.push_back(start);
  }

  // Bots think, `more` adds commands of others, the match steps. commands() is what the bots
  // wanted.
  void tick(const std::function<void(std::vector<sim::Command>&)>& more = nullptr) {
    const std::size_t before = commands_.size();
    for (std::size_t slot = 0; slot < bots_.size(); ++slot) {
      bots_[slot]->think(match_, static_cast<sim::Slot>(slot), commands_);
    }
    wanted_.assign(commands_.begin() + static_cast<std::ptrdiff_t>(before), commands_.end());
    if (more) more(commands_);
    match_.step(commands_);
    commands_.clear();
  }

  // Until the match is over, for so many ticks at most.
  void play(sim::Tick ticks) {
    for (sim::Tick i = 0; i < ticks && match_.phase() != match::Phase::over; ++i) tick();
  }

  const match::Match& match() const { return match_; }
  const std::vector<sim::Command>& commands() const { return wanted_; }
  const sim::Player& player(sim::Slot slot) const { return match_.world().players[slot]; }

 private:
  match::Match match_;
  std::uint64_t seed_;
  std::shared_ptr<Navigation> navigation_ = std::make_shared<Navigation>();
  std::vector<std::unique_ptr<Bot>> bots_;
  std::vector<sim::Command> commands_;
  std::vector<sim::Command> wanted_;
};

}  // namespace lobby
