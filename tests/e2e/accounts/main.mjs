// A1-A6, S1 and S8 for sockets, on the real server: the HTTP API and the official client with a token.

import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';

const bin = process.argv[2];
const settings = {
  MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '5', SHARDS: '2',
  TRUSTED_PROXIES: '127.0.0.1',
};
// On SQLite, or with "postgres" as the second word on a real PostgreSQL.
const postgres = process.argv[3] === 'postgres' ? await Postgres.start() : undefined;
if (postgres) {
  settings.DATABASE_URL = postgres.url(postgres.createDatabase());
  Server.migrate(bin, settings);
}
const server = await Server.start(bin, settings);
let callers = 0;

// Each call may come from another address, as behind a balancer, so that the limits of one case do not touch the next.
async function call(method, path, body, { token, address = `10.1.${Math.floor(callers / 250)}.${1 + (callers++ % 250)}`, raw, headers } = {}) {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      ...(body !== undefined || raw !== undefined ? { 'Content-Type': 'application/json' } : {}),
      ...(token ? { Authorization: `Bearer ${token}` } : {}), 'X-Forwarded-For': address, ...headers,
    },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

let people = 0;
async function register(name = `Tester ${people}`) {
  people += 1;
  const email = `tester${people}@example.org`;
  const answer = await call('POST', '/api/auth/register', { email, password: 'correct horse', displayName: name });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { email, ...answer.body };
}

function isProblem(answer, status) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get('content-type'), /application\/problem\+json/);
  assert.equal(answer.body.status, status);
  assert.ok(answer.body.detail);
  assert.ok(answer.headers.get('x-request-id'));
}

test('A1 register, login, me, refresh, logout answer in their forms', async () => {
  const made = await register('Ada L');
  assert.ok(made.token && made.refreshToken && made.expiresIn === 900);
  assert.equal(made.player.displayName, 'Ada L');
  assert.deepEqual(made.player.permissions, []);
  assert.equal(made.player.stats.matches, 0);
  assert.equal(made.player.email, undefined);
  const login = await call('POST', '/api/auth/login', { email: made.email.toUpperCase(), password: 'correct horse' });
  assert.equal(login.status, 200);
  const me = await call('GET', '/api/auth/me', undefined, { token: login.body.token });
  assert.equal(me.body.email, made.email);
  const refreshed = await call('POST', '/api/auth/refresh', { refreshToken: login.body.refreshToken });
  assert.deepEqual(Object.keys(refreshed.body).sort(), ['expiresIn', 'refreshToken', 'token']);
  const out = await call('POST', '/api/auth/logout', undefined, { token: refreshed.body.token });
  assert.equal(out.status, 204);
  isProblem(await call('GET', '/api/auth/me', undefined, { token: refreshed.body.token }), 401);
});

test('A1 one answer for unknown e-mail and wrong password', async () => {
  const made = await register();
  const wrong = await call('POST', '/api/auth/login', { email: made.email, password: 'wrong password' });
  const unknown = await call('POST', '/api/auth/login', { email: 'nobody@example.org', password: 'wrong password' });
  isProblem(wrong, 401);
  isProblem(unknown, 401);
  assert.deepEqual(wrong.body, unknown.body);
});

