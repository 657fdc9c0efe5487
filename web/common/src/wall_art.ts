// Floor and walls. Both are painted once and patched slice by slice when the walls change.

import { ARENA_HEIGHT, ARENA_WIDTH, CELL } from "./geometry";
import { FLOOR, MATERIAL } from "./palette";
import { makeCanvas } from "./raster";
import { noise, textSalt } from "./random";
import type { Wall, WallSet } from "./walls";
import { SLICES, sliceRect } from "./walls";

/** How many pixels of a wall's height show below it. */
export const WALL_FRONT = 4;

/** The ground: quiet tiles with a little wear. */
export function paintFloor(ctx: CanvasRenderingContext2D): void {
  ctx.fillStyle = FLOOR.base;
  ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
  for (let cy = 0; cy * 30 < ARENA_HEIGHT; cy++) {
    for (let cx = 0; cx * 30 < ARENA_WIDTH; cx++) {
      const x = cx * 30;
      const y = cy * 30;
      const n = noise(cx, cy, 3);
      if (n < 0.32) {
        ctx.fillStyle = n < 0.12 ? FLOOR.dark : FLOOR.alt;
        ctx.fillRect(x, y, 30, 30);
      }
      ctx.fillStyle = FLOOR.line;
      ctx.fillRect(x, y, 30, 1);
      ctx.fillRect(x, y, 1, 30);
      ctx.fillStyle = FLOOR.speck;
      ctx.fillRect(x + 1, y + 1, 1, 1);
    }
  }
  for (let i = 0; i < 900; i++) {
    const x = Math.floor(noise(i, 1, 9) * ARENA_WIDTH);
    const y = Math.floor(noise(i, 2, 9) * ARENA_HEIGHT);
    ctx.fillStyle = noise(i, 3, 9) < 0.5 ? FLOOR.speck : FLOOR.line;
    ctx.fillRect(x, y, noise(i, 4, 9) < 0.2 ? 2 : 1, 1);
  }
}

/** Intact slices as cells of the grid, to know where a wall goes on. */
class Cells {
  private readonly solid = new Map<number, string>();
  constructor(walls: WallSet) {
    for (const wall of walls.values()) {
      for (let i = 0; i < SLICES; i++) {
        if (wall.open[i]) continue;
        const r = sliceRect(wall, i);
        for (let x = r.x; x < r.x + r.width; x += CELL) {
          for (let y = r.y; y < r.y + r.height; y += CELL) this.solid.set(this.key(x, y), wall.material);
        }
      }
    }
  }
  private key(x: number, y: number): number {
    return Math.floor(x / CELL) * 1000 + Math.floor(y / CELL);
  }
  at(x: number, y: number): string | undefined {
    return this.solid.get(this.key(x, y));
  }
}

function rubble(ctx: CanvasRenderingContext2D, wall: Wall, slice: number): void {
  const r = sliceRect(wall, slice);
  const { dust, front } = MATERIAL[wall.material];
  const salt = textSalt(wall.id) + slice * 31;
  ctx.fillStyle = "rgba(11,13,23,0.35)";
  ctx.fillRect(r.x, r.y, r.width, r.height);
  for (let i = 0; i < 16; i++) {
    const x = r.x + Math.floor(noise(i, 1, salt) * r.width);
    const y = r.y + Math.floor(noise(i, 2, salt) * r.height);
    ctx.fillStyle = i % 3 === 0 ? front : dust[i % dust.length]!;
    ctx.globalAlpha = 0.75;
    ctx.fillRect(x, y, noise(i, 3, salt) < 0.3 ? 2 : 1, 1);
  }
  ctx.globalAlpha = 1;
}

function grain(ctx: CanvasRenderingContext2D, wall: Wall, x: number, y: number, w: number, h: number, salt: number): void {
  const tones = MATERIAL[wall.material];
  ctx.fillStyle = tones.grain;
  switch (wall.material) {
    case "concrete":
      for (let i = 0; i < 9; i++) ctx.fillRect(x + Math.floor(noise(i, 1, salt) * w), y + Math.floor(noise(i, 2, salt) * h), 1 + Math.floor(noise(i, 3, salt) * 2), 1);
      break;
    case "wood":
      if (wall.horizontal) for (let k = 2; k < h; k += 3) ctx.fillRect(x, y + k, w, 1);
      else for (let k = 2; k < w; k += 3) ctx.fillRect(x + k, y, 1, h);
      ctx.fillStyle = tones.front;
      ctx.fillRect(x + 1 + Math.floor(noise(1, 1, salt) * (w - 3)), y + 1 + Math.floor(noise(1, 2, salt) * (h - 3)), 2, 1);
      break;
    case "metal":
      ctx.fillRect(x, y, wall.horizontal ? 1 : w, wall.horizontal ? h : 1);
      ctx.fillStyle = tones.light;
      for (const [dx, dy] of [[2, 2], [w - 3, 2], [2, h - 3], [w - 3, h - 3]] as const) ctx.fillRect(x + dx, y + dy, 1, 1);
      break;
    case "glass":
      for (let k = 0; k < 4; k++) ctx.fillRect(x + 2 + k, y + 6 - k, 1, 1);
      for (let k = 0; k < 2; k++) ctx.fillRect(x + 6 + k, y + 7 - k, 1, 1);
      break;
  }
}

