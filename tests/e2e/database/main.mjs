// The server on PostgreSQL while PostgreSQL dies, hangs and comes back, and while the server itself dies (D1, D4, O1, A5).
// What was announced to players is in the database once, whatever happened between.

import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Server } from '../lib/server.mjs';
import { enterBoth, pairInMatch } from '../contract/remedies.mjs';

const bin = process.argv[2];
const postgres = await Postgres.start();
const maps = mapFolder({ range: rangeRows() });

// Settings of a server on a new database, made ready as an operator does.
function onDatabase(database) {
  const settings = { DATABASE_URL: postgres.url(database), MAPS_DIR: maps, TEST_HOOKS: 'true', COUNTDOWN: '2', RESULTS_TIME: '2', VOTE_TIME: '1' };
  Server.migrate(bin, settings);
  return settings;
}

const count = (database, sql) => Number(postgres.sql(database, sql));

// A lobby whose matches are ended as soon as they have begun. Counts what its players were told.
class ShortMatches {
  constructor(server) {
    this.server = server;
    this.announced = 0;
    this.going = true;
    this.done = this.run();
  }

  async run() {
    while (this.going) {
      try {
        await this.play();
      } catch {
        await sleep(200); // the server is away: a new lobby when it is back
      }
      await closeAll([this.match?.host, this.match?.guest].filter(Boolean));
    }
  }

  async play() {
    this.match = await pairInMatch(this.server.current);
    const { host, guest } = this.match;
    for (const player of [host, guest]) player.socket.io.reconnection(false);
    while (this.going) {
      await enterBoth(this.match);
      const again = [host, guest].map((player) => player.next('match_started', () => true, 15_000));
      for (const wait of again) wait.catch(() => {});
      const ended = guest.next('match_ended', () => true, 15_000);
      host.emit('debug:trigger_match_end');
      await ended;
      this.announced += 1;
      await Promise.all(again);
    }
  }

  async stop() {
    this.going = false;
    await this.done;
  }
}

test('D4 200 short matches while PostgreSQL and the node are killed: every announced result is there, once', async () => {
  const database = postgres.createDatabase();
  const settings = onDatabase(database);
  const server = { current: await Server.start(bin, settings) };
  const { data } = server.current;
  const lobbies = Array.from({ length: 12 }, () => new ShortMatches(server));
  const total = () => lobbies.reduce((sum, lobby) => sum + lobby.announced, 0);
  const reached = (matches) => until(`${matches} matches`, () => total() >= matches, 180_000);
  for (const matches of [30, 90, 150]) {
    await reached(matches);
    await postgres.kill();
    await sleep(1500);
    await postgres.launch();
    await reached(matches + 25);
    await server.current.kill();
    server.current = await Server.start(bin, settings, data);
  }
  await reached(200);
  await Promise.all(lobbies.map((lobby) => lobby.stop()));
  const announced = total();
  await until('all announced results are there', () => count(database, 'select count(*) from match_results') >= announced, 30_000);
  assert.equal(count(database, 'select count(*) from (select lobby_id, started_at from match_results group by 1, 2 having count(*) > 1) twice'), 0);
  assert.equal(count(database, 'select count(*) from (select match_id from match_players group by 1 having count(*) <> 2) odd'), 0,
    'every result with its two players');
  const { code } = await server.current.stop();
  assert.equal(code, 0);
  server.current.forget();
});

test('D4 a result waits in the outbox while the database is away, also across a restart of the node', async () => {
  const database = postgres.createDatabase();
  const settings = onDatabase(database);
  const server = await Server.start(bin, settings);
  const match = await pairInMatch(server);
  await enterBoth(match);
  await postgres.kill();
  const ended = match.guest.next('match_ended');
  match.host.emit('debug:trigger_match_end');
  assert.ok((await ended).winnerTeam, 'the match ends for its players as ever');
  for (const player of [match.host, match.guest]) player.socket.io.reconnection(false);
  await server.kill();
  await postgres.launch();
  assert.equal(count(database, 'select count(*) from match_results'), 0);
  const again = await Server.start(bin, settings, server.data);
  await until('delivered', () => count(database, 'select count(*) from match_results') === 1);
  await closeAll([match.host, match.guest]);
  await again.stop();
  again.forget();
});

test('O1 the database hangs: /health answers at once, says so, and says well again', async () => {
  const server = await Server.start(bin, onDatabase(postgres.createDatabase()));
  const health = async (path = '/health') => {
    const answer = await fetch(server.url + path, { signal: AbortSignal.timeout(2000) });
    return { status: answer.status, body: path === '/health' ? await answer.json() : undefined };
  };
  const good = await until('healthy', async () => {
    const now = await health();
    return now.status === 200 && now;
  });
  assert.equal(good.body.status, 'healthy');
  postgres.signal('SIGSTOP');
  try {
    assert.ok([200, 503].includes((await health()).status), 'answered while the database hangs');
    const ill = await until('unhealthy', async () => {
      const now = await health();
      return now.status === 503 && now;
    }, 40_000);
    assert.equal(ill.body.status, 'unhealthy');
    assert.equal(ill.body.checks.database.status, 'unhealthy');
    assert.equal(ill.body.checks.tick.status, 'healthy');
    assert.equal((await health('/health/live')).status, 200);
    // Matches are not the database's business.
    const match = await pairInMatch(server);
    await enterBoth(match);
    await until('states', () => match.host.heard('game:state').length > 10);
    await closeAll([match.host, match.guest]);
  } finally {
    postgres.signal('SIGCONT');
  }
  await until('healthy again', async () => (await health()).status === 200, 40_000);
  await server.stop();
  server.forget();
});

test('A login while the database is away is refused as such, and works again when it is back', async () => {
  const server = await Server.start(bin, onDatabase(postgres.createDatabase()));
  const call = async (path, body) => {
    const answer = await fetch(`${server.url}/api/auth/${path}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, retry: answer.headers.get('retry-after') };
  };
  const who = { email: 'ann@example.org', password: 'correct horse battery', displayName: 'Ann' };
  assert.equal((await call('register', who)).status, 201);
  await postgres.kill();
  const away = await call('login', who);
  assert.equal(away.status, 503);
  assert.ok(Number(away.retry) > 0);
  await postgres.launch();
  // Not oftener than the limit on callers allows (S1).
  await until('logged in', async () => (await call('login', who)).status === 200 || void (await sleep(700)), 40_000);
  await server.stop();
  server.forget();
});

const results = await runAll();
await postgres.stop();
await finish(results);
