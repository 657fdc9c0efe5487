// What a player sees, computed here from the own predicted pose so that the lit area turns with the mouse at once.
// It is a picture only: whom the player is told about is decided by the server (game rules 8.2-8.4).

import type { Vec } from "./geometry";
import { wrapAngle } from "./geometry";
import type { Rect, Wall } from "./walls";
import { SLICES, sliceRect } from "./walls";

export interface SmokeDisc {
  position: Vec;
  radius: number;
  density: number;
}

export interface View {
  position: Vec;
  direction: number;
  /** Whole opening angle, radians. */
  angle: number;
  distance: number;
}

export const DEFAULT_VIEW_ANGLE = (120 * Math.PI) / 180;
export const DEFAULT_VIEW_DISTANCE = 160;

const CORNER_EPSILON = 0.0001;
const ARC_STEP = (4 * Math.PI) / 180;
const SMOKE_STEP = 5;

/** Runs of slices that block sight, as one rectangle each. */
export function blockingRects(walls: Iterable<Wall>): Rect[] {
  const rects: Rect[] = [];
  for (const wall of walls) {
    for (let i = 0; i < SLICES; i++) {
      if (wall.open[i]) continue;
      const first = sliceRect(wall, i);
      let last = first;
      while (i + 1 < SLICES && !wall.open[i + 1]) last = sliceRect(wall, ++i);
      rects.push({ x: first.x, y: first.y, width: last.x + last.width - first.x, height: last.y + last.height - first.y });
    }
  }
  return rects;
}

/** Distance at which a ray enters the rectangle; `reach` when it does not. */
function enter(origin: Vec, ux: number, uy: number, r: Rect, reach: number): number {
  let near = 0;
  let far = reach;
  if (Math.abs(ux) < 1e-9) {
    if (origin.x < r.x || origin.x > r.x + r.width) return reach;
  } else {
    const a = (r.x - origin.x) / ux;
    const b = (r.x + r.width - origin.x) / ux;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  if (Math.abs(uy) < 1e-9) {
    if (origin.y < r.y || origin.y > r.y + r.height) return reach;
  } else {
    const a = (r.y - origin.y) / uy;
    const b = (r.y + r.height - origin.y) / uy;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : reach;
}

function smokeEnd(origin: Vec, ux: number, uy: number, smokes: readonly SmokeDisc[], reach: number): number {
  let sum = 0;
  for (let d = SMOKE_STEP; d <= reach; d += SMOKE_STEP) {
    const x = origin.x + ux * d;
    const y = origin.y + uy * d;
    let opacity = 0;
    for (const s of smokes) {
      const r = Math.hypot(x - s.position.x, y - s.position.y);
      if (r <= s.radius && s.radius > 0) opacity += s.density * (1 - (0.5 * r) / s.radius);
    }
    sum = Math.min(1, sum + 0.3 * Math.min(1, opacity));
    if (sum >= 0.5) return d;
  }
  return reach;
}

/** How far a ray in a direction goes. */
export function castRay(origin: Vec, direction: number, rects: readonly Rect[], smokes: readonly SmokeDisc[], reach: number): number {
  const ux = Math.cos(direction);
  const uy = Math.sin(direction);
  let best = reach;
  for (const r of rects) best = Math.min(best, enter(origin, ux, uy, r, best));
  return smokes.length > 0 ? Math.min(best, smokeEnd(origin, ux, uy, smokes, best)) : best;
}

/** The lit area: the viewer first, then the ends of the rays from the left border to the right one. */
export function sightPolygon(view: View, rects: readonly Rect[], smokes: readonly SmokeDisc[]): Vec[] {
  const { position, direction, angle, distance } = view;
  const half = Math.min(angle / 2, Math.PI);
  const near = rects.filter((r) => {
    const dx = Math.max(r.x - position.x, 0, position.x - r.x - r.width);
    const dy = Math.max(r.y - position.y, 0, position.y - r.y - r.height);
    return dx * dx + dy * dy <= distance * distance;
  });
  const offsets: number[] = [];
  for (let a = -half; a < half; a += ARC_STEP) offsets.push(a);
  offsets.push(half);
  for (const r of near) {
    for (let i = 0; i < 4; i++) {
      const x = i & 1 ? r.x + r.width : r.x;
      const y = i & 2 ? r.y + r.height : r.y;
      const offset = wrapAngle(Math.atan2(y - position.y, x - position.x) - direction);
      for (const o of [offset - CORNER_EPSILON, offset + CORNER_EPSILON]) if (Math.abs(o) < half) offsets.push(o);
    }
  }
  offsets.sort((a, b) => a - b);
  const points: Vec[] = [{ ...position }];
  for (const offset of offsets) {
    const d = castRay(position, direction + offset, near, smokes, distance);
    points.push({ x: position.x + Math.cos(direction + offset) * d, y: position.y + Math.sin(direction + offset) * d });
  }
  return points;
}

/** Area of a polygon, px^2. */
export function polygonArea(points: readonly Vec[]): number {
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    const a = points[i]!;
    const b = points[(i + 1) % points.length]!;
    sum += a.x * b.y - b.x * a.y;
  }
  return Math.abs(sum) / 2;
}

export function pointInPolygon(p: Vec, points: readonly Vec[]): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i]!;
    const b = points[j]!;
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
