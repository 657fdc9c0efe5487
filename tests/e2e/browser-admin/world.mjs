// Two nodes with Redis and PostgreSQL, and the administrator's page: staff are at node n1, everything happens on n2.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { PASSWORD, createAdmin } from '../admin/staff.mjs';
import { launch, Player as Page } from '../browser/page.mjs';
import { until as waitUntil } from '../lib/check.mjs';
import { Player as Client } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';

const PATIENCE = 30_000;  // ms, for what takes a moment on a machine that does nothing else
export const until = (what, probe, timeout = PATIENCE) => waitUntil(what, probe, timeout);

export const [bin, pictures] = process.argv.slice(2);
if (!pictures) {
  console.error('usage: main.mjs <folder of the built programs> <folder for screenshots>');
  process.exit(2);
}
const postgres = await Postgres.start();
const redis = await Redis.start();
const settings = {
  TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '5', SHARDS: '2', TRUSTED_PROXIES: '127.0.0.1', JWT_SECRET: 'a'.repeat(40),
  DATABASE_URL: postgres.url(postgres.createDatabase()), REDIS_URL: redis.url, NODE_ID: 'n1',
};
Server.migrate(bin, settings);

// A month of business, so that its page has something to draw: 620 accounts, each back on some of the days after.
execFileSync('psql', ['-X', '-q', '-c', `
  insert into players (player_id, display_name, created_at)
    select gen_random_uuid(), 'Somebody ' || g, now() - (g % 31) * interval '1 day' from generate_series(1, 620) g;
  insert into player_days (day, player_id)
    select to_char((created_at at time zone 'UTC') + k * interval '1 day', 'YYYY-MM-DD'), player_id from players, generate_series(0, 8) k
    where created_at + k * interval '1 day' <= now() and right(display_name, 2)::int % (k + 1) = 0;
  insert into player_samples select date_trunc('minute', now()) - g * interval '10 minutes', (300 + 200 * sin(g / 22.9) - g / 30)::int, 40 from generate_series(1, 4300) g;
  insert into match_results (match_id, lobby_id, server_node_id, game_mode, map, winning_team, red_score, blue_score, reason, started_at, completed_at, duration_seconds)
    select gen_random_uuid(), 'L', 'n1', 'deathmatch', 'foundry', 'red', 50, 40, 'score_limit', now() - g * interval '15 minutes', now() - g * interval '15 minutes', 300 from generate_series(1, 2900) g;
  insert into day_tallies select to_char((now() at time zone 'UTC') - g * interval '1 day', 'YYYY-MM-DD'), 900 - 20 * g, g % 5, 800, 40, 6400000 + 100000 * g from generate_series(0, 30) g`, settings.DATABASE_URL]);
export const server = await Server.start(bin, settings);
// Drained by its staff at the end, it waits for its matches.
export const far = await Server.start(bin, { ...settings, NODE_ID: 'n2', DRAIN_LIMIT: '600', RESULTS_TIME: '2', VOTE_TIME: '1' });
export const adminPassword = createAdmin(bin, server, 'boss@example.org');
export const browser = await launch();
const opened = [];

// A browser of its own at `address` of node n1.
export async function visit(name, address = '/admin', base = server) {
  const visitor = await Page.open(browser, base.url + address, pictures, name, {});
  visitor.context.setDefaultTimeout(PATIENCE);
  await visitor.page.setViewportSize({ width: 1280, height: 800 });
  opened.push(visitor);
  return visitor;
}
export const staff = await visit('Staff');
export const { page } = staff;
export const people = {};  // by name: what registration gave, and the client on n2
export const shot = (name, of = page) => of.screenshot({ path: join(pictures, `${name}.png`) });
export const complaints = () => opened.flatMap((each) => each.complaints);

export async function post(path, body, token) {
  const answer = await fetch(server.url + path, {
    method: 'POST', body: body && JSON.stringify(body),
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}
export const signIn = (email) => post('/api/auth/login', { email, password: PASSWORD });
export async function register(name, displayName) {
  const email = `${name}@example.org`;
  const { status, body } = await post('/api/auth/register', { email, password: PASSWORD, displayName });
  if (status !== 201) throw new Error(JSON.stringify(body));
  people[name] = { email, ...body };
  return people[name];
}

// On node n2, with a network of its own; a guest unless it has an account.
let networks = 0;
export async function connect({ account, address = `10.5.1.${networks += 1}` } = {}) {
  const client = await Client.connect(far.url, {
    auth: account && { token: account.token }, headers: { 'X-Forwarded-For': address }, transports: ['websocket'], manager: { reconnection: false },
  });
  await client.ready();
  return client;
}
export async function hosts(client, options = {}) {
  const made = client.next('private_lobby_created', () => true, PATIENCE);
  client.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8, ...options });
  return made;
}
export async function joins(client, code) {
  const joined = Promise.race([client.next('lobby_joined', () => true, PATIENCE).then(() => 'joined'), client.next('lobby_join_failed', () => true, PATIENCE).then(({ reason }) => reason)]);
  client.emit('join_lobby', { lobbyId: code });
  return joined;
}
export const gone = (client) => new Promise((done) => { client.socket.on('disconnect', () => done(true)); });

// What becomes of a line of chat: "heard" by the other, or the words of the refusal.
export async function says(client, other, text) {
  const heard = other.next('chat:message', (line) => line.text === text, PATIENCE).then(() => 'heard');
  const refused = client.next('chat:refused', () => true, PATIENCE).then(({ reason }) => reason);
  for (const each of [heard, refused]) each.catch(() => undefined);  // the one that does not come
  client.emit('chat:message', { text, channel: 'lobby' });
  return Promise.race([heard, refused]);
}

export const dialog = () => page.locator('dialog[open]');
export async function decide(reason, action) {
  await dialog().locator('input[name=reason]').fill(reason);
  await shot(`42-dialog-${action.toLowerCase().replaceAll(' ', '-')}`);
  await dialog().getByRole('button', { name: action, exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
}
export const goTo = (name) => page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).click();
export const toast = (text) => page.locator('.toasts').getByText(text).last().waitFor();
// Told of what was done there, the page has to show the new state.
export const button = (name, of = page) => of.locator('#content').getByRole('button', { name, exact: true });
export const audited = (target) => server.rows(`SELECT action, reason, actor, role FROM audit_log WHERE target = '${target}' ORDER BY entry_id`);
export async function end() {
  await browser.close();
  for (const { client } of Object.values(people)) client?.socket.disconnect();
  far.process.kill('SIGTERM');  // in case it still waits for a match: the second signal ends it
  for (const node of [server, far]) {
    await node.stop();
    node.forget();
  }
  await redis.kill();
  await postgres.stop();
}
