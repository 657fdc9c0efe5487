// The players: seen from above, drawn for 32 directions pixel by pixel, with the weapon they hold.

import { INK, TEAM } from "./palette";
import { paint } from "./raster";
import type { Team, WeaponId } from "./weapons";

const SIZE = 36;
const HALF = SIZE / 2;
const DIRECTIONS = 32;

interface GunShape {
  /** Where along the facing it begins and ends, and how thick it is. */
  from: number;
  to: number;
  half: number;
  color: string;
  tip: string;
}

const DARK = "#1d2130";
const STEEL_GUN = "#59617e";

const GUNS: Record<WeaponId, GunShape> = {
  rifle: { from: 2, to: 12, half: 1, color: DARK, tip: STEEL_GUN },
  smg: { from: 3, to: 10, half: 1, color: DARK, tip: STEEL_GUN },
  shotgun: { from: 2, to: 12, half: 1, color: "#6b4228", tip: STEEL_GUN },
  battlerifle: { from: 2, to: 13, half: 1, color: "#3d4a3a", tip: STEEL_GUN },
  sniperrifle: { from: 1, to: 15, half: 1, color: DARK, tip: "#7a83a3" },
  pistol: { from: 5, to: 9, half: 1, color: DARK, tip: STEEL_GUN },
  revolver: { from: 5, to: 10, half: 1, color: "#7a83a3", tip: "#c5cbe0" },
  suppressedpistol: { from: 5, to: 11, half: 1, color: DARK, tip: DARK },
  grenadelauncher: { from: 2, to: 11, half: 1.6, color: "#3d4a3a", tip: DARK },
  machinegun: { from: 1, to: 13, half: 1.6, color: DARK, tip: STEEL_GUN },
  antimaterialrifle: { from: 0, to: 17, half: 1, color: DARK, tip: "#c5cbe0" },
  rocket: { from: -6, to: 12, half: 1.8, color: "#4d5a44", tip: "#d8763a" },
  grenade: { from: 5, to: 8, half: 1.5, color: "#5d7a4a", tip: "#86a86a" },
  smokegrenade: { from: 5, to: 8, half: 1.5, color: "#8a93ad", tip: "#c5cbe0" },
  flashbang: { from: 5, to: 8, half: 1.5, color: "#c9c4ad", tip: "#fffdf5" },
};

const SKIN = "#e0ab83";
const cache = new Map<string, HTMLCanvasElement>();

function frame(team: Team, weapon: WeaponId, direction: number, stride: number): HTMLCanvasElement {
  const angle = (direction / DIRECTIONS) * 2 * Math.PI;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const colors = TEAM[team];
  const gun = GUNS[weapon];
  const foot = stride === 0 ? 0 : stride === 1 ? 2.4 : -2.4;
  return paint(SIZE, SIZE, (px, py) => {
    const dx = px + 0.5 - HALF;
    const dy = py + 0.5 - HALF;
    const along = dx * cos + dy * sin;
    const side = -dx * sin + dy * cos;
    const lightness = -(dx + dy);
    if (along * along + side * side <= 7.2) return lightness > 1.2 ? colors.light : along > 1.2 && Math.abs(side) < 2 ? "#20263c" : colors.base;
    if (along >= gun.from && along <= gun.to && Math.abs(side - 1) <= gun.half) return along > gun.to - 2.2 ? gun.tip : gun.color;
    const handFar = (along - Math.min(gun.to - 3, 7)) ** 2 + (side - 0.2) ** 2 <= 2;
    const handNear = (along - 4.6) ** 2 + (side - 2.4) ** 2 <= 2;
    if (handFar || handNear) return SKIN;
    const arm = Math.abs(side) > 2.2 && Math.abs(side) < 5 && along > 0 && along < 4.4 - Math.abs(Math.abs(side) - 3.6);
    if ((along / 3.4) ** 2 + (side / 6.2) ** 2 <= 1 || arm) return lightness > 4.6 ? colors.light : lightness < -4 ? colors.deep : colors.dark;
    if (stride !== 0) {
      for (const [s, shift] of [[2.6, foot], [-2.6, -foot]] as const) {
        if (((along - shift) / 3.4) ** 2 + ((side - s) / 1.7) ** 2 <= 1) return "#151826";
      }
    }
    return null;
  }, INK);
}

/** Picture of a living player; `stride` 0 stands, 1 and 2 are the two feet. Centre of the picture = centre of the body. */
export function soldier(team: Team, weapon: WeaponId, rotation: number, stride: number): HTMLCanvasElement {
  const turn = Math.round((rotation / (2 * Math.PI)) * DIRECTIONS);
  const direction = ((turn % DIRECTIONS) + DIRECTIONS) % DIRECTIONS;
  const key = `${team}${weapon}${direction}/${stride}`;
  let sprite = cache.get(key);
  if (!sprite) {
    sprite = frame(team, weapon, direction, stride);
    cache.set(key, sprite);
  }
  return sprite;
}

export const SOLDIER_HALF = HALF;

/** How far in front of the body the muzzle is. */
export function muzzle(weapon: WeaponId): number {
  return GUNS[weapon].to + 1;
}

/** A fallen player, lying as the last shot left him. */
export function corpse(team: Team, rotation: number): HTMLCanvasElement {
  const turn = ((Math.round((rotation / (2 * Math.PI)) * 16) % 16) + 16) % 16;
  const key = `corpse${team}${turn}`;
  let sprite = cache.get(key);
  if (!sprite) {
    const angle = (turn / 16) * 2 * Math.PI;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const colors = TEAM[team];
    sprite = paint(SIZE, SIZE, (px, py) => {
      const dx = px + 0.5 - HALF;
      const dy = py + 0.5 - HALF;
      const along = dx * cos + dy * sin;
      const side = -dx * sin + dy * cos;
      if ((along - 5.5) ** 2 + side ** 2 <= 6) return colors.dark;
      if ((along / 4.4) ** 2 + (side / 4.6) ** 2 <= 1) return along + side > 2 ? colors.deep : "#2b2f47";
      if (along < -2 && along > -9 && Math.abs(Math.abs(side) - 1.9 - along * 0.1) < 1.3) return "#1b1e2e";
      if (Math.abs(along - 1.5) < 1.2 && Math.abs(side) < 8) return colors.deep;
      return null;
    }, "#10121d");
    cache.set(key, sprite);
  }
  return sprite;
}
