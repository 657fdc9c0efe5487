// A player without a page: the client's own model, predictor and message format, driven at a chosen frame rate.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { io } from 'socket.io-client';

import { sleep, until } from '../lib/check.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const STEP = 1000 / 60;

/** The client's TypeScript, bundled with the esbuild of the web workspace. */
async function clientCode() {
  const { build } = createRequire(join(root, 'web/package.json'))('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'trespasser-agreement-'));
  const outfile = join(folder, 'client.mjs');
  const contents = ['match_model', 'movement', 'prediction'].map((name) => `export * from './${name}';`).join('\n');
  await build({ stdin: { contents, resolveDir: join(root, 'web/common/src'), loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile });
  const code = await import(pathToFileURL(outfile));
  rmSync(folder, { recursive: true });
  return code;
}

const client = await clientCode();
const { KEY_W, KEY_A, KEY_S, KEY_D, KEY_SHIFT, KEY_CTRL } = client;
export const keys = { KEY_W, KEY_A, KEY_S, KEY_D, KEY_SHIFT, KEY_CTRL };
const nothing = new Proxy({}, { get: () => () => {} });

export class Walker {
  /**
   * fps: frames a second. perFrame: a step in every frame, as the shipped client does it (contract 7.1), and not 60 steps a
   * second whatever the frames do, as ours does it.
   */
  static async connect(url, name, { fps, perFrame = false }) {
    const walker = new Walker();
    walker.name = name;
    walker.fps = fps;
    walker.perFrame = perFrame;
    walker.predicted = [];       // {sequence, position} of each message not yet acknowledged, and of the last that was
    walker.compared = 0;
    walker.worst = 0;            // px between the server's word and what was predicted for the sequence it acknowledges
    walker.worstAt = '';
    walker.met = 0;              // steps that met a wall
    walker.keys = 0;
    walker.mouse = { x: 240, y: 135 };
    walker.longestPause = 0;
    walker.model = new client.MatchModel(nothing);
    walker.predictor = new client.Predictor((p) => walker.model.walls.blocked(p), (message) => walker.send(message));
    walker.synced = false;
    walker.model.onState = (position, acknowledged) => walker.state(position, acknowledged);
    walker.socket = io(url, { transports: ['websocket'], forceNew: true });
    walker.socket.onAny((event, payload) => {
      if (event === 'match_started') walker.started = true;
      walker.model.apply(event, payload, performance.now());
    });
    await new Promise((done, failed) => {
      walker.socket.once('connect', done);
      walker.socket.once('connect_error', failed);
    });
    walker.socket.emit('client:ready', {});
    return walker;
  }

  /** Waits for the match, enters the world, and begins to draw frames. */
  async enter(loadout) {
    await until(`${this.name}: match`, () => this.started, 20_000);
    this.model.selfId = this.socket.id;
    this.predictor.reset({ x: 0, y: 0 });
    this.synced = false;
    this.socket.emit('player:join', { loadout, playerName: this.name, timestamp: Date.now() });
    await until(`${this.name}: world`, () => this.synced && this.model.walls.size > 0);
    this.running = this.frames();
  }

  state(position, acknowledged) {
    if (!position) return;
    this.server = { ...position };
    if (this.synced) {
      this.compare(position, acknowledged);
      this.predictor.reconcile(position, acknowledged);
    } else {
      this.predictor.reset(position, acknowledged);
      this.predicted = [{ sequence: acknowledged, position: this.server }];
    }
    this.synced = true;
  }

  /** Our own record against the server's word, whatever the predictor itself makes of it. */
  compare(position, acknowledged) {
    while (this.predicted.length > 1 && this.predicted[1].sequence <= acknowledged) this.predicted.shift();
    const expected = this.predicted[0].position;
    const error = Math.hypot(position.x - expected.x, position.y - expected.y);
    this.compared += 1;
    if (error <= this.worst) return;
    this.worst = error;
    this.worstAt = `Sequence ${acknowledged}: predicted (${expected.x}, ${expected.y}), the server says (${position.x}, ${position.y})`;
  }

  /** Stands still until the server has answered everything, and a few states more. */
  async rest() {
    this.keys = 0;
    await until(`${this.name}: everything acknowledged`, () => this.predictor.unacknowledged === 0, 5000);
    await sleep(150);
  }

  restError() {
    const { position } = this.predictor;
    return Math.hypot(position.x - this.server.x, position.y - this.server.y);
  }

  async frames() {
    let last = performance.now();
    let owed = 0;
    for (let due = last; !this.stopped;) {
      due += 1000 / this.fps;
      await sleep(Math.max(0, due - performance.now()));
      const now = performance.now();
      this.longestPause = Math.max(this.longestPause, now - last);
      owed += Math.min(250, now - last);
      last = now;
      due = Math.max(due, now - 50);
      if (this.perFrame) {
        this.step();
        continue;
      }
      for (; owed >= STEP; owed -= STEP) this.step();
    }
  }

  step() {
    this.steering?.();
    const { position } = this.predictor;
    if (this.model.walls.blocked(client.moveStep(position, this.keys, this.mouse, () => false))) this.met += 1;
    this.predictor.step({ keys: this.keys, mouse: this.mouse });
  }

  send({ sequence, sample }) {
    this.predicted.push({ sequence, position: { ...this.predictor.position } });
    const held = (bit) => (sample.keys & bit) !== 0;
    this.socket.emit('player:input', {
      keys: { w: held(KEY_W), a: held(KEY_A), s: held(KEY_S), d: held(KEY_D), shift: held(KEY_SHIFT), ctrl: held(KEY_CTRL), r: false, g: false, 1: false, 2: false, 3: false, 4: false },
      mouse: { ...sample.mouse, buttons: 0, leftPressed: false, rightPressed: false, leftReleased: false, rightReleased: false },
      sequence, timestamp: Date.now(),
    });
  }

  fire(weaponType, target) {
    const sequence = this.predictor.takeSequence();
    const at = this.predictor.position;
    this.socket.emit('weapon:fire', {
      weaponType, position: at, targetPosition: target, direction: Math.atan2(target.y - at.y, target.x - at.x), isADS: false, timestamp: Date.now(), sequence,
    });
  }

  /** Holds keys for some steps. */
  async hold(bits, steps, mouse = this.mouse) {
    this.mouse = mouse;
    this.keys = bits;
    let left = steps;
    await new Promise((done) => {
      this.steering = () => {
        if (left-- > 0) return;
        this.keys = 0;
        this.steering = null;
        done();
      };
    });
  }

  /** Does what `script(i)` says, {keys, mouse} for each of so many steps. */
  async follow(steps, script) {
    let i = 0;
    await new Promise((done) => {
      this.steering = () => {
        if (i < steps) {
          const { keys: bits, mouse } = script(i++);
          this.keys = bits;
          this.mouse = mouse ?? this.mouse;
          return;
        }
        this.keys = 0;
        this.steering = null;
        done();
      };
    });
  }

  /** Walks straight to a point, first along x, then along y. */
  async walkTo(x, y) {
    let patience = 600;
    await new Promise((done, failed) => {
      this.steering = () => {
        const { position } = this.predictor;
        const dx = x - position.x;
        const dy = y - position.y;
        this.keys = Math.abs(dx) > 0.9 ? (dx > 0 ? KEY_D : KEY_A) : Math.abs(dy) > 0.9 ? (dy > 0 ? KEY_S : KEY_W) : 0;
        if (this.keys !== 0 && patience-- > 0) return;
        this.steering = null;
        if (this.keys === 0) done();
        else failed(new Error(`did not get from (${position.x}, ${position.y}) to (${x}, ${y})`));
        this.keys = 0;
      };
    });
  }

  /** The wall and slice at a point; null when it is free. */
  sliceAt(x, y) {
    for (const wall of this.model.walls.values()) {
      if (x < wall.x || x >= wall.x + wall.width || y < wall.y || y >= wall.y + wall.height) continue;
      const slice = Math.floor((wall.horizontal ? x - wall.x : y - wall.y) / 10);
      if (!wall.open[slice]) return { wall, slice };
    }
    return null;
  }

  /** Shoots at a slice until it is open. */
  async shootOpen(weapon, x, y, pauseMs) {
    this.mouse = { x, y };
    for (let shot = 0; this.sliceAt(x, y) !== null; shot++) {
      if (shot > 40) throw new Error(`the slice at (${x}, ${y}) does not open`);
      this.fire(weapon, { x, y });
      await sleep(pauseMs);
    }
  }

  async leave() {
    this.stopped = true;
    await this.running;
    this.socket.emit('leave_lobby');
    this.socket.disconnect();
  }
}
