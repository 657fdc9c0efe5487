import assert from "node:assert/strict";
import { test } from "node:test";
import { StateClock, Track } from "./interpolation";

test("a walk is drawn between two states", () => {
  const track = new Track();
  track.push(1000, { x: 100, y: 100 }, 0);
  track.push(1050, { x: 105, y: 100 }, 1);
  const pose = track.at(1025)!;
  assert.equal(pose.position.x, 102.5);
  assert.equal(pose.rotation, 0.5);
  assert.ok(Math.abs(pose.speed - 100) < 1e-9);
});

test("a hidden player (parked outside, contract 5.7) is not drawn, nor on the way there", () => {
  const track = new Track();
  track.push(1000, { x: 100, y: 100 }, 0);
  track.push(1050, { x: -1000, y: -1000 }, 0);
  track.push(1100, { x: 200, y: 100 }, 0);
  assert.deepEqual(track.at(1040)!.position, { x: 100, y: 100 });
  assert.equal(track.at(1060), null);
  assert.deepEqual(track.at(1120)!.position, { x: 200, y: 100 });
});

test("facing turns the shorter way", () => {
  const track = new Track();
  track.push(0, { x: 10, y: 10 }, 3);
  track.push(50, { x: 10, y: 10 }, -3);
  const rotation = track.at(25)!.rotation;
  assert.ok(Math.abs(Math.abs(rotation) - Math.PI) < 0.01);
});

test("with an even stream the picture is little more than one state behind", () => {
  const clock = new StateClock();
  for (let i = 0; i < 100; i++) clock.note(5000 + i * 50, 90000 + i * 50 + 20);
  assert.ok(clock.delay >= 50 && clock.delay < 75, `${clock.delay}`);
  assert.ok(Math.abs(clock.toLocal(5000) - 90020) < 2);
});

test("an uneven stream is drawn later, but never more than 150 ms", () => {
  const clock = new StateClock();
  for (let i = 0; i < 200; i++) clock.note(i * 50, 1000 + i * 50 + (i % 4) * 30);
  assert.ok(clock.delay > 80 && clock.delay <= 150, `${clock.delay}`);
});
