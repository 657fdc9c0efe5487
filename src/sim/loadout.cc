#include "sim/loadout.h"

#include "sim/weapons.h"

namespace sim {
namespace {

bool fits(WeaponId id, WeaponClass place) {
  return id == WeaponId::none || weapon_info(id).place == place;
}

}  // namespace

Loadout default_loadout() {
  Loadout loadout;
  loadout.primary = WeaponId::rifle;
  loadout.secondary = WeaponId::pistol;
  loadout.support[0] = WeaponId::grenade;
  return loadout;
}

bool is_legal(const Loadout& loadout) {
  if (!fits(loadout.primary, WeaponClass::primary)) return false;
  if (!fits(loadout.secondary, WeaponClass::secondary)) return false;
  int cost = 0;
  for (std::size_t i = 0; i < loadout.support.size(); ++i) {
    const WeaponId id = loadout.support[i];
    if (id == WeaponId::none) continue;
    if (!fits(id, WeaponClass::support)) return false;
    for (std::size_t k = 0; k < i; ++k) {
      if (loadout.support[k] == id) return false;
    }
    cost += weapon_info(id).cost;
  }
  return cost <= kSupportBudget;
}

Loadout legal_loadout(const Loadout& loadout) {
  if (!is_legal(loadout)) return default_loadout();
  Loadout tidy{
      loadout.primary, loadout.secondary, {WeaponId::none, WeaponId::none, WeaponId::none}};
  std::size_t count = 0;
  for (const WeaponId id : loadout.support) {
    if (id != WeaponId::none) tidy.support[count++] = id;
  }
  return tidy;
}

boost::container::static_vector<WeaponState, 5> fresh_weapons(const Loadout& loadout) {
  boost::container::static_vector<WeaponState, 5> weapons;
  const auto add = [&](WeaponId id) {
    if (id == WeaponId::none) return;
    const WeaponInfo& info = weapon_info(id);
    WeaponState weapon;
    weapon.id = id;
    weapon.ammo = info.magazine;
    weapon.reserve = info.reserve;
    weapons.push_back(weapon);
  };
  add(loadout.primary);
  add(loadout.secondary);
  for (const WeaponId id : loadout.support) add(id);
  return weapons;
}

int weapon_of_key(const Player& player, int key) {
  const Loadout& carried = player.loadout;
  switch (key) {
    case 1:
      return find_weapon(player, carried.primary);
    case 2:
      return find_weapon(player, carried.secondary);
    case 3:
      return find_weapon(player, carried.support[0]);
    case 4:
      return find_weapon(player, carried.support[1]);
    default:
      return -1;
  }
}

int find_weapon(const Player& player, WeaponId id) {
  if (id == WeaponId::none) return -1;
  for (std::size_t i = 0; i < player.weapons.size(); ++i) {
    if (player.weapons[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

WeaponId held_weapon(const Player& player) {
  return player.held < player.weapons.size() ? player.weapons[player.held].id : WeaponId::none;
}

}  // namespace sim
