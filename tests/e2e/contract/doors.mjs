// Who may come in and how many: bans of guests (S8), openings by address (S1), origins (S3), the bound on players (L1),
// and what clients' faults do to the node's health (O1): nothing.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { enterBoth, pairInMatch } from './remedies.mjs';

const polling = '/socket.io/?EIO=4&transport=polling';
const behind = (address) => ({ 'X-Forwarded-For': address });

async function withServer(bin, settings, body) {
  const server = await Server.start(bin, settings);
  try {
    await body(server);
  } finally {
    await server.stop();
    server.forget();
  }
}

function write(server, sql) {
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'trespasser.db'), sql]);
}

async function errorRate(server) {
  const page = await fetch(`${server.url}/health`);
  const text = await page.text();
  assert.doesNotMatch(text, /\d[eE][-+\d]/, 'plain decimals');
  return { status: page.status, rate: JSON.parse(text).checks.errorRate.rate };
}

export function doors(bin, settings) {
  test('S8 a banned guest hears why and until when, and nobody else is kept out', async () => {
    await withServer(bin, { ...settings, TRUSTED_PROXIES: '127.0.0.1' }, async (server) => {
      write(server, `INSERT INTO bans (address, reason, banned_by, created_at, ends_at) VALUES
        ('198.51.100.7', 'Cheating', 'test', '2026-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'),
        ('198.51.100.8', 'Cheating', 'test', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z')`);
      for (const transports of [['polling', 'websocket'], ['websocket']]) {
        await assert.rejects(Player.connect(server.url, { transports, headers: behind('198.51.100.7') }),
          /^Error: banned: Cheating \(until 2999-01-01T00:00:00\.000/);
      }
      const served = await Player.connect(server.url, { headers: behind('198.51.100.8') });
      const neighbour = await Player.connect(server.url, { headers: behind('198.51.100.9') });
      const forger = await Player.connect(server.url, { headers: behind('198.51.100.7, 198.51.100.9') });
      const account = await (await fetch(`${server.url}/api/auth/register`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...behind('198.51.100.7') },
        body: JSON.stringify({ email: 'ada@example.org', password: 'correct horse', displayName: 'Ada' }),
      })).json();
      const signedIn = await Player.connect(server.url, { headers: behind('198.51.100.7'), auth: { token: account.token } });
      await closeAll([served, neighbour, forger, signedIn]);
    });
  });

  test('S1 openings of sockets are counted by client address', async () => {
    await withServer(bin, { ...settings, TRUSTED_PROXIES: '127.0.0.1', SOCKET_OPENS_PER_MINUTE: '5' }, async (server) => {
      const open = async (headers) => (await fetch(server.url + polling, { headers })).status;
      for (let i = 0; i < 5; i += 1) assert.equal(await open(behind(`2001:db8:1:2::${i + 1}`)), 200);
      const refused = await fetch(server.url + polling, { headers: { ...behind('2001:db8:1:2::9'), Origin: server.url } });
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      assert.equal(refused.headers.get('access-control-allow-origin'), server.url, 'the page may read why');
      assert.equal(await open(behind('2001:db8:1:3::1')), 200);
      assert.equal(await open({}), 200);
    });
  });

  test('S3 pages of this machine may use sockets and API, look-alikes may not', async () => {
    await withServer(bin, settings, async (server) => {
      for (const origin of ['http://localhost:5173', 'http://127.0.0.1:5173', 'http://[::1]:5173', 'https://localhost']) {
        const poll = await fetch(server.url + polling, { headers: { Origin: origin } });
        assert.equal(poll.status, 200, origin);
        assert.equal(poll.headers.get('access-control-allow-origin'), origin);
        const api = await fetch(`${server.url}/api/leaderboard`, { headers: { Origin: origin } });
        assert.equal(api.headers.get('access-control-allow-origin'), origin);
      }
      for (const origin of ['http://localhost.example.org', 'http://[::1].example.org', 'http://[::12]:80', 'http://example.org', 'null']) {
        const poll = await fetch(server.url + polling, { headers: { Origin: origin } });
        assert.equal(poll.status, 403, origin);
        assert.equal(poll.headers.get('access-control-allow-origin'), null, origin);
        const api = await fetch(`${server.url}/api/leaderboard`, { headers: { Origin: origin } });
        assert.equal(api.headers.get('access-control-allow-origin'), null, origin);
      }
    });
  });

  test('S3 with CORS_ORIGINS=* an origin is echoed, and no answer with credentials says *', async () => {
    await withServer(bin, { ...settings, CORS_ORIGINS: '*' }, async (server) => {
      for (const origin of ['https://anything.example', 'http://localhost:5173']) {
        for (const [path, method] of [[polling, 'GET'], [`${polling}&sid=nope`, 'GET'], ['/api/leaderboard', 'GET'],
          ['/api/auth/login', 'OPTIONS'], ['/', 'GET'], ['/health', 'GET']]) {
          const { headers } = await fetch(server.url + path, { method, headers: { Origin: origin } });
          const [allowed, credentials] = ['origin', 'credentials'].map((name) => headers.get(`access-control-allow-${name}`));
          if (path.startsWith(polling)) assert.deepEqual([allowed, credentials], [origin, 'true'], path);
          else assert.equal(credentials, null, path);
          if (path.startsWith('/api/')) assert.equal(allowed, origin, path);
        }
      }
    });
  });

  test('L1 past MAX_PLAYERS_PER_NODE: refused by name, nobody else is affected, and a place that is left is free', async () => {
    await withServer(bin, { ...settings, MAX_PLAYERS_PER_NODE: '2' }, async (server) => {
      const match = await pairInMatch(server);
      await enterBoth(match);
      const third = await Player.connect(server.url);
      for (let i = 0; i < 3; i += 1) {
        const failed = third.next('matchmaking_failed');
        third.emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
        assert.equal((await failed).reason, 'Server capacity reached');
      }
      const full = third.next('lobby_join_failed');
      third.emit('join_lobby', { lobbyId: match.inviteCode });
      assert.equal((await full).reason, 'Server capacity reached');
      match.host.forget();
      await match.host.next('game:state');
      assert.deepEqual(match.host.heard('player:left'), []);
      assert.ok(match.host.socket.connected && match.guest.socket.connected);
      match.guest.emit('leave_lobby');
      await match.guest.next('left_lobby').catch(() => undefined);
      await until('a place is free', async () => {
        const answer = Promise.race([third.next('lobby_joined'), third.next('matchmaking_failed')]);
        third.emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
        return (await answer).lobbyId;
      });
      await closeAll([match.host, match.guest, third]);
    });
  });

  test('O1 what clients do wrong is no illness of the node', async () => {
    await withServer(bin, settings, async (server) => {
      await until('a first sample', async () => (await errorRate(server)).status === 200);
      const json = { 'Content-Type': 'application/json' };
      for (let i = 0; i < 60; i += 1) {
        await fetch(`${server.url}/nowhere`);
        await fetch(`${server.url}${polling}&sid=nope`);
        await fetch(`${server.url}/socket.io/?EIO=3&transport=polling`);
        await fetch(`${server.url}/api/auth/me`, { headers: { Authorization: 'Bearer nonsense' } });
        await fetch(`${server.url}/api/auth/login`, { method: 'POST', headers: json, body: '{"email":7' });
      }
      const villain = await Player.connect(server.url);
      for (let i = 0; i < 50; i += 1) villain.emit('find_match', 7);
      await sleep(2200);  // samples are a second apart
      assert.deepEqual(await errorRate(server), { status: 200, rate: 0 });
      await closeAll([villain]);
    });
  });
}
