// Prediction against a server that credits steps by sequence gap (wire contract 7.3, decision 2).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Vec } from "./geometry";
import { distance } from "./geometry";
import { KEY_A, KEY_CTRL, KEY_D, KEY_S, KEY_SHIFT, KEY_W, moveStep } from "./movement";
import type { InputMessage } from "./prediction";
import { Predictor } from "./prediction";
import { noise } from "./random";
import { WallSet } from "./walls";

/** The server's side of the contract: steps credited = gap of the sequence less the shots in between. */
class Server {
  acked = 0;
  shots = 0;
  constructor(public position: Vec, private readonly walls: WallSet) {}
  input(m: { sequence: number; sample: { keys: number; mouse: Vec } }): void {
    const credit = m.sequence - this.acked - this.shots;
    for (let i = 0; i < credit; i++) {
      this.position = moveStep(this.position, m.sample.keys, m.sample.mouse, (p) => this.walls.blocked(p));
    }
    this.acked = m.sequence;
    this.shots = 0;
  }
  shot(): void {
    this.shots += 1;
  }
  printed(): Vec {
    return { x: Math.round(this.position.x * 100) / 100, y: Math.round(this.position.y * 100) / 100 };
  }
}

function arena(): WallSet {
  const walls = new WallSet();
  const wires: Record<string, never> = {};
  let n = 0;
  for (let y = 40; y < 240; y += 50) {
    for (let x = 60; x < 420; x += 90) {
      const vertical = (x + y) % 20 === 0;
      const open = (x * 7 + y) % 5;
      Object.assign(wires, {
        [`wall_${++n}`]: {
          id: `wall_${n}`, position: { x, y }, width: vertical ? 10 : 50, height: vertical ? 50 : 10, material: "wood",
          maxHealth: 80, sliceHealth: [0, 1, 2, 3, 4].map((i) => (i === open ? 0 : 80)),
          destructionMask: [0, 1, 2, 3, 4].map((i) => (i === open ? 1 : 0)),
        },
      });
    }
  }
  walls.replace(wires);
  return walls;
}

const KEYS = [0, KEY_W, KEY_A, KEY_S, KEY_D, KEY_W | KEY_D, KEY_S | KEY_A, KEY_SHIFT | KEY_D, KEY_SHIFT | KEY_W | KEY_A, KEY_CTRL | KEY_S, KEY_A | KEY_D];

test("agrees with the server to 0.01 px over 20,000 random steps with shots, walls and delay", () => {
  const walls = arena();
  const server = new Server({ x: 30, y: 135 }, walls);
  const wire: (() => void)[] = [];
  const sent: InputMessage[] = [];
  const client = new Predictor((p) => walls.blocked(p), (m) => {
    const copy = structuredClone({ sequence: m.sequence, steps: m.steps, sample: m.sample });
    sent.push(copy);
    wire.push(() => server.input(copy));
  });
  client.reset({ x: 30, y: 135 });
  let keys = 0;
  const mouse = { x: 100, y: 100 };
  for (let i = 0; i < 20000; i++) {
    if (noise(i, 1) < 0.06) keys = KEYS[Math.floor(noise(i, 2) * KEYS.length)]!;
    if (noise(i, 3) < 0.4) {
      mouse.x = Math.round(noise(i, 4) * 480);
      mouse.y = Math.round(noise(i, 5) * 270);
    }
    client.step({ keys, mouse });
    if (noise(i, 6) < 0.05) {
      client.takeSequence();
      wire.push(() => server.shot());
    }
    if (i % 3 === 0) {
      const late = Math.floor(noise(i, 7) * 6);
      while (wire.length > late) wire.shift()!();
      client.reconcile(server.printed(), server.acked);
    }
  }
  client.flush();
  while (wire.length > 0) wire.shift()!();
  assert.equal(client.stats.corrected, 0);
  assert.ok(distance(client.position, server.position) < 1e-9);
  assert.ok(sent.length < 12500, `sent ${sent.length} messages for 20000 steps`);
});

test("sends at most 30 messages a second while nothing changes, and the first step at once", () => {
  const sent: InputMessage[] = [];
  const client = new Predictor(() => false, (m) => sent.push({ ...m }));
  client.reset({ x: 100, y: 100 });
  for (let i = 0; i < 61; i++) client.step({ keys: KEY_D, mouse: { x: 400, y: i } });
  assert.equal(sent[0]!.sequence, 1);
  assert.equal(sent.length, 31);
  assert.equal(sent[30]!.sequence, 61);
});

test("a key change is a message of its own: no step is credited with keys it did not have", () => {
  const sent: InputMessage[] = [];
  const client = new Predictor(() => false, (m) => sent.push({ ...m }));
  client.reset({ x: 100, y: 100 });
  const mouse = { x: 0, y: 0 };
  for (const keys of [KEY_D, KEY_D, KEY_S, KEY_S, KEY_S, 0, 0]) client.step({ keys, mouse });
  assert.deepEqual(sent.map((m) => [m.sequence, m.steps, m.sample.keys]), [[1, 1, KEY_D], [2, 1, KEY_D], [3, 1, KEY_S], [5, 2, KEY_S], [6, 1, 0]]);
});

test("idle: silent but for the mouse (20 a second at most) and a sign of life each second", () => {
  const sent: InputMessage[] = [];
  const client = new Predictor(() => false, (m) => sent.push({ ...m }));
  client.reset({ x: 100, y: 100 });
  for (let i = 0; i < 60; i++) client.step({ keys: 0, mouse: { x: i, y: 0 } });
  assert.ok(sent.length <= 21, `${sent.length}`);
  sent.length = 0;
  for (let i = 0; i < 120; i++) client.step({ keys: 0, mouse: { x: 59, y: 0 } });
  assert.ok(sent.length <= 3, `${sent.length}`);
});

test("a correction replays what the server has not seen, and fades in the picture", () => {
  const client = new Predictor(() => false, () => {});
  client.reset({ x: 100, y: 100 });
  for (let i = 0; i < 10; i++) client.step({ keys: KEY_D, mouse: { x: 480, y: 100 } });
  client.reconcile({ x: 97, y: 100 }, 1);
  assert.ok(Math.abs(client.position.x - (97 + (9 * 100) / 60)) < 1e-9);
  assert.ok(Math.abs(client.error.x - (3 + 100 / 60)) < 1e-9);
  client.fadeError(1);
  assert.ok(Math.abs(client.error.x) < 0.01);
});

test("a respawn far away snaps", () => {
  const client = new Predictor(() => false, () => {});
  client.reset({ x: 100, y: 100 });
  client.reconcile({ x: 400, y: 200 }, 0);
  assert.deepEqual(client.position, { x: 400, y: 200 });
  assert.deepEqual(client.error, { x: 0, y: 0 });
});

test("a wall that opened on the way is known to the replay", () => {
  const walls = new WallSet();
  walls.replace({
    wall_1: { id: "wall_1", position: { x: 200, y: 100 }, width: 50, height: 10, material: "wood", maxHealth: 80, sliceHealth: [80, 80, 80, 80, 80], destructionMask: [0, 0, 0, 0, 0] },
  });
  const client = new Predictor((p) => walls.blocked(p), () => {});
  client.reset({ x: 225, y: 116 });
  for (let i = 0; i < 6; i++) client.step({ keys: KEY_W, mouse: { x: 225, y: 0 } });
  assert.equal(client.position.y, 116);
  walls.damage("wall_1", 2, 35, true);
  client.reconcile({ x: 225, y: 115.5 }, 1);
  assert.ok(Math.abs(client.position.y - (115.5 - 5 * (100 / 60))) < 1e-9);
});
