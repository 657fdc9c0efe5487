// A day's work of staff on the dashboard, in Chromium, against two nodes of its own with Redis and PostgreSQL:
//   admin.mjs <folder of the built programs> <folder for screenshots>
// Staff are at the one node, everything happens on the other. Proves issue 6 point 6, O5, O6 and S8: signing in with a second factor,
// the reported player, the clip, a ban that closes sockets, unbanning, the audit log, looking into a lobby, guests, closing it, the
// business figures.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PASSWORD, createAdmin, totp, write } from '../admin/staff.mjs';
import { assert, finish, runAll, test, until } from '../lib/check.mjs';
import { Player as Client } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { launch, Player } from './page.mjs';

const [bin, pictures] = process.argv.slice(2);
if (!pictures) {
  console.error('usage: admin.mjs <folder of the built programs> <folder for screenshots>');
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
const server = await Server.start(bin, settings);
const far = await Server.start(bin, { ...settings, NODE_ID: 'n2' });
const adminPassword = createAdmin(bin, server, 'boss@example.org');
const browser = await launch();
const staff = await Player.open(browser, `${server.url}/admin`, pictures, 'Staff', {});
await staff.page.setViewportSize({ width: 1280, height: 800 });
const { page } = staff;
const shot = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });
let secret;
let shown;  // the code that was taken
let cheater;
let victim;
let matchId;

async function register(email, displayName) {
  const answer = await fetch(`${server.url}/api/auth/register`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email, password: PASSWORD, displayName }),
  });
  return answer.json();
}

