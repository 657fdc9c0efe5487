#pragma once

// A bot in a seat (L10). It plays the real rules through the same commands as a player: numbered
// inputs sixty times a second, shots, switches, reloads, throws; it knows of others what BotSenses
// knows and nothing else. Deterministic: same seed, same match, same commands. Lives on the lobby's
// shard; no clock, no I/O.
//
// The files: bot.cc the body, tick by tick; bot_plan.cc what it wants, ten times a second.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lobby/bot_aim.h"
#include "lobby/bot_arms.h"
#include "lobby/bot_legs.h"
#include "lobby/bot_senses.h"
#include "lobby/bot_skill.h"
#include "lobby/navigation.h"
#include "match/match.h"

namespace lobby {

class Bot {
 public:
  // `skill` is easy, normal or hard (anything else is normal). The bots of a lobby should share one
  // Navigation; without it a bot makes its own.
  explicit Bot(std::uint64_t seed, std::string_view skill = "normal",
               std::shared_ptr<Navigation> navigation = nullptr);

  std::string_view name() const;
  BotSkill skill() const { return skill_; }

  // The team to ask for when it joins; by default the smaller one.
  void ask_for(sim::Team team) { wanted_team_ = team; }

  // Once per tick, before the match's step: appends this tick's commands of the seat. Joins and
  // respawns by itself. Nothing once the match is over.
  void think(const match::Match& match, sim::Slot self, std::vector<sim::Command>& out);

 private:
  enum class Intent : std::uint8_t { roam, fight, chase, cover };

  // What one call of think() works with.
  struct Scene {
    const match::Match& match;
    const sim::World& world;
    const sim::Player& me;
    sim::Slot self;
    sim::Tick now;  // ticks done so far; the commands take effect in the next
    std::vector<sim::Command>& out;
  };

  // bot.cc
  void enter(const Scene& scene);
  void wait_for_respawn(const Scene& scene);
  void begin_life(const Scene& scene);
  void live(const Scene& scene);
  void turn_view(const Scene& scene);
  double resting_bearing(const Scene& scene) const;
  std::uint16_t walk_keys(const Scene& scene);
  sim::Vec2 aim_point(const Scene& scene) const;
  void use_hands(const Scene& scene, sim::Vec2 point);
  bool run_throw(const Scene& scene);
  void hold(const Scene& scene, sim::WeaponId weapon);
  void shoot(const Scene& scene, sim::Vec2 point, std::uint8_t charge, sim::WeaponId weapon);
  bool line_is_safe(const Scene& scene, sim::Vec2 point) const;
  bool blast_is_safe(const Scene& scene, sim::Vec2 point) const;
  bool engaged(const Scene& scene) const;
  sim::Command& command(const Scene& scene, sim::CommandKind kind) const;

  // bot_plan.cc
  void decide(const Scene& scene);
  void choose_target(const Scene& scene);
  void choose_intent(const Scene& scene);
  void choose_gun(const Scene& scene);
  void watch_barrier(const Scene& scene);
  void watch_progress(const Scene& scene);
  void watch_grenades(const Scene& scene);
  void fight(const Scene& scene);
  void strafe(const Scene& scene, sim::Vec2 enemy, double distance);
  bool take_cover(const Scene& scene);
  void stay_in_cover(const Scene& scene);
  bool start_chase(const Scene& scene);
  void chase(const Scene& scene);
  void roam(const Scene& scene);
  void set_out_anew(const Scene& scene);
  void note_posts(const Scene& scene);
  Square choose_post(const Scene& scene);
  bool walk_to(const Scene& scene, Square goal);
  bool maybe_throw(const Scene& scene, sim::WeaponId weapon, sim::Vec2 at);
  bool wants_cover(const Scene& scene) const;
  std::vector<sim::Vec2>& threats(const Scene& scene);

  double random() { return random_.uniform(); }

  const std::uint64_t seed_;
  const BotSkill skill_;
  const SkillTraits& traits_;
  std::shared_ptr<Navigation> navigation_;
  std::optional<sim::Team> wanted_team_;
  sim::Random random_;

  BotSenses senses_;
  BotAim aim_;
  BotLegs legs_;
  Trigger trigger_;

  // one match
  sim::Tick last_tick_ = 0;
  std::uint32_t sequence_ = 0;  // of the last input or shot (wire contract 7.3)
  sim::Tick join_at_ = 0;       // asked to join then; 0 = not yet
  sim::Tick spawned_at_ = 0;    // of the life the rest belongs to
  bool living_ = false;
  sim::Tick respawn_at_ = 0;  // when to ask for it

  std::vector<sim::Tick> looked_at_;  // per post of the map: when it was last in view

  // one life
  Intent intent_ = Intent::roam;
  sim::Tick intent_since_ = 0;
  sim::Slot target_ = sim::kNoSlot;
  sim::Tick react_at_ = 0;                   // from then on the target is dealt with
  double target_bearing_ = 0.0;              // of the last tick, to judge its motion
  sim::WeaponId gun_ = sim::WeaponId::none;  // to be held
  sim::Tick switched_at_ = 0;
  std::optional<Throw> throw_;
  std::uint16_t strafe_keys_ = 0;
  int strafe_side_ = 1;
  sim::Tick strafe_until_ = 0;
  bool stands_ = false;             // stands still to shoot
  std::optional<Barrier> barrier_;  // to be shot open
  Square barrier_square_ = 0;
  sim::Tick barrier_since_ = 0;
  sim::Tick no_soft_until_ = 0;  // keeps to open ways until then
  sim::Tick cover_after_ = 0;    // may break off for its wounds again from then on
  sim::Tick leave_cover_at_ = 0;
  sim::Vec2 threat_;             // covers from, or chases to
  sim::Tick fuse_until_ = 0;     // its own frag lies there: does not follow it
  std::uint16_t flee_keys_ = 0;  // away from a frag
  sim::Tick flee_until_ = 0;
  sim::Tick pause_until_ = 0;  // looks around at a post
  double glance_ = 0.0;        // looks aside by so much while walking
  sim::Tick glance_until_ = 0;
  double startled_ = 0.0;  // bearing to look along after a hit from nowhere
  sim::Tick startled_until_ = 0;
  sim::Vec2 anchor_;  // last place from which it moved on
  sim::Tick anchor_at_ = 0;
  sim::Tick restless_until_ = 0;  // only roams until then
  std::uint64_t taste_ = 0;
  std::vector<sim::Vec2> threats_;  // scratch
};

}  // namespace lobby
