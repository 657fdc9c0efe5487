// O3: the log of a full run has its events, each line whole, and no secret or e-mail anywhere.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';

const account = { email: 'secret.person@example.org', password: 'correct horse battery' };
const wrong = 'wrong horse battery';
const changed = 'another horse battery';
const chatted = 'words that are nobody else\'s business';

async function post(server, path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : {} };
}

// The whole of a player's day; gives every secret that came by.
async function day(server) {
  const secrets = [account.password, wrong, changed, account.email, 'secret.person', chatted];
  const keep = ({ body }) => { secrets.push(...[body.accessToken, body.refreshToken].filter(Boolean)); return body; };
  const registered = keep(await post(server, '/api/auth/register', { ...account, displayName: 'Quiet' }));
  assert.equal((await post(server, '/api/auth/login', { ...account, password: wrong })).status, 401);
  const signedIn = keep(await post(server, '/api/auth/login', account));
  keep(await post(server, '/api/auth/refresh', { refreshToken: registered.refreshToken }));
  await post(server, '/api/auth/reset-request', { email: account.email });
  const mails = join(server.data, 'mail.txt');
  const code = await until('the mail', () => existsSync(mails) && /\?code=([A-Za-z0-9_-]+)/.exec(readFileSync(mails, 'utf8'))?.[1]);
  secrets.push(code);

  const player = await Player.connect(server.url, { auth: { token: signedIn.accessToken } });
  const other = await Player.connect(server.url);
  await player.ready();
  await player.quickPlay({ bots: 2 });
  await other.quickPlay();
  await player.next('match_started', () => true, 15_000);
  await player.enter();
  player.emit('chat:message', { message: chatted });
  player.emit('player:input', { nonsense: account.email });
  player.emit(account.email, 'an event that is not known');
  const ended = player.next('match_ended');
  player.emit('debug:trigger_match_end');
  await ended;
  await closeAll([player, other]);
  assert.equal((await post(server, '/api/auth/reset', { code, password: changed, newPassword: changed })).status < 500, true);
  assert.equal((await fetch(`${server.url}/api/auth/me?token=${signedIn.accessToken}`)).status, 401);
  return secrets;
}

export function logTests(bin) {
  test('O3 a full run leaves its events in the log, and no password, token, code, message or e-mail', async () => {
    const server = await Server.start(bin, { MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', BCRYPT_COST: '4', TEST_HOOKS: 'true',
      LOG_LEVEL: 'debug', RECONNECT_GRACE: '0' });
    const secrets = await day(server);
    await until('both have left', () => server.logLines().filter(({ event }) => event === 'player_leave').length >= 2);
    await server.stop();
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
    const events = new Set(lines.map(({ event }) => event));
    for (const event of ['listening', 'player_registered', 'player_join', 'match_start', 'match_end', 'player_leave', 'stopped'])
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