const dialog = () => page.locator('dialog[open]');
async function decide(reason, action) {
  await dialog().locator('input[name=reason]').fill(reason);
  await shot(`42-dialog-${action.toLowerCase().replaceAll(' ', '-')}`);
  await dialog().getByRole('button', { name: action, exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
}
const goTo = (name) => page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).click();

test('a match is played, recorded, and a report of it waits', async () => {
  cheater = await register('cheater@example.org', 'Wallhacker');
  victim = await register('victim@example.org', 'Victoria');
  cheater.client = await Client.connect(far.url, { auth: { token: cheater.token } });
  victim.client = await Client.connect(far.url, { auth: { token: victim.token } });
  const made = cheater.client.next('private_lobby_created');
  cheater.client.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const joined = victim.client.next('lobby_joined');
  victim.client.emit('join_lobby', { lobbyId: (await made).inviteCode });
  await joined;
  const starts = [cheater, victim].map(({ client }) => client.next('match_started'));
  cheater.client.emit('lobby:start');
  await Promise.all(starts);
  await cheater.client.enter({ team: 'red' });
  await victim.client.enter({ team: 'blue' });
  // Longer than a clip, so that the clip begins within the match.
  for (let step = 0; step < 240; step += 1) {
    cheater.client.input({ w: step % 60 < 30, s: step % 60 >= 30, a: false, d: false }, { x: 240, y: 135 });
    if (step % 20 === 0) cheater.client.fire({ x: 240, y: 135 });
    await new Promise((done) => { setTimeout(done, 100); });
  }
  const reported = victim.client.next('report:received');
  victim.client.emit('player:report', { targetId: cheater.client.id, reason: 'cheating', note: 'He shoots through everything, before he can see me.' });
  await reported;
  cheater.client.emit('debug:trigger_match_end');
  await cheater.client.next('match_ended');
  const stored = await until('the match is stored', () => server.rows("SELECT match_id, lobby_id FROM match_results WHERE server_node_id = 'n2'")[0]);
  matchId = stored.match_id;
  await until('the replay is there', () => existsSync(join(far.data, 'replays')) && readdirSync(join(far.data, 'replays')).includes(`${matchId}.replay`), 30_000);
  const now = new Date().toISOString();
  const say = (number, reason, note) => write(server, `INSERT INTO reports (reporter_id, reporter, reporter_name, target_id, target, target_name, match_id, lobby_id, reason, note, replay_tick, credible, created_at)
    VALUES ('${victim.player.id}', 'seat-${number}', 'Victoria', '${cheater.player.id}', '${cheater.player.id}', 'Wallhacker', '${matchId}', '${stored.lobby_id}', '${reason}', '${note}', 100, true, '${now}')`);
  say(2, 'abusive_chat', '');
  write(server, `INSERT INTO suspicious_events (player_id, match_id, kind, score, evidence, replay_tick, happened_at)
    VALUES ('${cheater.player.id}', '${matchId}', 'aim_snap', 3.5, '{"snaps":14,"medianMs":21}', 90, '${now}')`);
  write(server, `INSERT INTO suspicious_events (subject, name, kind, score, evidence, replay_tick, happened_at)
    VALUES ('seat', 'Quick Fingers', 'fire_rate', 1, '{"allowed":11.1}', 90, '${now}')`);
  write(server, `INSERT INTO chat_log (lobby_id, match_id, player_id, speaker, channel, text, filtered, said_at)
    VALUES ('${stored.lobby_id}', '${matchId}', '${cheater.player.id}', 'Wallhacker', 'lobby', 'too easy <b>noobs</b>', false, '${now}')`);
});

test('the administrator signs in and sets up the second factor', async () => {
  await page.reload();
  await page.getByLabel('E-mail').fill('boss@example.org');
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('e-mail or password is wrong').waitFor();
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Set up the second factor').waitFor();
  secret = (await page.locator('code.secret').textContent()).replaceAll(' ', '');
  await shot('40-enrol');
  await page.locator('input[name=code]').fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('That code is wrong').waitFor();
  shown = totp(secret);
  await page.locator('input[name=code]').fill(shown);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.locator('.codes li').nth(9).waitFor();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('a second sign-in asks for the code, and takes none twice', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').fill('boss@example.org');
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Code').fill(shown);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('used before').waitFor();
  await page.getByLabel('Code').fill(totp(secret, 1));  // the clock of the app is a step ahead
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('the overview draws what the nodes do', async () => {
  await page.locator('.figure', { hasText: 'Open reports' }).getByText('2').waitFor();
  await until('charts with data', () => page.evaluate(() => document.querySelectorAll('.plot canvas').length === 5 && document.querySelectorAll('.u-legend .u-value').length > 4));
  await page.getByRole('cell', { name: /this one/ }).waitFor();
  await page.locator('.figure', { hasText: 'Nodes' }).getByText('2').waitFor();
  await page.getByLabel('Charts of the node').selectOption('n2');
  await page.locator('.figure', { hasText: 'Worst tick of n2' }).waitFor();
  await shot('41-overview');
});

test('the queue is worked with the keyboard, the clip is watched at its moment', async () => {
  await page.keyboard.press('4');
  await page.getByRole('heading', { name: 'Reports', exact: true }).waitFor();
  await page.getByRole('option').first().waitFor();
  assert.equal(await page.getByRole('option').count(), 2);
  await page.keyboard.press('j');
  await page.locator('.detail').getByText('abusive_chat').waitFor();
  await page.keyboard.press('k');
  await page.locator('.detail').getByText('He shoots through everything').waitFor();
  await page.keyboard.press('?');
  await dialog().getByText('ban the player and accept').waitFor();
  await shot('43-keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.locator('[aria-selected=true]').getByText('yours').waitFor();
  await shot('44-reports');
  const opening = page.context().waitForEvent('page');
  await page.keyboard.press('w');
  const clip = await opening;
  clip.on('pageerror', (error) => staff.complaints.push(String(error)));
  const at = await until('the clip plays', () => clip.evaluate(() => window.__film && !window.__film.waiting
    && { ms: window.__film.time, first: window.__film.source.firstTick }), 30_000);
  const [{ replay_tick: moment }] = server.rows("SELECT replay_tick FROM reports WHERE reason = 'cheating'");
  const begin = (Number(moment) - 20 * 60 - at.first) * (1000 / 60);
  assert.ok(begin > 1000 && at.ms >= begin - 50 && at.ms < begin + 10_000, `20 s before the report: ${begin} ms; it plays at ${at.ms} ms`);
  await clip.screenshot({ path: join(pictures, '45-clip.png') });
  await clip.close();
});

test('S8 the ban closes the player\'s socket on the other node; the reports are judged', async () => {
  const closed = new Promise((done) => { cheater.client.socket.on('disconnect', done); });
  await page.keyboard.press('b');
  await decide('Cheating', 'Ban');
  await closed;
  await page.locator('.toasts').getByText('is banned').waitFor();
  await until('one report left', async () => (await page.getByRole('option').count()) === 1);
  const refused = await fetch(`${server.url}/api/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'cheater@example.org', password: PASSWORD }) });
  assert.equal(refused.status, 403);
  await page.keyboard.press('r');
  await decide('Nothing to be seen', 'Reject');
  await page.getByText('The queue is empty.').waitFor();
});

test('the player is found, the file is read, and the ban is lifted', async () => {
  await goTo('Players');
  await page.keyboard.press('/');
  await page.keyboard.type('wallh');
  await page.getByRole('cell', { name: 'Wallhacker' }).waitFor();
  await until('only the one found', async () => (await page.locator('tbody tr').count()) === 1);
  await shot('46-players');
  await page.getByRole('link', { name: 'Wallhacker' }).click();
  await page.getByRole('heading', { name: 'Wallhacker' }).waitFor();
  await page.getByText('aim_snap').waitFor();
  await page.getByRole('button', { name: 'Unban' }).waitFor();
  await shot('47-player');
  await page.getByRole('button', { name: 'Unban' }).click();
  await decide('Appeal granted', 'Unban');
  await page.getByRole('button', { name: 'Ban', exact: true }).waitFor();
  const again = await fetch(`${server.url}/api/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'cheater@example.org', password: PASSWORD }) });
  assert.equal(again.status, 200);
});

test('what detectors found of guests is listed, too', async () => {
  await goTo('Suspicious');
  await page.getByRole('cell', { name: 'Quick Fingers (guest)' }).waitFor();
  await page.getByRole('cell', { name: 'fire_rate' }).waitFor();
});

test('bans, chat and the audit log tell what happened', async () => {
  await goTo('Bans');
  await page.getByLabel('Also those that are over').check();
  await page.getByText('lifted').waitFor();
  await goTo('Chat');
  await page.getByText('too easy <b>noobs</b>').waitFor();
  await shot('48-chat');
  await goTo('Audit log');
  await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  await page.getByText('close_report', { exact: true }).and(page.locator('.tag')).first().waitFor();
  const actions = await page.locator('tbody tr .tag').allTextContents();
  for (const action of ['unban', 'close_report', 'ban', 'sign_in', 'sign_in_refused', 'factor_enrol']) assert.ok(actions.includes(action), `${action} in ${actions}`);
  await page.locator('tr', { hasText: 'Appeal granted' }).locator('summary').click();
  await shot('49-audit');
});

test('a lobby of the other node is looked into while it plays; guests are muted, kicked, banned there; it is closed', async () => {
  const guest = async (address) => {
    const made = await Client.connect(far.url, { headers: { 'X-Forwarded-For': address }, transports: ['websocket'], manager: { reconnection: false } });
    await made.ready();
    return made;
  };
  const player = await Client.connect(far.url);
  await player.ready();
  const made = player.next('private_lobby_created');
  player.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8, bots: 5 });
  const lobby = await made;
  const [rude, worse] = [await guest('10.5.0.1'), await guest('10.5.0.2')];
  for (const one of [rude, worse]) {
    const joined = one.next('lobby_joined');
    one.emit('join_lobby', { lobbyId: lobby.inviteCode });
    await joined;
  }
  const started = player.next('match_started', () => true, 30_000);
  player.emit('lobby:start');
  await started;
  await player.enter({ team: 'red' });
  await goTo('Lobbies');
  await page.locator('.tag', { hasText: 'playing' }).first().waitFor();
  await shot('50-lobbies');
  await page.getByRole('link', { name: lobby.lobbyId }).click();
  await until('the match is seen', () => page.evaluate(() => window.__onlooker.model.actors.size > 1 && window.__onlooker.model.walls.size > 3));
  const before = await page.evaluate(() => window.__onlooker.model.states);
  await until('it goes on', () => page.evaluate((n) => window.__onlooker.model.states > n + 4, before));
  await page.getByText('at node n2').waitFor();
  await shot('51-watch');
  const rowOf = async (one) => {
    const { seats } = await page.evaluate(async (id) => (await fetch(`/api/admin/lobbies/${id}/view`, { headers: { Authorization: `Bearer ${JSON.parse(sessionStorage['trespasser.admin']).token}` } })).json().then(({ view }) => view), lobby.lobbyId);
    return page.locator('#content tbody tr').nth(seats.findIndex(({ id }) => id === one.id));
  };
  await (await rowOf(rude)).getByRole('button', { name: 'Mute' }).click();
  await decide('Abusive chat', 'Mute');
  const away = new Promise((done) => { rude.socket.on('disconnect', done); });
  await (await rowOf(rude)).getByRole('button', { name: 'Kick' }).click();
  await decide('Disturbs others', 'Kick');
  await away;
  const again = await guest('10.5.0.1');
  const refused = again.next('lobby_join_failed');
  again.emit('join_lobby', { lobbyId: lobby.inviteCode });
  assert.equal((await refused).reason, 'You were removed from this lobby');
  const closed = new Promise((done) => { worse.socket.on('disconnect', done); });
  await (await rowOf(worse)).getByRole('button', { name: 'Ban' }).click();
  await decide('Cheating', 'Ban');
  await closed;
  await assert.rejects(guest('10.5.0.2'), /banned/);
  const kicked = player.next('left_lobby');
  await page.getByRole('button', { name: 'Close' }).click();
  await decide('Stuck', 'Close the lobby');
  await kicked;
  await page.getByRole('heading', { name: 'Lobbies' }).waitFor();
  for (const one of [player, again]) one.close();
  await goTo('Bans');
  await page.getByText('guests of').first().waitFor();
  await shot('54-bans');
});

