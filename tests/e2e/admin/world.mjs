// The server of the admin suite, what it is asked with, and who asks. All answers are checked against docs/http-api.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Described } from '../apidoc/described.mjs';
import { assert, sleep, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { PASSWORD, totp, write } from './staff.mjs';

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
export const api = new Described(JSON.parse(readFileSync(join(root, 'docs/http-api.json'), 'utf8')));
export const operations = api.operations.filter(({ path }) => path.startsWith('/api/admin/'));
export const bin = process.argv[2];
export const settings = { MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '5', SHARDS: '2', TRUSTED_PROXIES: '127.0.0.1' };
// On SQLite, or with "postgres" as the second word on a real PostgreSQL and Redis, with a second node beside it.
export const postgres = process.argv[3] === 'postgres' ? await Postgres.start() : undefined;
export const redis = postgres && await Redis.start();
if (postgres) {
  Object.assign(settings, { DATABASE_URL: postgres.url(postgres.createDatabase()), REDIS_URL: redis.url, JWT_SECRET: 'a'.repeat(40), NODE_ID: 'n1' });
  Server.migrate(bin, settings);
}
export const server = await Server.start(bin, settings);
export const second = postgres && await Server.start(bin, { ...settings, NODE_ID: 'n2' });
export const NOBODY = '00000000-0000-4000-8000-000000000000';
export const RANKS = ['viewer', 'moderator', 'admin'];
let callers = 0;
export const people = {};

export function call(method, path, options = {}) {
  callers += 1;
  return api.call(server, method, path, { address: `10.9.${Math.floor(callers / 250)}.${1 + (callers % 250)}`, ...options });
}
export async function expect(status, method, path, options) {
  const answer = await call(method, path, options);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer;
}
export async function plain(method, path, { token, body, raw, headers = {} } = {}) {
  callers += 1;
  const answer = await fetch(server.url + path, {
    method, body: raw ?? (body && JSON.stringify(body)),
    headers: { 'X-Forwarded-For': `10.8.${Math.floor(callers / 250)}.${1 + (callers % 250)}`, ...(body || raw ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
export async function register(name) {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`;
  const made = await expect(201, 'POST', '/api/auth/register', { body: { email, password: PASSWORD, displayName: name } });
  return { email, id: made.body.player.id, token: made.body.token, refreshToken: made.body.refreshToken };
}
export const login = async (email, password = PASSWORD) => (await expect(200, 'POST', '/api/auth/login', { body: { email, password } })).body.token;

// Signs in and sets up a second factor.
export async function enrol(person) {
  person.secret = (await expect(200, 'POST', '/api/admin/factor', { token: person.token })).body.secret;
  person.shown = totp(person.secret);
  person.recovery = (await expect(200, 'POST', '/api/admin/factor/confirm', { token: person.token, body: { code: person.shown } })).body.recoveryCodes;
}
export const needed = ({ described }) => (/Any staff/.test(described.description) ? 'viewer' : /Moderators/.test(described.description) ? 'moderator' : 'admin');
export const factorless = ({ described }) => /Needs no second factor/.test(described.description);
export const exampleOf = ({ described }) => described.requestBody?.content['application/json'].example;
export const sql = (text) => (settings.DATABASE_URL ? text : text.replaceAll('true', '1').replaceAll('false', '0'));

export function report(target, match = '11111111-1111-4111-8111-111111111111', reporter = 'seat') {
  write(server, sql(`INSERT INTO reports (reporter_id, reporter, reporter_name, target_id, target, target_name, match_id, lobby_id, reason, replay_tick, credible, created_at)
    VALUES (null, '${reporter}', 'Guest', '${target}', '${target}', 'Target', '${match}', 'LOBBY', 'cheating', 1500, true, '${new Date().toISOString()}')`));
  return Number(server.rows('SELECT max(report_id) AS n FROM reports')[0].n);
}

// A second after the action at most (S8), wherever the socket is.
export async function closesWithin(client, act) {
  const gone = new Promise((done) => { client.socket.on('disconnect', () => done(true)); });
  await act();
  assert.ok(await Promise.race([gone, sleep(1000)]), 'the socket is open a second later');
}

// The same without the clock: a kick has no limit of its own.
export async function closes(client, act) {
  const gone = new Promise((done) => { client.socket.on('disconnect', () => done(true)); });
  await act();
  assert.ok(await Promise.race([gone, sleep(15_000)]), 'the socket is open');
}
export const soon = (what, probe) => until(what, probe, 20_000);

// A guest with a network of his own, in a private lobby of his host.
export async function guestAt(where, address) {
  const guest = await Player.connect(where.url, { headers: { 'X-Forwarded-For': address }, transports: ['websocket'], manager: { reconnection: false } });
  await guest.ready();
  return guest;
}
export async function lobbyOf(host) {
  const made = host.next('private_lobby_created');
  host.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  return made;
}
export async function joins(player, code) {
  const told = Promise.race([player.next('lobby_joined').then(() => 'joined'), player.next('lobby_join_failed').then(({ reason }) => reason)]);
  player.emit('join_lobby', { lobbyId: code });
  return told;
}
