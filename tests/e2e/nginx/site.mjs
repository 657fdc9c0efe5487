// Three nodes behind NGINX, and players who come from addresses of their own.

import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { freePorts } from '../lib/ports.mjs';
import { Proxy } from './proxy.mjs';

const maps = mapFolder({ range: rangeRows() });

export class Site {
  // Fixed ports, so that a node that comes back is found where it was.
  static async start(bin, { settings = {}, values = {}, nodes = 3 } = {}) {
    const site = new Site();
    site.bin = bin;
    site.settings = { MAPS_DIR: maps, COUNTDOWN: '2', DRAIN_LIMIT: '1', TRUSTED_PROXIES: '127.0.0.1', SHARDS: '1', ...settings };
    site.ports = await freePorts(nodes);
    site.nodes = await Promise.all(site.ports.map((port) => site.node(port)));
    site.proxy = await Proxy.start(site.words(), values);
    return site;
  }

  node(port, data) {
    return Server.start(this.bin, { ...this.settings, PORT: String(port) }, data);
  }

  words() {
    return this.ports.map((port) => `127.0.0.1:${port}`);
  }

  async restart(index) {
    this.nodes[index] = await this.node(this.ports[index], this.nodes[index].data);
  }

  // A player from 127.0.0.<last>; kind: polling, websocket, or upgrade as the shipped client does.
  async player(last, kind = 'upgrade') {
    const transports = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] }[kind];
    const from = `127.0.0.${last}`;
    const player = await Player.connect(this.proxy.url, {
      transports,
      manager: { agent: this.proxy.agent(from), ca: this.proxy.ca, reconnectionAttempts: Infinity, reconnectionDelayMax: 500 },
    });
    player.from = from;
    player.name = `P${last}`;
    player.losses = [];
    player.socket.on('connect', () => { player.id = player.socket.id; });
    player.socket.on('disconnect', (reason) => player.losses.push(reason));
    return player;
  }

  // The index of the node that NGINX gives this address, as its log tells of a request.
  async nodeOf(last) {
    const path = `/socket.io/asked-by-${last}-${Math.random()}`;
    await this.proxy.get(path, { from: `127.0.0.${last}` });
    const line = await until('the request in the log', () => this.proxy.accessLog().find((entry) => entry.path === path));
    return this.ports.indexOf(Number(line.node.split(', ').at(-1).split(':')[1]));
  }

  // Addresses (their last number) that NGINX gives to the node, from 127.0.0.<first> on.
  async addressesOf(index, count, first = 2) {
    const found = [];
    for (let last = first; found.length < count; last += 1) {
      if (last > 254) throw new Error(`no ${count} addresses for node ${index}`);
      if (await this.nodeOf(last) === index) found.push(last);
    }
    return found;
  }

  async stop() {
    await this.proxy.stop();
    await Promise.all(this.nodes.map((node) => (node.process.exitCode === null && node.process.signalCode === null ? node.stop() : undefined)));
    for (const node of this.nodes) node.forget();
  }
}

// Seats the player, waits for the match and for states of it.
export async function play(player) {
  await player.ready();
  await player.quickPlay(player.mode ? { gameMode: player.mode } : {});
  await player.enter();
  player.state = undefined;
  await until(`${player.name} gets states`, () => player.me, 15_000);
}
