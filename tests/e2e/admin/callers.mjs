// Who may call what, and what becomes of calls by others: O5, S1.

import { assert, test } from '../lib/check.mjs';
import { RANKS, NOBODY, call, exampleOf, expect, factorless, login, needed, operations, people, plain, server } from './world.mjs';

const ends = ({ method, path }) => method === 'DELETE' && path === '/api/admin/session';

test('O5 every call by a guest, a player, a viewer, a moderator and an administrator', async () => {
  for (const one of operations) {
    const id = /players/.test(one.path) ? NOBODY : one.path.includes('reports') ? '999999' : 'nowhere';
    const options = { id, body: exampleOf(one) };
    await expect(401, one.method, one.path, options);
    await expect(401, one.method, one.path, { ...options, token: 'x.y.z' });
    await expect(403, one.method, one.path, { ...options, token: people.player.token });
    if (factorless(one)) continue;
    if (ends(one)) continue;  // below: it takes a session each
    for (const role of RANKS) {
      const answer = await call(one.method, one.path, { ...options, token: people[role].token });
      const refused = RANKS.indexOf(role) < RANKS.indexOf(needed(one));
      assert.equal(answer.status === 403, refused, `${one.method} ${one.path} by ${role}: ${answer.status}`);
      if (!refused) assert.ok([200, 404].includes(answer.status), `${one.method} ${one.path} by ${role}: ${answer.status}`);
    }
  }
});

test('O5 whoever has set up the factor may set it up, show it and sign out, whatever the role', async () => {
  assert.ok(operations.some(ends) && operations.filter(factorless).length === 4, 'what the test above leaves out');
  for (const role of RANKS) {
    const person = people[role];
    const token = await login(person.email, person.password);
    await expect(403, 'DELETE', '/api/admin/session', { token });
    assert.equal((await expect(200, 'GET', '/api/admin/me', { token })).body.verified, false);
    await expect(409, 'POST', '/api/admin/factor', { token });
    await expect(409, 'POST', '/api/admin/factor/confirm', { token, body: { code: '000000' } });
    await expect(200, 'POST', '/api/admin/session', { token, body: { code: person.recovery.pop() } });
    await expect(200, 'GET', '/api/admin/overview', { token });
    await expect(204, 'DELETE', '/api/admin/session', { token });
    await expect(403, 'GET', '/api/admin/overview', { token });
  }
});

test('O5 a page of another origin that sends the browser along has no effect', async () => {
  const before = server.rows('SELECT count(*) AS n FROM audit_log')[0].n;
  const { token } = people.admin;
  // What a form, or a script without the server's leave, can send: cookies, and bodies of three kinds.
  const cookies = { Cookie: `token=${token}; trespasser.admin=${token}; Authorization=Bearer ${token}` };
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', 'application/json']) {
    for (const from of [{}, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }]) {
      for (const one of operations.filter(({ method }) => method !== 'GET')) {
        const answer = await plain(one.method, one.path.replace('{id}', people.player.id), { raw: one.method === 'DELETE' ? undefined : JSON.stringify({ reason: 'x', role: 'admin', code: '1' }), headers: { ...cookies, ...from, 'Content-Type': type } });
        assert.ok([401, 403, 415].includes(answer.status), `${one.method} ${one.path} as ${type}: ${answer.status}`);
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
      }
    }
  }
  assert.equal(server.rows('SELECT count(*) AS n FROM audit_log')[0].n, before);
});

test('O5 pages of other origins are refused, and no answer may be read by them', async () => {
  const { token } = people.admin;
  for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { Origin: `${server.url}.evil.example` }, { Origin: 'http://localhost:1' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }]) {
    await expect(403, 'GET', '/api/admin/me', { token, headers });
    await expect(403, 'POST', '/api/admin/players/{id}/ban', { token, id: people.player.id, headers, body: { reason: 'x' } });
  }
  const own = await expect(200, 'GET', '/api/admin/me', { token, headers: { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' } });
  for (const name of ['access-control-allow-origin', 'set-cookie']) assert.equal(own.headers.get(name), null);
  assert.equal(own.headers.get('cache-control'), 'no-store');
  const preflight = await plain('OPTIONS', '/api/admin/me', { headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' } });
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [403, null]);
  assert.equal((await plain('GET', `/api/admin/me?token=${token}`, { headers: { Cookie: `token=${token}` } })).status, 401);
});

test('O5 hostile bodies and addresses', async () => {
  const { token } = people.admin;
  for (const one of operations.filter(({ described }) => described.requestBody)) {
    for (const raw of ['', 'null', '[]', '"x"', '{', '{"a":1}{}', '['.repeat(500)]) await expect(400, one.method, one.path, { token, id: '1', raw });
    await expect(415, one.method, one.path, { token, id: '1', raw: 'a=b', headers: { 'Content-Type': 'text/plain' } });
  }
  for (const path of ['/api/admin/', '/api/admin/nothing', '/api/admin/players/a/b/c', '/api/admin//me', '/api/admin/players/']) {
    assert.ok([401, 404].includes((await plain('GET', path, { token })).status), path);
  }
  const wrong = await plain('PUT', '/api/admin/me', { token });
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET']);
});

test('S1 strangers have a limit of their own', async () => {
  const address = '10.77.7.7';
  let limited;
  for (let i = 0; i < 150 && !limited; i += 1) {
    const answer = await call('GET', '/api/admin/me', { address });
    limited = answer.status === 429 && answer;
  }
  assert.ok(Number(limited.headers.get('retry-after')) >= 1);
  for (let i = 0; i < 120; i += 1) await expect(200, 'GET', '/api/admin/nodes', { token: people.admin.token, address });
});
