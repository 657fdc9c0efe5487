// S1: what one client address may do, however it reconnects, and what calls itself another address and is not.

import { connect } from 'node:net';
import http from 'node:http';
import { Server } from '../lib/server.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { assert, test } from '../lib/check.mjs';

const polling = '/socket.io/?EIO=4&transport=polling';
const wrong = { lobbyId: 'AAAAAAAAAAAAAAAA' };

async function withServer(bin, settings, body) {
  const server = await Server.start(bin, settings);
  try {
    await body(server);
  } finally {
    await server.stop();
    server.forget();
  }
}

// The status of an opening; `lines` are its X-Forwarded-For headers, each on a line of its own.
function open(server, lines) {
  return new Promise((done, failed) => {
    const headers = lines.length > 0 ? { 'X-Forwarded-For': lines } : {};
    http.get(server.url + polling, { headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode));
    }).on('error', failed);
  });
}

async function tryCode(player) {
  const failed = player.next('lobby_join_failed');
  player.emit('join_lobby', wrong);
  return (await failed).reason;
}

export function limits(bin, settings) {
  test('S1 codes are tried a fifth of ADDRESS_REQUESTS_PER_MINUTE times, over however many connections', async () => {
    await withServer(bin, { ...settings, ADDRESS_REQUESTS_PER_MINUTE: '20' }, async (server) => {
      const reasons = [];
      for (let i = 0; i < 3; i += 1) {
        const player = await Player.connect(server.url, { transports: ['websocket'] });
        reasons.push(await tryCode(player), await tryCode(player));
        await closeAll([player]);
      }
      assert.deepEqual(reasons, [...Array(4).fill('Lobby not found'), ...Array(2).fill('Too many requests. Please wait a moment.')]);
    });
  });

  test('S1 searches too, and a school of fifty at one address finds its matches with the default', async () => {
    await withServer(bin, { ...settings, SOCKET_OPENS_PER_MINUTE: '300', ADDRESS_REQUESTS_PER_MINUTE: '300' }, async (server) => {
      const school = [];
      for (let i = 0; i < 50; i += 1) school.push(await Player.connect(server.url));
      const joined = school.map((player) => player.next('lobby_joined'));
      for (const player of school) player.emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
      await Promise.all(joined);
      await closeAll(school);
    });
    await withServer(bin, { ...settings, ADDRESS_REQUESTS_PER_MINUTE: '5' }, async (server) => {
      const player = await Player.connect(server.url);
      for (let i = 0; i < 5; i += 1) {
        const joined = player.next('lobby_joined');
        player.emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
        await joined;
      }
      await closeAll([player]);
      const again = await Player.connect(server.url);
      const failed = again.next('matchmaking_failed');
      again.emit('find_match', { gameMode: 'deathmatch', isPrivate: false });
      assert.match((await failed).reason, /Too many requests/);
      await closeAll([again]);
    });
  });

  test('S1 a forged first line of X-Forwarded-For makes nobody another', async () => {
    await withServer(bin, { ...settings, TRUSTED_PROXIES: '127.0.0.1', SOCKET_OPENS_PER_MINUTE: '3' }, async (server) => {
      for (const forged of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) assert.equal(await open(server, [forged, '203.0.113.9']), 200);
      assert.equal(await open(server, ['4.4.4.4', '203.0.113.9']), 429);
      assert.equal(await open(server, ['4.4.4.4', '203.0.113.10']), 200);
    });
  });

  test('S2 an address holds so many TCP connections open, a trusted proxy as many as it likes', async () => {
    const fourth = async (more) => {
      let answer = '';
      await withServer(bin, { ...settings, CONNECTIONS_PER_ADDRESS: '3', ...more }, async (server) => {
        const held = [];
        for (let i = 0; i < 4; i += 1) {
          const socket = connect(new URL(server.url).port, '127.0.0.1');
          socket.on('error', () => {});
          held.push(socket);
          answer = await new Promise((resolve) => {
            socket.once('data', (bytes) => resolve(bytes.toString().slice(0, 12)));
            socket.once('close', () => resolve('closed'));
            socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
          });
          if (i < 3) assert.equal(answer, 'HTTP/1.1 200');
        }
        for (const socket of held) socket.destroy();
      });
      return answer;
    };
    assert.equal(await fourth({}), 'closed');
    assert.equal(await fourth({ TRUSTED_PROXIES: '127.0.0.1' }), 'HTTP/1.1 200');
  });

  test('S1 an address opens so many TCP connections a minute, whatever comes of them', async () => {
    await withServer(bin, { ...settings, CONNECTION_OPENS_PER_MINUTE: '10' }, async (server) => {
      const ask = (localAddress) => new Promise((resolve) => {
        const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', localAddress });
        socket.on('error', () => {});
        socket.once('data', (bytes) => { socket.destroy(); resolve(bytes.toString().slice(0, 12)); });
        socket.once('close', () => resolve('closed'));
        socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
      });
      for (let i = 0; i < 10; i += 1) assert.equal(await ask('127.0.0.5'), 'HTTP/1.1 200', `connection ${i}`);
      // One more comes free every six seconds; this asks faster than that.
      let answer = 'HTTP/1.1 200';
      for (let i = 0; i < 50 && answer !== 'closed'; i += 1) answer = await ask('127.0.0.5');
      assert.equal(answer, 'closed');
      assert.equal(await ask('127.0.0.6'), 'HTTP/1.1 200', 'another address');
    });
  });

  test('S1 this machine has no privilege', async () => {
    await withServer(bin, { ...settings, SOCKET_OPENS_PER_MINUTE: '3' }, async (server) => {
      for (let i = 0; i < 3; i += 1) assert.equal(await open(server, []), 200);
      assert.equal(await open(server, []), 429);
    });
  });
}
