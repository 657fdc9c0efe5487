// The faults of machines and of what stands behind a node, each on a node of its own: how the node is started, what is done to
// it, and the alert that must fire. faults_game.mjs has those that players bring about.

import { statfsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { assert, sleep } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';
import { fillDisk, kOthersFile, limitDescriptors, playing, post, silentCrowd, withDatabase, withOwnClock, withRedis, withSmallDisk } from './starts.mjs';
import { holdThread, idleShard } from './threads.mjs';

// `start` gives { server, environment?, data?, stop? }; `strike` does it; `mend` undoes it before the node is stopped; `besides`
// are alerts that may fire as well; `ill` is the check of /health that must say so.
export const faults = [
  {
    name: 'node killed', alert: 'NodeDown',
    strike: async ({ server }) => { await server.kill(); },
  },
  {
    name: 'process stopped', alert: 'NodeDown',
    strike: async ({ server }) => { server.process.kill('SIGSTOP'); },
    mend: async ({ server }) => { server.process.kill('SIGCONT'); },
  },
  {
    name: 'database killed', alert: 'DatabaseDown', besides: ['ErrorRateHigh', 'DatabaseSlow'], short: true, ill: 'database',
    start: withDatabase,
    strike: async ({ database }) => { await database.kill(); },
  },
  {
    name: 'database hung', alert: 'DatabaseSlow', besides: ['DatabaseDown', 'ErrorRateHigh', 'LoginsQueue'], ill: 'database',
    start: withDatabase,
    strike: async ({ server, database, ongoing }) => {
      database.signal('SIGSTOP');
      ongoing.every(500, async () => { await fetch(`${server.url}/api/leaderboard`); });
    },
    mend: async ({ database }) => { database.signal('SIGCONT'); },
  },
  {
    name: 'logins fail', alert: 'ErrorRateHigh', besides: ['DatabaseDown', 'DatabaseSlow'],
    start: withDatabase,
    strike: async ({ server, database, ongoing }) => {
      await database.kill();
      for (let i = 0; i < 4; i += 1) ongoing.every(100, async () => { await fetch(`${server.url}/api/leaderboard`); });
    },
  },
  {
    name: 'Redis gone', alert: 'RedisDown', ill: 'redis',
    start: withRedis,
    strike: async ({ redis }) => { await redis.kill(); },
  },
  {
    // The same, until the checks of /health have been bad for a while.
    name: 'nobody mends it', alert: 'NodeUnhealthy', besides: ['RedisDown'], ill: 'redis',
    start: withRedis,
    strike: async ({ redis }) => { await redis.kill(); },
  },
  {
    name: 'disk full', alert: 'DiskFull', besides: ['DiskNearlyFull'], ill: 'disk',
    start: withSmallDisk(32),
    strike: async ({ data }) => { fillDisk(data); },
  },
  {
    // Less than a tenth is left, but more than the 8 MB below which the node calls it full.
    name: 'disk nearly full', alert: 'DiskNearlyFull',
    start: withSmallDisk(240),
    strike: async ({ data }) => {
      const left = () => { const disk = statfsSync(data); return disk.bavail * disk.bsize; };
      while (left() > (18 << 20)) writeFileSync(join(data, kOthersFile), Buffer.alloc(1 << 20), { flag: 'a' });
    },
  },
  {
    name: 'shard stuck', alert: 'ShardStuck', besides: [], short: true, ill: 'tick',
    start: async (bin, settings) => ({ server: await Server.start(bin, { ...settings, SHARDS: '2' }) }),
    // Not the shard that Prometheus asks: then nothing would be known but that the node does not answer.
    strike: async ({ server, ongoing }) => { ongoing.ends.push(await holdThread(idleShard(server.process, server.port))); },
  },
  {
    name: 'descriptors used up', alert: 'DescriptorsNearlyUsedUp', ill: 'descriptors',
    strike: async ({ server, ongoing }) => {
      // Some are left, so that monitors still get an answer; tests/e2e/health uses up all.
      await limitDescriptors(server, 200);
      ongoing.ends.push(silentCrowd(server, 192));
    },
  },
  {
    name: 'passwords are tried', alert: 'LoginBruteForce', short: true,
    strike: async ({ server, ongoing }) => {
      ongoing.every(100, async () => { await post(server, '/api/auth/login', { email: 'victim@example.org', password: 'a wrong guess' }); });
    },
  },
  {
    name: 'flood of bad messages', alert: 'BadMessages', besides: ['SuspiciousActions'], short: true,
    strike: async ({ server, ongoing }) => {
      ongoing.every(500, async () => {
        const player = await Player.connect(server.url, { transports: ['websocket'], manager: { reconnection: false } });
        for (let i = 0; i < 50; i += 1) player.emit('player:input', 'garbage');
        await sleep(200);
        player.close();
      });
    },
  },
  {
    name: 'memory limit', alert: 'MemoryNearLimit', besides: ['NodeUnhealthy'],
    settings: { MEMORY_LIMIT_MB: '64', CONNECTIONS_PER_ADDRESS: '0' },
    // Requests whose bodies never end: each holds what has come of it until its time is over, and new ones come.
    strike: async ({ server, ongoing }) => {
      const head = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 64000\r\n\r\n';
      const piece = Buffer.alloc(60_000, 'x');
      const sockets = [];
      ongoing.ends.push(async () => { for (const socket of sockets) socket.destroy(); });
      ongoing.every(5000, async () => {
        for (let i = 0; i < 700; i += 1) {
          const socket = createConnection(server.port, '127.0.0.1').on('error', () => {});
          socket.write(head);
          socket.write(piece);
          sockets.push(socket);
        }
      });
    },
  },
  {
    name: 'node full', alert: 'NodeFull',
    settings: { MAX_PLAYERS_PER_NODE: '2' },
    strike: async ({ server, ongoing }) => {
      await playing(server, ongoing);
      await playing(server, ongoing);
    },
  },
  {
    // Not a fault, but told like one. Without a match the node would be gone at once.
    name: 'node drains', alert: 'NodeDraining', settings: { DRAIN_LIMIT: '600' },
    strike: async ({ server, ongoing }) => {
      const player = await playing(server, ongoing);
      await player.next('match_started', () => true, 15_000);
      server.process.kill('SIGUSR1');
    },
    check: async ({ server }) => {
      assert.equal((await fetch(`${server.url}/health/ready`)).status, 503);
      assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
    },
  },
  {
    name: 'clock jumped', alert: 'ClockWrong',
    start: withOwnClock,
    strike: async ({ folder }) => { writeFileSync(join(folder, 'clock'), '+3600'); },
    // Nothing but the clock is ill: whatever has a deadline goes by the other one.
    check: async ({ server }) => {
      const answer = await fetch(`${server.url}/health`);
      assert.equal(answer.status, 200, await answer.text());
    },
  },
  {
    name: 'machine too busy', alert: 'TicksLate', besides: [],
    // The process may run for a tenth of a second, then must wait for one, as under a container's limit.
    strike: async ({ server, ongoing }) => {
      await playing(server, ongoing);
      ongoing.every(80, async () => {
        server.process.kill('SIGSTOP');
        await sleep(60);
        server.process.kill('SIGCONT');
      });
    },
  },
];
