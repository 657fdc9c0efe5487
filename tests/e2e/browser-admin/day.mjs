// A day's work: the reported player, the clip, a ban that closes a socket, the appeal, the audit log, the figures.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { write } from '../admin/staff.mjs';
import { assert, test } from '../lib/check.mjs';
import { played } from './start.mjs';
import { decide, dialog, far, goTo, page, people, pictures, server, shot, signIn, staff, toast, until } from './world.mjs';

test('the match is recorded, and a report of it waits', async () => {
  await played;
  const { cheater, victim } = people;
  const reported = victim.client.next('report:received');
  victim.client.emit('player:report', { targetId: cheater.client.id, reason: 'cheating', note: 'He shoots through everything, before he can see me.' });
  await reported;
  cheater.client.emit('debug:trigger_match_end');
  await cheater.client.next('match_ended');
  const stored = await until('the match is stored', () => server.rows(`SELECT match_id, lobby_id FROM match_results WHERE lobby_id = '${cheater.lobby}'`)[0]);
  const matchId = stored.match_id;
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
  const closed = new Promise((done) => { people.cheater.client.socket.on('disconnect', done); });
  await page.keyboard.press('b');
  await decide('Cheating', 'Ban');
  await closed;
  await toast('Wallhacker is banned.');
  await until('one report left', async () => (await page.getByRole('option').count()) === 1);
  const refused = await signIn('cheater@example.org');
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
  const again = await signIn('cheater@example.org');
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
  await page.getByText('lifted').first().waitFor();
  await goTo('Chat');
  await page.getByText('too easy <b>noobs</b>').waitFor();
  await shot('48-chat');
  await goTo('Audit log');
  await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  await page.getByText('close_report', { exact: true }).and(page.locator('.tag')).first().waitFor();
  const actions = await page.locator('tbody tr .tag').allTextContents();
  for (const action of ['unban', 'close_report', 'ban', 'sign_in', 'sign_in_refused', 'factor_enrol']) assert.ok(actions.includes(action), `${action} in ${actions}`);
  await page.locator('tr', { hasText: 'unban' }).locator('summary').first().click();
  await shot('49-audit');
});

test('O6 the business of a month', async () => {
  await page.keyboard.press('0');
  await page.getByRole('heading', { name: 'Business', exact: true }).waitFor();
  await page.locator('tbody tr').nth(30).waitFor();
  await until('six charts with data', () => page.evaluate(() => document.querySelectorAll('.plot canvas').length === 6));
  assert.ok(Number(await page.locator('.figure', { hasText: 'Peak today' }).locator('dd').textContent()) > 0);
  await page.locator('.figure', { hasText: 'Day-7 retention' }).getByText('%').waitFor();
  await shot('55-business');
  await page.screenshot({ path: join(pictures, '56-business-whole.png'), fullPage: true });
});

test('a player gets a role, and loses it', async () => {
  await page.goto(`${server.url}/admin#/player/${people.victim.player.id}`);
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
