// Every page for every role: a viewer reads, a moderator acts on players, an administrator does all. What a role may not do is
// not offered, and refused when it is asked for anyway. Screenshots 7x are for looking at: roles, then narrow.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { totp, write } from '../admin/staff.mjs';
import { assert, test } from '../lib/check.mjs';
import { connect, hosts, joins, people, post, register, server, shot, staff, visit, until } from './world.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const RANKS = ['viewer', 'moderator', 'admin'];
const paths = JSON.parse(readFileSync(join(root, 'docs/http-api.json'), 'utf8')).paths;
// Who may do it, as the document says.
const needed = ({ description }) => (/Any staff/.test(description) ? 'viewer' : /Moderators/.test(description) ? 'moderator' : 'admin');
const changing = Object.entries(paths).filter(([path]) => path.startsWith('/api/admin/')).flatMap(([path, item]) => Object.entries(item)
  .filter(([method]) => method !== 'get').map(([method, described]) => ({ method: method.toUpperCase(), path, role: needed(described) })));

const lobby = () => people.seatedLobby;
// What a page offers, and from which role on; buttons without a line here are for everybody: looking, paging, keys.
const PAGES = {
  overview: { heading: 'Overview', ready: 'Worst tick', offers: {} },
  lobbies: { heading: 'Lobbies', ready: () => lobby().lobbyId, offers: { Close: 'admin' } },
  lobby: { of: () => lobby().lobbyId, heading: () => `Lobby ${lobby().lobbyId}`, ready: 'guest', offers: { Close: 'admin', Kick: 'moderator', Mute: 'moderator', Ban: 'moderator' } },
  players: { heading: 'Players', ready: 'Last sign-in', offers: {} },
  player: { of: () => people.seated.player.id, heading: 'W'.repeat(20), ready: 'Bans', offers: { Watch: 'viewer', Ban: 'moderator', Mute: 'moderator', Kick: 'moderator', 'Watch the clip': 'viewer' }, role: 'admin' },
  reports: { heading: 'Reports', ready: 'Reported by', offers: { 'Watch the clip (w)': 'viewer', 'Keys (?)': 'viewer', 'Next (n)': 'moderator', 'Claim (c)': 'moderator', 'Ban (b)': 'moderator', 'Mute (m)': 'moderator', 'Kick (x)': 'moderator', 'Accept (a)': 'moderator', 'Reject (r)': 'moderator' } },
  suspicious: { heading: 'Suspicious actions', ready: 'Quick Fingers', offers: { Watch: 'viewer' } },
  bans: { heading: 'Bans and mutes', ready: 'in force', offers: { Lift: 'moderator' } },
  chat: { heading: 'Chat', ready: 'too easy', offers: { Older: 'viewer' } },
  audit: { heading: 'Audit log', ready: 'Appeal granted', offers: { Older: 'viewer' } },
  nodes: { heading: 'Nodes', ready: '(this one)', offers: { Drain: 'admin' } },
  staff: { heading: 'Staff', ready: 'Second factor', offers: { 'Reset second factor': 'admin' } },
  business: { heading: 'Business', ready: 'Day-7 retention', offers: {} },
};
const said = (text) => (typeof text === 'function' ? text() : text);
const addressOf = (path) => `#/${path}${PAGES[path].of ? `/${PAGES[path].of()}` : ''}`;

// A browser in which somebody is signed in, second factor and all.
async function signedIn(name, { token, refreshToken, expiresIn }) {
  const visitor = await visit(name);
  await visitor.page.evaluate((kept) => { sessionStorage['trespasser.admin'] = JSON.stringify(kept); }, { token, refreshToken, until: Date.now() + expiresIn * 1000 });
  await visitor.page.reload();
  return visitor;
}

async function newStaff(role, displayName) {
  const person = await register(role, displayName);
  write(server, `UPDATE players SET permissions = '${role}' WHERE player_id = '${person.player.id}'`);
  const { secret } = (await post('/api/admin/factor', undefined, person.token)).body;
  assert.equal((await post('/api/admin/factor/confirm', { code: totp(secret) }, person.token)).status, 200);
  person.visitor = await signedIn(role, person);
  return person;
}

// Buttons that the window, or their table, cuts off.
const cut = (page) => page.evaluate(() => [...document.querySelectorAll('#content button')].filter((each) => {
  const { right } = each.getBoundingClientRect();
  return right > document.documentElement.clientWidth || right > (each.closest('.table')?.getBoundingClientRect().right ?? Infinity);
}).map((each) => each.textContent));

async function open(page, path) {
  await page.evaluate((to) => { location.hash = to; }, addressOf(path));
  await page.getByRole('heading', { level: 1, name: said(PAGES[path].heading), exact: true }).waitFor();
  await page.locator('#content').getByText(said(PAGES[path].ready)).first().waitFor();
}

