// A1: the document of the HTTP API (docs/http-api.json) is what the real server does.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { assert, finish, runAll, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Described } from './described.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const document = JSON.parse(readFileSync(join(root, 'docs/http-api.json'), 'utf8'));
const api = new Described(document);
// Those of staff are tried by tests/e2e/admin, with the same checks.
const operations = api.operations.filter(({ path }) => !path.startsWith('/api/admin/'));
const bin = process.argv[2];
const settings = {
  MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '5', SHARDS: '1',
  TRUSTED_PROXIES: '127.0.0.1', WEB_DIR: mkdtempSync(join(tmpdir(), 'trespasser-pages-')),
};
execFileSync('cp', ['-r', join(root, 'web/docs'), settings.WEB_DIR]);
let server = await Server.start(bin, settings);
const ofAccounts = ({ path }) => /^\/api\/(auth|players|leaderboard)/.test(path);
const PASSWORD = 'correct horse';
const NOBODY = '00000000-0000-4000-8000-000000000000';

// Each call comes from another address, as behind a balancer, so that no case uses up the allowance of the next.
let callers = 0;
function call(method, path, options = {}) {
  callers += 1;
  return api.call(server, method, path, { address: `10.3.${Math.floor(callers / 250)}.${1 + (callers % 250)}`, ...options });
}

async function expect(status, method, path, options) {
  const answer = await call(method, path, options);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer;
}

let people = 0;
async function register(displayName) {
  people += 1;
  const email = `reader${people}@example.org`;
  const made = await expect(201, 'POST', '/api/auth/register', { body: { email, password: PASSWORD, displayName: displayName ?? `Reader ${people}` } });
  return { email, ...made.body };
}

function write(sql) {
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'trespasser.db'), sql]);
}

async function resetCode(email) {
  await expect(204, 'POST', '/api/auth/reset-request', { body: { email } });
  const mails = await until('the mail', () => {
    const text = (() => { try { return readFileSync(join(server.data, 'mail.txt'), 'utf8'); } catch { return ''; } })();
    return text.includes(email) && text;
  });
  return /code=([\w-]+)/.exec(mails.slice(mails.lastIndexOf(email)))[1];
}

// Two players play a private match to its end; the account's row of it is stored when this returns.
async function playMatch(made) {
  const player = await Player.connect(server.url, { auth: { token: made.token } });
  const other = await Player.connect(server.url);
  const created = player.next('private_lobby_created');
  player.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const joined = other.next('lobby_joined');
  other.emit('join_lobby', { lobbyId: (await created).inviteCode });
  await joined;
  const starts = [player, other].map((one) => one.next('match_started'));
  player.emit('lobby:start');
  await Promise.all(starts);
  await player.enter({ team: 'red' });
  await other.enter({ team: 'blue' });
  await expect(200, 'GET', '/debug/lobbies');
  player.emit('debug:trigger_match_end');
  await player.next('match_ended');
  await until('the match is stored', () => server.rows(`SELECT 1 AS n FROM match_players WHERE player_id = '${made.player.id}'`).length > 0);
  await closeAll([player, other]);
}

test('A1 the document is valid OpenAPI 3.1, nothing in it dangles or is unused, its examples fit its schemas', async () => {
  const outcome = await new Validator().validate(structuredClone(document));
  assert.ok(outcome.valid, JSON.stringify(outcome.errors));
  const text = JSON.stringify(document);
  for (const [kind, parts] of Object.entries(document.components)) {
    if (kind === 'securitySchemes') continue;
    for (const name of Object.keys(parts)) assert.ok(text.includes(`"#/components/${kind}/${name}"`), `${kind} ${name} is unused`);
  }
  const contents = [];
  const collect = (value, where) => {
    if (value === null || typeof value !== 'object') return;
    if (value.schema && 'example' in value) contents.push([value.schema, value.example, where]);
    for (const [key, inner] of Object.entries(value)) if (key !== 'example') collect(inner, `${where}/${key}`);
  };
  collect(document, '');
  assert.ok(contents.length > 40, `${contents.length} examples`);
  for (const [schema, example, where] of contents) api.check(schema, example, where);
});

