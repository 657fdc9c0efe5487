// S1-S14: where the prototype left the shipped client stuck, and what the server does about it (wire contract 2.13). Each
// case plays the client's side as it is, quirks included.

import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';

// Two players in a running match of their own; extra players join on request.
export async function pairInMatch(server, options = {}) {
  const host = await Player.connect(server.url, options);
  const guest = await Player.connect(server.url, options);
  const created = host.next('private_lobby_created');
  host.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const { inviteCode } = await created;
  const joined = guest.next('lobby_joined');
  guest.emit('join_lobby', { lobbyId: inviteCode });
  await joined;
  const starts = [host, guest].map((player) => player.next('match_started'));
  host.emit('lobby:start');
  await Promise.all(starts);
  return { host, guest, inviteCode };
}

export async function enterBoth({ host, guest }) {
  await host.enter({ team: 'red' });
  await guest.enter({ team: 'blue' });
}

export function remedies(context) {
  const connect = (options) => Player.connect(context.server.url, options);

  test('S1 client:ready is answered at once, so no three seconds are lost', async () => {
    const player = await connect();
    const began = Date.now();
    await player.ready();
    assert.ok(Date.now() - began < 1500);
    await closeAll([player]);
  });

  test('S2 find_match while a member leaves the old lobby and is answered', async () => {
    const player = await connect();
    const first = await player.quickPlay();
    const second = await player.quickPlay();
    assert.notEqual(second.lobbyId, first.lobbyId);
    await sleep(100);
    const list = player.next('lobby_list');
    player.emit('get_lobby_list', { showPrivate: true, showFull: true, showInProgress: true, gameMode: 'deathmatch' });
    assert.ok(!(await list).lobbies.some((lobby) => lobby.id === first.lobbyId), 'the emptied lobby is closed');
    await closeAll([player]);
  });

  test('S3 lobby:state tells count and countdown besides the classic events', async () => {
    const a = await connect();
    const b = await connect();
    await a.quickPlay();
    const state = b.next('lobby:state', (data) => data.playerCount === 2 && data.status === 'starting');
    await b.quickPlay();
    assert.ok((await state).countdown >= 1);
    await closeAll([a, b]);
  });

  test('S4 late join: lobby_joined "waiting" first, match_started at least 500 ms later', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const late = await connect();
    const joined = late.next('lobby_joined');
    const started = late.next('match_started');
    late.emit('join_lobby', { lobbyId: match.inviteCode });
    assert.equal((await joined).status, 'waiting');
    await started;
    const gap = late.times('match_started')[0] - late.times('lobby_joined')[0];
    assert.ok(gap >= 450 && gap < 1500, `gap ${gap} ms`);
    await late.enter({ team: 'red' });
    await until('state with walls', () => late.heard('game:state').some((state) => state.walls));
    await closeAll([match.host, match.guest, late]);
  });

  test('S5 the next match comes by match_started in the same lobby', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const again = match.guest.next('match_started', () => true, 15_000);
    match.host.emit('debug:trigger_match_end');
    await match.guest.next('match_ended');
    await again;
    await match.guest.enter();
    await closeAll([match.host, match.guest]);
  });

  test('S6 no state without the receiver, his vision and, first, the walls', async () => {
    const match = await pairInMatch(context.server);
    await sleep(300);
    assert.equal(match.host.heard('game:state').length, 0, 'none before player:join');
    await enterBoth(match);
    await sleep(500);
    match.host.emit('debug:trigger_match_end');
    await match.host.next('match_ended');
    await sleep(300);
    for (const player of [match.host, match.guest]) {
      const states = player.heard('game:state');
      assert.ok(states.length > 5);
      assert.ok(states[0].walls, 'walls in the first state');
      for (const state of states) {
        assert.ok(state.players[player.id], 'own entry');
        assert.ok(state.vision?.polygon?.length >= 3, 'own vision');
        assert.ok(Array.isArray(state.visiblePlayers) && state.visiblePlayers.some((entry) => entry.id === player.id));
      }
    }
    await closeAll([match.host, match.guest]);
  });

  test('S7 in the second lobby of a connection input and weapons work', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    match.guest.emit('leave_lobby');
    const second = await pairInMatch(context.server);
    const joined = match.guest.next('lobby_joined');
    const started = match.guest.next('match_started');
    match.guest.emit('join_lobby', { lobbyId: second.inviteCode });
    await joined;
    await started;
    await match.guest.enter({ team: 'blue' });
    const before = match.guest.me.position;
    await match.guest.hold({ s: true }, 12, { x: 240, y: 0 });
    assert.ok(match.guest.me.position.y > before.y + 15, 'moved');
    const fired = match.guest.next('weapon:fired');
    match.guest.fire({ x: 240, y: 0 });
    assert.equal((await fired).playerId, match.guest.id);
    await closeAll([match.host, match.guest, second.host, second.guest]);
  });

  test('S8 a client that revived itself is respawned by the server, not left a ghost', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const died = match.host.next('backend:player:died');
    match.host.emit('debug:kill_player');
    await died;
    const respawned = match.host.next('backend:player:respawned', () => true, 8000);
    match.host.emit('player:force_respawned', {
      playerId: match.host.id, position: { x: 50, y: 135 }, health: 100, team: 'red', invulnerableUntil: Date.now() + 3000, forced: true,
    });
    const at = await respawned;
    assert.ok(at.position.x > 0 && at.position.x < 480 && at.position.y > 0 && at.position.y < 270);
    await until('alive again', () => match.host.me?.isAlive && match.host.me.health === 100);
    await closeAll([match.host, match.guest]);
  });

  test('S9 player:join without a lobby finds one and is accepted', async () => {
    const player = await connect();
    await player.enter();
    assert.equal(player.heard('lobby_joined').length, 0, 'it would pull the client out of its game');
    await until('states', () => player.heard('game:state').length > 3);
    await closeAll([player]);
  });

  test('S10 error, 44 and 41 are never sent', async () => {
    const player = await connect({ transports: ['websocket'] });
    const raw = [];
    player.socket.io.engine.on('data', (data) => raw.push(String(data)));
    for (const name of ['admin:restart_game', 'admin:authenticate', 'nonsense', 'error', 'disconnect2', 'grenade:throw', 'weapon:equip']) {
      player.emit(name, { a: 1 });
    }
    player.emit('find_match', 17);
    player.emit('join_lobby', null);
    await player.ready();
    assert.ok(!raw.some((packet) => /^[14]|^2?\["error"|"auth-failed"|"auth-timeout"/.test(packet)), raw.join('\n'));
    assert.ok(player.socket.connected);
    await closeAll([player]);
  });

  test('S11 the creator of a private lobby hears private_lobby_created alone, with the code and count', async () => {
    const player = await connect();
    const created = player.next('private_lobby_created');
    player.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
    const lobby = await created;
    assert.ok(lobby.inviteCode.length >= 10);
    assert.equal(lobby.playerCount, 1);
    assert.equal(lobby.gameMode, 'deathmatch');
    await player.next('lobby:state');
    assert.equal(player.heard('lobby_joined').length, 0);
    await closeAll([player]);
  });

  test('S12 CANCEL is honoured: the player is not dragged into the match', async () => {
    const a = await connect();
    const b = await connect();
    await a.quickPlay();
    await b.quickPlay();
    const cancelled = a.next('match_start_cancelled');
    b.emit('cancel_matchmaking');
    await cancelled;
    b.forget();
    await sleep(2500);
    assert.deepEqual(b.heard('match_started'), []);
    await closeAll([a, b]);
  });

  test('S13 a lost transport resumes with the same id, lobby and score; states go on without a new join', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    await match.guest.hold({ s: true }, 10, { x: 240, y: 0 });
    const { id } = match.guest;
    const { position } = match.guest.me;
    match.guest.cut();
    await until('lost', () => !match.guest.socket.connected);
    await until('back', () => match.guest.socket.connected, 10_000);
    assert.ok(match.guest.socket.recovered, 'the library recognises the recovery');
    assert.equal(match.guest.socket.id, id);
    match.guest.forget();
    await match.guest.ready();
    await until('a whole state', () => match.guest.heard('game:state').some((state) => state.walls && state.players[id]));
    assert.deepEqual(match.guest.me.position, position, 'frozen in place');
    await match.guest.hold({ w: true }, 6, { x: 240, y: 0 });
    assert.ok(match.guest.me.position.y < position.y - 5);
    assert.equal(match.host.heard('player:left').length, 0);
    await closeAll([match.host, match.guest]);
  });

  test('S14 authenticated comes besides server:ready and enables the lobby menu', async () => {
    const player = await connect();
    const order = [];
    player.socket.onAny((name) => order.push(name));
    await player.ready();
    assert.ok(order.indexOf('server:ready') < order.indexOf('authenticated'));
    const authenticated = player.next('authenticated');
    player.emit('authenticate', 'any password');
    await authenticated;
    await closeAll([player]);
  });
}
