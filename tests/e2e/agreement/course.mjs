// What the runs have in common: a match of two, a runner at several frame rates at once, and the judgement.

import { assert, sleep, test } from '../lib/check.mjs';
import { Walker } from './walker.mjs';

const LOADOUT = { primary: 'rifle', secondary: 'pistol', support: ['antimaterialrifle'] };

/** The agreement asked for, px. */
const AGREEMENT = 0.01;
/** A pause longer than this exceeds the server's burst of 15 steps: what follows is not steady play. */
const STEADY_MS = 200;
const ATTEMPTS = 4;

/** A match of two in a private lobby; the runner is red. `how` is {fps, perFrame}: see Walker. */
async function withMatch(server, map, how, body) {
  const host = await Walker.connect(server.url, 'Host', { fps: 10 });
  const runner = await Walker.connect(server.url, 'Runner', how);
  try {
    const created = new Promise((done) => host.socket.once('private_lobby_created', done));
    host.socket.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 2, map });
    const { inviteCode } = await created;
    runner.socket.emit('join_lobby', { lobbyId: inviteCode });
    await Promise.all([host.enter({ ...LOADOUT, team: 'blue' }), runner.enter({ ...LOADOUT, team: 'red' })]);
    await body(runner);
    await runner.rest();
  } finally {
    await Promise.all([host.leave(), runner.leave()]);
  }
}

/** False when this machine itself paused for longer than a steady player does. */
function agreed(runner, { fewest, label, capped }) {
  const { compared, worst, longestPause } = runner;
  const { corrected } = runner.predictor.stats;
  console.log(`     ${label}: ${compared} positions compared, ${corrected} corrected, worst ${worst.toFixed(6)} px, at rest ${runner.restError().toFixed(6)} px, longest pause ${longestPause.toFixed(0)} ms`);
  assert.ok(compared >= fewest, `${label}: only ${compared} comparisons`);
  assert.ok(runner.restError() <= AGREEMENT, `${label}: at rest ${runner.restError()} px apart`);
  if (capped) {
    assert.ok(corrected > 0, `${label}: more than 60 steps a second were granted`);
    return true;
  }
  if (longestPause > STEADY_MS) return false;
  assert.ok(worst <= AGREEMENT, `${label}: ${worst} px apart. ${runner.worstAt}`);
  assert.equal(corrected, 0, `${label}: corrections`);
  return true;
}

/**
 * One run at each of the frame rates, all at once, each in a match of its own; again where this machine paused. `rates` are
 * {fps, perFrame, capped, fewest}: capped = the server's limit of 60 steps a second rules, only the rest is compared.
 */
export function course(name, server, map, rates, body) {
  const one = async (rate) => {
    const label = `${rate.fps} fps${rate.perFrame ? ', a step a frame' : ''}`;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      let good = false;
      await withMatch(server, map, rate, async (runner) => {
        await body(runner, rate);
        await runner.rest();
        good = agreed(runner, { ...rate, label });
      });
      if (good) return;
      console.log(`     ${label}: paused for too long, once more`);
      await sleep(500);
    }
    assert.fail(`${label}: this machine never ran steadily`);
  };
  test(name, async () => {
    const ends = await Promise.allSettled(rates.map(one));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  });
}
