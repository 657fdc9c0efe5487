// D4: the process is killed with SIGKILL around the end of a match. A result that was announced is in the database exactly
// once after a restart, whenever the kill came; one that was not announced is there at most once.

import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { enterBoth, pairInMatch } from '../contract/remedies.mjs';

const bin = process.argv[2];
const settings = { MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2' };

function silence(players) {
  for (const player of players) player.socket.io.reconnection(false);
}

// Kills the server `delay` ms after the end was triggered, or at once when the end is heard (delay null).
async function killAtEnd(server, delay) {
  const match = await pairInMatch(server);
  await enterBoth(match);
  silence([match.host, match.guest]);
  await until('in the world', () => match.host.me && match.guest.me);
  let announced = false;
  const ended = match.guest.next('match_ended', () => true, 5000).then(() => { announced = true; }, () => {});
  match.host.emit('debug:trigger_match_end');
  if (delay === null) {
    await ended;
  } else {
    await sleep(delay);
  }
  await server.kill();
  await sleep(50);
  match.host.close();
  match.guest.close();
  return { announced, lobby: match.inviteCode };
}

test('D4 kill -9 around the end of a match, ten times on one data folder', async () => {
  let data;
  let announced = 0;
  let before = 0;
  for (const delay of [null, 0, 5, 10, 15, 20, 25, 30, 40, null]) {
    const server = await Server.start(bin, settings, data);
    data = server.data;
    if (data) before = server.rows('SELECT count(*) AS n FROM match_results')[0].n;
    const round = await killAtEnd(server, delay);
    announced += round.announced ? 1 : 0;
    const again = await Server.start(bin, settings, data);
    if (round.announced) {
      await until('the announced result is there', () => again.rows('SELECT count(*) AS n FROM match_results')[0].n === before + 1);
    } else {
      await sleep(400);
      assert.ok(again.rows('SELECT count(*) AS n FROM match_results')[0].n <= before + 1);
    }
    const open = again.rows("SELECT count(*) AS n FROM lobbies WHERE state <> 'closed'")[0].n;
    assert.equal(open, 0, 'lobbies of the dead process are closed');
    const { code } = await again.stop();
    assert.equal(code, 0);
  }
  assert.ok(announced >= 2);
  const last = await Server.start(bin, settings, data);
  const twice = last.rows('SELECT match_id FROM match_results GROUP BY match_id HAVING count(*) > 1');
  assert.deepEqual(twice, []);
  const people = last.rows('SELECT match_id, count(*) AS n FROM match_players GROUP BY match_id');
  assert.ok(people.every((row) => row.n === 2), 'every result with its players');
  await last.stop();
  last.forget();
});

test('SIGTERM ends with 0 and brings what is unwritten to the disk', async () => {
  const server = await Server.start(bin, settings);
  const match = await pairInMatch(server);
  await enterBoth(match);
  silence([match.host, match.guest]);
  const ended = match.host.next('match_ended');
  match.host.emit('debug:trigger_match_end');
  await ended;
  const { code } = await server.stop();
  assert.equal(code, 0);
  const again = await Server.start(bin, settings, server.data);
  assert.equal(again.rows('SELECT count(*) AS n FROM match_results')[0].n, 1);
  await again.stop();
  again.forget();
});

test('an unknown or malformed setting stops the start and is named', async () => {
  for (const [name, value] of [['PORT', 'http'], ['MAX_LOBBIES_PER_NODE', '-3'], ['LOG_LEVEL', 'loud'], ['KILL_LIMIT', '0']]) {
    await assert.rejects(Server.start(bin, { [name]: value }), (error) => {
      assert.match(error.message, new RegExp(name));
      return true;
    });
  }
});

test('a port in use and an unreadable map folder are clear errors', async () => {
  const server = await Server.start(bin, settings);
  await assert.rejects(Server.start(bin, { ...settings, PORT: String(server.port) }), /in use/i);
  await assert.rejects(Server.start(bin, { ...settings, MAPS_DIR: 'no-such-folder' }), /no-such-folder/);
  const player = await Player.connect(server.url);
  await player.ready();
  player.close();
  await server.stop();
  server.forget();
});

await finish(await runAll());
