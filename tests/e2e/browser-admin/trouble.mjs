// When a node, or the server itself, does not answer: the pages say so, and go on when it does again.

import { assert, test } from '../lib/check.mjs';
import { complaints, far, page, people, server, shot, until } from './world.mjs';

const alarm = page.locator('.alarm:not([hidden])');

async function goes(address) {
  await page.evaluate((to) => { location.hash = '#/staff'; location.hash = `#/${to}`; }, address);
  await page.locator('#content').getByText('node n2').first().waitFor();
}

// A node that stands still is held for dead after five seconds; a slow machine may need that for what is tried, then once more.
async function whileStill(what, { before, after, seen }) {
  await until(what, async () => {
    await before();
    far.process.kill('SIGSTOP');
    try {
      await after?.();
      return await seen().waitFor({ timeout: 4000 }).then(() => true, () => false);
    } finally {
      far.process.kill('SIGCONT');
    }
  }, 90_000);
}

test('O5 the node of a lobby that is looked into does not answer: the page says so, then goes on', async () => {
  const { lobbyId } = people.seatedLobby;
  await whileStill('the page says so', { before: () => goes(`lobby/${lobbyId}`), seen: () => alarm.getByText(/does not answer\. What you see is from .+ Trying again/) });
  await until('it goes on', async () => (await alarm.count()) === 0);
  await page.locator('#content').getByText('at node n2').waitFor();
});

test('O5 the node on which a player is does not answer: his page says which', async () => {
  const address = `player/${people.seated.player.id}`;
  await whileStill('the page says so', {
    before: async () => { await goes(address); await page.evaluate(() => { location.hash = '#/staff'; }); },
    after: () => page.evaluate((to) => { location.hash = `#/${to}`; }, address),
    seen: () => page.locator('#now').getByText('n2 does not answer: the player may be there.'),
  });
  await page.locator('#now').getByText('node n2').waitFor();
});

test('O5 the server does not answer: old figures are not passed for new ones, and a page can be tried again', async () => {
  await page.evaluate(() => { location.hash = '#/overview'; });
  await page.locator('.figure', { hasText: 'Players' }).first().waitFor();
  await page.context().setOffline(true);
  await alarm.getByText(/The server does not answer\. What you see is from \d\d:\d\d:\d\d\. Trying again\./).waitFor();
  await shot('75-server-away');
  await page.evaluate(() => { location.hash = '#/players'; });
  await page.locator('.failed').getByText('The server does not answer.').waitFor();
  await shot('76-page-failed');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('tbody tr').first().waitFor();
  await page.evaluate(() => { location.hash = '#/overview'; });
  await until('the alarm is gone', async () => (await alarm.count()) === 0);
});

test('the page holds to its content policy and complains of nothing', async () => {
  const answer = await fetch(`${server.url}/admin`);
  const policy = answer.headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"]) assert.ok(policy.includes(part), policy);
  assert.ok(!policy.includes('unsafe') && !policy.includes('*'), policy);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(answer.headers.get('set-cookie'), null);
  const text = await answer.text();
  assert.ok(!/<script(?![^>]*src=)|<style|style=|\son\w+=/.test(text), text);
  const serious = complaints().filter((each) => !/status of (401|403|404|409|503)|ERR_INTERNET_DISCONNECTED/.test(each));
  assert.deepEqual(serious, []);
});
