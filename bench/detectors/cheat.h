#pragma once

// Who sits at the machine: an honest player of some skill, or one whose program helps.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "hand.h"
#include "lobby/bot.h"

namespace detectors {

enum class Role : std::uint8_t {
  // honest
  bot_easy,
  bot_normal,
  bot_hard,
  hand_easy,
  hand_normal,
  hand_hard,
  hand_sharp,  // a hard bot with a still hand and a quick finger
  // cheating
  aim_lock,    // the mouse sits on the enemy in view, and shoots as fast as the weapon does
  aim_flick,   // the mouse jumps to the enemy for each shot of the player's
  aim_silent,  // the shot goes to the enemy, the mouse stays where it is
  aim_smooth,  // the mouse is drawn to the enemy gently
  trigger,     // shoots by itself whenever the mouse crosses an enemy
  speed,       // a clock twice as fast: two inputs a frame
  flood,       // five inputs a frame
  stride,      // numbers that claim 20 steps an input
  rapid,       // shots asked for in every tick
  replayer,    // plays ten seconds of its own inputs again and again
  resender,    // sends every fifth second of inputs twice, numbers and all
};
inline constexpr std::size_t kRoles = 18;
inline constexpr std::size_t kHonestRoles = 7;
std::string_view name_of(Role role);
constexpr bool is_honest(Role role) { return static_cast<std::size_t>(role) < kHonestRoles; }

class Player {
 public:
  Player(std::uint64_t seed, Role role, sim::Team team,
         std::shared_ptr<lobby::Navigation> navigation);

  Role role() const { return role_; }
  // What the client sends after this tick of the world.
  void think(const match::Match& match, sim::Slot self, std::vector<sim::Command>& out);

 private:
  void look(const match::Match& match, sim::Slot self);
  const sim::Vec2* nearest(sim::Vec2 to) const;
  bool ready(const sim::Player& me, sim::Tick now) const;
  void lock(const sim::Player& me, std::vector<sim::Command>& out);
  void smooth(const sim::Player& me, std::vector<sim::Command>& out);
  void flick(const sim::Player& me, std::vector<sim::Command>& out, bool mouse) const;
  void trigger(const sim::Player& me, std::vector<sim::Command>& out);
  void multiply(std::vector<sim::Command>& out, int inputs);
  void stride(std::vector<sim::Command>& out);
  void rapid(const sim::Player& me, std::vector<sim::Command>& out);
  void replay(std::vector<sim::Command>& out);
  void resend(std::vector<sim::Command>& out);
  void shoot(const sim::Player& me, sim::Vec2 at, std::vector<sim::Command>& out);

  Role role_;
  lobby::Bot bot_;
  Hand hand_;
  sim::Tick now_ = 0;
  sim::Tick shot_at_ = 0;
  std::vector<sim::Vec2> seen_;  // enemies in the last picture
  sim::Vec2 drawn_;              // mouse of aim_smooth
  bool drawing_ = false;
  std::uint32_t extra_ = 0;  // numbers that the cheat has added
  std::vector<sim::Command> tape_;
  std::size_t tape_at_ = 0;
};

}  // namespace detectors
