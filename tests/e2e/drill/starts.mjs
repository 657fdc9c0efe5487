// How the drill's nodes are begun, and what several faults do to them.

import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { sleep, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';

// What is still going on in a fault, to be ended with it.
export class Ongoing {
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

export const post = (server, path, body) => fetch(server.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export async function withDatabase(bin, settings) {
  const database = await Postgres.start();
  const url = database.url(database.createDatabase());
  Server.migrate(bin, { DATABASE_URL: url });
  const server = await Server.start(bin, { ...settings, DATABASE_URL: url });
  return { server, environment: { DATABASE_URL: url, PATH: `${database.bin}:${process.env.PATH}` }, database, stop: () => database.stop() };
}

export async function withRedis(bin, settings) {
  const redis = await Redis.start();
  const server = await Server.start(bin, { ...settings, REDIS_URL: redis.url });
  await until('it is linked', async () => (await figure(server, 'redis_connected')) === 1, 20_000);
  return { server, environment: { REDIS_URL: redis.url }, redis, stop: () => redis.kill() };
}

// A server begun by a script that first does something to itself; `script` ends with exec "$PROGRAM".
export async function begunBy(script, bin, settings) {
  const folder = mkdtempSync(join(tmpdir(), 'trespasser-drill-'));
  writeFileSync(join(folder, 'trespasserd'), `#!/bin/sh\nset -e\nPROGRAM='${resolve(bin)}/trespasserd'\n${script(folder)}\n`);
  chmodSync(join(folder, 'trespasserd'), 0o755);
  const server = await Server.start(folder, settings);
  return { server, folder, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}

// The data folder on a disk of its own, which only this process has and which ends with it.
export const withSmallDisk = (megabytes) => (bin, settings) => begunBy(() => `exec unshare --mount sh -c \
  'mount -t tmpfs -o size=${megabytes}m drill "$DATA_DIR" && cd "$DATA_DIR" && exec "$0"' "$PROGRAM"`, bin, settings)
  .then((made) => ({ ...made, data: `/proc/${made.server.process.pid}/root${made.server.data}` }));

export const kOthersFile = 'somebody-elses-file';

export function fillDisk(data) {
  const megabyte = Buffer.alloc(1 << 20);
  try {
    for (let i = 0; i < 64; i += 1) writeFileSync(join(data, kOthersFile), megabyte, { flag: 'a' });
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}

// So many more descriptors than it has open now may this server open.
export async function limitDescriptors(server, more) {
  const limit = await figure(server, 'process_open_fds') + more;
  await promisify(execFile)('prlimit', ['--pid', String(server.process.pid), `--nofile=${limit}:8192`]);
}

// So many connections that say nothing. The server closes them after a while; then others come. Gives what ends them.
export function silentCrowd(server, count) {
  const sockets = [];
  const fill = () => {
    for (let i = 0; i < count; i += 1) {
      if (sockets[i] === undefined || sockets[i].destroyed) sockets[i] = createConnection(server.port, '127.0.0.1').on('error', () => {});
    }
  };
  fill();
  const again = setInterval(fill, 500);
  return async () => {
    clearInterval(again);
    for (const socket of sockets) socket.destroy();
  };
}

// The wall clock is what the file says; the steady clock is the machine's.
export const withOwnClock = (bin, settings) => begunBy((folder) => `printf '+0' > '${folder}/clock'
exec env LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 FAKETIME_TIMESTAMP_FILE='${folder}/clock' FAKETIME_NO_CACHE=1 \
  DONT_FAKE_MONOTONIC=1 "$PROGRAM"`, bin, settings);

// Lines `key value` of /metrics.
export async function figure(server, key) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${key} (\\S+)$`, 'm').exec(text)?.[1]);
}

// A player in a match, so that ticks run.
export async function playing(server, ongoing, options = {}) {
  const player = await Player.connect(server.url, { transports: ['websocket'], manager: { timeout: 30_000 } });
  ongoing.ends.push(async () => player.close());
  await player.ready();
  await player.quickPlay({ bots: 1, ...options });
  return player;
}
