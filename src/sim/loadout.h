#pragma once

// What a player may carry (rules 4.4, decision 17).

#include <boost/container/static_vector.hpp>

#include "sim/types.h"
#include "sim/world.h"

namespace sim {

inline constexpr int kSupportBudget = 3;

// Rifle, pistol, grenade: what an illegal choice becomes.
Loadout default_loadout();

// At most one primary and one secondary, each in its place, no support weapon twice, support cost
// at most 3. Carrying nothing is legal.
bool is_legal(const Loadout& loadout);

// The loadout itself with its support weapons moved together, or the default when it is illegal.
Loadout legal_loadout(const Loadout& loadout);

// Fresh weapons with full ammunition: primary, secondary, support in loadout order.
boost::container::static_vector<WeaponState, 5> fresh_weapons(const Loadout& loadout);

// The weapon of a key 1..4 as an index into the weapons: first primary, first secondary, first and
// second support; -1 when there is none.
int weapon_of_key(const Player& player, int key);

// Index of an owned weapon, -1 when it is not carried.
int find_weapon(const Player& player, WeaponId id);

// The weapon in hand; WeaponId::none with empty hands.
WeaponId held_weapon(const Player& player);

}  // namespace sim
