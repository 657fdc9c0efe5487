// S2 of the requirements on the whole surface: garbage, wrong types, ids of others, actions out of place. Nothing is
// lost, nobody else is affected.

import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { enterBoth, pairInMatch } from './remedies.mjs';

const events = [
  'authenticate', 'client:ready', 'time:sync', 'find_match', 'create_private_lobby', 'join_lobby', 'get_lobby_list',
  'request_rematch', 'player:join', 'player:input', 'weapon:fire', 'weapon:switch', 'weapon:reload', 'ads:toggle',
  'request_game_state', 'request_spawn_position', 'player:respawn', 'player:force_respawned', 'vote_cast', 'lobby:kick',
  'lobby:host', 'lobby:start', 'lobby:settings', 'queue:status', 'chat:message', 'player:report',
  'queue:join', 'queue:leave', 'party:create', 'party:join', 'party:leave', 'party:state',
];
const garbage = [
  null, true, -1, 1e308, '', 'x', '\u0000\ud800', [], [[[[]]]], {}, { a: { b: [1, { c: null }] } },
  { keys: 1, mouse: [], sequence: 'x' }, { loadout: 'all', playerName: 7 }, { lobbyId: 7 }, { lobbyId: 'x'.repeat(5000) },
  { targetPosition: { x: null, y: 'NaN' }, weaponType: 'rifle' }, { weaponType: 7, direction: '1' }, { __proto__: 1 },
  { keys: {}, mouse: { x: 1e308, y: -1e308, buttons: -5 }, sequence: 1e18 }, { option: {}, playerId: [] },
];

