// The faults that players bring about or notice first: results, logins, joins, matches, the log. Told as in faults.mjs; `prepare`
// is done before the clock starts.

import { execFileSync } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { sleep, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { freePorts } from '../lib/ports.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { figure, playing, post, withDatabase, withRedis } from './starts.mjs';

const kHooks = { TEST_HOOKS: 'true' };

// So many matches, each of one player and a bot.
async function matches(count, { server, ongoing }) {
  const players = await Promise.all(Array.from({ length: count }, () => playing(server, ongoing, { isPrivate: true })));
  await until('all matches are going on', async () => (await figure(server, 'lobbies{status="playing"}')) === count, 20_000);
  for (const player of players) await player.enter();
  return players;
}

const endAll = (players) => { for (const player of players) player.emit('debug:trigger_match_end'); };

// Redis at the end of a slow line: `line.delay` milliseconds each way.
async function behindSlowLine(bin, settings) {
  const redis = await Redis.start();
  const line = { delay: 0 };
  const [port] = await freePorts(1);
  const pass = (from, to) => from.on('data', (bytes) => { setTimeout(() => { if (!to.destroyed) to.write(bytes); }, line.delay); })
    .on('error', () => {}).on('close', () => to.destroy());
  const open = new Set();
  const door = createServer((near) => {
    const far = createConnection(redis.port, '127.0.0.1');
    pass(near, far);
    pass(far, near);
    open.add(near);
  });
  await new Promise((done) => { door.listen(port, '127.0.0.1', done); });
  const server = await Server.start(bin, { ...settings, REDIS_URL: `redis://127.0.0.1:${port}/0` });
  await until('it is linked', async () => (await figure(server, 'redis_connected')) === 1);
  const stop = async () => {
    for (const socket of open) socket.destroy();
    door.close();
    await redis.kill();
  };
  return { server, environment: { REDIS_URL: redis.url }, line, stop };
}

export const gameFaults = [
  {
    name: 'results and no database', alert: 'ResultsWait', besides: ['DatabaseDown', 'DatabaseSlow', 'ErrorRateHigh'], settings: kHooks,
    start: withDatabase,
    prepare: async (node) => { node.players = await matches(24, node); },
    strike: async ({ database, players }) => {
      await database.kill();
      endAll(players);
    },
  },
  {
    name: 'results that the database refuses', alert: 'ResultsRejected', settings: kHooks,
    prepare: async (node) => { node.players = await matches(1, node); },
    strike: async ({ server, players }) => {
      execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'trespasser.db'),
        "create trigger drill before insert on match_results begin select raise(abort, 'drill'); end"]);
      endAll(players);
    },
  },
  {
    // After some seconds without Redis a node is not sure to own its lobbies any more.
    name: 'results and no Redis', alert: 'ResultsHeld', besides: ['RedisDown'], settings: kHooks,
    start: withRedis,
    prepare: async (node) => {
      node.players = await matches(24, node);
      await node.redis.kill();
      await sleep(7000);
    },
    strike: async ({ players }) => { endAll(players); },
  },
  {
    name: 'Redis is full', alert: 'SavesDropped', settings: kHooks,
    start: withRedis,
    prepare: async (node) => { node.players = await matches(2, node); },
    strike: async ({ redis }) => { redis.ask('config', 'set', 'maxmemory', '1mb'); },
  },
  {
    name: 'everybody signs up', alert: 'LoginsQueue', besides: ['ErrorRateHigh'], settings: { BCRYPT_COST: '12' },
    strike: async ({ server, ongoing }) => {
      let number = 0;
      for (let i = 0; i < 8; i += 1) {
        ongoing.every(50, () => Promise.all(Array.from({ length: 40 }, () => {
          number += 1;
          return post(server, '/api/auth/register', { email: `launch${number}@example.org`, password: 'a password of its own', displayName: 'Launch' });
        })));
      }
    },
  },
  {
    name: 'garbage from many players', alert: 'SuspiciousActions', besides: ['BadMessages'],
    strike: async ({ server, ongoing }) => {
      for (let i = 0; i < 10; i += 1) {
        ongoing.every(100, async () => {
          const player = await Player.connect(server.url, { transports: ['websocket'], manager: { reconnection: false } });
          for (let word = 0; word < 70; word += 1) player.emit('player:input', 'garbage');
          await until('it is closed', () => !player.socket.connected);
        });
      }
    },
  },
  {
    name: 'everybody leaves', alert: 'MatchesAborted', settings: kHooks,
    prepare: async (node) => { node.players = await matches(24, node); },
    strike: async ({ players }) => { for (const player of players) player.close(); },
  },
  {
    name: 'a slow way to the other nodes', alert: 'JoinsSlow',
    start: behindSlowLine,
    strike: async ({ server, line, ongoing }) => {
      line.delay = 250;
      for (let i = 0; i < 4; i += 1) {
        const player = await Player.connect(server.url, { transports: ['websocket'] });
        ongoing.ends.push(async () => player.close());
        await player.ready();
        ongoing.every(200, () => player.quickPlay());
      }
    },
  },
  {
    // Nobody reads standard output any more, and the writing thread waits for it.
    name: 'a terminal that hangs', alert: 'LogLinesLost', besides: ['BadMessages'],
    prepare: async (node) => {
      node.players = await Promise.all(Array.from({ length: 250 },
        () => Player.connect(node.server.url, { transports: ['websocket'], manager: { timeout: 30_000 } })));
      node.ongoing.ends.push(async () => { for (const player of node.players) player.close(); });
    },
    strike: async ({ server, players, ongoing }) => {
      server.process.stdout.pause();
      ongoing.every(300, async () => {
        for (const player of players) player.emit('find_match', { gameMode: 'deathmatch', isPrivate: false, quickJoin: true });
      });
    },
    mend: async ({ server }) => { server.process.stdout.resume(); },
  },
];
