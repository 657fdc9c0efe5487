// Issue 3, point 4: our client's prediction and the server agree to 0.01 px over scripted runs along walls, through fresh
// holes, at the clamp and at the edges of doors, at 30, 60 and 144 frames a second; above 60 steps a second the server's cap
// rules, and both still come to rest in one place.

import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { assert, finish, runAll, sleep, until } from '../lib/check.mjs';
import { mapFolder } from '../lib/map.mjs';
import { Server } from '../lib/server.mjs';
import { course } from './course.mjs';
import { courtRows, dice } from './court.mjs';
import { keys } from './walker.mjs';

const bin = process.argv[2];
if (!bin) {
  console.error('usage: tests/e2e/agreement/run <folder of the built programs>');
  process.exit(2);
}
const { KEY_W, KEY_A, KEY_S, KEY_D, KEY_SHIFT, KEY_CTRL } = keys;
const maps = mapFolder({ court: courtRows() });
copyFileSync(resolve(fileURLToPath(import.meta.url), '../../../../maps/foundry.png'), join(maps, 'foundry.png'));
const server = await Server.start(bin, { MAPS_DIR: maps, DEFAULT_MAP: 'court', LOG_LEVEL: 'warn', COUNTDOWN: '2' });

/** Our client at the three rates; a client that steps once a frame at the two rates that keep to 60 steps a second. */
const ours = (fewest) => [30, 60, 144].map((fps) => ({ fps, fewest }));
const both = (fewest) => [...ours(fewest), { fps: 30, perFrame: true, fewest }, { fps: 60, perFrame: true, fewest }];

course('along the walls of foundry, walking, running, sneaking', server, 'foundry', ours(80), async (runner) => {
  const runs = [
    [KEY_D, 60], [KEY_D | KEY_S, 50], [KEY_S | KEY_SHIFT, 40, { x: 60, y: 260 }], [KEY_A | KEY_S, 70], [KEY_CTRL | KEY_W, 30],
    [KEY_SHIFT | KEY_D, 35, { x: 400, y: 140 }], [KEY_A | KEY_D, 10], [KEY_W | KEY_D, 80], [KEY_SHIFT | KEY_A, 40, { x: 470, y: 10 }], [KEY_W | KEY_A | KEY_SHIFT, 60, { x: 0, y: 130 }],
    [KEY_S, 1], [KEY_D, 1], [KEY_W, 1], [KEY_A, 1], [KEY_S | KEY_D, 3], [KEY_W | KEY_A, 3], [KEY_S, 90],
  ];
  for (const [bits, steps, mouse] of runs) await runner.hold(bits, steps, mouse);
});

course('through a fresh hole in a door of foundry, at its edges, with shots in between', server, 'foundry', ours(60), async (runner) => {
  await runner.walkTo(35, runner.predictor.position.y);
  // The concrete above the door and the metal below it reach 5 px into it: 95 < y < 105 is free, the slice ends at 100.
  await runner.walkTo(35, 98);
  await runner.walkTo(65, 98);
  await runner.shootOpen('rifle', 85, 98, 110);
  await runner.hold(KEY_D, 12);
  await runner.hold(KEY_W, 20);
  runner.fire('rifle', { x: 200, y: 98 });
  await runner.hold(KEY_S, 20);
  await runner.hold(KEY_D | KEY_W, 25);
  await runner.hold(KEY_A | KEY_S, 40);
  await runner.walkTo(runner.predictor.position.x, 98);
  await runner.hold(KEY_D | KEY_SHIFT, 30, { x: 470, y: 98 });
  assert.ok(runner.predictor.position.x > 95, `through the door: x = ${runner.predictor.position.x}`);
});

course('at the clamp of foundry, in a hole of the border', server, 'foundry', [{ fps: 60, fewest: 60 }], async (runner) => {
  await runner.walkTo(35, runner.predictor.position.y);
  await runner.walkTo(35, 75);
  runner.socket.emit('weapon:switch', { fromWeapon: 'rifle', toWeapon: 'antimaterialrifle', timestamp: Date.now() });
  await until('the heavy rifle', () => runner.model.self.held === 'antimaterialrifle');
  await runner.shootOpen('antimaterialrifle', 5, 75, 2050);
  await runner.hold(KEY_A, 30);
  assert.equal(runner.predictor.position.x, 10);
  await runner.hold(KEY_A | KEY_W, 20);
  await runner.hold(KEY_A | KEY_S, 20);
  await runner.hold(KEY_D, 30);
});

/** Keys, pace and aim that change every one to four steps, drawn to one side so that the runner stays at what stands there. */
function restless(seed, towards) {
  const roll = dice(seed);
  let left = 0;
  let now = { keys: 0, mouse: { x: 240, y: 135 } };
  return () => {
    if (left-- <= 0) {
      left = roll(4);
      const drawn = roll(4) !== 0 ? towards[roll(towards.length)] : 0;
      const pace = [0, 0, KEY_SHIFT, KEY_SHIFT, KEY_CTRL, KEY_CTRL | KEY_SHIFT][roll(6)];
      now = { keys: drawn | pace | (drawn === 0 ? roll(16) : 0), mouse: { x: roll(481), y: roll(271) } };
    }
    return { keys: now.keys, mouse: { x: now.mouse.x, y: (now.mouse.y + left) % 270 } };
  };
}

