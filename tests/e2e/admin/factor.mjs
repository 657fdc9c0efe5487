// The second factor of staff: O5.

import { assert, test } from '../lib/check.mjs';
import { totp } from './staff.mjs';
import { call, enrol, expect, login, people } from './world.mjs';

test('O5 a code is good once, wrong ones lock, recovery codes help once, another login has to show it again', async () => {
  const viewer = people.viewer;
  const token = await login(viewer.email);
  const show = (status, code, with_ = token) => expect(status, 'POST', '/api/admin/session', { token: with_, body: { code } });
  assert.equal((await expect(403, 'GET', '/api/admin/overview', { token })).body.code, 'second_factor');
  await show(403, viewer.shown);  // was used to confirm
  const code = totp(viewer.secret, 1);
  await show(200, code);
  await expect(200, 'GET', '/api/admin/overview', { token });
  const third = await login(viewer.email);
  await show(403, code, third);
  await show(200, viewer.recovery[0].toLowerCase(), third);
  const fourth = await login(viewer.email);
  await show(403, viewer.recovery[0], fourth);
  for (const wrong of ['', 'x'.repeat(10_000), '\u0000', "' or 1=1 --"]) await show(403, wrong, fourth);
  const locked = await show(429, viewer.recovery[1], fourth);
  assert.ok(Number(locked.headers.get('retry-after')) > 800);
  for (const body of [{}, { code: 5 }, { code: null }]) await expect(400, 'POST', '/api/admin/session', { token: fourth, body });
  await expect(200, 'GET', '/api/admin/overview', { token });  // those who have shown it go on
  await expect(401, 'DELETE', '/api/admin/session', {});
  await expect(204, 'DELETE', '/api/admin/session', { token });
  await expect(403, 'GET', '/api/admin/overview', { token });
  await expect(403, 'POST', '/api/admin/players/{id}/factor-reset', { token: people.moderator.token, id: viewer.id, body: { reason: 'x' } });
  await expect(204, 'POST', '/api/admin/players/{id}/factor-reset', { token: people.admin.token, id: viewer.id, body: { reason: 'Lost the phone' } });
  await expect(404, 'POST', '/api/admin/players/{id}/factor-reset', { token: people.admin.token, id: viewer.id, body: { reason: 'Again' } });
  await expect(403, 'GET', '/api/admin/overview', { token: viewer.token });
  await enrol(viewer);
});

test('O5 codes at the same time: one gets in', async () => {
  const tokens = await Promise.all([1, 2, 3, 4].map(() => login(people.moderator.email)));
  const code = totp(people.moderator.secret, 1);
  const answers = await Promise.all(tokens.map((token) => call('POST', '/api/admin/session', { token, body: { code } })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ status }) => status).join());
});
