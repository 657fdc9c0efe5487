// Those who are staff no more, and the end of the node: O5, C5.

import { assert, test } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { totp } from './staff.mjs';
import { leavesOneRow } from './trail.mjs';
import { expect, login, people, server } from './world.mjs';

test('O5 draining asks for a node that is there', async () => {
  const { token } = people.admin;
  await expect(404, 'POST', '/api/admin/nodes/{id}/drain', { token, id: 'nowhere', body: { reason: 'Upgrade' } });
  await expect(400, 'POST', '/api/admin/nodes/{id}/drain', { token, id: 'nowhere', body: {} });
});

test('O5 who loses role, login or freedom is out at once', async () => {
  const { token } = people.admin;
  await expect(200, 'GET', '/api/admin/overview', { token: people.viewer.token });
  await expect(204, 'POST', '/api/admin/players/{id}/role', { token, id: people.viewer.id, body: { role: 'none', reason: 'Left' } });
  await expect(403, 'GET', '/api/admin/overview', { token: people.viewer.token });
  await expect(201, 'POST', '/api/admin/players/{id}/ban', { token, id: people.moderator.id, body: { reason: 'Abuse of office' } });
  assert.equal((await expect(403, 'GET', '/api/admin/overview', { token: people.moderator.token })).body.code, 'banned');
  await expect(204, 'POST', '/api/auth/logout', { token });
  await expect(401, 'GET', '/api/admin/overview', { token });
});

test('O5 the audit log has no secrets', () => {
  const text = JSON.stringify(server.rows('SELECT * FROM audit_log')) + server.output;
  for (const person of [people.admin, people.moderator, people.viewer]) {
    assert.ok(!text.includes(person.secret) && !text.includes(person.token) && !person.recovery.some((code) => text.includes(code)));
  }
});

test('C5 O5 staff drain the node: it takes no more, and ends by itself', async () => {
  const token = await login('boss@example.org', people.admin.password);
  await expect(200, 'POST', '/api/admin/session', { token, body: { code: totp(people.admin.secret, 1) } });
  const keeps = await Player.connect(server.url);
  await keeps.ready();
  const made = keeps.next('private_lobby_created');
  keeps.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  await made;
  const { node } = (await expect(200, 'GET', '/api/admin/overview', { token })).body;
  const { before, after } = await leavesOneRow('POST /api/admin/nodes/{id}/drain', { token, id: node, body: { reason: 'Upgrade' }, action: 'drain', target: `node ${node}` });
  assert.deepEqual([before, after], [{ draining: false }, { draining: true }]);
  assert.equal((await server.exit).code, 0);
  await closeAll([keeps]);
});
