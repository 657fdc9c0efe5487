// Points, angles and the arena. Arena pixels: 480 x 270, origin top left, y down; angles in radians, 0 = right.

export interface Vec {
  x: number;
  y: number;
}

export const ARENA_WIDTH = 480;
export const ARENA_HEIGHT = 270;
export const CELL = 10;
export const BODY_RADIUS = 6;

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

export function lerp(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

/** The equal angle in (-pi, pi]. */
export function wrapAngle(angle: number): number {
  let a = angle % (2 * Math.PI);
  if (a > Math.PI) a -= 2 * Math.PI;
  if (a <= -Math.PI) a += 2 * Math.PI;
  return a;
}

/** From one angle to another by the shorter way round. */
export function lerpAngle(from: number, to: number, part: number): number {
  return from + wrapAngle(to - from) * part;
}

export function distance(a: Vec, b: Vec): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** True when both coordinates are finite and within the arena: a hidden player is parked outside (contract 5.7). */
export function insideArena(p: Vec): boolean {
  return p.x >= 0 && p.x <= ARENA_WIDTH && p.y >= 0 && p.y <= ARENA_HEIGHT;
}
