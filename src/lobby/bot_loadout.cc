#include "lobby/bot_loadout.h"

#include <array>

namespace lobby {
namespace {

using W = sim::WeaponId;

// Costs: thrown 1, launcher and rocket 2, machine gun and anti-material rifle 3 of 3 (rules 4.4).
const std::array<sim::Loadout, 14> kLoadouts = {{
    {W::rifle, W::pistol, {W::grenade, W::flashbang, W::smokegrenade}},
    {W::rifle, W::revolver, {W::grenade, W::smokegrenade, W::none}},
    {W::rifle, W::pistol, {W::rocket, W::grenade, W::none}},
    {W::smg, W::pistol, {W::grenade, W::flashbang, W::none}},
    {W::smg, W::revolver, {W::grenadelauncher, W::flashbang, W::none}},
    {W::smg, W::suppressedpistol, {W::smokegrenade, W::flashbang, W::grenade}},
    {W::shotgun, W::revolver, {W::flashbang, W::grenade, W::none}},
    {W::shotgun, W::pistol, {W::smokegrenade, W::flashbang, W::none}},
    {W::battlerifle, W::pistol, {W::grenade, W::smokegrenade, W::none}},
    {W::battlerifle, W::suppressedpistol, {W::grenadelauncher, W::grenade, W::none}},
    {W::sniperrifle, W::pistol, {W::grenade, W::smokegrenade, W::none}},
    {W::sniperrifle, W::revolver, {W::rocket, W::flashbang, W::none}},
    {W::rifle, W::pistol, {W::machinegun, W::none, W::none}},
    {W::smg, W::pistol, {W::antimaterialrifle, W::none, W::none}},
}};

}  // namespace

sim::Loadout bot_loadout(sim::Random& random) {
  return kLoadouts[random.next() % kLoadouts.size()];
}

}  // namespace lobby
