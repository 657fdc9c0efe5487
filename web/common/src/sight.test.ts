// The lit area of game rules 8.2: areas of the vectors of 13.7, within the half per cent they ask for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockingRects, castRay, DEFAULT_VIEW_ANGLE, DEFAULT_VIEW_DISTANCE, pointInPolygon, polygonArea, sightPolygon } from "./sight";
import { WallSet } from "./walls";

function wall(x: number, y: number, vertical: boolean, open: number[], health = 675, material: "concrete" | "wood" = "concrete"): WallSet {
  const set = new WallSet();
  const slices = [0, 1, 2, 3, 4];
  set.replace({
    wall_1: {
      id: "wall_1", position: { x, y }, width: vertical ? 10 : 50, height: vertical ? 50 : 10, material, maxHealth: health,
      sliceHealth: slices.map((i) => (open.includes(i) ? 0 : health)), destructionMask: slices.map((i) => (open.includes(i) ? 1 : 0)),
    },
  });
  return set;
}

function area(set: WallSet, x: number, y: number, direction = 0): number {
  const view = { position: { x, y }, direction, angle: DEFAULT_VIEW_ANGLE, distance: DEFAULT_VIEW_DISTANCE };
  return polygonArea(sightPolygon(view, blockingRects(set.values()), []));
}

const near = (actual: number, expected: number, part = 0.005) =>
  assert.ok(Math.abs(actual - expected) <= expected * part, `area ${actual}, expected ${expected}`);

test("V1 empty arena", () => near(area(new WallSet(), 240, 135), 26672.36, 0.006));
test("V2 a wall ahead", () => near(area(wall(300, 110, true, []), 240, 135), 18126.78));
test("V3 with a hole", () => near(area(wall(300, 110, true, [2]), 240, 135), 19695.29));
test("V4 wholly open", () => near(area(wall(300, 110, true, [0, 1, 2, 3, 4]), 240, 135), 26672.36, 0.006));
test("V7 inside a wall nothing is seen", () => assert.equal(area(wall(230, 130, false, []), 240, 135), 0));
test("V8 touching a wall", () => near(area(wall(246, 110, true, []), 240, 135), 62.35, 0.02));
test("V9 a wall across the arc", () => near(area(wall(395, 100, false, []), 240, 105), 26634.03, 0.006));

test("S3 smoke ends a ray", () => {
  const ends = [100, 130, 150, 180, 200, 240, 300, 321].map((x) =>
    castRay({ x: 100, y: 135 }, 0, [], [{ position: { x, y: 135 }, radius: 60, density: 0.95 }], 160));
  assert.deepEqual(ends, [10, 15, 15, 35, 55, 95, 155, 160]);
});

test("a point behind the wall is not lit, one before it is", () => {
  const view = { position: { x: 240, y: 135 }, direction: 0, angle: DEFAULT_VIEW_ANGLE, distance: DEFAULT_VIEW_DISTANCE };
  const lit = sightPolygon(view, blockingRects(wall(300, 110, true, []).values()), []);
  assert.ok(pointInPolygon({ x: 280, y: 135 }, lit));
  assert.ok(!pointInPolygon({ x: 330, y: 135 }, lit));
});
