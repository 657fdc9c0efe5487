// Nodes that share a Redis and, for accounts, a PostgreSQL; and clients that wait for matches.

import { Player } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/check.mjs';

// A node of the cluster, once the others know it.
export async function startNode(bin, redis, id, settings = {}) {
  const node = await Server.start(bin, {
    REDIS_URL: redis.url, NODE_ID: id, COUNTDOWN: '2', QUEUE_MODES: 'deathmatch,duel', JWT_SECRET: 'q'.repeat(40), BCRYPT_COST: '4',
    ALLOW_GUESTS: 'true', ...settings,
  });
  await until(`${id} has joined`, () => redis.ask('zrange', 'server_nodes', '0', '-1').includes(`${id}/`));
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
