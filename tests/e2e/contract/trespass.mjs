// S2: ids of others. What names somebody else, from somebody who may not, changes nothing.

import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { enterBoth, pairInMatch } from './remedies.mjs';

export function trespass(context) {
  // A private lobby that waits, with its host and two members.
  async function threeWaiting() {
    const [host, member, other] = await Promise.all([0, 1, 2].map(() => Player.connect(context.server.url)));
    const created = host.next('private_lobby_created');
    host.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
    const { inviteCode } = await created;
    for (const player of [member, other]) {
      const joined = player.next('lobby_joined');
      player.emit('join_lobby', { lobbyId: inviteCode });
      await joined;
    }
    return { host, member, other, inviteCode };
  }

  for (const [name, payload] of [
    ['lobby:kick', ({ other }) => ({ playerId: other.id })],
    ['lobby:host', ({ member }) => ({ playerId: member.id })],
    ['lobby:settings', () => ({ maxPlayers: 3, killLimit: 1 })],
    ['lobby:start', () => undefined],
  ]) {
    test(`S2 ${name} by a member who is not the host is refused and changes nothing`, async () => {
      const lobby = await threeWaiting();
      const refused = lobby.member.next('lobby:refused');
      lobby.other.forget();
      lobby.member.emit(name, payload(lobby));
      const answer = await refused;
      assert.equal(answer.command, name);
      assert.match(answer.reason, /host/);
      const state = lobby.host.next('lobby:state');
      const fresh = await Player.connect(context.server.url);
      fresh.emit('join_lobby', { lobbyId: lobby.inviteCode });
      const { hostId, playerCount, maxPlayers, killTarget } = await state;
      assert.deepEqual([hostId, playerCount, maxPlayers, killTarget], [lobby.host.id, 4, 8, 50]);
      assert.deepEqual(lobby.other.heard('lobby:kicked'), []);
      await closeAll([lobby.host, lobby.member, lobby.other, fresh]);
    });
  }

  test('S2 lobby:kick with an id that is not in the lobby, and of oneself, is refused', async () => {
    const lobby = await threeWaiting();
    const stranger = await Player.connect(context.server.url);
    for (const playerId of [stranger.id, lobby.host.id, 'nobody']) {
      const refused = lobby.host.next('lobby:refused');
      lobby.host.emit('lobby:kick', { playerId });
      assert.equal((await refused).reason, 'No such player');
    }
    await stranger.ready();
    await closeAll([lobby.host, lobby.member, lobby.other, stranger]);
  });

  test('S2 a host\'s settings do not go past the operator\'s limits', async () => {
    const lobby = await threeWaiting();
    for (const settings of [{ maxPlayers: 200 }, { killLimit: 1e9 }, { timeLimit: -5 }, { mapName: '../../etc/passwd' }]) {
      lobby.host.emit('lobby:settings', settings);
    }
    await sleep(900);
    const state = lobby.member.heard('lobby:state').at(-1);
    assert.equal(state.maxPlayers, 8);
    assert.ok(state.killTarget >= 1 && state.killTarget <= 1000);
    assert.equal(state.mapName ?? 'range', 'range');
    await closeAll([lobby.host, lobby.member, lobby.other]);
  });

  test('S2 inputs, shots and respawns that name another player are the sender\'s own or nothing', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    await until('in the world', () => match.host.me && match.guest.me);
    const died = match.host.next('backend:player:died', (data) => data.playerId === match.host.id);
    match.host.emit('debug:kill_player');
    await died;
    const dead = Date.now();
    match.host.forget();
    const { position, health } = match.guest.me;
    for (const name of ['player:force_respawned', 'force_respawn']) {
      match.guest.emit(name, { playerId: match.host.id, position: { x: 50, y: 50 }, health: 100, team: 'blue', forced: true });
    }
    match.guest.emit('weapon:fire', { playerId: match.host.id, weaponType: 'rifle', position: { x: 10, y: 10 },
      targetPosition: { x: 200, y: 100 }, direction: 0, isADS: false, timestamp: Date.now(), sequence: (match.guest.sequence += 1) });
    const shot = await match.guest.next('weapon:fired');
    assert.equal(shot.playerId, match.guest.id, 'a shot is the sender\'s');
    assert.ok(Math.hypot(shot.position.x - position.x, shot.position.y - position.y) < 20, 'from where he stands');
    await sleep(Math.max(0, dead + 1200 - Date.now()));
    assert.ok(!match.host.me.isAlive, 'another cannot end his wait');
    assert.deepEqual(match.guest.me.position, position);
    assert.equal(match.guest.me.health, health);
    await closeAll([match.host, match.guest]);
  });

  test('S2 a vote, a chat line and a leave of one who is not in the lobby reach nobody', async () => {
    const lobby = await threeWaiting();
    const stranger = await Player.connect(context.server.url);
    for (const player of [lobby.host, lobby.member]) player.forget();
    stranger.emit('chat:message', { text: 'hello', lobbyId: lobby.inviteCode, channel: 'lobby' });
    stranger.emit('vote_cast', { option: 'leave', playerId: lobby.host.id });
    stranger.emit('leave_lobby', { playerId: lobby.host.id, lobbyId: lobby.inviteCode });
    stranger.emit('leave_game', { playerId: lobby.host.id });
    stranger.emit('cancel_matchmaking', { playerId: lobby.host.id });
    stranger.emit('account:link', { token: 'x', playerId: lobby.host.id });
    await sleep(400);
    for (const player of [lobby.host, lobby.member]) {
      assert.deepEqual(player.heard('chat:message'), []);
      assert.deepEqual(player.heard('player_left_lobby'), []);
    }
    await closeAll([lobby.host, lobby.member, lobby.other, stranger]);
  });
}
