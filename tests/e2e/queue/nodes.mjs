// Nodes that share a Redis and, for accounts, a PostgreSQL; and clients that wait for matches.

import { execFileSync, spawn } from 'node:child_process';
import { Player } from '../lib/player.mjs';
import { freePorts } from '../lib/ports.mjs';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/check.mjs';

export class Redis {
  static async start() {
    const redis = new Redis();
    [redis.port] = await freePorts(1);
    await redis.launch();
    return redis;
  }

  async launch() {
    this.process = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' });
    this.gone = new Promise((done) => { this.process.on('exit', done); });
    await until('Redis answers', () => {
      try {
        return execFileSync('redis-cli', ['-p', String(this.port), 'ping'], { stdio: 'pipe' }).toString().includes('PONG');
      } catch {
        return false;
      }
    });
  }

  get url() {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.gone;
  }
}

// A node of the cluster, once the others know it.
export async function startNode(bin, redis, id, settings = {}) {
  const node = await Server.start(bin, {
    REDIS_URL: redis.url, NODE_ID: id, COUNTDOWN: '2', QUEUE_MODES: 'deathmatch,duel', JWT_SECRET: 'q'.repeat(40), BCRYPT_COST: '4',
    ALLOW_GUESTS: 'true', ...settings,
  });
  await until(`${id} has joined`, () => execFileSync('redis-cli', ['-p', String(redis.port), 'zrange', 'server_nodes', '0', '-1'])
    .toString().includes(`${id}/`));
  return node;
}

// A client of our own: it waits in the queue.
export class Seeker {
  static async connect(node, name, options = {}) {
    const seeker = new Seeker();
    seeker.name = name;
    seeker.player = await Player.connect(node.url, { transports: ['websocket'], ...options });
    seeker.player.name = name;
    await seeker.player.ready();
    return seeker;
  }

  // Waits until it is said to wait.
  async queue(wish = {}) {
    const told = this.player.next('queue:status', (status) => status.state !== 'idle');
    this.player.emit('queue:join', { gameMode: 'deathmatch', playerName: this.name, ...wish });
    return told;
  }

  get status() {
    return this.player.heard('queue:status').at(-1);
  }

  get matches() {
    return this.player.heard('queue:matched');
  }

  // The id of the lobby it was called to and sits in.
  async seated(nth = 1) {
    await until(`${this.name} is called`, () => this.matches.length >= nth, 20_000);
    const { lobbyId } = this.matches[nth - 1];
    await until(`${this.name} sits`, () => this.player.heard('lobby_joined').some((lobby) => lobby.lobbyId === lobbyId));
    return lobbyId;
  }

  async until(what, that) {
    return until(`${this.name}: ${what}; last ${JSON.stringify(this.status)}`, () => this.player.heard('queue:status').some(that), 20_000);
  }

  close() {
    this.player.close();
  }
}
