// Vectors A1-A24 of game rules 13.1: the client's rule, tolerance 1e-6.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Vec } from "./geometry";
import { KEY_A, KEY_CTRL, KEY_D, KEY_S, KEY_SHIFT, KEY_W, moveStep } from "./movement";
import type { Material } from "./walls";
import { WallSet } from "./walls";

interface Vector {
  name: string;
  wall?: { vertical?: boolean; material?: Material; at: [number, number]; open?: number[] };
  from: [number, number];
  keys: number;
  mouse?: [number, number];
  steps: number;
  to: [number, number];
}

const H200 = (open: number[] = []) => ({ at: [200, 100] as [number, number], open });

const VECTORS: Vector[] = [
  { name: "A1 diagonal run", from: [100, 100], keys: KEY_SHIFT | KEY_D | KEY_S, mouse: [400, 110], steps: 60, to: [206.066017, 206.066017] },
  { name: "A2 diagonal walk", from: [100, 100], keys: KEY_D | KEY_S, steps: 60, to: [170.710678, 170.710678] },
  { name: "A3 running away from the aim is walking", from: [200, 200], keys: KEY_SHIFT | KEY_A, mouse: [400, 200], steps: 60, to: [100, 200] },
  { name: "A5 ctrl beats shift", from: [100, 100], keys: KEY_CTRL | KEY_SHIFT | KEY_D, mouse: [400, 100], steps: 60, to: [150, 100] },
  { name: "A6 opposite keys", from: [100, 100], keys: KEY_A | KEY_D, steps: 60, to: [100, 100] },
  { name: "A7 arena clamp", from: [460, 250], keys: KEY_SHIFT | KEY_D | KEY_S, mouse: [480, 250], steps: 60, to: [470, 260] },
  { name: "A8 stopped by a wall", wall: H200(), from: [225, 130], keys: KEY_W, steps: 60, to: [225, 116.666667] },
  { name: "A10 stopped by its end", wall: H200(), from: [150, 105], keys: KEY_D, steps: 120, to: [195, 105] },
  { name: "A11 slides past, margin 5", wall: H200(), from: [150, 94.9], keys: KEY_D, steps: 60, to: [250, 94.9] },
  { name: "A12 the border is inside", wall: H200(), from: [150, 95], keys: KEY_D, steps: 60, to: [195, 95] },
  { name: "A13 through a hole", wall: H200([2]), from: [225, 130], keys: KEY_W, steps: 60, to: [225, 30] },
  { name: "A15 the hole's right border is the next slice", wall: H200([2]), from: [230, 130], keys: KEY_W, steps: 60, to: [230, 116.666667] },
  { name: "A17 overhang of a short wall", wall: H200([3, 4]), from: [270, 105], keys: KEY_A, steps: 60, to: [256.666667, 105] },
  { name: "A18 overhang of an open wall", wall: H200([0, 1, 2, 3, 4]), from: [270, 105], keys: KEY_A, steps: 60, to: [256.666667, 105] },
  { name: "A20 hole of a vertical wall", wall: { vertical: true, at: [140, 110], open: [4] }, from: [100, 155], keys: KEY_D, steps: 60, to: [200, 155] },
  { name: "A23 45 degrees belong to S: walk", from: [240, 135], keys: KEY_SHIFT | KEY_D, mouse: [300, 195], steps: 1, to: [241.666667, 135] },
  { name: "A24 45 degrees belong to S: run", from: [240, 135], keys: KEY_SHIFT | KEY_S, mouse: [300, 195], steps: 1, to: [240, 137.5] },
];

function wallSet(wall: Vector["wall"]): WallSet {
  const set = new WallSet();
  if (!wall) return set;
  const mask = [0, 1, 2, 3, 4].map((i) => (wall.open?.includes(i) ? 1 : 0));
  set.replace({
    wall_1: {
      id: "wall_1",
      position: { x: wall.at[0], y: wall.at[1] },
      width: wall.vertical ? 10 : 50,
      height: wall.vertical ? 50 : 10,
      material: wall.material ?? "concrete",
      maxHealth: 675,
      sliceHealth: mask.map((bit) => (bit ? 0 : 675)),
      destructionMask: mask,
    },
  });
  return set;
}

for (const v of VECTORS) {
  test(v.name, () => {
    const walls = wallSet(v.wall);
    const mouse: Vec = v.mouse ? { x: v.mouse[0], y: v.mouse[1] } : { x: 480, y: v.from[1] };
    let p: Vec = { x: v.from[0], y: v.from[1] };
    for (let i = 0; i < v.steps; i++) p = moveStep(p, v.keys, mouse, (q) => walls.blocked(q));
    assert.ok(Math.abs(p.x - v.to[0]) < 1e-6 && Math.abs(p.y - v.to[1]) < 1e-6, `at (${p.x}, ${p.y}), expected (${v.to})`);
  });
}