/** Cracks of a slice that has taken hits: at 75 % and again at 25 % of its health (game rules 7). */
function cracks(ctx: CanvasRenderingContext2D, wall: Wall, slice: number, salt: number): void {
  const part = wall.health[slice]! / wall.maxHealth;
  const soft = wall.material === "wood" || wall.material === "glass";
  const stage = soft ? (part < 0.99 ? (part < 0.72 ? 2 : 1) : 0) : part <= 0.25 ? 3 : part <= 0.5 ? 2 : part <= 0.85 ? 1 : 0;
  if (stage === 0) return;
  const r = sliceRect(wall, slice);
  const dark = wall.material === "glass" ? "#f4feff" : "rgba(16,18,29,0.8)";
  ctx.fillStyle = dark;
  for (let c = 0; c < stage + 1; c++) {
    let x = r.x + 2 + noise(c, 1, salt) * (r.width - 4);
    let y = r.y + 2 + noise(c, 2, salt) * (r.height - 4);
    const dx = noise(c, 3, salt) - 0.5;
    const dy = noise(c, 4, salt) - 0.5;
    for (let k = 0; k < 3 + stage * 2; k++) {
      if (x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height) ctx.fillRect(Math.floor(x), Math.floor(y), 1, 1);
      x += dx * 2 + (noise(c, k, salt + 5) - 0.5);
      y += dy * 2 + (noise(k, c, salt + 6) - 0.5);
    }
  }
  if (stage >= 2) for (let i = 0; i < stage * 2; i++) ctx.fillRect(r.x + Math.floor(noise(i, 7, salt) * (r.width - 1)), r.y + Math.floor(noise(i, 8, salt) * (r.height - 1)), 2, 1);
}

function slicePicture(ctx: CanvasRenderingContext2D, wall: Wall, slice: number, cells: Cells): void {
  const { x, y, width: w, height: h } = sliceRect(wall, slice);
  const tones = MATERIAL[wall.material];
  const salt = textSalt(wall.id) + slice * 17;
  const same = (px: number, py: number): boolean => cells.at(px, py) !== undefined;
  ctx.fillStyle = tones.top;
  ctx.fillRect(x, y, w, h);
  grain(ctx, wall, x, y, w, h, salt);
  if (!same(x, y + h)) {
    ctx.fillStyle = tones.front;
    ctx.fillRect(x, y + h - WALL_FRONT, w, WALL_FRONT);
    ctx.fillStyle = "rgba(11,13,23,0.45)";
    ctx.fillRect(x, y + h - 1, w, 1);
    if (wall.material === "wood") for (let k = 1; k < w; k += 3) ctx.fillRect(x + k, y + h - WALL_FRONT, 1, WALL_FRONT);
    ctx.fillStyle = tones.light;
    ctx.globalAlpha = 0.5;
    ctx.fillRect(x, y + h - WALL_FRONT - 1, w, 1);
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = tones.light;
  if (!same(x, y - 1)) ctx.fillRect(x, y, w, 1);
  if (!same(x - 1, y)) ctx.fillRect(x, y, 1, h);
  if (!same(x + w, y)) {
    ctx.fillStyle = tones.front;
    ctx.fillRect(x + w - 1, y, 1, h);
  }
  cracks(ctx, wall, slice, salt);
}

/** Keeps the pictures of floor marks and walls; repaints the walls when the set has changed. */
export class WallPainter {
  readonly ground: HTMLCanvasElement;
  readonly groundCtx: CanvasRenderingContext2D;
  readonly picture: HTMLCanvasElement;
  private readonly ctx: CanvasRenderingContext2D;
  private painted = -1;

  constructor() {
    [this.ground, this.groundCtx] = makeCanvas(ARENA_WIDTH, ARENA_HEIGHT);
    [this.picture, this.ctx] = makeCanvas(ARENA_WIDTH, ARENA_HEIGHT);
    paintFloor(this.groundCtx);
  }

  /** A clean floor, for a new match. */
  resetGround(): void {
    paintFloor(this.groundCtx);
    this.painted = -1;
  }

  update(walls: WallSet): void {
    if (this.painted === walls.version) return;
    this.painted = walls.version;
    const { ctx } = this;
    ctx.clearRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    const cells = new Cells(walls);
    const all = [...walls.values()];
    for (const wall of all) for (let i = 0; i < SLICES; i++) if (wall.open[i] && !wall.phantom[i]) rubble(ctx, wall, i);
    ctx.fillStyle = "rgba(8,9,18,0.42)";
    for (const wall of all) {
      for (let i = 0; i < SLICES; i++) {
        if (wall.open[i]) continue;
        const r = sliceRect(wall, i);
        if (!cells.at(r.x, r.y + r.height)) ctx.fillRect(r.x + 1, r.y + r.height, r.width + 1, 3);
        if (!cells.at(r.x + r.width, r.y)) ctx.fillRect(r.x + r.width, r.y + 2, 2, r.height - 2);
      }
    }
    for (const wall of all) for (let i = 0; i < SLICES; i++) if (!wall.open[i]) slicePicture(ctx, wall, i, cells);
  }
}
