// The faults of the drill, each on a node of its own: how the node is started, what is done to it, and the alert that must fire.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assert, sleep, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Server } from '../lib/server.mjs';
import { startRedis } from '../metrics/redis.mjs';

// What is still going on in a fault, to be ended with it.
class Ongoing {
  constructor() {
    this.running = true;
    this.ends = [];
  }

  // Does `work` again and again until the fault is over.
  every(ms, work) {
    const loop = (async () => {
      while (this.running) {
        await work().catch(() => {});  // that calls fail is what the fault is about
        await sleep(ms);
      }
    })();
    this.ends.push(() => loop);
  }

  async end() {
    this.running = false;
    for (const end of this.ends.reverse()) await end();
  }
}

const post = (server, path, body) => fetch(server.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function withDatabase(bin, settings) {
  const database = await Postgres.start();
  const url = database.url(database.createDatabase());
  Server.migrate(bin, { DATABASE_URL: url });
  const server = await Server.start(bin, { ...settings, DATABASE_URL: url });
  return { server, environment: { DATABASE_URL: url, PATH: `${database.bin}:${process.env.PATH}` }, database, stop: () => database.stop() };
}

// A server begun by a script that first does something to itself; `script` ends with exec "$PROGRAM".
async function begunBy(script, bin, settings) {
  const folder = mkdtempSync(join(tmpdir(), 'trespasser-drill-'));
  writeFileSync(join(folder, 'trespasserd'), `#!/bin/sh\nset -e\nPROGRAM='${resolve(bin)}/trespasserd'\n${script(folder)}\n`);
  chmodSync(join(folder, 'trespasserd'), 0o755);
  const server = await Server.start(folder, settings);
  return { server, folder, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}

// The data folder on a disk of 32 MB, which only this process has and which ends with it.
const withSmallDisk = (bin, settings) => begunBy(() => `exec unshare --mount sh -c \
  'mount -t tmpfs -o size=32m drill "$DATA_DIR" && cd "$DATA_DIR" && exec "$0"' "$PROGRAM"`, bin, settings)
  .then((made) => ({ ...made, data: `/proc/${made.server.process.pid}/root${made.server.data}` }));

// The wall clock is what the file says; the steady clock is the machine's.
const withOwnClock = (bin, settings) => begunBy((folder) => `printf '+0' > '${folder}/clock'
exec env LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 FAKETIME_TIMESTAMP_FILE='${folder}/clock' FAKETIME_NO_CACHE=1 \
  DONT_FAKE_MONOTONIC=1 "$PROGRAM"`, bin, settings);

// Lines `key value` of /metrics.
async function figure(server, key) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${key} (\\S+)$`, 'm').exec(text)?.[1]);
}

// A shard's thread that serves nobody now, so that holding it leaves all connections to the node as they are. Which one has a
// connection is told by the sockets in its epoll set.
function idleShard({ pid }, port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(wanted));
  const inodes = (state) => new Set(sockets.filter(([, , , is]) => is === state).map((fields) => `socket:[${fields[9]}]`));
  const [open, listening] = [inodes('01'), inodes('0A')];
  const links = new Map(readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]));
  const sets = [...links].filter(([, link]) => link === 'anon_inode:[eventpoll]').map(([fd]) => Number(fd)).sort((a, b) => a - b)
    .map((fd) => [...readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').matchAll(/^tfd:\s*(\d+)/gm)].map((match) => links.get(match[1])))
    .filter((watched) => watched.some((link) => listening.has(link)));
  const shard = sets.findIndex((watched) => !watched.some((link) => open.has(link)));
  if (sets.length !== 2 || shard < 0) throw new Error(`no idle shard of ${sets.length}`);
  return readdirSync(`/proc/${pid}/task`).map(Number)
    .find((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim() === `shard-${shard}`);
}

async function holdThread(thread) {
  const holder = spawn('python3', [join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, 'hold_thread.py'), String(thread)],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise((done) => { holder.on('exit', done); });
  let said = '';
  holder.stdout.on('data', (text) => { said += text; });
  holder.stderr.on('data', (text) => { said += text; });
  await until('the thread is held', () => said !== '');
  if (!said.includes('held')) throw new Error(said);
  return async () => {
    holder.kill('SIGTERM');
    await gone;
  };
}

// A player in a match, so that ticks run.
async function playing(server, ongoing) {
  const player = await Player.connect(server.url, { transports: ['websocket'], manager: { timeout: 30_000 } });
  ongoing.ends.push(async () => player.close());
  await player.ready();
  await player.quickPlay({ bots: 1 });
  return player;
}

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
    start: async (bin, settings) => {
      const redis = await startRedis();
      const server = await Server.start(bin, { ...settings, REDIS_URL: redis.url });
      await until('it is linked', async () => (await figure(server, 'redis_connected')) === 1);
      return { server, environment: { REDIS_URL: redis.url }, redis, stop: () => redis.stop() };
    },
    strike: async ({ redis }) => { await redis.stop(); },
  },
  {
    name: 'disk full', alert: 'DiskFull', besides: ['DiskNearlyFull'], ill: 'disk',
    start: withSmallDisk,
    strike: async ({ data }) => {
      const megabyte = Buffer.alloc(1 << 20);
      try {
        for (let i = 0; i < 64; i += 1) writeFileSync(join(data, 'somebody-elses-file'), megabyte, { flag: 'a' });
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
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
      const open = await figure(server, 'process_open_fds');
      const limit = open + 60;
      const limited = spawn('prlimit', ['--pid', String(server.process.pid), `--nofile=${limit}:8192`], { stdio: 'ignore' });
      await new Promise((done) => { limited.on('exit', done); });
      const sockets = Array.from({ length: 58 }, () => createConnection(server.port, '127.0.0.1').on('error', () => {}));
      ongoing.ends.push(async () => { for (const socket of sockets) socket.destroy(); });
      // Silent connections are closed after a while, so that new ones have to come.
      ongoing.every(1000, async () => {
        const missing = sockets.filter((socket) => socket.destroyed).length;
        for (let i = 0; i < missing; i += 1) sockets.push(createConnection(server.port, '127.0.0.1').on('error', () => {}));
      });
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

export { Ongoing };
