// The shipped client's side of the contract on the official socket.io-client, quirks included: polling first with
// credentials, no acks, 60 frames a second whose sequence numbers also count shots, silence while dead.

import { io } from 'socket.io-client';
import { sleep, until } from './check.mjs';

export class Player {
  // options.transports defaults to the client's polling first; options.manager are more options of the library.
  static async connect(url, options = {}) {
    const player = new Player();
    player.events = [];          // everything received: {name, args, at}
    player.waiting = [];
    player.socket = io(url, {
      transports: options.transports ?? ['polling', 'websocket'], withCredentials: true, forceNew: true,
      reconnectionDelay: options.reconnectionDelay ?? 200, reconnectionAttempts: 3, timeout: 10_000,
      auth: options.auth,
      extraHeaders: options.headers,
      ...options.manager,
    });
    player.socket.onAny((name, ...args) => player.receive(name, args));
    await new Promise((done, failed) => {
      player.socket.once('connect', done);
      player.socket.once('connect_error', failed);
    });
    player.id = player.socket.id;
    return player;
  }

  receive(name, args) {
    const event = { name, data: args[0], at: Date.now() };
    this.events.push(event);
    if (name === 'game:state') this.state = event.data;
    if (this.events.length > 20_000) this.events.splice(0, 10_000);
    for (const waiter of [...this.waiting]) waiter(event);
  }

  emit(name, ...args) {
    this.socket.emit(name, ...args);
  }

  // The next event of this name (that satisfies `that`), from now on.
  next(name, that = () => true, timeout = 10_000) {
    return new Promise((done, failed) => {
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((waiter) => waiter !== look);
        failed(new Error(`${this.name ?? this.id} waited ${timeout} ms for ${name}`));
      }, timeout);
      const look = (event) => {
        if (event.name !== name || !that(event.data)) return;
        clearTimeout(timer);
        this.waiting = this.waiting.filter((waiter) => waiter !== look);
        done(event.data);
      };
      this.waiting.push(look);
    });
  }

  heard(name) {
    return this.events.filter((event) => event.name === name).map((event) => event.data);
  }

  times(name) {
    return this.events.filter((event) => event.name === name).map((event) => event.at);
  }

  forget() {
    this.events = [];
  }

  // What the client sends on each connect, and the answers it waits for.
  async ready() {
    const answers = [this.next('server:ready'), this.next('authenticated'), this.next('time:sync:response')];
    this.emit('time:sync', Date.now());
    this.emit('client:ready', { timestamp: Date.now(), userAgent: 'e2e' });
    return Promise.all(answers);
  }

  async quickPlay(extra = {}) {
    const joined = this.next('lobby_joined');
    this.emit('find_match', { gameMode: 'deathmatch', isPrivate: false, quickJoin: true, ...extra });
    this.lobby = await joined;
    return this.lobby;
  }

  // The Game scene starts: sequence 0, player:join.
  async enter(loadout = {}) {
    this.sequence = 0;
    const success = this.next('player:join:success');
    this.emit('player:join', {
      loadout: { primary: 'rifle', secondary: 'pistol', support: ['grenade'], team: 'red', ...loadout },
      playerName: this.name ?? `Player${Math.floor(Math.random() * 9999)}`, timestamp: Date.now(),
    });
    const answer = await success;
    this.team = answer.team;
    return answer;
  }

  get me() {
    return this.state?.players?.[this.id];
  }

  // One frame's message. Keys like {w:true}; the sequence grows with every frame.
  input(keys = {}, mouse = {}, skip = 1) {
    this.sequence += skip;
    this.emit('player:input', {
      keys: { w: false, a: false, s: false, d: false, shift: false, ctrl: false, r: false, g: false, 1: false, 2: false, 3: false, 4: false, ...keys },
      mouse: { x: 0, y: 0, buttons: 0, leftPressed: false, rightPressed: false, leftReleased: false, rightReleased: false, ...mouse },
      sequence: this.sequence, timestamp: Date.now(),
    });
  }

  fire(target, extra = {}) {
    this.sequence += 1;
    const at = this.me?.position ?? { x: 0, y: 0 };
    this.emit('weapon:fire', {
      weaponType: 'rifle', position: at, targetPosition: target,
      direction: Math.atan2(target.y - at.y, target.x - at.x), isADS: false, timestamp: Date.now(), sequence: this.sequence,
      ...extra,
    });
  }

  // Holds keys for some frames at 60 a second.
  async hold(keys, frames, mouse = {}) {
    const began = Date.now();
    for (let i = 0; i < frames; i += 1) {
      this.input(keys, mouse);
      const due = began + ((i + 1) * 1000) / 60;
      if (due > Date.now()) await sleep(due - Date.now());
    }
    await until('inputs acknowledged', () => (this.me?.lastProcessedInput ?? 0) >= this.sequence, 3000);
  }

  respawn() {
    for (const name of ['player:respawn', 'respawn', 'player_respawn', 'request_respawn']) this.emit(name);
  }

  // Cuts the transport as a lost network does; the client's library reconnects by itself.
  cut() {
    this.socket.io.engine.close();
  }

  close() {
    this.socket.io.reconnection(false);
    this.socket.disconnect();
  }
}

export async function closeAll(players) {
  for (const player of players) player.close();
  await sleep(50);
}
