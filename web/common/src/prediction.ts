// The own player moves at once, and the server's word corrects it (wire contract 7).
//
// Steps are fixed at 60 a second whatever the display does. Consecutive steps with the same keys are one message whose
// sequence grew by their number: the server credits that many steps with the message's keys and mouse. So the sample
// (keys and mouse) of a message is fixed by its first step and used for all of its steps, here as there.

import type { Vec } from "./geometry";
import { distance } from "./geometry";
import { isMoving, moveStep } from "./movement";

export interface InputSample {
  keys: number;
  mouse: Vec;
}

/** Steps that travel in one message. */
export interface InputMessage {
  sequence: number;
  steps: number;
  sample: InputSample;
}

interface Pending extends InputMessage {
  /** Where the body was predicted to be after the message. */
  after: Vec;
}

/** Steps a message holds while nothing changes: at most 30 messages a second. */
export const STEPS_PER_MESSAGE = 2;
/** The server prints two decimals: nearer than this is agreement, and the exact own position stays. */
export const AGREEMENT = 0.01;
/** A correction farther than this is a jump (respawn, teleport) and is not smoothed. */
export const SNAP_DISTANCE = 20;
const MAX_PENDING = 120;
const IDLE_MOUSE_STEPS = 3;
const IDLE_KEEPALIVE_STEPS = 60;

export interface PredictionStats {
  /** Server positions compared with the prediction. */
  compared: number;
  /** Of these, farther than AGREEMENT. */
  corrected: number;
  snapped: number;
  lastError: number;
  maxError: number;
}

export class Predictor {
  /** Where the body is after the last step, and before it (for drawing between steps). */
  position: Vec = { x: 240, y: 135 };
  previous: Vec = { x: 240, y: 135 };
  /** What is left of the last corrections; the picture adds it to `position` and lets it fade. */
  error: Vec = { x: 0, y: 0 };
  sequence = 0;
  readonly stats: PredictionStats = { compared: 0, corrected: 0, snapped: 0, lastError: 0, maxError: 0 };

  private pending: Pending[] = [];
  private open: Pending | null = null;
  private acked: { sequence: number; after: Vec } = { sequence: 0, after: this.position };
  private lastSample: InputSample | null = null;
  private idleSteps = 0;

  constructor(
    private readonly blocked: (p: Vec) => boolean,
    private readonly send: (message: InputMessage) => void,
  ) {}

  /** A new life in the world: the sequence starts again (contract 7.3). */
  reset(position: Vec, sequence = 0): void {
    this.position = { ...position };
    this.previous = { ...position };
    this.error = { x: 0, y: 0 };
    this.sequence = sequence;
    this.pending = [];
    this.open = null;
    this.acked = { sequence, after: { ...position } };
    this.lastSample = null;
    this.idleSteps = 0;
  }

  /** One step of 1/60 s. */
  step(sample: InputSample): void {
    const changed = this.lastSample === null || this.lastSample.keys !== sample.keys;
    if (changed) this.flush();
    if (!isMoving(sample.keys)) {
      this.idle(sample, changed);
      return;
    }
    if (!this.open) {
      this.open = { sequence: this.sequence, steps: 0, sample: { keys: sample.keys, mouse: { ...sample.mouse } }, after: this.position };
    }
    const open = this.open;
    this.lastSample = open.sample;
    this.previous = this.position;
    this.position = moveStep(this.position, open.sample.keys, open.sample.mouse, this.blocked);
    this.sequence += 1;
    open.sequence = this.sequence;
    open.steps += 1;
    open.after = this.position;
    if (changed || open.steps >= STEPS_PER_MESSAGE) this.flush();
  }

  /** Sends the steps not sent yet; a shot calls it so that the server stands where the player sees himself. */
  flush(): void {
    const open = this.open;
    if (!open) return;
    this.open = null;
    this.push(open);
  }

  /** A shot takes a number of its own (contract 7.3). */
  takeSequence(): number {
    this.flush();
    this.sequence += 1;
    return this.sequence;
  }

  /** The server's word: its position after it applied everything up to `ack`. */
  reconcile(server: Vec, ack: number): void {
    let newest: Pending | null = null;
    while (this.pending.length > 0 && this.pending[0]!.sequence <= ack) newest = this.pending.shift()!;
    if (newest) this.acked = { sequence: newest.sequence, after: newest.after };
    const error = distance(server, this.acked.after);
    this.stats.compared += 1;
    this.stats.lastError = error;
    if (error <= AGREEMENT) return;
    this.stats.corrected += 1;
    const drawnAt = { x: this.position.x + this.error.x, y: this.position.y + this.error.y };
    this.acked.after = { ...server };
    let position = { ...server };
    const replay = this.open ? [...this.pending, this.open] : this.pending;
    for (const message of replay) {
      for (let i = 0; i < message.steps; i++) {
        position = moveStep(position, message.sample.keys, message.sample.mouse, this.blocked);
      }
      message.after = position;
    }
    this.position = position;
    this.previous = position;
    this.error = { x: drawnAt.x - position.x, y: drawnAt.y - position.y };
    if (Math.hypot(this.error.x, this.error.y) > SNAP_DISTANCE) {
      this.stats.snapped += 1;
      this.error = { x: 0, y: 0 };
    } else {
      this.stats.maxError = Math.max(this.stats.maxError, error);
    }
  }

  /** Lets the rest of a correction fade; `seconds` since the last call. */
  fadeError(seconds: number): void {
    const left = Math.exp(-12 * seconds);
    this.error = { x: this.error.x * left, y: this.error.y * left };
  }

  /** Messages sent and not yet acknowledged. */
  get unacknowledged(): number {
    return this.pending.length;
  }

  private idle(sample: InputSample, changed: boolean): void {
    this.previous = this.position;
    this.idleSteps += 1;
    const last = this.lastSample;
    const moved = last !== null && (last.mouse.x !== sample.mouse.x || last.mouse.y !== sample.mouse.y);
    const due = changed || (moved && this.idleSteps >= IDLE_MOUSE_STEPS) || this.idleSteps >= IDLE_KEEPALIVE_STEPS;
    if (!due) return;
    this.idleSteps = 0;
    this.sequence += 1;
    this.lastSample = { keys: sample.keys, mouse: { ...sample.mouse } };
    this.push({ sequence: this.sequence, steps: 1, sample: this.lastSample, after: this.position });
  }

  private push(message: Pending): void {
    this.pending.push(message);
    if (this.pending.length > MAX_PENDING) this.pending.shift();
    this.send(message);
  }
}