course('other keys every few frames, in a wood of pillars and short walls', server, 'court', both(150), async (runner) => {
  await runner.walkTo(160, runner.predictor.position.y);
  await runner.walkTo(160, 60);
  await runner.follow(130, restless(90, [KEY_D, KEY_D | KEY_S, KEY_D | KEY_W]));
  await runner.follow(150, restless(91, [KEY_S, KEY_A | KEY_S, KEY_S | KEY_D]));
  await runner.follow(150, restless(92, [KEY_A, KEY_A | KEY_W, KEY_A | KEY_S]));
  await runner.follow(100, restless(93, [KEY_W, KEY_W | KEY_D]));
  assert.ok(runner.met >= 60, `only ${runner.met} steps met a wall`);
});

course('along all four edges of the arena and into its corners, running where one looks', server, 'court', ours(150), async (runner) => {
  const round = [
    [KEY_A | KEY_W | KEY_SHIFT, 40, { x: 0, y: 20 }], [KEY_W | KEY_SHIFT, 30, { x: 30, y: 0 }],
    [KEY_D | KEY_W | KEY_SHIFT, 270, { x: 480, y: 12 }], [KEY_D | KEY_S | KEY_SHIFT, 150, { x: 470, y: 270 }],
    [KEY_A | KEY_S | KEY_SHIFT, 30, { x: 0, y: 260 }],
  ];
  const corners = [[10, 10], [10, 10], [470, 10], [470, 260], null];
  for (const [i, [bits, steps, mouse]] of round.entries()) {
    await runner.hold(bits, steps, mouse);
    if (corners[i]) assert.deepEqual({ ...runner.predictor.position }, { x: corners[i][0], y: corners[i][1] });
  }
  await runner.follow(60, restless(5, [KEY_S, KEY_S | KEY_D]));
});

course('aims exactly along the diagonals, where the quarter that runs changes', server, 'court', ours(40), async (runner) => {
  await runner.hold(KEY_A | KEY_W, 60, { x: 0, y: 0 });
  for (const mouse of [{ x: 20, y: 20 }, { x: 0, y: 20 }, { x: 0, y: 0 }, { x: 20, y: 0 }, { x: 10, y: 10 }]) {
    for (const bits of [KEY_D, KEY_S, KEY_D | KEY_S]) {
      assert.deepEqual({ ...runner.predictor.position }, { x: 10, y: 10 });
      await runner.hold(bits | KEY_SHIFT, 1, mouse);
      await runner.hold(KEY_A | KEY_W, 6, { x: 480, y: 270 });
    }
  }
  // Onto the corner of a pillar, free to slide along either side.
  await runner.hold(KEY_D | KEY_S, 60);
  assert.ok(runner.met > 0);
});

course('a pane shot out on the way to it, through it without a stop, and about in its frame', server, 'court', both(80), async (runner) => {
  const pane = { x: 123, y: 185 };
  await runner.walkTo(100, runner.predictor.position.y);
  await runner.walkTo(100, 142);
  await runner.walkTo(pane.x, 142);
  // 30 px at a slow pace: time for some shots. The slice is open before the runner touches it.
  const walking = runner.hold(KEY_S | KEY_CTRL, 36, pane);
  await runner.shootOpen('rifle', pane.x, pane.y, 110);
  await walking;
  await runner.hold(KEY_S, 8);
  assert.ok(Math.abs(runner.predictor.position.y - pane.y) < 9, `in the frame: y = ${runner.predictor.position.y}`);
  await runner.follow(150, restless(6, [KEY_A, KEY_D]));
  await runner.hold(KEY_A, 12);
  await runner.hold(KEY_D, 20);
  await runner.walkTo(pane.x, runner.predictor.position.y);
  await runner.hold(KEY_S, 20);
});

course('a step in every one of 144 frames: the cap rules', server, 'court', [{ fps: 144, perFrame: true, capped: true, fewest: 40 }], async (runner) => {
  await runner.walkTo(60, runner.predictor.position.y);
  await runner.walkTo(60, 20);
  await runner.rest();
  const from = runner.server.x;
  const began = performance.now();
  await runner.hold(KEY_D, 288, { x: 60, y: 260 });
  await runner.rest();
  const steps = (runner.server.x - from) / (100 / 60);
  const granted = ((performance.now() - began) / 1000) * 60 + 16;
  assert.ok(steps <= granted, `${steps} steps, at most ${granted}`);
  assert.ok(steps >= 60, `only ${steps} steps`);
  await sleep(300);
});

const results = await runAll();
await server.stop();
server.forget();
await finish(results);
