// O3: the log of a full run has its events, each line whole, and no secret or e-mail anywhere.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';
import { createAdmin, totp } from '../admin/staff.mjs';

export const account = { email: 'secret.person@example.org', password: 'correct horse battery' };
export const wrong = 'wrong horse battery';
export const changed = 'another horse battery';
const boss = 'big.boss@example.org';
const chatted = 'words that are nobody else\'s business';

export async function post(server, path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : {} };
}

function mailFile(server) {
  const mails = join(server.data, 'mail.txt');
  return existsSync(mails) ? readFileSync(mails, 'utf8') : '';
}

export const codeIn = (mails) => /\?code=([A-Za-z0-9_-]+)/.exec(mails)?.[1];

// The whole of a player's day; gives every secret that came by, and his id. `mails` gives all mails that were sent.
export async function day(server, mails = () => mailFile(server)) {
  const secrets = [account.password, wrong, changed, account.email, 'secret.person', chatted];
  const keep = ({ body }) => {
    assert.ok(body.token && body.refreshToken, JSON.stringify(body));
    secrets.push(body.token, body.refreshToken);
    return body;
  };
  const registered = keep(await post(server, '/api/auth/register', { ...account, displayName: 'Quiet' }));
  assert.equal((await post(server, '/api/auth/login', { ...account, password: wrong })).status, 401);
  const signedIn = keep(await post(server, '/api/auth/login', account));
  const renewed = keep(await post(server, '/api/auth/refresh', { refreshToken: registered.refreshToken }));
  keep(await post(server, '/api/auth/refresh', { refreshToken: renewed.refreshToken }));
  // A stolen token: the session ends, and the log has a line about it.
  assert.equal((await post(server, '/api/auth/refresh', { refreshToken: registered.refreshToken })).status, 401);
  await post(server, '/api/auth/reset-request', { email: account.email });
  const code = await until('the mail', () => codeIn(mails()), 20_000);
  secrets.push(code);

  const player = await Player.connect(server.url, { auth: { token: signedIn.token } });
  const other = await Player.connect(server.url);
  await player.ready();
  await player.quickPlay({ bots: 2 });
  await other.quickPlay();
  await player.next('match_started', () => true, 15_000);
  await player.enter();
  const heard = other.next('chat:message');
  player.emit('chat:message', { text: chatted, channel: 'lobby' });
  assert.equal((await heard).text, chatted);
  player.emit('player:input', { nonsense: account.email });
  player.emit(account.email, 'an event that is not known');
  const ended = player.next('match_ended');
  player.emit('debug:trigger_match_end');
  await ended;
  await closeAll([player, other]);
  assert.equal((await post(server, '/api/auth/reset', { code, password: changed })).status, 204);
  assert.equal((await fetch(`${server.url}/api/auth/me?token=${signedIn.token}`)).status, 401);
  return { secrets, player: registered.player.id, token: signedIn.token };
}

// Staff: the first administrator, a second factor, a ban, a mute, wrong codes; gives every secret of it.
export async function staffDay(server, bin, player) {
  const password = createAdmin(bin, server, boss);
  const { body: { token, refreshToken } } = await post(server, '/api/auth/login', { email: boss, password });
  const admin = async (status, path, body) => {
    const answer = await post(server, `/api/admin/${path}`, body, token);
    assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { secret } = await admin(200, 'factor');
  const { recoveryCodes } = await admin(200, 'factor/confirm', { code: totp(secret) });
  await admin(403, 'session', { code: 'not a code at all' });
  await admin(403, 'session', { code: recoveryCodes[0].replace(/.$/, '!') });
  const reason = 'He said that his name is Secret Person';
  await admin(201, `players/${player}/mute`, { reason, duration: 60 });
  await admin(201, `players/${player}/ban`, { reason, duration: 60 });
  assert.equal((await post(server, '/api/auth/login', { email: account.email, password: changed })).status, 403);
  await admin(204, `players/${player}/unban`, { reason });
  return [boss, password, token, refreshToken, secret, reason, 'not a code at all', ...recoveryCodes];
}

// The lines of the stopped server's log. Each is whole, and nowhere is one of the secrets.
export function linesWithout(secrets, server) {
  const folder = join(server.data, 'logs');
  const files = readdirSync(folder);
  assert.deepEqual(['combined.log', 'error.log'].filter((name) => !files.includes(name)), []);
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n') + server.output;
  for (const secret of secrets) {
    assert.ok(secret.length > 8, secret);
    assert.ok(!text.includes(secret), `the log says ${secret.slice(0, 12)}...`);
  }
  assert.doesNotMatch(text, /[\w.+-]+@[\w-]+\.[a-z]{2,}/i, 'an e-mail');
  assert.doesNotMatch(text, /eyJ[\w-]{10,}\./, 'a token');
  const lines = readFileSync(join(folder, 'combined.log'), 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  for (const line of lines) {
    assert.ok(!Number.isNaN(Date.parse(line.time)) && ['debug', 'info', 'warn', 'error'].includes(line.level), JSON.stringify(line));
    assert.ok(line.service === 'trespasser' && line.node && line.event, JSON.stringify(line));
  }
  return lines;
}

export function logTests(bin) {
  test('O3 a full run leaves its events in the log, and no password, token, code, key, message, reason or e-mail', async () => {
    const server = await Server.start(bin, { MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', BCRYPT_COST: '4', TEST_HOOKS: 'true',
      LOG_LEVEL: 'debug', RECONNECT_GRACE: '0' });
    const { secrets, player } = await day(server);
    await until('both have left', () => server.logLines().filter(({ event }) => event === 'player_leave').length >= 2);
    secrets.push(...await staffDay(server, bin, player));
    await server.stop();
    const lines = linesWithout(secrets, server);
    const events = new Set(lines.map(({ event }) => event));
    for (const event of ['listening', 'player_registered', 'player_join', 'match_start', 'match_end', 'player_leave', 'admin_action', 'admin_code_refused', 'suspicious',
      'stopped'])
      assert.ok(events.has(event), event);
    server.forget();
  });

  test('O3 garbage without end is a suspicious event in the log', async () => {
    const server = await Server.start(bin, { MAPS_DIR: mapFolder({ range: rangeRows() }) });
    const player = await Player.connect(server.url, { transports: ['websocket'] });
    player.socket.io.reconnection(false);
    for (let i = 0; i < 200; i += 1) player.emit('player:input', 'garbage');
    await until('it is noted', () => server.logLines().some(({ event, kind }) => event === 'suspicious' && kind === 'malformed_flood'));
    player.close();
    await server.stop();
    server.forget();
  });
}