test('O6 the business of a month', async () => {
  await page.keyboard.press('0');
  await page.getByRole('heading', { name: 'Business', exact: true }).waitFor();
  await page.locator('tbody tr').nth(30).waitFor();
  await until('six charts with data', () => page.evaluate(() => document.querySelectorAll('.plot canvas').length === 6));
  assert.ok(Number(await page.locator('.figure', { hasText: 'Peak today' }).locator('dd').textContent()) > 0);
  await page.locator('.figure', { hasText: 'Day-7 retention' }).getByText('%').waitFor();
  await page.locator('.toasts p').last().waitFor({ state: 'detached', timeout: 20_000 });
  await shot('55-business');
  await page.screenshot({ path: join(pictures, '56-business-whole.png'), fullPage: true });
});

test('a player gets a role, and loses it', async () => {
  await page.goto(`${server.url}/admin#/player/${victim.player.id}`);
  await page.getByLabel('Role').selectOption('moderator');
  await decide('Joined the team', 'Change the role');
  await page.locator('#content .tags').getByText('moderator').waitFor();
  await goTo('Staff');
  await page.getByRole('cell', { name: 'Victoria' }).waitFor();
  await shot('52-staff');
  await goTo('Nodes');
  await until('both nodes', async () => (await page.getByRole('button', { name: 'Drain' }).count()) === 2);
  await shot('53-nodes');
});

test('the page holds to its content policy and complains of nothing', async () => {
  const answer = await fetch(`${server.url}/admin`);
  const policy = answer.headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(part), policy);
  assert.ok(!policy.includes('unsafe'), policy);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  const text = await answer.text();
  assert.ok(!/<script(?![^>]*src=)|<style|style=|\son\w+=/.test(text), text);
  const serious = staff.complaints.filter((each) => !/status of (401|403|404)/.test(each));
  assert.deepEqual(serious, []);
});

const results = await runAll();
await browser.close();
for (const each of [cheater, victim]) each?.client?.socket.disconnect();
for (const node of [server, far]) {
  await node.stop();
  node.forget();
}
await redis.kill();
await postgres.stop();
await finish(results);
