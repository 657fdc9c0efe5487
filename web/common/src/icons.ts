// Weapons as small silhouettes, for HUD, kill lines and the loadout screen.

import { makeCanvas } from "./raster";
import type { WeaponId } from "./weapons";

const SHAPES: Record<WeaponId, string[]> = {
  rifle: [".......##........", "#################", "##############...", "##..##.##........", "#...##..##.......", ".....#..........."],
  smg: [".....##.....", "###########.", "############", "#..##.##....", "#..##.......", "....#......."],
  shotgun: ["..###############", "#################", "###...######.....", "##...............", "#................"],
  battlerifle: [".....####........", "..###############", "################.", "###.##.###.......", "##..##..##.......", "....##..........."],
  sniperrifle: ["....#######.........", ".....#...#..........", "####################", "###########.........", "##..##.##...........", "#...................."],
  pistol: ["#########", "#########", ".##..#...", ".##.#....", ".##......", ".##......"],
  revolver: ["#.........", "##########", ".####.###.", ".#####....", "##..#.....", "##........"],
  suppressedpistol: ["#######.......", "##############", "##############", ".##..#........", ".##...........", ".##..........."],
  grenade: ["..###.", ".##..#", "..##.#", ".####.", "######", "######", "######", ".####."],
  smokegrenade: [".###.", "..#.#", "#####", "#####", "#...#", "#####", "#####", "#####"],
  flashbang: [".###.", "..#.#", ".###.", ".###.", "##.##", ".###.", ".###.", "#####"],
  grenadelauncher: ["....#..........", "....###########", "###############", "##.#####.######", "#..####........", "...##.........."],
  machinegun: ["......####........", "..################", "##################", "###.#####..#.#....", "##..#####.#...#...", "....#####........."],
  antimaterialrifle: [".....######...........", "......#..#............", "...###################", "##################..##", "####.#######..........", "##...##...#.#........."],
  rocket: ["............##...", ".##########.####.", "#################", ".##########.####.", "...##..#....##...", "...#............."],
};

const cache = new Map<string, HTMLCanvasElement>();

export function iconSize(id: WeaponId): { width: number; height: number } {
  const rows = SHAPES[id];
  return { width: Math.max(...rows.map((row) => row.length)), height: rows.length };
}

export function weaponIcon(id: WeaponId, color: string, rim?: string): HTMLCanvasElement {
  const key = `${id}|${color}|${rim ?? ""}`;
  let icon = cache.get(key);
  if (icon) return icon;
  const { width, height } = iconSize(id);
  const [canvas, ctx] = makeCanvas(width + 2, height + 2);
  const stamp = (dx: number, dy: number): void => {
    SHAPES[id].forEach((row, y) => {
      for (let x = 0; x < row.length; x++) if (row[x] === "#") ctx.fillRect(x + 1 + dx, y + 1 + dy, 1, 1);
    });
  };
  if (rim) {
    ctx.fillStyle = rim;
    for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]] as const) stamp(dx, dy);
  }
  ctx.fillStyle = color;
  stamp(0, 0);
  icon = canvas;
  cache.set(key, icon);
  return icon;
}
