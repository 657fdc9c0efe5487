// How a player moves, exactly as the server does it (game rules 3.3-3.5): same numbers, same order, in doubles.

import type { Vec } from "./geometry";
import { clamp } from "./geometry";

export const STEP_SECONDS = 1 / 60;
export const BASE_SPEED = 100;

/** Bits of a set of movement keys. */
export const KEY_W = 1;
export const KEY_A = 2;
export const KEY_S = 4;
export const KEY_D = 8;
export const KEY_SHIFT = 16;
export const KEY_CTRL = 32;

const DEGREES = 180 / Math.PI;

/** The key that runs when aiming from `from` at `to`. */
export function aimedKey(from: Vec, to: Vec): number {
  const degrees = (Math.atan2(to.y - from.y, to.x - from.x) * DEGREES + 360) % 360;
  if (degrees >= 315 || degrees < 45) return KEY_D;
  if (degrees < 135) return KEY_S;
  if (degrees < 225) return KEY_A;
  return KEY_W;
}

function axis(keys: number, plus: number, minus: number): number {
  return ((keys & plus) !== 0 ? 1 : 0) - ((keys & minus) !== 0 ? 1 : 0);
}

/** Whether the keys have a net direction. */
export function isMoving(keys: number): boolean {
  return axis(keys, KEY_D, KEY_A) !== 0 || axis(keys, KEY_S, KEY_W) !== 0;
}

/** Whether the keys run, when aiming from `position` at `mouse`. */
export function isRunning(keys: number, position: Vec, mouse: Vec): boolean {
  return (keys & KEY_CTRL) === 0 && (keys & KEY_SHIFT) !== 0 && (keys & aimedKey(position, mouse)) !== 0;
}

/** One step of 1/60 s: where a body goes from `position`. */
export function moveStep(position: Vec, keys: number, mouse: Vec, blocked: (p: Vec) => boolean): Vec {
  let dx = axis(keys, KEY_D, KEY_A);
  let dy = axis(keys, KEY_S, KEY_W);
  let next: Vec = position;
  if (dx !== 0 || dy !== 0) {
    if (dx !== 0 && dy !== 0) {
      const length = Math.sqrt(dx * dx + dy * dy);
      dx /= length;
      dy /= length;
    }
    const factor = (keys & KEY_CTRL) !== 0 ? 0.5 : isRunning(keys, position, mouse) ? 1.5 : 1.0;
    const target = {
      x: position.x + dx * BASE_SPEED * factor * STEP_SECONDS,
      y: position.y + dy * BASE_SPEED * factor * STEP_SECONDS,
    };
    const alongX = { x: target.x, y: position.y };
    const alongY = { x: position.x, y: target.y };
    if (!blocked(target)) next = target;
    else if (!blocked(alongX)) next = alongX;
    else if (!blocked(alongY)) next = alongY;
  }
  return { x: clamp(next.x, 10, 470), y: clamp(next.y, 10, 260) };
}