test('A1 bad input: types, sizes, names, e-mail taken', async () => {
  const made = await register();
  isProblem(await call('POST', '/api/auth/register', { email: made.email, password: 'correct horse', displayName: 'X Y' }), 409);
  for (const body of [{}, { email: 1, password: 2, displayName: 3 }, { email: 'x', password: 'correct horse', displayName: 'Ok' },
    { email: 'a@example.org', password: 'short', displayName: 'Ok' }, { email: 'a@example.org', password: 'x'.repeat(73), displayName: 'Ok' },
    { email: 'a@example.org', password: 'correct horse', displayName: '' }, { email: null, password: [], displayName: {} }]) {
    isProblem(await call('POST', '/api/auth/register', body), 400);
  }
  for (const raw of ['', 'null', '[]', '{', '"x"', '{"email":"a@example.org","email":', '['.repeat(2000)]) {
    isProblem(await call('POST', '/api/auth/login', undefined, { raw }), 400);
  }
  isProblem(await call('POST', '/api/auth/login', undefined, { raw: 'email=a', headers: { 'Content-Type': 'text/plain' } }), 415);
  isProblem(await call('GET', '/api/auth/login'), 405);
  isProblem(await call('GET', '/api/auth/nonsense'), 404);
  const huge = await fetch(`${server.url}/api/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: 'x'.repeat(200_000) }).then((a) => a.status, () => 'closed');
  assert.ok(huge === 413 || huge === 'closed', `huge body: ${huge}`);
});

test('A1 S6 SQL and script in fields: refused in names, text elsewhere', async () => {
  const before = server.rows('SELECT count(*) AS n FROM players')[0].n;
  for (const name of ["Rob'); DROP", '<script>x()', 'a" onload="', 'Back\\slash', 'Tom & Ann']) {
    const refused = await call('POST', '/api/auth/register', { email: 'hostile@example.org', password: 'correct horse', displayName: name });
    isProblem(refused, 400);
    assert.match(refused.body.detail, /not allowed/);
  }
  assert.equal(server.rows('SELECT count(*) AS n FROM players')[0].n, before);
  const made = await register('DROP TABLE x; --');
  assert.equal((await call('GET', `/api/players/${made.player.id}`)).body.displayName, 'DROP TABLE x; --');
  isProblem(await call('GET', "/api/players/' OR 1=1 --".replaceAll(' ', '%20')), 404);
  isProblem(await call('POST', '/api/auth/login', { email: "' OR 1=1 --", password: 'x' }), 401);
  assert.equal(server.rows('SELECT count(*) AS n FROM players')[0].n, before + 1);
});

test('A3 forged tokens: none, another key, another algorithm, changed claims, another type', async () => {
  const made = await register();
  const [head, claims, signature] = made.token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  const payload = JSON.parse(Buffer.from(claims, 'base64url'));
  for (const key of ['iss', 'aud', 'sub', 'name', 'region', 'permissions', 'sid', 'iat', 'exp']) assert.ok(key in payload, key);
  assert.ok(header.kid && header.alg === 'HS256');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (h, p, secret) => `${encode(h)}.${encode(p)}.${createHmac('sha256', secret).update(`${encode(h)}.${encode(p)}`).digest('base64url')}`;
  const forged = [
    `${encode({ ...header, alg: 'none' })}.${claims}.`, `${encode({ ...header, alg: 'none' })}.${claims}.${signature}`,
    sign(header, payload, 'another secret'), sign({ ...header, alg: 'HS512' }, payload, 'x'), sign({ ...header, alg: 'RS256' }, payload, 'x'),
    `${head}.${encode({ ...payload, permissions: ['admin'] })}.${signature}`, `${head}.${encode({ ...payload, exp: payload.exp + 9e6 })}.${signature}`,
    `${head}.${claims}`, `${head}.${claims}.${signature}.x`, '', '..', 'x', made.refreshToken, `${made.token}x`,
  ];
  for (const token of forged) isProblem(await call('GET', '/api/auth/me', undefined, { token: token || ' ' }), 401);
});

test('A4 a page that never saw its new refresh token brings the spent one again and stays signed in', async () => {
  const made = await register();
  assert.equal((await call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken })).status, 200);
  const again = await call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken });
  assert.equal(again.status, 200);
  assert.equal((await call('GET', '/api/auth/me', undefined, { token: again.body.token })).status, 200);
  assert.equal((await call('POST', '/api/auth/refresh', { refreshToken: again.body.refreshToken })).status, 200);
});

test('A4 a refresh token is good once; its reuse after its successor ends the family', async () => {
  const made = await register();
  const lost = await call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken });
  assert.equal(lost.status, 200);
  const first = await call('POST', '/api/auth/refresh', { refreshToken: lost.body.refreshToken });
  assert.equal(first.status, 200);
  isProblem(await call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken }), 401);
  isProblem(await call('POST', '/api/auth/refresh', { refreshToken: first.body.refreshToken }), 401);
  isProblem(await call('GET', '/api/auth/me', undefined, { token: first.body.token }), 401);
  isProblem(await call('POST', '/api/auth/refresh', { refreshToken: 'x'.repeat(43) }), 401);
});

test('A1 password change ends the other sessions; the old password is dead', async () => {
  const made = await register();
  const other = await call('POST', '/api/auth/login', { email: made.email, password: 'correct horse' });
  isProblem(await call('POST', '/api/auth/password', { old: 'wrong password', new: 'battery staple' }, { token: made.token }), 401);
  const changed = await call('POST', '/api/auth/password', { old: 'correct horse', new: 'battery staple' }, { token: made.token });
  assert.equal(changed.status, 200);
  isProblem(await call('GET', '/api/auth/me', undefined, { token: other.body.token }), 401);
  assert.equal((await call('GET', '/api/auth/me', undefined, { token: changed.body.token })).status, 200);
  isProblem(await call('POST', '/api/auth/login', { email: made.email, password: 'correct horse' }), 401);
  assert.equal((await call('POST', '/api/auth/login', { email: made.email, password: 'battery staple' })).status, 200);
});

// The code of the last reset mail to this address.
async function resetCode(email) {
  const mail = await until('the mail', () => {
    const file = `${server.data}/mail.txt`;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return text.includes(email) && text;
  });
  return /code=([A-Za-z0-9_-]+)/.exec(mail.slice(mail.lastIndexOf(email)))[1];
}

test('A1 a forgotten password is reset by the link in the mail file, once', async () => {
  const made = await register();
  assert.equal((await call('POST', '/api/auth/reset-request', { email: made.email })).status, 204);
  assert.equal((await call('POST', '/api/auth/reset-request', { email: 'nobody@example.org' })).status, 204);
  const code = await resetCode(made.email);
  assert.equal((await call('POST', '/api/auth/reset', { code, password: 'a fresh start' })).status, 204);
  isProblem(await call('POST', '/api/auth/reset', { code, password: 'a second start' }), 401);
  assert.equal((await call('POST', '/api/auth/login', { email: made.email, password: 'a fresh start' })).status, 200);
});

test('A1 export holds what is kept; erase takes it out and keeps the matches', async () => {
  const made = await register('Leaver');
  const exported = await call('GET', '/api/players/me/export', undefined, { token: made.token });
  assert.ok(JSON.stringify(exported.body).includes(made.email));
  assert.ok(!JSON.stringify(exported.body).includes('$2b$'), 'no hash');
  assert.equal((await call('DELETE', '/api/players/me', undefined, { token: made.token })).status, 204);
  isProblem(await call('GET', '/api/auth/me', undefined, { token: made.token }), 401);
  isProblem(await call('POST', '/api/auth/login', { email: made.email, password: 'correct horse' }), 401);
  assert.equal(server.rows(`SELECT count(*) AS n FROM players WHERE email = '${made.email}'`)[0].n, 0);
});

test('S1 five failures block the account, with Retry-After; another address does not help', async () => {
  const made = await register();
  let answer;
  for (let i = 0; i < 6; i += 1) answer = await call('POST', '/api/auth/login', { email: made.email, password: 'wrong password' });
  isProblem(answer, 429);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  isProblem(await call('POST', '/api/auth/login', { email: made.email, password: 'correct horse' }), 429);
});

test('S1 a hundred requests a minute per caller, told in headers', async () => {
  const address = '10.9.9.9';
  const first = await call('GET', '/api/leaderboard', undefined, { address });
  assert.equal(first.headers.get('ratelimit-limit'), '100');
  let refused;
  for (let i = 0; i < 110 && !refused; i += 1) {
    const answer = await call('GET', '/api/leaderboard', undefined, { address });
    if (answer.status === 429) refused = answer;
  }
  isProblem(refused, 429);
  assert.ok(refused.headers.get('retry-after'));
  assert.equal((await call('GET', '/api/leaderboard')).status, 200);
});

test('S3 a page of an allowed origin may read the answers, another may not', async () => {
  const local = await call('GET', '/api/leaderboard', undefined, { headers: { Origin: 'http://localhost:5173' } });
  assert.equal(local.headers.get('access-control-allow-origin'), 'http://localhost:5173');
  const strange = await call('GET', '/api/leaderboard', undefined, { headers: { Origin: 'http://evil.example' } });
  assert.equal(strange.headers.get('access-control-allow-origin'), null);
  const preflight = await fetch(`${server.url}/api/auth/login`, { method: 'OPTIONS', headers: { Origin: 'http://localhost:5173' } });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-headers'), /Authorization/);
});

// Two players in a private match; `options` are those of the connections.
async function duel(a, b) {
  const created = a.next('private_lobby_created');
  a.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const { inviteCode, lobbyId } = await created;
  const joined = b.next('lobby_joined');
  b.emit('join_lobby', { lobbyId: inviteCode });
  await joined;
  const starts = [a, b].map((player) => player.next('match_started'));
  a.emit('lobby:start');
  await Promise.all(starts);
  await a.enter({ team: 'red' });
  await b.enter({ team: 'blue' });
  return { inviteCode, lobbyId };
}

test('A6 the official client plays with a token; the match stands in its profile', async () => {
  const made = await register('Champion');
  const champion = await Player.connect(server.url, { auth: { token: made.token } });
  champion.name = 'Not my name';
  const guest = await Player.connect(server.url);
  await duel(champion, guest);
  champion.emit('debug:trigger_match_end');
  await champion.next('match_ended');
  const history = await until('the match is stored', async () => {
    const answer = await call('GET', `/api/players/${made.player.id}/matches`);
    return answer.body.matches.length === 1 && answer.body;
  });
  assert.equal(history.matches[0].team, 'red');
  const profile = await call('GET', `/api/players/${made.player.id}`);
  assert.equal(profile.body.stats.matches, 1);
  assert.equal(profile.body.email, undefined);
  const rows = server.rows("SELECT display_name, player_id FROM match_players WHERE display_name IN ('Champion', 'Not my name')");
  assert.deepEqual(rows, [{ display_name: 'Champion', player_id: made.player.id }], 'an account plays under its own name');
  const board = await call('GET', '/api/leaderboard?by=kills');
  assert.ok(board.body.players.some((player) => player.id === made.player.id));
  await closeAll([champion, guest]);
});

test('A6 a bad token is refused with connect_error unauthorized', async () => {
  for (const token of ['x', 'a.b.c', 7, { a: 1 }]) {
    await assert.rejects(Player.connect(server.url, { auth: { token } }), /unauthorized/);
  }
  const made = await register();
  await call('POST', '/api/auth/logout', undefined, { token: made.token });
  await assert.rejects(Player.connect(server.url, { auth: { token: made.token } }), /unauthorized/);
});

// A5: each way in which a login ends, with the reason that the sockets hear.
const endings = [
  ['logout', 'logout', (made) => call('POST', '/api/auth/logout', undefined, { token: made.token })],
  ['logout everywhere', 'logout', (made, other) => call('POST', '/api/auth/logout-all', undefined, { token: other.token })],
  ['a changed password', 'password_changed', (made, other) => call('POST', '/api/auth/password', { old: 'correct horse', new: 'battery staple' }, { token: other.token })],
  ['a reset password', 'password_changed', async (made) => {
    await call('POST', '/api/auth/reset-request', { email: made.email });
    return call('POST', '/api/auth/reset', { code: await resetCode(made.email), password: 'a fresh start' });
  }],
  ['erasing the account', 'erased', (made, other) => call('DELETE', '/api/players/me', undefined, { token: other.token })],
  // The token of the family's beginning, two generations old: somebody else has it too.
  ['a reused refresh token', 'refresh_token_reused', async (made) => {
    const second = await call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken });
    await call('POST', '/api/auth/refresh', { refreshToken: second.body.refreshToken });
    return call('POST', '/api/auth/refresh', { refreshToken: made.refreshToken });
  }],
];

for (const [what, reason, end] of endings) {
  test(`A5 ${what} closes the live sockets of that login within a second and says why`, async () => {
    const made = await register();
    const other = (await call('POST', '/api/auth/login', { email: made.email, password: 'correct horse' })).body;
    const player = await Player.connect(server.url, { auth: { token: made.token } });
    player.socket.io.reconnection(false);
    const ended = player.next('session:ended', () => true, 3000);
    const answer = await end(made, other);
    const answered = Date.now();
    assert.ok(answer.status < 500, JSON.stringify(answer.body));
    assert.equal((await ended).reason, reason);
    await until('closed', () => !player.socket.connected, 2000);
    assert.ok(Date.now() - answered < 1000);
    await assert.rejects(Player.connect(server.url, { auth: { token: made.token } }), /unauthorized/);
  });
}

test('one account, one seat: the second device takes the seat over, the first is told why', async () => {
  const made = await register('Two Devices');
  const phone = await Player.connect(server.url, { auth: { token: made.token } });
  const guest = await Player.connect(server.url);
  const { lobbyId } = await duel(phone, guest);
  await until('in the world', () => phone.me);
  const told = phone.next('session:ended');
  phone.socket.io.reconnection(false);
  const desk = new Promise((done) => { Player.connect(server.url, { auth: { token: made.token } }).then(done); });
  const desktop = await desk;
  assert.match((await told).reason, /another device/);
  await until('the seat', () => desktop.heard('lobby_joined').length === 1);
  assert.equal(desktop.heard('lobby_joined')[0].lobbyId, lobbyId);
  await until('the match', () => desktop.heard('match_started').length === 1);
  await desktop.enter({ team: 'red' });
  assert.equal(desktop.team, 'red');
  await until('others see one player for both', () => Object.keys(guest.state.players).length === 2);
  await closeAll([desktop, guest]);
});

test('a guest registers inside the game and keeps the seat', async () => {
  const guest = await Player.connect(server.url);
  const other = await Player.connect(server.url);
  await duel(guest, other);
  const made = await register('Was A Guest');
  const linked = guest.next('account:linked');
  guest.emit('account:link', { token: made.token });
  assert.equal((await linked).displayName, 'Was A Guest');
  guest.emit('debug:trigger_match_end');
  await guest.next('match_ended');
  await until('the match counts for the account', async () => (await call('GET', `/api/players/${made.player.id}`)).body.stats.matches === 1);
  const refused = other.next('account:refused');
  other.emit('account:link', { token: 'nonsense' });
  await refused;
  await closeAll([guest, other]);
});

test('A2 a login storm: the surplus is answered 503 with Retry-After, nobody waits forever', async () => {
  const slow = await Server.start(bin, { ...settings, BCRYPT_COST: '11' });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => fetch(`${slow.url}/api/auth/login`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `10.2.0.${i + 1}` },
    body: JSON.stringify({ email: `storm${i}@example.org`, password: 'wrong password' }),
  }).then((answer) => ({ status: answer.status, retry: answer.headers.get('retry-after') }))));
  const busy = answers.filter((answer) => answer.status === 503);
  assert.ok(busy.length > 50, `${busy.length} of 200 were sent away`);
  assert.ok(busy.every((answer) => Number(answer.retry) > 0));
  assert.ok(answers.every((answer) => answer.status === 503 || answer.status === 401));
  await slow.stop();
  slow.forget();
});

test('O3 no password, token or e-mail in the log', async () => {
  const text = server.output;
  for (const secret of ['correct horse', 'example.org', 'eyJ', 'battery staple']) assert.ok(!text.includes(secret), secret);
});

const results = await runAll();
await sleep(100);
await server.stop();
server.forget();
if (postgres) await postgres.stop();
await finish(results);
