// Who is in a lobby and who is not any more: bots that give way to people (L10), a seat whose player does not come back
// (L9), forced lobbies (L11), a finished lobby in the browser (L10 of game rules 13.8). Official clients, real server.

import { Server } from '../lib/server.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { mapFolder } from '../lib/map.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';

const GRACE = 12; // seconds

// An empty hall with one spawn a team: wherever three cells around it one is born, both are within sight (160 px).
function hallRows() {
  const rows = Array.from({ length: 27 }, () => '.'.repeat(48));
  rows[13] = `${'.'.repeat(22)}r...b${'.'.repeat(21)}`;
  return rows;
}

export function company(bin) {
  const settings = { MAPS_DIR: mapFolder({ hall: hallRows() }), COUNTDOWN: '2', RESULTS_TIME: '4', VOTE_TIME: '2', RECONNECT_GRACE: String(GRACE), TEST_HOOKS: 'true' };

  async function withServer(body) {
    const server = await Server.start(bin, settings);
    const players = [];
    const connect = async (name) => {
      const player = await Player.connect(server.url);
      player.name = name;
      players.push(player);
      return player;
    };
    try {
      await body(server, connect);
    } finally {
      await closeAll(players);
      await server.stop();
      server.forget();
    }
  }

  const at = (viewer, id) => viewer.state?.visiblePlayers?.find((entry) => entry.id === id);
  const look = (player, id) => {
    const there = at(player, id)?.position;
    if (there && there.x > 0) player.input({}, { x: Math.round(there.x), y: Math.round(there.y) });
  };

  async function shootUntil(shooter, target, done) {
    for (let shot = 0; shot < 60 && !done(); shot += 1) {
      if (shooter.me?.weapons.rifle.currentAmmo === 0) shooter.emit('weapon:reload', { weaponType: 'rifle', timestamp: Date.now() });
      shooter.fire(target());
      await sleep(110);
    }
    assert.ok(done(), 'the shots had their effect');
  }

  test('L10 bots come with find_match {bots}, give way to people and are in no statistics', () => withServer(async (server, connect) => {
    const people = [await connect('One')];
    const started = people[0].next('match_started');
    const lobby = await people[0].quickPlay({ bots: 3 });
    await started;
    await people[0].enter({ team: 'red' });
    await until('four in the world', () => Object.keys(people[0].state?.players ?? {}).length === 4);
    const botsOf = (state) => state.players.filter((player) => player.isBot).map((player) => player.id);
    const state = people[0].heard('lobby:state').at(-1);
    assert.equal(botsOf(state).length, 3);
    assert.equal(state.playerCount, 4);
    const bots = botsOf(state);
    const before = people[0].state.players;
    await until('bots play: inputs move them', () => bots.some((id) => at(people[0], id)?.position.x > 0)
      && JSON.stringify(people[0].state.players) !== JSON.stringify(before), 20_000);

    for (let count = 2; count <= 4; count += 1) {
      const newcomer = await connect(`Person ${count}`);
      const joined = await newcomer.quickPlay();
      assert.equal(joined.lobbyId, lobby.lobbyId, 'people are led to where people are');
      await newcomer.next('match_started');
      await newcomer.enter({ team: count % 2 ? 'red' : 'blue' });
      people.push(newcomer);
      await until('a bot fewer for each person', () => botsOf(people[0].heard('lobby:state').at(-1)).length === 4 - count);
      await until('the world has four bodies', () => Object.keys(people[0].state.players).length === 4);
    }
    assert.deepEqual(people[0].heard('player:left').map((left) => left.playerId).sort(), bots.sort(), 'each is told as gone, once');
    assert.deepEqual(Object.keys(people[0].state.players).sort(), people.map((player) => player.id).sort());

    const ended = people[0].next('match_ended');
    people[0].emit('debug:trigger_match_end');
    await ended;
    await until('the result is stored', () => server.rows('SELECT match_id FROM match_results').length === 1);
    const rows = server.rows('SELECT display_name FROM match_players');
    assert.deepEqual(rows.map((row) => row.display_name).sort(), people.map((player) => player.name).sort(), 'people only');
  }));

  test('L10 one who leaves a lobby of bots closes it', () => withServer(async (server, connect) => {
    const player = await connect('Alone');
    await player.quickPlay({ bots: 5 });
    const left = player.next('left_lobby');
    player.emit('leave_lobby');
    await left;
    await until('no lobby is left', async () => (await (await fetch(`${server.url}/health`)).json()).lobbies === 0);
  }));

  test('L9 without his line a player keeps id, team, score and a body that can be shot; after the grace he is gone', () => withServer(async (server, connect) => {
    const host = await connect('Host');
    const guest = await connect('Guest');
    const starts = [host.next('match_started'), guest.next('match_started')];
    await host.quickPlay();
    await guest.quickPlay();
    await Promise.all(starts);
    await host.enter({ team: 'red' });
    await guest.enter({ team: 'blue' });
    await until('both in the state', () => host.me && guest.me);
    await shootUntil(guest, () => host.me.position, () => guest.me.kills === 1);
    host.respawn();
    await until('the host is back', () => host.me.isAlive && !(host.me.invulnerableUntil > Date.now()), 10_000);
    host.input({}, { x: Math.round(guest.me.position.x), y: Math.round(guest.me.position.y) });
    await until('the host sees him', () => at(host, guest.id)?.position.x > 0);

    const seen = { ...at(host, guest.id).position };
    const began = Date.now();
    guest.socket.io.reconnection(false);
    guest.cut();
    await until('told as not connected', () => host.heard('lobby:state').at(-1)?.players.some((entry) => entry.id === guest.id && entry.connected === false));
    const { team, kills } = host.state.players[guest.id];
    assert.equal(team, 'blue');
    assert.equal(kills, 1);
    await sleep(500);
    look(host, guest.id);
    assert.deepEqual(at(host, guest.id).position, seen, 'frozen in place');
    assert.equal(at(host, guest.id).health, 100);
    await shootUntil(host, () => seen, () => at(host, guest.id).health < 100);
    assert.equal(host.heard('player:left').length, 0, 'the seat is kept');

    await until('the grace is over', () => host.heard('player:left').length === 1, (GRACE + 8) * 1000);
    const kept = Date.now() - began;
    assert.ok(kept >= GRACE * 1000 - 500, `kept for ${kept} ms`);
    assert.equal(host.heard('player:left')[0].playerId, guest.id);
    assert.equal(host.heard('player_left_lobby').length, 1);
    await until('out of the states', () => !(guest.id in host.state.players) && !at(host, guest.id));
    assert.equal(host.state.scores.blue, 1, 'L6: the score stays');

    const ended = host.next('match_ended');
    host.emit('debug:trigger_match_end');
    await ended;
    await until('the result is stored', () => server.rows('SELECT match_id FROM match_results').length === 1);
    const [row] = server.rows("SELECT kills, team, left_at FROM match_players WHERE display_name = 'Guest'");
    assert.equal(row.kills, 1);
    assert.equal(row.team, 'blue');
    assert.ok(row.left_at, 'his row says when he left');
  }));

  test('L11 admin:force_create_match: joined at once, three seconds after half a second, one player is enough', () => withServer(async (server, connect) => {
    const player = await connect('Tester');
    const starting = player.next('match_starting');
    const started = player.next('match_started');
    const joined = player.next('lobby_joined');
    player.emit('admin:force_create_match', { gameMode: 'deathmatch', reason: 'compatibility' });
    const lobby = await joined;
    assert.equal(lobby.forceCreated, true);
    assert.equal(lobby.reason, 'compatibility');
    assert.equal((await starting).countdown, 3);
    assert.equal((await started).lobbyId, lobby.lobbyId);
    const time = (name) => player.times(name)[0];
    const near = (got, wanted) => assert.ok(got > wanted - 200 && got < wanted + 1000, `${got} ms, not ${wanted}`);
    near(time('match_starting') - time('lobby_joined'), 500);
    near(time('match_started') - time('match_starting'), 3000);
    await player.enter();
  }));

  test('L10 rules 13.8: a finished lobby is listed only for who gives filters', () => withServer(async (server, connect) => {
    const players = [await connect('One'), await connect('Two')];
    const starts = players.map((player) => player.next('match_started'));
    for (const player of players) await player.quickPlay();
    await Promise.all(starts);
    await players[0].enter();
    const ended = players[0].next('match_ended');
    players[0].emit('debug:trigger_match_end');
    await ended;
    const browser = await connect('Browser');
    const list = async (...filter) => {
      const answer = browser.next('lobby_list');
      browser.emit('get_lobby_list', ...filter);
      return (await answer).lobbies;
    };
    assert.deepEqual(await list(), [], 'no filter: hidden');
    const [entry] = await list({ showPrivate: false, showFull: true, showInProgress: false, gameMode: 'deathmatch' });
    assert.equal(entry?.status, 'finished');
    assert.equal(entry.id, players[0].lobby.lobbyId);
    assert.equal(entry.playerCount, 2);
  }));
}
