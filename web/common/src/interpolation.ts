// Other players are drawn a little in the past, between two states of the server, so that 20 states a second look smooth.

import type { Vec } from "./geometry";
import { distance, insideArena, lerp, lerpAngle } from "./geometry";

interface Sample {
  time: number;
  position: Vec;
  rotation: number;
}

export interface Pose {
  position: Vec;
  rotation: number;
  /** px per second, from the two states around. */
  speed: number;
}

/** Farther than this between two states is a jump, not a walk. */
const JUMP = 40;
const KEEP = 12;

/**
 * Turns the server's time stamps into this page's clock, and says how far behind the newest state to draw: one state
 * period and what the network's unevenness asks for.
 */
export class StateClock {
  private offset: number | null = null;
  private lateness = 0;
  private period = 50;
  private last: number | null = null;

  /** A state stamped `serverTime` arrived at `now` (both ms). */
  note(serverTime: number, now: number): void {
    const offset = now - serverTime;
    if (this.offset === null || Math.abs(offset - this.offset) > 1000) {
      this.offset = offset;
      this.lateness = 0;
    } else {
      this.offset = offset < this.offset ? lerp(this.offset, offset, 0.5) : this.offset + Math.min(0.5, (offset - this.offset) * 0.01);
      const late = offset - this.offset;
      this.lateness = late > this.lateness ? lerp(this.lateness, late, 0.3) : lerp(this.lateness, late, 0.02);
    }
    if (this.last !== null && serverTime > this.last && serverTime - this.last < 400) {
      this.period = lerp(this.period, serverTime - this.last, 0.05);
    }
    this.last = serverTime;
  }

  /** How far in the past the others are drawn, ms. */
  get delay(): number {
    return Math.min(150, this.period * 1.2 + this.lateness * 1.5 + 4);
  }

  /** The server time to draw at `now`. */
  drawTime(now: number): number {
    return this.offset === null ? 0 : now - this.offset - this.delay;
  }

  /** A server time in this page's clock. */
  toLocal(serverTime: number): number {
    return this.offset === null ? serverTime : serverTime + this.offset;
  }
}

/** The last known poses of one other player. */
export class Track {
  private samples: Sample[] = [];

  push(time: number, position: Vec, rotation: number): void {
    const last = this.samples[this.samples.length - 1];
    if (last && time <= last.time) return;
    this.samples.push({ time, position: { ...position }, rotation });
    if (this.samples.length > KEEP) this.samples.shift();
  }

  clear(): void {
    this.samples = [];
  }

  /** The pose at a server time; null while the player is hidden or unknown. */
  at(time: number): Pose | null {
    const list = this.samples;
    if (list.length === 0) return null;
    let i = list.length - 1;
    while (i > 0 && list[i]!.time > time) i--;
    const from = list[i]!;
    const to = list[i + 1];
    if (!insideArena(from.position)) return null;
    if (!to || time <= from.time || !insideArena(to.position) || distance(from.position, to.position) > JUMP) {
      return { position: from.position, rotation: from.rotation, speed: 0 };
    }
    const part = (time - from.time) / (to.time - from.time);
    return {
      position: { x: lerp(from.position.x, to.position.x, part), y: lerp(from.position.y, to.position.y, part) },
      rotation: lerpAngle(from.rotation, to.rotation, part),
      speed: (distance(from.position, to.position) / (to.time - from.time)) * 1000,
    };
  }
}