export function hostile(context) {
  test('S2 garbage on every event: the sender is answered or ignored, the others play on', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const villain = await Player.connect(context.server.url);
    await villain.ready();
    const before = match.host.heard('game:state').length;
    for (const name of events) {
      for (const value of garbage) villain.emit(name, value);
      villain.emit(name);
      await sleep(2);
    }
    await sleep(500);
    assert.ok(match.host.heard('game:state').length - before > 5, 'the match goes on');
    const fresh = await Player.connect(context.server.url);
    await fresh.ready();
    assert.equal(context.server.process.exitCode, null);
    await closeAll([match.host, match.guest, villain, fresh]);
  });

  test('S2 garbage from inside a match changes nothing for the others', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    await until('state', () => match.host.me);
    const { position, health } = match.host.me;
    for (const name of events.filter((event) => event !== 'find_match' && event !== 'join_lobby' && event !== 'create_private_lobby')) {
      for (const value of garbage) match.guest.emit(name, value);
      await sleep(2);
    }
    await sleep(300);
    assert.deepEqual(match.host.me.position, position);
    assert.equal(match.host.me.health, health);
    await closeAll([match.host, match.guest]);
  });

  test('S2 a packet of a megabyte closes its sender only', async () => {
    const player = await Player.connect(context.server.url, { transports: ['websocket'] });
    const other = await Player.connect(context.server.url);
    player.socket.io.reconnection(false);
    player.emit('chat:message', { text: 'x'.repeat(1_000_000) });
    await until('closed', () => !player.socket.connected);
    await other.ready();
    await closeAll([other]);
  });

  test('S4 actions while dead: no shot, no move, no reload, no switch', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    await until('state', () => match.host.me);
    const died = match.host.next('backend:player:died');
    match.host.emit('debug:kill_player');
    await died;
    await until('dead', () => !match.host.me.isAlive);
    for (const player of [match.host, match.guest]) player.forget();
    const { position } = match.host.me;
    match.host.fire({ x: 240, y: 135 });
    match.host.emit('weapon:switch', { fromWeapon: 'rifle', toWeapon: 'pistol', timestamp: Date.now() });
    match.host.emit('weapon:reload', { weaponType: 'rifle', timestamp: Date.now() });
    for (let i = 0; i < 10; i += 1) match.host.input({ s: true }, { x: 240, y: 135 });
    await sleep(300);
    for (const name of ['weapon:fired', 'weapon:switched', 'weapon:reload']) assert.deepEqual(match.guest.heard(name), [], name);
    for (const name of ['weapon:switched', 'weapon:reload']) assert.deepEqual(match.host.heard(name), [], name);
    assert.deepEqual(match.host.me.position, position);
    await closeAll([match.host, match.guest]);
  });

  test('S4 actions without a lobby are silence', async () => {
    const player = await Player.connect(context.server.url);
    await player.ready();
    player.forget();
    player.sequence = 0;
    for (let i = 0; i < 5; i += 1) player.input({ w: true });
    player.fire({ x: 1, y: 1 });
    player.emit('weapon:reload', { weaponType: 'rifle', timestamp: 1 });
    player.emit('leave_lobby');
    player.emit('vote_cast', { option: 'rematch' });
    player.emit('lobby:start');
    player.emit('lobby:kick', { playerId: 'x' });
    await sleep(200);
    assert.deepEqual(player.events.map((event) => event.name), []);
    await closeAll([player]);
  });

  test('S4 a fire rate above the weapon\'s is not honoured', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const { host } = match;
    await until('state', () => host.me);
    host.forget();
    const began = Date.now();
    for (let i = 0; i < 50; i += 1) {
      host.fire({ x: 10, y: 10 }, { weaponType: i % 2 ? 'rifle' : 'pistol' });
      await sleep(20);
    }
    await sleep(200);
    const seconds = (Date.now() - began) / 1000;
    const shots = host.heard('weapon:fired');
    const rifle = shots.filter((shot) => shot.weaponType === 'rifle').length;
    // 600 a minute, and one more at the beginning and one for the grid of frames.
    assert.ok(rifle <= 10 * seconds + 2, `${rifle} rifle shots in ${seconds} s`);
    assert.ok(rifle >= 5, `${rifle} rifle shots`);
    await closeAll([match.host, match.guest]);
  });

  test('L11 without TEST_HOOKS the debug events are unknown', async () => {
    const match = await pairInMatch(context.plain);
    await enterBoth(match);
    match.host.emit('debug:trigger_match_end');
    match.host.emit('debug:kill_player');
    match.host.emit('admin:force_start_match', { lobbyId: 'x' });
    await sleep(400);
    assert.deepEqual(match.host.heard('match_ended'), []);
    assert.deepEqual(match.host.heard('backend:player:died'), []);
    const page = await fetch(`${context.plain.url}/debug/lobbies`);
    assert.equal(page.status, 404);
    await closeAll([match.host, match.guest]);
  });

  test('L11 with TEST_HOOKS they answer as the prototype did', async () => {
    const player = await Player.connect(context.server.url);
    const joined = player.next('lobby_joined');
    player.emit('admin:force_create_match', { gameMode: 'deathmatch', reason: 'compatibility' });
    const lobby = await joined;
    assert.equal(lobby.forceCreated, true);
    assert.equal(lobby.reason, 'compatibility');
    const starting = player.next('match_starting');
    player.emit('admin:force_start_match', { lobbyId: lobby.lobbyId, reason: 'now' });
    assert.equal((await starting).countdown, 3);
    await player.next('match_started');
    await player.enter();
    const state = player.next('debug:match_state');
    player.emit('debug:request_match_state');
    assert.equal((await state).status, 'playing');
    const list = await (await fetch(`${context.server.url}/debug/lobbies`)).json();
    assert.ok(list.lobbies.some((other) => other.id === lobby.lobbyId));
    await closeAll([player]);
  });

  test('L1 past the bound: a clear refusal, nothing else suffers', async () => {
    const players = [];
    for (let i = 0; i < 4; i += 1) players.push(await Player.connect(context.small.url));
    for (const player of players.slice(0, 2)) {
      const created = player.next('private_lobby_created');
      player.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
      await created;
    }
    const refused = players[2].next('lobby_creation_failed');
    players[2].emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
    assert.equal((await refused).reason, 'Server capacity reached');
    const failed = players[3].next('matchmaking_failed');
    players[3].emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
    assert.equal((await failed).reason, 'Server capacity reached');
    await closeAll(players);
  });

  test('Contract 1.4 and 1.5: greeting, health, cross-origin answers', async () => {
    const greeting = await fetch(context.server.url, { headers: { Origin: 'http://example.org' } });
    assert.equal(greeting.headers.get('access-control-allow-origin'), '*');
    const body = await greeting.json();
    assert.equal(body.status, 'online');
    assert.equal(typeof body.players, 'number');
    assert.equal(typeof body.maxPlayers, 'number');
    assert.ok(!body.passwordRequired);
    const health = await fetch(`${context.server.url}/health`);
    assert.equal(health.status, 200);
    const checks = (await health.json()).checks;
    for (const name of ['memory', 'uptime', 'database', 'redis', 'errorRate', 'tick']) assert.ok(checks[name], name);
    const origin = 'http://localhost:5173';
    const poll = await fetch(`${context.server.url}/socket.io/?EIO=4&transport=polling`, { headers: { Origin: origin } });
    assert.equal(poll.headers.get('access-control-allow-origin'), origin);
    assert.equal(poll.headers.get('access-control-allow-credentials'), 'true');
    const bad = await fetch(`${context.server.url}/socket.io/?EIO=4&transport=polling&sid=nope`, { headers: { Origin: origin } });
    assert.equal(bad.status, 400);
    assert.equal(bad.headers.get('access-control-allow-origin'), origin, 'errors carry it too');
  });
}
