// docs/operations/recovery.md: databases are lost for good under running nodes, and its blocks bring back what the page says.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { write } from '../admin/staff.mjs';
import { enterBoth, pairInMatch } from '../contract/remedies.mjs';
import { root } from './files.mjs';
import { blocksOf } from './first_day.mjs';
import { run } from './program.mjs';

const kPage = 'docs/operations/recovery.md';
const settings = { MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', JWT_SECRET: 's'.repeat(40), BCRYPT_COST: '4' };

// The programs that the page names, under the names they have on a node.
function place(bin) {
  const folder = mkdtempSync(join(tmpdir(), 'trespasser-recovery-'));
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  mkdirSync(join(folder, 'backups'));
  symlinkSync(join(bin, 'trespasserd'), join(programs, 'trespasserd'));
  for (const script of ['backup', 'restore']) symlinkSync(join(root, 'deploy/backup', script), join(programs, `trespasser-${script}`));
  return { folder, backups: join(folder, 'backups'), path: `${programs}:${process.env.PATH}` };
}

function follow(mark, { path, backups }, environment) {
  const script = blocksOf(kPage, mark).join('\n');
  assert.ok(script.length > 100, mark);
  const done = run('bash', ['--norc', '-eu', '-c', script], { ...settings, PATH: path, BACKUPS: backups, ...environment }, { timeout: 150_000 });
  assert.equal(done.code, 0, done.text.slice(-3000));
  return done.out;
}

function backUp({ path, backups }, environment) {
  const made = run('trespasser-backup', [backups], { PATH: path, ...environment });
  assert.equal(made.code, 0, made.text);
}

const person = (name) => ({ email: `${name}@example.org`, password: 'correct horse battery', displayName: name });

async function call(server, path, body) {
  const answer = await fetch(server.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json', Connection: 'close' }, body: JSON.stringify(body) });
  await answer.text();
  return answer.status;
}

const register = async (server, name) => assert.equal(await call(server, '/api/auth/register', person(name)), 201);
const login = (server, name) => call(server, '/api/auth/login', person(name));

// A match is played to its end; true once everybody was told.
async function playMatch(server) {
  const match = await pairInMatch(server);
  await enterBoth(match);
  const ended = match.guest.next('match_ended', () => true, 15_000);
  match.host.emit('debug:trigger_match_end');
  await ended;
  await closeAll([match.host, match.guest]);
}

const results = (server) => server.rows('SELECT count(*) AS n FROM match_results')[0].n;

export function recoveryTests(bin) {
  test('recovery: PostgreSQL is lost with its disk; a backup brings everybody back, and the nodes what they still hold', async () => {
    const made = place(bin);
    const first = await Postgres.start();
    first.sql('postgres', 'create database trespasser template template0');
    const its = { ...settings, DATABASE_URL: first.url('trespasser') };
    Server.migrate(bin, its);
    const server = await Server.start(bin, its);
    await register(server, 'before');
    await playMatch(server);
    await until('the result is in the database', () => results(server) === 1);
    backUp(made, { DATABASE_URL: its.DATABASE_URL });
    await register(server, 'after');
    const match = await pairInMatch(server);
    await enterBoth(match);

    await first.kill();
    await first.stop();  // its folder is removed
    const ended = match.guest.next('match_ended', () => true, 15_000);
    match.host.emit('debug:trigger_match_end');
    await ended;
    assert.equal(await login(server, 'before'), 503);
    await closeAll([match.host, match.guest]);

    const second = await Postgres.start(first.port);
    follow('recovery-postgres', made, { DATABASE_URL: its.DATABASE_URL, ADMIN_URL: second.url('postgres'), NODE: server.url, DATA_DIR: server.data });
    assert.equal(await login(server, 'before'), 200);
    assert.equal(await login(server, 'after'), 401, 'who came after the backup is gone, as the page says');
    assert.equal(results(server), 2, 'the result of the backup, and the one that the node held');
    await server.stop();
    server.forget();
    await second.stop();
    rmSync(made.folder, { recursive: true, force: true });
  });

  test('recovery: the data folder of a node on SQLite is lost, its outbox is not', async () => {
    const made = place(bin);
    const server = await Server.start(bin, settings);
    await register(server, 'before');
    await playMatch(server);
    await until('the result is in the database', () => results(server) === 1);
    backUp(made, { DATA_DIR: server.data });
    await register(server, 'after');
    await server.kill();
    for (const file of ['trespasser.db', 'trespasser.db-wal', 'trespasser.db-shm']) rmSync(join(server.data, file), { force: true });

    follow('recovery-sqlite', made, { DATA_DIR: server.data });
    const again = await Server.start(bin, settings, server.data);
    assert.equal(await login(again, 'before'), 200);
    assert.equal(await login(again, 'after'), 401, 'who came after the backup is gone, as the page says');
    assert.equal(results(again), 1);
    await playMatch(again);
    await until('results are written again', () => results(again) === 2);
    await again.stop();
    again.forget();
    rmSync(`${server.data}.lost`, { recursive: true, force: true });
    rmSync(made.folder, { recursive: true, force: true });
  });

  test('upgrade: going back is free while the schema is the same or a node of the version before still runs; then it takes the backup', async () => {
    const made = place(bin);
    const server = await Server.start(bin, settings);
    await register(server, 'before');
    const again = run('trespasserd', ['migrate'], { ...settings, PATH: made.path, DATA_DIR: server.data });
    assert.match(again.out, /The schema is at version \d+ already/);
    backUp(made, { DATA_DIR: server.data });
    // A version of tomorrow has added a table.
    write(server, "create table of_tomorrow (x integer); insert into schema_migrations values (999, '0999_of_tomorrow', '2027-01-01 00:00:00Z')");
    assert.equal(await login(server, 'before'), 200, 'the node that runs goes on');
    await playMatch(server);
    await until('its result is written', () => results(server) === 1);
    await server.stop();
    const refused = run('trespasserd', ['config', 'check'], { ...settings, PATH: made.path, DATA_DIR: server.data });
    assert.equal(refused.code, 1);
    assert.match(refused.text, /version 999.*newer trespasserd/);
    follow('recovery-sqlite', made, { DATA_DIR: server.data });
    const back = await Server.start(bin, settings, server.data);
    assert.equal(await login(back, 'before'), 200);
    assert.equal(results(back), 0, 'what happened since the backup is lost, as the page says');
    await back.stop();
    back.forget();
    rmSync(`${server.data}.lost`, { recursive: true, force: true });
    rmSync(made.folder, { recursive: true, force: true });
  });

  test('recovery: Redis is lost with all it held; the match goes on and is listed again', async () => {
    const made = place(bin);
    const redis = await Redis.start();
    const server = await Server.start(bin, { ...settings, REDIS_URL: redis.url });
    const match = await pairInMatch(server);
    await enterBoth(match);
    const listed = () => Number(redis.ask('zcard', 'lobby_index')) + Number(redis.ask('zcard', 'server_nodes'));
    const before = await until('it is listed', listed);
    await redis.kill();
    const state = match.guest.next('game:state');
    await redis.launch();
    await state;
    assert.match(follow('recovery-redis', made, { REDIS_URL: redis.url, NODE: server.url }), /\n1\n$/);
    await until('what was listed is listed again', () => listed() === before, 30_000);
    const ended = match.guest.next('match_ended', () => true, 30_000);
    match.host.emit('debug:trigger_match_end');
    await ended;
    await until('the result is in the database', () => results(server) === 1, 30_000);
    await closeAll([match.host, match.guest]);
    await server.stop();
    server.forget();
    await redis.kill();
    rmSync(made.folder, { recursive: true, force: true });
  });
}
