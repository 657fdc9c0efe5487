// Two nodes behind NGINX, with PostgreSQL and Redis, to which each has a line of its own; lobbies of players who play; and a node that dies under them.

import { readFileSync } from 'node:fs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Line } from '../lib/line.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { freePorts } from '../lib/ports.mjs';
import { sleep, until } from '../lib/check.mjs';
import { Proxy } from '../nginx/proxy.mjs';

// NGINX tries a node that was dead again after fail_timeout.
const kNginxForgets = 10_500;

export class Site {
  static async start(bin, settings = {}) {
    const site = new Site();
    site.bin = bin;
    [site.redis, site.postgres] = await Promise.all([Redis.start(), Postgres.start()]);
    site.database = site.postgres.createDatabase();
    site.settings = {
      DATABASE_URL: site.postgres.url(site.database), JWT_SECRET: 'f'.repeat(40), TEST_HOOKS: 'true',
      TRUSTED_PROXIES: '127.0.0.1', COUNTDOWN: '2', RESULTS_TIME: '2', VOTE_TIME: '1', ...settings,
    };
    Server.migrate(bin, site.settings);
    site.ports = await freePorts(2);
    site.lines = await Promise.all([0, 1].map(() => Line.start(site.redis.port)));
    site.nodes = [];
    await Promise.all([site.launch(0), site.launch(1)]);
    site.proxy = await Proxy.start(site.ports.map((port) => `127.0.0.1:${port}`));
    return site;
  }

  async launch(index) {
    const data = this.nodes[index]?.data;
    this.nodes[index] = await Server.start(this.bin, {
      ...this.settings, NODE_ID: `n${index + 1}`, PORT: String(this.ports[index]), REDIS_URL: `redis://127.0.0.1:${this.lines[index].port}/0`,
    }, data);
  }

  // From when on the nodes may take lobbies over from each other: an empty Redis lets nobody for one lease.
  async settled() {
    await until('both nodes are known', () => ['n1/', 'n2/'].every((name) => this.redis.ask('zrange', 'server_nodes', '0', '-1').includes(name)));
    await until('no calm', () => this.redis.ask('exists', 'cluster_calm') === '0', 15_000);
  }

  // Brings a dead node back to where the others and NGINX send players to it.
  async revive(index) {
    await this.launch(index);
    await this.settled();
    await sleep(kNginxForgets);
  }

  // The index of the node that owns the lobby.
  owner(lobby) {
    return Number(this.redis.ask('hget', `lobby:${lobby}`, 'owner').slice(1, 2)) - 1;
  }

  // A player from an address of his own; the library's own delays of reconnection.
  async player(last, name) {
    const player = await Player.connect(this.proxy.url, {
      manager: {
        agent: this.proxy.agent(`127.0.0.${last}`), ca: this.proxy.ca, reconnectionAttempts: Infinity, reconnectionDelay: 1000,
        reconnectionDelayMax: 5000,
      },
    });
    player.name = name;
    player.ids = [player.id];
    player.socket.on('connect', () => player.ids.push(player.socket.id));
    await player.ready();
    return player;
  }

  sql(text) {
    return this.postgres.sql(this.database, text);
  }

  async stop() {
    await this.proxy.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all([this.redis.kill(), this.postgres.stop(), ...this.lines.map((line) => line.stop())]);
    for (const node of this.nodes) node.forget();
  }
}

// Walls as the players were told, by id.
const wallsOf = (state) => Object.fromEntries(Object.entries(state.walls).map(([id, wall]) => [id, { health: wall.sliceHealth, mask: wall.destructionMask }]));

// A lobby and its players, who walk and shoot until they are told to pause.
export class Company {
  static async gather(site, number, size) {
    const company = new Company();
    company.site = site;
    company.players = [];
    for (let i = 0; i < size; i += 1) company.players.push(await site.player(2 + (number * size + i) % 250, `P${number}_${i}`));
    const [host, ...guests] = company.players;
    const created = host.next('private_lobby_created');
    host.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8, killTarget: 200, friendlyFire: true });
    const { lobbyId, inviteCode } = await created;
    company.id = lobbyId;
    for (const guest of guests) {
      const joined = guest.next('lobby_joined');
      guest.emit('join_lobby', { lobbyId: inviteCode });
      await joined;
    }
    const starts = company.players.map((player) => player.next('match_started'));
    host.emit('lobby:start');
    await Promise.all(starts);
    await Promise.all(company.players.map((player, i) => player.enter({ team: i % 2 ? 'blue' : 'red' })));
    company.playing = true;
    company.done = company.play();
    return company;
  }

  // Thirty inputs a second, and a shot now and then at a wall nearby.
  async play() {
    for (let frame = 0; !this.over; frame += 1) {
      await sleep(33);
      if (!this.playing) continue;
      for (const [i, player] of this.players.entries()) {
        if (!player.socket.connected || !player.me) continue;
        const turn = Math.floor(frame / 20 + i) % 4;
        player.input({ w: turn === 0, d: turn === 1, s: turn === 2, a: turn === 3 });
        const spot = player.me.position;
        if (frame % 8 === i) player.fire({ x: spot.x + 60 * Math.cos(frame), y: spot.y + 60 * Math.sin(frame) });
      }
    }
  }

  // All that can be seen of the match, asked for by its first player.
  async look() {
    const [player] = this.players;
    const told = player.next('game:state', (state) => state.walls && Object.keys(state.walls).length > 0);
    player.emit('request_game_state');
    const state = await told;
    const kills = Object.fromEntries(Object.values(state.players).map((one) => [one.id, [one.kills, one.deaths]]));
    return { walls: wallsOf(state), kills, at: state.timestamp };
  }

  // How long each player saw nothing from `since` on, in ms, once all see the match again.
  async back(since, patience = 20_000) {
    await until(`players of ${this.id} are back`, () => this.players.every((player) => this.frozen(player, since) !== undefined), patience);
    return this.players.map((player) => this.frozen(player, since));
  }

  // The longest silence that began before or soon after `since` and is over.
  frozen(player, since) {
    const times = player.times('game:state').filter((at) => at > since - 1000);
    if (times.length === 0 || times.at(-1) < since + 1500) return undefined;
    return Math.max(...times.slice(1).map((at, i) => at - times[i]));
  }

  // By how much the match's own time went back: play that is lost.
  lost(player) {
    const stamps = player.events.filter((event) => event.name === 'game:state').map((event) => event.data.timestamp);
    return Math.max(0, ...stamps.slice(1).map((stamp, i) => stamps[i] - stamp));
  }

  forget() {
    for (const player of this.players) player.forget();
  }

  // Ends the match and waits until all have heard it.
  async finish() {
    this.over = true;
    await this.done;
    const ended = this.players.map((player) => player.next('match_ended', () => true, 20_000));
    this.players[0].emit('debug:trigger_match_end');
    return Promise.all(ended);
  }

  close() {
    this.over = true;
    for (const player of this.players) player.close();
  }
}

export const quantile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

export const log = (node) => readFileSync(`${node.data}/logs/combined.log`, 'utf8');
