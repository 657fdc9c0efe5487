// C5: a node that is told to stop takes no new lobbies, lets its matches finish and exits with 0.

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { enterBoth, pairInMatch } from '../contract/remedies.mjs';

const bin = resolve(process.argv[2]);
const maps = mapFolder({ range: rangeRows() });
const settings = { MAPS_DIR: maps, TEST_HOOKS: 'true', COUNTDOWN: '2', RESULTS_TIME: '2', VOTE_TIME: '1', DRAIN_LIMIT: '60' };

const status = async (server, path) => (await fetch(server.url + path)).status;
const draining = (server) => until('not ready', async () => (await status(server, '/health/ready')) === 503);

function command(words, environment) {
  return execFileSync(join(bin, 'trespasserd'), words, { env: { PATH: process.env.PATH, ...environment }, stdio: 'pipe' }).toString();
}

async function matchOn(server) {
  const match = await pairInMatch(server);
  await enterBoth(match);
  for (const player of [match.host, match.guest]) player.socket.io.reconnection(false);
  return match;
}

test('C5 SIGTERM: the match in progress is finished and stored, nothing new begins, exit 0', async () => {
  const server = await Server.start(bin, settings);
  const { host, guest } = await matchOn(server);
  const waiting = await Player.connect(server.url);
  await waiting.ready();
  await waiting.quickPlay();
  const sentAway = waiting.next('left_lobby');
  server.process.kill('SIGTERM');
  await draining(server);
  await sentAway;
  assert.equal(await status(server, '/health/live'), 200);
  const refused = waiting.next('matchmaking_failed');
  waiting.emit('find_match', { gameMode: 'deathmatch', isPrivate: false, quickJoin: true });
  await refused;
  const late = await Player.connect(server.url);
  await late.ready();
  const states = guest.heard('game:state').length;
  await until('the match goes on', () => guest.heard('game:state').length > states + 20);
  const told = [host, guest].flatMap((player) => [player.next('match_ended'), player.next('left_lobby', () => true, 15_000)]);
  host.emit('debug:trigger_match_end');
  await Promise.all(told);
  const { code } = await server.exit;
  assert.equal(code, 0);
  assert.equal(server.rows('select match_id from match_results').length, 1);
  assert.equal(guest.heard('match_started').length, 1, 'no match after this one');
  await closeAll([host, guest, waiting, late]);
  server.forget();
});

test('C5 a second signal ends it at once', async () => {
  const server = await Server.start(bin, settings);
  const { host, guest } = await matchOn(server);
  server.process.kill('SIGTERM');
  await draining(server);
  server.process.kill('SIGTERM');
  const { code } = await server.exit;
  assert.equal(code, 0);
  assert.ok(server.logLines().some((line) => line.event === 'stopping' && line.because === 'second signal'));
  await closeAll([host, guest]);
  server.forget();
});

test('C5 the limit ends it, matches or not', async () => {
  const server = await Server.start(bin, { ...settings, DRAIN_LIMIT: '1' });
  const { host, guest } = await matchOn(server);
  const { code } = await server.stop();
  assert.equal(code, 0);
  assert.ok(server.logLines().some((line) => line.event === 'stopping' && line.because === 'drain limit'));
  await closeAll([host, guest]);
  server.forget();
});

test('C5 trespasserd drain: the node of a data folder', async () => {
  const server = await Server.start(bin, settings);
  assert.match(command(['drain'], { DATA_DIR: server.data }), /drains/);
  const { code } = await server.exit;
  assert.equal(code, 0);
  assert.throws(() => command(['drain'], { DATA_DIR: server.data }), /no server runs/);
  server.forget();
});

test('C5 trespasserd drain <node>: one of a cluster, whose match another takes over when the limit comes first', async () => {
  const redis = await Redis.start();
  const shared = { ...settings, REDIS_URL: redis.url, JWT_SECRET: 'd'.repeat(40) };
  const one = await Server.start(bin, { ...shared, NODE_ID: 'n1', DRAIN_LIMIT: '6' });
  const { host, guest, inviteCode } = await matchOn(one);
  const two = await Server.start(bin, { ...shared, NODE_ID: 'n2' });
  assert.throws(() => command(['drain', 'n3'], { DATA_DIR: one.data, REDIS_URL: redis.url }), /no node n3/);
  assert.match(command(['drain', 'n1'], { DATA_DIR: one.data, REDIS_URL: redis.url }), /Node n1 drains/);
  await draining(one);
  const { code } = await one.exit;
  assert.equal(code, 0);
  assert.equal(await status(two, '/health/ready'), 200);
  const id = host.heard('private_lobby_created')[0].lobbyId;
  await until('the lobby is at the other node', () => redis.ask('hget', `lobby:${id}`, 'owner').startsWith('n2/'), 15_000);
  assert.ok(inviteCode);
  await until('it plays', () => two.logLines().some((line) => line.event === 'lobby_adopted' && line.lobby === id));
  await closeAll([host, guest]);
  await two.kill();
  await redis.kill();
  for (const server of [one, two]) server.forget();
});

await finish(await runAll());