test('A1 the server\'s table of routes and the document tell the same', () => {
  const source = readFileSync(join(root, 'src/api/account_routes.cc'), 'utf8');
  const table = [...source.matchAll(/\{"([A-Z]+)", "([^"]+)", (true|false), (true|false), (?:true|false), \w+\}/g)]
    .map(([, method, path, body, signedIn]) => `${method} ${path} body:${body} signed in:${signedIn}`);
  assert.equal(table.length, source.split('\n').filter((line) => /^ {4}\{"[A-Z]+", "/.test(line)).length);
  const told = operations.filter(ofAccounts).map(({ method, path, described }) =>
    `${method} ${path} body:${Boolean(described.requestBody)} signed in:${described.security.length > 0}`);
  assert.deepEqual(told.sort(), table.sort());
  const plain = [...readFileSync(join(root, 'src/api/routes.cc'), 'utf8').matchAll(/path == "([^"]+)"/g)].map(([, path]) => path);
  assert.ok(plain.length >= 6);
  for (const path of plain) if (!path.startsWith('/play')) assert.ok(document.paths[path]?.get, `${path} is not in the document`);
});

test('A1 every operation is there; other methods are refused with the allowed ones', async () => {
  for (const { method, path, described } of operations) {
    const body = described.requestBody ? {} : undefined;
    const answer = await call(method, path, { id: NOBODY, body });
    const known = answer.status !== 405 && (answer.status !== 404 || answer.body.detail === 'There is no such player.');
    assert.ok(known, `${method} ${path} answers ${answer.status}`);
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !operations.some(
      (known) => known.method === one && (known.path === path || (path === '/api/players/me' && known.path === '/api/players/{id}'))));
    for (const other of others) {
      const refused = await fetch(server.url + path.replace('{id}', NOBODY), { method: other, headers: { 'X-Forwarded-For': '10.4.0.1' } });
      assert.equal(refused.status, 405, `${other} ${path}`);
      assert.match(refused.headers.get('content-type'), /problem\+json/);
      assert.ok(refused.headers.get('allow').split(', ').includes(method), `${other} ${path}: ${refused.headers.get('allow')}`);
      api.check({ $ref: '#/components/schemas/Problem' }, await refused.json(), `${other} ${path}`);
    }
  }
  for (const path of ['/api/auth/nonsense', '/api/players', '/api/nonsense', '/api/docs/x', '/api/']) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 404, path);
    api.check({ $ref: '#/components/schemas/Problem' }, await answer.json(), path);
  }
});

test('A1 the life of an account answers as told', async () => {
  const made = await register();
  const login = await expect(200, 'POST', '/api/auth/login', { body: { email: made.email, password: PASSWORD } });
  await expect(200, 'GET', '/api/auth/me', { token: login.body.token });
  const renewed = await expect(200, 'POST', '/api/auth/refresh', { body: { refreshToken: login.body.refreshToken } });
  await expect(204, 'POST', '/api/auth/logout', { token: renewed.body.token });
  const changed = await expect(200, 'POST', '/api/auth/password', { token: made.token, body: { old: PASSWORD, new: 'battery staple' } });
  await expect(204, 'POST', '/api/auth/logout-all', { token: changed.body.token });
  const code = await resetCode(made.email);
  await expect(204, 'POST', '/api/auth/reset', { body: { code, password: 'a fresh start' } });
  await expect(401, 'POST', '/api/auth/reset', { body: { code, password: 'a fresh start' } });
  const back = await expect(200, 'POST', '/api/auth/login', { body: { email: made.email, password: 'a fresh start' } });
  await expect(204, 'DELETE', '/api/players/me', { token: back.body.token });
  await expect(404, 'GET', '/api/players/{id}', { id: made.player.id });
});

test('A1 D5 profile, history, leaderboard and export after a match answer as told', async () => {
  const made = await register('Played');
  const { id } = made.player;
  await playMatch(made);
  await expect(200, 'GET', '/api/players/{id}', { id });
  const [{ match_id: matchId }] = server.rows(`SELECT match_id FROM match_players WHERE player_id = '${id}'`);
  const again = '11111111-1111-4111-8111-111111111111';
  write(`CREATE TEMP TABLE m AS SELECT * FROM match_results WHERE match_id = '${matchId}'; UPDATE m SET match_id = '${again}'; INSERT INTO match_results SELECT * FROM m;
    CREATE TEMP TABLE p AS SELECT * FROM match_players WHERE match_id = '${matchId}'; UPDATE p SET match_id = '${again}'; INSERT INTO match_players SELECT * FROM p;`);
  const first = await expect(200, 'GET', '/api/players/{id}/matches', { id, query: { size: 1 } });
  assert.equal(first.body.matches.length, 1);
  const second = await expect(200, 'GET', '/api/players/{id}/matches', { id, query: { size: 1, cursor: first.body.next } });
  assert.deepEqual([first, second].map(({ body }) => body.matches[0].matchId).sort(), [again, matchId].sort());
  assert.equal(second.body.next, '');
  assert.deepEqual((await expect(200, 'GET', '/api/players/{id}/matches', { id: NOBODY })).body, { matches: [], next: '' });
  for (const by of document.paths['/api/leaderboard'].get.parameters[0].schema.enum) {
    await expect(200, 'GET', '/api/leaderboard', { query: { by, page: 0, size: 100 } });
  }
  const board = await expect(200, 'GET', '/api/leaderboard');
  assert.equal(board.body.players.find((player) => player.id === id).rank, 1);
  await expect(400, 'GET', '/api/leaderboard', { query: { by: 'height' } });
  for (const query of [{ page: 10_001 }, { page: -1 }, { size: 0 }, { size: 101 }, { size: 'many' }]) await expect(400, 'GET', '/api/leaderboard', { query });
  for (const query of [{ cursor: 'x' }, { size: 0 }, { size: 101 }]) await expect(400, 'GET', '/api/players/{id}/matches', { id, query });
  const kept = (await expect(200, 'GET', '/api/players/me/export', { token: made.token })).body;
  assert.ok(kept.matches.length === 2 && kept.logins.length === 1 && kept.lobbies.length === 1, JSON.stringify(kept));
});

// Values a field of a schema must not have. Text fields without rules take any text.
function wrongValues(field, schema) {
  const wrong = [undefined, null, 7, true, [], {}];
  if (schema.minLength > 0) wrong.push('');
  if (schema.maxLength) wrong.push('x'.repeat(schema.maxLength + 1));
  if (schema.format === 'email') wrong.push('nobody', 'a@b', '@example.org');
  if (field === 'displayName') wrong.push('A', 'A'.repeat(21), '<b>bold</b>', 'line\nbreak');
  return wrong;
}

test('A1 bodies that are not as told are refused as told', async () => {
  const { token } = await register();
  for (const { method, path, described } of operations.filter(({ described }) => described.requestBody)) {
    const { schema, example } = described.requestBody.content['application/json'];
    const { properties, required } = api.resolve(schema);
    assert.deepEqual(Object.keys(properties).sort(), [...required].sort());
    for (const [field, rules] of Object.entries(properties)) {
      for (const value of wrongValues(field, rules)) await expect(400, method, path, { token, body: { ...example, [field]: value } });
    }
    for (const raw of ['', 'null', '[]', '"x"', '{', '{"a":1}{}', '['.repeat(500)]) await expect(400, method, path, { token, raw });
    await expect(415, method, path, { token, raw: 'email=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  }
});

test('A1 a body too large is refused before it is read', async () => {
  for (const { method, path } of operations.filter(({ described }) => described.requestBody)) {
    const answer = await new Promise((done, failed) => {
      const sent = request(server.url + path, { method, headers: { 'Content-Type': 'application/json', 'Content-Length': 50_000_000 } }, (response) => {
        let text = '';
        response.on('data', (part) => { text += part; });
        response.on('end', () => done({ status: response.statusCode, headers: new Headers(response.headers), text }));
      });
      sent.on('error', failed);
      sent.flushHeaders();
    });
    assert.equal(answer.status, 413);
    api.checkAnswer(method, path, answer.status, answer.headers, answer.text);
  }
});

test('A1 who is not signed in, or wrongly, is refused as told', async () => {
  const made = await register();
  const [head, claims] = made.token.split('.');
  for (const { method, path, described } of operations.filter(({ described }) => described.security.length > 0)) {
    const { example } = described.requestBody?.content['application/json'] ?? {};
    for (const token of [undefined, 'x', `${head}.${claims}.AAAA`, made.refreshToken]) await expect(401, method, path, { token, body: example });
  }
  await expect(401, 'POST', '/api/auth/login', { body: { email: made.email, password: 'wrong password' } });
  await expect(401, 'POST', '/api/auth/refresh', { body: { refreshToken: 'x' } });
  await expect(401, 'POST', '/api/auth/password', { token: made.token, body: { old: 'wrong password', new: 'battery staple' } });
  await expect(409, 'POST', '/api/auth/register', { body: { email: made.email, password: PASSWORD, displayName: 'Again' } });
});

test('A1 an account that is gone answers as told', async () => {
  const made = await register();
  const code = await resetCode(made.email);
  write(`UPDATE players SET is_active = 0 WHERE player_id = '${made.player.id}'`);
  for (const { method, path, described } of operations.filter(({ described }) => described.security.length > 0 && described.responses[404])) {
    await expect(404, method, path, { token: made.token, body: described.requestBody?.content['application/json'].example });
  }
  await expect(404, 'POST', '/api/auth/reset', { body: { code, password: 'a fresh start' } });
});

test('S1 a caller over the limit is refused as told, at every address of the accounts', async () => {
  const address = '10.5.5.5';
  while ((await call('GET', '/api/leaderboard', { address })).status === 200);
  for (const { method, path, described } of operations.filter(ofAccounts)) {
    const body = described.requestBody && {};
    for (let tries = 0; ; tries += 1) {
      const { status } = await call(method, path, { id: NOBODY, address, body });
      if (status === 429) break;
      assert.ok(tries < 100, `${method} ${path} is not limited`);
    }
  }
});

test('S1 who tried too often is told how long to wait', async () => {
  const made = await register();
  const body = { email: made.email, password: 'wrong password' };
  const tries = [['POST', '/api/auth/login', { body }], ['POST', '/api/auth/reset-request', { body: { email: made.email.toUpperCase() } }],
    ['POST', '/api/auth/password', { token: made.token, body: { old: 'wrong password', new: 'battery staple' } }]];
  for (const [method, path, options] of tries) {
    let answer = await call(method, path, options);
    for (let again = 0; answer.status !== 429 && again < 20; again += 1) answer = await call(method, path, options);
    assert.equal(answer.status, 429, path);
    const told = Number(/wait (\d+) seconds/.exec(answer.body.detail)[1]);
    const wait = Number(answer.headers.get('retry-after'));
    assert.ok(told > 10 && Math.abs(told - wait) <= 1, `${path}: ${answer.body.detail}, Retry-After ${wait}`);
  }
});

test('A2 a storm of logins: some are sent away as told', async () => {
  const slow = await Server.start(bin, { ...settings, BCRYPT_COST: '11' });
  const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => api.call(slow, 'POST', '/api/auth/login', {
    body: { email: `storm${i}@example.org`, password: 'wrong password' }, address: `10.6.0.${i + 1}` })));
  assert.ok(answers.some(({ status }) => status === 503));
  await slow.stop();
  slow.forget();
});

test('A1 a banned player is refused as told, also after a restart of the server', async () => {
  const made = await register();
  write(`INSERT INTO bans (player_id, reason, banned_by, created_at) VALUES ('${made.player.id}', 'Cheating', 'test', (SELECT created_at FROM players LIMIT 1))`);
  await expect(403, 'POST', '/api/auth/login', { body: { email: made.email, password: PASSWORD } });
  await expect(403, 'POST', '/api/auth/refresh', { body: { refreshToken: made.refreshToken } });
  await server.stop();
  server = await Server.start(bin, settings, server.data);
  for (const { method, path, described } of operations.filter(({ described }) => described.security.length > 0)) {
    await expect(403, method, path, { token: made.token, body: described.requestBody?.content['application/json'].example });
  }
});

test('A1 the node tells about itself as told, the document and its page are served', async () => {
  for (const path of ['/', '/health/live', '/health/ready', '/debug/lobbies']) await expect(200, 'GET', path);
  await until('healthy', async () => (await call('GET', '/health')).status === 200);
  const served = await expect(200, 'GET', '/api/openapi.json');
  assert.deepEqual(served.body, document);
  const page = await expect(200, 'GET', '/api/docs');
  await expect(304, 'GET', '/api/docs', { headers: { 'If-None-Match': page.headers.get('etag') } });
  for (const [, address] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) assert.ok(address.startsWith('/'), address);
  for (const file of ['/docs/docs.js', '/docs/docs.css']) assert.equal((await fetch(server.url + file)).status, 200);
  const bare = await Server.start(bin, { ...settings, TEST_HOOKS: 'false', WEB_DIR: join(settings.WEB_DIR, 'nothing') });
  for (const path of ['/debug/lobbies', '/api/docs']) assert.equal((await api.call(bare, 'GET', path)).status, 404);
  assert.equal((await api.call(bare, 'GET', '/api/openapi.json')).status, 200);
  await bare.stop();
  bare.forget();
});

test('A1 every answer of the document was seen above', () => {
  // Faults of the server and its database are provoked by other suites; a storm of logins stands for the full pools.
  const elsewhere = ({ path, status }) => status === '500' || (status === '503' && path !== '/api/auth/login');
  const told = operations.flatMap(({ method, path, described }) => Object.keys(described.responses).map((status) => ({ method, path, status })));
  const missing = told.filter((one) => !elsewhere(one)).map(({ method, path, status }) => `${method} ${path} ${status}`).filter((one) => !api.seen.has(one));
  assert.deepEqual(missing, []);
});

const results = await runAll();
await server.stop();
server.forget();
rmSync(settings.WEB_DIR, { recursive: true });
await finish(results);
