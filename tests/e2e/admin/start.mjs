// Before there are staff, and the first of them: O5. The first business figures: O6.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { assert, test, until } from '../lib/check.mjs';
import { createAdmin } from './staff.mjs';
import { bin, call, enrol, exampleOf, expect, factorless, login, needed, operations, people, plain, register, root, server } from './world.mjs';

test('O5 nothing is there before the first administrator', async () => {
  people.player = await register('Plain Player');
  for (const { method, path, described } of operations) {
    for (const token of [undefined, people.player.token]) await expect(404, method, path, { token, id: '1', body: exampleOf({ described }) });
  }
  for (const path of ['/admin', '/admin/', '/admin/app.js', '/admin/nothing']) assert.equal((await plain('GET', path)).status, 404);
});

test('O5 the document and the tables of routes tell the same, roles included', () => {
  const source = readdirSync(join(root, 'src/api')).map((name) => /^admin_(\w+)_routes\.cc$/.exec(name)?.[1]).filter(Boolean).map((name) => readFileSync(join(root, `src/api/admin_${name}_routes.cc`), 'utf8')).join('\n');
  const table = [...source.matchAll(/\{"([A-Z]+)",\s*"(\/api\/admin\/[^"]+)",\s*(true|false),\s*Role::(\w+),\s*(Proof::password|Proof::second_factor|kFactor)/g)]
    .map(([, method, path, body, role, proof]) => `${method} ${path} body:${body} ${role} factor:${proof !== 'Proof::password'}`);
  const told = operations.map((one) => `${one.method} ${one.path} body:${Boolean(one.described.requestBody)} ${needed(one)} factor:${!factorless(one)}`);
  assert.deepEqual(told.sort(), table.sort());
});

test('O5 staff without a second factor can only set it up', async () => {
  people.admin = { email: 'boss@example.org' };
  people.admin.password = createAdmin(bin, server, 'boss@example.org');
  people.admin.token = await login('boss@example.org', people.admin.password);
  people.admin.id = (await expect(200, 'GET', '/api/admin/me', { token: people.admin.token })).body.id;
  for (const one of operations.filter((each) => !factorless(each))) {
    const answer = await expect(403, one.method, one.path, { token: people.admin.token, id: '1', body: exampleOf(one) });
    assert.equal(answer.body.code, 'second_factor', one.path);
  }
  await expect(409, 'POST', '/api/admin/session', { token: people.admin.token, body: { code: '000000' } });
  await expect(409, 'POST', '/api/admin/factor/confirm', { token: people.admin.token, body: { code: '000000' } });
  await enrol(people.admin);
  assert.equal((await expect(200, 'GET', '/api/admin/me', { token: people.admin.token })).body.verified, true);
  await expect(409, 'POST', '/api/admin/factor', { token: people.admin.token });
  const kept = server.rows('SELECT secret FROM staff_factors')[0].secret;
  assert.ok(!kept.includes(people.admin.secret) && !JSON.stringify(server.rows('SELECT * FROM staff_recovery_codes')).includes(people.admin.recovery[0].slice(0, 4) + people.admin.recovery[0].slice(5, 9)));
});

test('O5 roles are given, and count at once whatever the token says', async () => {
  for (const role of ['viewer', 'moderator']) {
    people[role] = await register(`Some ${role}`);
    await expect(403, 'GET', '/api/admin/me', { token: people[role].token });
    await expect(204, 'POST', '/api/admin/players/{id}/role', { token: people.admin.token, id: people[role].id, body: { role, reason: 'Joined' } });
    assert.equal((await expect(200, 'GET', '/api/admin/me', { token: people[role].token })).body.role, role);
    await enrol(people[role]);
  }
  for (const body of [{ role: 'king', reason: 'x' }, { role: 'admin' }, { role: 'admin', reason: '   ' }, { role: 'admin', reason: 'x'.repeat(201) }]) {
    await expect(400, 'POST', '/api/admin/players/{id}/role', { token: people.admin.token, id: people.viewer.id, body });
  }
  await expect(409, 'POST', '/api/admin/players/{id}/role', { token: people.admin.token, id: people.admin.id, body: { role: 'none', reason: 'Leaving' } });
});

// Before others ask for them.
test('O6 business figures are there soon after the start, day by day', async () => {
  const { token } = people.viewer;
  const { body } = await until('the figures', async () => { const answer = await call('GET', '/api/admin/business', { token }); return answer.status === 200 && answer; }, 30_000);
  const days = body.days.map(({ day }) => Date.parse(day));
  assert.equal(days.length, 31);
  assert.ok(days.every((day, i) => i === 0 || day - days[i - 1] === 86_400_000), 'a gap');
  assert.ok(Math.abs(Date.now() - Date.parse(body.computedAt)) < 600_000);
  const last = body.days.at(-1);
  assert.deepEqual([last.returned1, last.returned7, body.days.at(-2).returned1, body.days[0].returned7], [null, null, null, 0]);
});
