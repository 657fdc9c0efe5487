// What staff do on the page of a player who plays on the other node: watch, mute, unmute, kick, ban, unban, each with its reason.

import { assert, test } from '../lib/check.mjs';
import { audited, button, connect, decide, gone, hosts, joins, page, people, register, says, server, shot, signIn, staff, toast, until } from './world.mjs';

const NAME = 'הורס המשחקים הגדול'; // from right to left, and nearly as long as names may be
let rowdy;
let host;
let lobby;

test('a player\'s page says where he is, and leads there', async () => {
  rowdy = await register('rowdy', NAME);
  host = await connect();
  rowdy.client = await connect({ account: rowdy });
  await page.goto(`${server.url}/admin#/player/${rowdy.player.id}`);
  await page.getByRole('heading', { name: NAME }).waitFor();
  await page.getByText('Not in a lobby now.').waitFor();
  lobby = await hosts(host, { bots: 3 });
  const starts = [host, rowdy.client].map((one) => one.next('match_started', () => true, 30_000));
  assert.equal(await joins(rowdy.client, lobby.inviteCode), 'joined');
  host.emit('lobby:start');
  await Promise.all(starts);
  await host.enter({ team: 'red' });
  await rowdy.client.enter({ team: 'blue' });
  await page.locator('#now').getByText('node n2').waitFor();
  await page.locator('#now .tag', { hasText: 'playing' }).waitFor();
  await shot('60-player-playing');
  await button('Watch').click();
  await page.getByRole('heading', { name: `Lobby ${lobby.lobbyId}` }).waitFor();
  await until('the match is seen', () => page.evaluate(() => window.__onlooker.model.actors.size > 1));
  await page.locator('tr.sought').getByText(NAME).waitFor();
  assert.equal(await page.locator('tr.sought').count(), 1);
  await shot('61-player-watched');
  await page.locator('tr.sought').getByRole('link', { name: NAME }).click();
  await page.getByRole('heading', { name: NAME }).waitFor();
});

test('S6 a muted account is refused when it chats on the other node, and heard again when the mute is lifted', async () => {
  assert.equal(await says(rowdy.client, host, 'good evening'), 'heard');
  await button('Mute').click();
  await decide('Abusive chat', 'Mute');
  await toast('is muted');
  await until('the player is refused', async () => /^You are muted: Abusive chat \(until .+\)/.test(await says(rowdy.client, host, 'you again')));
  await page.locator('#content .tags').getByText('muted').waitFor();
  await shot('62-player-muted');
  await button('Unmute').click();
  await decide('Appeal granted', 'Unmute');
  await until('the player is heard', async () => (await says(rowdy.client, host, 'thank you')) === 'heard');
  await button('Mute').waitFor();
});

test('S8 kicked, banned and unbanned on the page: the sockets on the other node close', async () => {
  const away = gone(rowdy.client);
  await button('Kick').click();
  await decide('Disturbs others', 'Kick');
  await away;
  assert.equal(rowdy.client.heard('session:ended')[0].reason, 'kicked: Disturbs others');
  await page.getByText('Not in a lobby now.').waitFor();
  rowdy.client = await connect({ account: (await signIn(rowdy.email)).body });
  assert.equal(await joins(rowdy.client, lobby.inviteCode), 'You were removed from this lobby');
  const closed = gone(rowdy.client);
  await button('Ban').click();
  await decide('Griefing', 'Ban');
  await closed;
  await button('Unban').waitFor();
  await page.locator('#content .tags').getByText('banned').waitFor();
  assert.equal((await signIn(rowdy.email)).status, 403);
  await shot('63-player-banned');
  await button('Unban').click();
  await decide('Mistake', 'Unban');
  await button('Ban').waitFor();
  assert.equal((await signIn(rowdy.email)).status, 200);
});

test('each of it is in the audit log, with who, why, and what changed', async () => {
  const done = audited(`player ${rowdy.player.id}`);
  assert.deepEqual(done.map(({ action, reason }) => [action, reason]), [['mute', 'Abusive chat'], ['unmute', 'Appeal granted'], ['kick', 'Disturbs others'], ['ban', 'Griefing'], ['unban', 'Mistake']]);
  assert.ok(done.every(({ actor, role }) => actor === 'Admin' && role === 'admin'));
  await page.getByRole('link', { name: 'Done to this player' }).click();
  await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  const rows = page.locator('#content .table > table > tbody > tr');
  await until('five rows', async () => (await rows.count()) === 5);
  assert.deepEqual(await rows.locator('summary').allTextContents(), ['liftedAt', 'made', 'lobby, node, name', 'liftedAt', 'made']);
  for (let i = 0; i < 3; i += 1) await rows.nth(i).locator('summary').click();
  await page.getByRole('row', { name: `name ${NAME} none` }).waitFor();
  await shot('64-player-audit');
  host.close();
  assert.deepEqual(staff.complaints.filter((each) => !/status of (401|403|404)/.test(each)), []);
  delete people.rowdy.client;
});
