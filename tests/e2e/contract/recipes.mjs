// Section 9 of the wire contract: the order of events that the client likes.

import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { enterBoth, pairInMatch } from './remedies.mjs';

function firstIndex(player, name, that = () => true) {
  return player.events.findIndex((event) => event.name === name && that(event.data));
}

export function recipes(context) {
  const connect = (options) => Player.connect(context.server.url, options);

  // Both stand in the open hall and see each other; the host looks at the guest.
  async function faceToFace() {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    await until('both in the state', () => match.host.me && match.guest.me);
    match.host.input({}, { x: Math.round(match.guest.me.position.x), y: Math.round(match.guest.me.position.y) });
    match.guest.input({}, { x: Math.round(match.host.me.position.x), y: Math.round(match.host.me.position.y) });
    await until('host sees guest', () => match.host.state.visiblePlayers.some((p) => p.id === match.guest.id && p.position.x > 0));
    await sleep(100);
    return match;
  }

  async function killGuest({ host, guest }) {
    for (let shot = 0; shot < 30 && guest.me.isAlive; shot += 1) {
      if (host.me.weapons.rifle.currentAmmo === 0) break;
      host.fire(guest.me.position);
      await sleep(110);
    }
    assert.ok(!guest.me.isAlive, 'the guest is dead');
  }

  test('Recipe 1 connect: sid and pid, clocks, ready, authenticate', async () => {
    const player = await connect();
    assert.match(player.id, /^[A-Za-z0-9_-]{20}$/);
    const sync = player.next('time:sync:response');
    player.emit('time:sync', 12345.5);
    assert.equal((await sync).clientTime, 12345.5);
    await closeAll([player]);
  });

  test('Recipe 2 find_match: joiner, others and all hear in this order; the start is on time', async () => {
    const a = await connect();
    const b = await connect();
    await a.quickPlay();
    await sleep(800);
    a.forget();
    const lobby = await b.quickPlay();
    assert.deepEqual(
      [lobby.playerCount, lobby.maxPlayers, lobby.gameMode, lobby.status], [2, 8, 'deathmatch', 'waiting']);
    const starting = await a.next('match_started').then(() => a.heard('match_starting')[0]);
    assert.equal(starting.countdown, 2);
    assert.equal(a.heard('player_joined_lobby')[0].playerId, b.id);
    const delay = b.times('lobby:state')[0] - b.times('lobby_joined')[0];
    assert.ok(delay >= 280 && delay < 900, `lobby:state after ${delay} ms`);
    const took = a.times('match_started')[0] - a.times('match_starting')[0];
    assert.ok(took >= 1800 && took <= 3000, `started after ${took} ms`);
    assert.ok(a.heard('lobby:state').some((state) => state.status === 'starting' && state.countdown >= 1));
    await closeAll([a, b]);
  });

  test('Recipe 3 private: code, password, refusals, state', async () => {
    const host = await connect();
    const guest = await connect();
    const created = host.next('private_lobby_created');
    host.emit('create_private_lobby', { gameMode: 'deathmatch', password: 'opensesame', maxPlayers: 4 });
    const lobby = await created;
    assert.equal(lobby.maxPlayers, 4);
    const list = guest.next('lobby_list');
    guest.emit('get_lobby_list', { showPrivate: true, showFull: false, showInProgress: true, gameMode: 'deathmatch' });
    const entry = (await list).lobbies.find((other) => other.id === lobby.lobbyId);
    assert.ok(entry.passwordRequired && entry.isPrivate);
    const refused = guest.next('lobby_join_failed');
    guest.emit('join_lobby', { lobbyId: lobby.lobbyId, password: 'wrong' });
    assert.equal((await refused).reason, 'Invalid password');
    const unknown = guest.next('lobby_join_failed');
    guest.emit('join_lobby', { lobbyId: 'deathmatch_mwrnulsl_m32sfw' });
    assert.equal((await unknown).reason, 'Lobby not found');
    const joined = guest.next('lobby_joined');
    guest.emit('join_lobby', { lobbyId: lobby.lobbyId, password: 'opensesame' });
    await joined;
    const state = await host.next('lobby:state', (data) => data.playerCount === 2);
    assert.equal(state.hostId, host.id);
    assert.equal(state.inviteCode, lobby.inviteCode);
    await closeAll([host, guest]);
  });

  test('Recipe 4 join the world: success, weapon, whole state; a second identical join changes nothing', async () => {
    const match = await pairInMatch(context.server);
    const { host } = match;
    host.forget();
    await host.enter({ primary: 'shotgun', secondary: null, support: [], team: 'blue' });
    await until('a state', () => host.heard('game:state').length > 1);
    const order = ['player:join:success', 'weapon:switched', 'game:state'].map((name) => firstIndex(host, name));
    assert.ok(order[0] >= 0 && order[0] < order[1] && order[1] < order[2], `order ${order}`);
    assert.equal(host.heard('weapon:switched')[0].toWeapon, 'shotgun');
    assert.ok(host.heard('game:state')[0].walls);
    await host.hold({ s: true }, 10, { x: 0, y: 0 });
    const { position } = host.me;
    await host.enter({ primary: 'shotgun', secondary: null, support: [], team: 'blue' });
    await sleep(150);
    assert.deepEqual(host.me.position, position, 'B13: no teleport, no refill');
    assert.equal(host.me.lastProcessedInput, 0, 'the acknowledgement starts anew');
    const full = host.next('game:state', (state) => state.walls);
    host.emit('request_game_state', {});
    await full;
    await closeAll([match.host, match.guest]);
  });

  test('Recipe 4 an illegal loadout becomes rifle, pistol, grenade (B9, B13)', async () => {
    const match = await pairInMatch(context.server);
    await match.host.enter({ primary: 'rocket', secondary: 'orbital-laser', support: ['machinegun', 'rocket'], team: 'purple' });
    assert.ok(['red', 'blue'].includes(match.host.team));
    await until('weapons', () => match.host.me?.weapons);
    assert.deepEqual(Object.keys(match.host.me.weapons).sort(), ['grenade', 'pistol', 'rifle']);
    await closeAll([match.host, match.guest]);
  });

  test('Recipe 5 a shot: weapon:fired with its sequence first, then damage, then the hit', async () => {
    const { host, guest } = await faceToFace();
    host.forget();
    guest.forget();
    // Bullets scatter: one that misses is told as a miss, and the next one is tried.
    for (let shot = 0; shot < 20 && !host.heard('weapon:hit').length; shot += 1) {
      host.forget();
      guest.forget();
      host.fire(guest.me.position);
      await until('a hit or miss', () => host.heard('weapon:hit').length + host.heard('weapon:miss').length > 0);
      const fired = host.heard('weapon:fired')[0];
      assert.equal(fired.playerId, host.id);
      assert.equal(fired.sequence, host.sequence);
      assert.ok(firstIndex(host, 'weapon:fired') < Math.max(firstIndex(host, 'weapon:hit'), firstIndex(host, 'weapon:miss')));
      await sleep(110);
    }
    const hit = host.heard('weapon:hit')[0];
    assert.equal(hit.targetType, 'player');
    assert.ok(hit.startPosition && hit.position);
    const damaged = guest.heard('player:damaged')[0];
    assert.equal(damaged.attackerId, host.id);
    assert.equal(damaged.newHealth, 75);
    assert.ok(firstIndex(host, 'player:damaged') < firstIndex(host, 'weapon:hit'));
    await closeAll([host, guest]);
  });

  test('Recipe 5 a wall: damaged with playerId, weapon and material; the state carries the same slice', async () => {
    const { host, guest } = await faceToFace();
    host.forget();
    const walls = (await (async () => {
      const full = host.next('game:state', (state) => state.walls);
      host.emit('request_game_state', {});
      return full;
    })()).walls;
    const [id, wall] = Object.entries(walls)[0];
    const centre = { x: wall.position.x + wall.width / 2, y: wall.position.y + wall.height / 2 };
    host.input({}, { x: Math.round(centre.x), y: Math.round(centre.y) });
    await sleep(60);
    for (let shot = 0; shot < 6; shot += 1) {
      host.fire(centre);
      await sleep(120);
    }
    const damaged = host.heard('wall:damaged').find((event) => event.wallId === id);
    assert.ok(damaged, 'wall:damaged');
    assert.equal(damaged.playerId, host.id);
    assert.equal(damaged.weaponType, 'rifle');
    assert.equal(damaged.material, 'wood');
    const broken = host.heard('wall:destroyed').find((event) => event.wallId === id);
    assert.ok(broken?.isDestroyed, 'decision 7: told when the mask bit changes');
    const full = host.next('game:state', (state) => state.walls);
    host.emit('request_game_state', {});
    const after = (await full).walls[id];
    assert.equal(after.destructionMask[broken.sliceIndex], 1);
    await closeAll([host, guest]);
  });

  test('Recipe 6 a kill: died before the last damaged, then states dead with health 0; kills rise by one', async () => {
    const { host, guest } = await faceToFace();
    guest.forget();
    await killGuest({ host, guest });
    const died = firstIndex(guest, 'backend:player:died', (data) => data.playerId === guest.id);
    const last = firstIndex(guest, 'player:damaged', (data) => data.newHealth <= 0);
    assert.ok(died >= 0 && died < last, `died at ${died}, damaged at ${last}`);
    const event = guest.heard('backend:player:died')[0];
    assert.equal(event.killerId, host.id);
    assert.equal(event.weaponType, 'rifle');
    for (const state of guest.events.slice(last).filter((e) => e.name === 'game:state').map((e) => e.data)) {
      if (!guest.heard('backend:player:respawned').length) assert.equal(state.players[guest.id].health, 0);
    }
    assert.equal(host.me.kills, 1);
    assert.equal(guest.me.deaths, 1);
    await closeAll([host, guest]);
  });

  test('Recipe 7 respawn: an early request is remembered, four names are one, silence while dead is fine', async () => {
    const { host, guest } = await faceToFace();
    await killGuest({ host, guest });
    const dead = Date.now();
    guest.forget();
    guest.respawn();
    const respawned = await guest.next('backend:player:respawned', (data) => data.playerId === guest.id);
    const took = Date.now() - dead;
    assert.ok(took >= 2500 && took < 4500, `respawned after ${took} ms`);
    assert.equal(respawned.health, 100);
    assert.ok(respawned.invulnerableUntil > Date.now() + 1000);
    await until('alive', () => guest.me.isAlive);
    await sleep(300);
    assert.equal(guest.heard('backend:player:respawned').length, 1, 'the aliases are duplicates');
    assert.equal(guest.me.weapons.rifle.currentAmmo, 30, 'full ammunition');
    await closeAll([host, guest]);
  });

  test('Recipe 7 without a request the server respawns after five seconds', async () => {
    const { host, guest } = await faceToFace();
    await killGuest({ host, guest });
    const dead = Date.now();
    await guest.next('backend:player:respawned', (data) => data.playerId === guest.id);
    assert.ok(Date.now() - dead >= 4000);
    await closeAll([host, guest]);
  });

  test('Recipe 9 match end: one match_ended, no states, members stay, next match without queueing', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const ended = match.guest.next('match_ended');
    match.host.emit('debug:trigger_match_end');
    const event = await ended;
    assert.ok(event.winnerTeam, 'a true word, also for a draw');
    for (const stats of event.playerStats) {
      assert.equal(typeof stats.kills, 'number');
      assert.equal(typeof stats.deaths, 'number');
      assert.equal(typeof stats.team, 'string');
    }
    await match.guest.next('match_started', () => true, 15_000);
    assert.equal(match.guest.heard('match_ended').length, 1);
    await closeAll([match.host, match.guest]);
  });

  test('Recipe 10 leaving: the others hear it once, the leaver hears nothing more', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const left = match.host.next('player_left_lobby');
    match.guest.emit('leave_game');
    match.guest.emit('leave_lobby');
    await left;
    await sleep(100);
    match.guest.forget();
    await sleep(400);
    assert.equal(match.host.heard('player:left').filter((event) => event.playerId === match.guest.id).length, 1);
    assert.equal(match.host.heard('player_left_lobby').length, 1);
    assert.deepEqual(match.guest.events.map((event) => event.name), [], 'B2: leave means leave');
    await closeAll([match.host, match.guest]);
  });

  test('Contract 7.3 steps are credited by sequence gap, at most 60 a second with a burst of 15', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const { host } = match;
    await until('a state', () => host.me);
    const step = 100 / 60;
    const away = { x: Math.round(host.me.position.x), y: 0 };
    host.input({}, away);  // the first message after a join counts as one step whatever its number
    await sleep(400);
    const before = host.me.position.y;
    host.input({ s: true }, away, 4);
    await until('acknowledged', () => host.me.lastProcessedInput === host.sequence);
    const moved = host.me.position.y - before;
    assert.ok(Math.abs(moved - 4 * step) < 0.02, `a gap of four is four steps, moved ${moved}`);
    await sleep(500);
    const start = host.me.position.y;
    for (let i = 0; i < 60; i += 1) host.input({ s: true }, away);
    await until('acknowledged', () => host.me.lastProcessedInput === host.sequence);
    await sleep(100);
    const steps = (host.me.position.y - start) / step;
    assert.ok(steps <= 30, `a flood of 60 moved ${steps} steps`);
    await closeAll([match.host, match.guest]);
  });

  test('Contract 1.6 a burst of old inputs after a reconnect moves nobody far', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const { guest } = match;
    await until('a state', () => guest.me);
    const before = guest.me.position;
    guest.cut();
    for (let i = 0; i < 120; i += 1) guest.input({ s: true }, { x: 240, y: 0 });
    await until('back', () => guest.socket.connected && guest.socket.recovered);
    await until('acknowledged', () => guest.me.lastProcessedInput === guest.sequence, 5000);
    assert.ok(guest.me.position.y - before.y <= 16 * (100 / 60) + 0.1, 'the burst of credit and no more');
    await closeAll([match.host, match.guest]);
  });
}