test('one of each role signs in; somebody sits in a lobby of the other node, is reported, banned before and muted', async () => {
  for (const [role, name] of [['viewer', 'Some viewer'], ['moderator', 'Some moderator'], ['second', 'Other moderator']]) {
    if (role === 'second') people.second = await register('second', name);
    else await newStaff(role, name);
  }
  write(server, `UPDATE players SET permissions = 'moderator' WHERE player_id = '${people.second.player.id}'`);
  people.admin = { visitor: staff };
  const seated = await register('seated', 'W'.repeat(20));
  seated.client = await connect({ account: seated });
  people.seatedLobby = await hosts(seated.client, { bots: 2 });
  const guest = await connect();
  people.guest = { client: guest };
  assert.equal(await joins(guest, people.seatedLobby.inviteCode), 'joined');
  const now = new Date().toISOString();
  const note = 'He follows me from lobby to lobby and writes the same words again and again: '.repeat(4);
  write(server, `INSERT INTO reports (reporter_id, reporter, reporter_name, target_id, target, target_name, match_id, lobby_id, reason, note, replay_tick, credible, created_at)
    VALUES (null, 'a-seat', 'Пожалуйста', '${seated.player.id}', '${seated.player.id}', '${'W'.repeat(20)}', gen_random_uuid(), '${people.seatedLobby.lobbyId}', 'abusive_chat', '${note}', 2000, true, '${now}')`);
  const token = await staff.page.evaluate(() => JSON.parse(sessionStorage['trespasser.admin']).token);
  assert.equal((await post(`/api/admin/players/${people.victim.player.id}/ban`, { reason: 'x'.repeat(200), duration: 60 }, token)).status, 201);
  assert.equal((await post(`/api/admin/players/${people.rowdy.player.id}/mute`, { reason: 'Rude' }, token)).status, 201);
});

test('the table above has every page of the dashboard', () => {
  const source = readFileSync(join(root, 'web/admin/src/main.ts'), 'utf8');
  assert.deepEqual([...source.matchAll(/\{ path: "(\w+)"/g)].map(([, path]) => path), Object.keys(PAGES));
});

for (const role of RANKS) {
  test(`O5 every page as ${role}: it loads, offers what the role may do and nothing else`, async () => {
    const { page } = people[role].visitor;
    for (const [path, { offers, role: gives }] of Object.entries(PAGES)) {
      await open(page, path);
      const may = Object.entries(offers).filter(([, from]) => RANKS.indexOf(role) >= RANKS.indexOf(from)).map(([name]) => name);
      const buttons = page.locator('#content').getByRole('button');
      const names = async () => [...new Set(await buttons.allTextContents())];
      const missing = async () => {
        const there = await names();
        return may.filter((each) => !there.includes(each) && each !== 'Older');  // there is more than a page, or not
      };
      await until(`${path} as ${role}`, async () => (await missing()).length === 0).catch(async () => assert.deepEqual(await missing(), [], `${path} as ${role} lacks`));
      assert.deepEqual((await names()).filter((each) => !may.includes(each)), [], `${path} as ${role} has too much`);
      assert.equal(await page.locator('#actions select').count(), gives && RANKS.indexOf(role) >= RANKS.indexOf(gives) ? 1 : 0, `${path} as ${role}`);
      assert.deepEqual(await cut(page), [], `${path} as ${role}: buttons out of sight`);
      await shot(`70-${role}-${path}`, page);
    }
  });

  test(`O5 the API refuses what it does not offer to ${role}`, async () => {
    const { page } = people[role].visitor;
    const refused = changing.filter((each) => RANKS.indexOf(each.role) > RANKS.indexOf(role));
    const statuses = await page.evaluate(async (calls) => Promise.all(calls.map(async ({ method, path }) => (await fetch(path, {
      method, body: JSON.stringify({ reason: 'x', role: 'admin', player: 'x' }),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${JSON.parse(sessionStorage['trespasser.admin']).token}` },
    })).status)), refused.map(({ method, path }) => ({ method, path: path.replace('{id}', people.seated.player.id) })));
    assert.deepEqual(statuses, refused.map(() => 403));
    assert.equal(refused.length > 0, role !== 'admin');
  });
}

test('keys do no more than buttons: a viewer\'s b, m, x, a, r, n, c do nothing', async () => {
  const { page } = people.viewer.visitor;
  await open(page, 'reports');
  const rows = server.rows('SELECT count(*) AS n FROM audit_log')[0].n;
  for (const key of ['b', 'm', 'x', 'a', 'r', 'n', 'c']) await page.keyboard.press(key);
  assert.equal(await page.locator('dialog').count(), 0);
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(server.rows('SELECT count(*) AS n FROM audit_log')[0].n, rows);
});

test('who is of the same rank, and oneself: the buttons are there, and say why they are off', async () => {
  const { page } = people.moderator.visitor;
  for (const [who, why] of [['second', 'Only somebody of a higher rank may do this.'], ['moderator', 'Nobody acts on himself.']]) {
    await page.evaluate((id) => { location.hash = `#/player/${id}`; }, people[who].player.id);
    await page.locator('#actions').getByText(why).waitFor();
    for (const name of ['Ban', 'Mute', 'Kick']) assert.ok(await page.locator('#actions').getByRole('button', { name, exact: true }).isDisabled(), `${name} ${who}`);
  }
  await shot('71-same-rank', page);
});

test('every page fits a window of 1000 pixels', async () => {
  const { page } = staff;
  await page.setViewportSize({ width: 1000, height: 760 });
  for (const path of Object.keys(PAGES)) {
    await open(page, path);
    const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= seen, `${path} is ${wide} wide`);
    assert.deepEqual(await cut(page), [], `${path}: buttons out of sight`);
    await shot(`72-narrow-${path}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('pages with nothing to show say so', async () => {
  const { page } = people.admin.visitor;
  for (const [address, words] of [['#/chat/lobby:NOTHING', 'Nothing was said.'], ['#/audit/player nobody', 'Nothing was done.'], ['#/lobby/NOTHING', 'This lobby is over.'], ['#/player/00000000-0000-4000-8000-000000000000', 'There is no such player.'], [`#/player/${people.second.player.id}`, 'None yet.']]) {
    await page.evaluate((to) => { location.hash = to; }, address);
    await page.locator('#content').getByText(words).first().waitFor();
    await shot(`73-empty-${words.toLowerCase().replaceAll(/\W+/g, '-')}`);
  }
});
