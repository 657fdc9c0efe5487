// Who is no staff gets nothing, and a page of somebody else cannot use a browser in which staff are signed in.

import { createServer } from 'node:http';

import { assert, test } from '../lib/check.mjs';
import { PASSWORD } from '../admin/staff.mjs';
import { people, server, shot, staff, visit } from './world.mjs';

test('O5 a guest and a player get the door and nothing behind it', async () => {
  const { page } = await visit('Stranger', '/admin#/players');
  const asked = [];
  page.on('response', (answer) => { if (answer.url().includes('/api/')) asked.push([new URL(answer.url()).pathname, answer.status()]); });
  await page.getByLabel('E-mail').waitFor();
  for (const address of ['#/players', '#/audit', '#/nodes']) {
    await page.evaluate((to) => { location.hash = to; }, address);
    assert.equal(await page.getByRole('navigation').count(), 0);
  }
  assert.deepEqual(asked, [], 'nothing is asked without a login');
  await page.getByLabel('E-mail').fill(people.seated.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This is for staff.').waitFor();
  await shot('74-no-staff', page);
  assert.equal(await page.getByRole('navigation').count(), 0);
  assert.equal(await page.evaluate(() => sessionStorage.getItem('trespasser.admin')), null, 'the login is not kept');
  const answered = asked.filter(([path]) => path.startsWith('/api/admin/'));
  assert.deepEqual(answered, [['/api/admin/me', 403]]);
});

test('O5 a page of another origin, opened where staff are signed in, changes nothing and reads nothing', async () => {
  const target = `${server.url}/api/admin/players/${people.seated.player.id}/ban`;
  const evil = createServer((_request, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Win a prize</title>')).listen(0, '127.0.0.1');
  await new Promise((done) => { evil.on('listening', done); });
  // Another site for the browser, not only another port.
  const page = await staff.openPage(`http://localhost:${evil.address().port}/`);
  const kept = staff.complaints.length;
  const rows = server.rows('SELECT count(*) AS n FROM audit_log')[0].n;
  const told = await page.evaluate(async ({ url, me }) => {
    const body = JSON.stringify({ reason: 'Prize' });
    const attempt = (at, options) => fetch(at, { credentials: 'include', ...options }).then(async (answer) => answer.type === 'opaque' ? 'opaque' : `${answer.status} ${await answer.text()}`, () => 'refused');
    return [
      await attempt(url, { method: 'POST', body, mode: 'no-cors', headers: { 'Content-Type': 'text/plain' } }),
      await attempt(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }),
      await attempt(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', Authorization: 'Bearer x' } }),
      await attempt(me, {}),
    ];
  }, { url: target, me: `${server.url}/api/admin/me` });
  assert.deepEqual(told, ['refused', 'refused', 'refused', 'refused']);
  const form = page.waitForResponse((answer) => answer.url() === target);
  await page.evaluate((url) => {
    const made = document.createElement('form');
    Object.assign(made, { method: 'post', action: url, enctype: 'text/plain' });
    made.append(Object.assign(document.createElement('input'), { name: '{"reason":"Prize","x":"', value: '"}' }));
    document.body.append(made);
    made.submit();
  }, target);
  assert.ok([401, 403, 415].includes((await form).status()));
  await page.waitForURL(target);
  // Nor can the dashboard be shown inside such a page.
  await page.goto(`http://localhost:${evil.address().port}/`);
  await page.evaluate((url) => { document.body.append(Object.assign(document.createElement('iframe'), { src: url })); }, `${server.url}/admin`);
  await page.waitForFunction(() => document.querySelector('iframe').contentDocument === null);
  const inside = page.frames().find((frame) => frame !== page.mainFrame());
  assert.equal(await inside.locator('#app').count().catch(() => 0), 0);
  await page.close();
  evil.close();
  staff.complaints.splice(kept);  // what the other page complained of
  assert.equal(server.rows('SELECT count(*) AS n FROM audit_log')[0].n, rows);
  assert.equal(server.rows(`SELECT count(*) AS n FROM bans WHERE player_id = '${people.seated.player.id}'`)[0].n, 0);
});
