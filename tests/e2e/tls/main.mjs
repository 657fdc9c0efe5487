// TLS in the server: official clients over https and wss on one shard and on three, certificates read again, refusals, and
// the shipped layer-4 balancer in front.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { resolve } from 'node:path';
import tls from 'node:tls';
import { makeCertificate } from '../lib/certificate.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { freePorts } from '../lib/ports.mjs';
import { Server } from '../lib/server.mjs';
import { Balancer } from './balancer.mjs';

const bin = process.argv[2];
const maps = mapFolder({ range: rangeRows() });
const certificate = makeCertificate('first');

async function start(settings = {}) {
  const [port] = await freePorts(1);
  const server = await Server.start(bin, {
    MAPS_DIR: maps, DEFAULT_MAP: 'range', COUNTDOWN: '2', DRAIN_LIMIT: '0', TLS_PORT: String(port), TLS_CERT: certificate.cert,
    TLS_KEY: certificate.key, ...settings,
  });
  server.tlsPort = port;
  server.tlsUrl = `https://127.0.0.1:${port}`;
  return server;
}

async function withServer(settings, body) {
  const server = await start(settings);
  try {
    await body(server);
  } finally {
    await server.stop();
    server.forget();
  }
}

function request(url, { method = 'GET', body, headers = {}, from = '127.0.0.1', ca = certificate.ca } = {}) {
  return new Promise((done, failed) => {
    const agent = new https.Agent({ ca, localAddress: from, keepAlive: false });
    const asked = https.request(url, { method, headers, agent }, (response) => {
      let text = '';
      response.on('data', (part) => { text += part; });
      response.on('end', () => done({ status: response.statusCode, text, json: () => JSON.parse(text) }));
      response.on('error', failed);
    });
    asked.on('error', failed);
    asked.end(body);
  });
}

// A handshake alone: who answered, and what is there to resume.
function shake(port, options = {}) {
  return new Promise((done, failed) => {
    let session;
    const socket = tls.connect({ host: '127.0.0.1', port, ca: certificate.ca, ALPNProtocols: ['h2', 'http/1.1'], ...options }, () => {
      const found = { name: socket.getPeerCertificate().subject?.CN, protocol: socket.alpnProtocol, version: socket.getProtocol(), resumed: socket.isSessionReused() };
      socket.on('data', () => {});
      // Tickets come with the answer.
      socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      socket.on('end', () => { socket.destroy(); done({ ...found, session }); });
    });
    socket.once('session', (given) => { session = given; });
    socket.on('error', failed);
  });
}

// Everything that comes until the connection ends.
function rawEnd(port, bytes) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let count = 0;
    socket.on('data', (data) => { count += data.length; });
    socket.on('error', () => {});
    socket.on('close', () => done(count));
  });
}

for (const shards of [1, 3]) {
  test(`${shards} shard(s): a short match of official clients by polling, WebSocket and upgrade`, () => withServer(
    { SHARDS: String(shards), TEST_HOOKS: 'true' }, async (server) => {
      const players = [];
      const starts = [];
      for (const transports of [['polling'], ['websocket'], ['polling', 'websocket'], ['polling', 'websocket']]) {
        const player = await Player.connect(server.tlsUrl, { transports, manager: { ca: certificate.ca } });
        player.name = `P${players.length}`;
        players.push(player);
        starts.push(player.next('match_started'));
        await player.ready();
        await player.quickPlay();
      }
      await Promise.all(starts);
      await until('the upgrades', () => players.slice(2).every((player) => player.socket.io.engine.transport.name === 'websocket'));
      await Promise.all(players.map((player) => player.enter()));
      await until('all see each other', () => players.every((player) => player.me && player.heard('game:state').length > 20), 15_000);
      const walks = players.map(async (player) => {
        const from = { ...player.me.position };
        await player.hold({ s: true }, 30);
        await player.hold({ w: true, d: true }, 30);
        return [from, player.me.position];
      });
      for (const [from, to] of await Promise.all(walks)) assert.notDeepEqual(from, to, 'inputs arrive');
      const ended = players.map((player) => player.next('match_ended'));
      players[0].emit('debug:trigger_match_end');
      await Promise.all(ended);
      await until('the result is kept', () => server.rows('SELECT match_id FROM match_results').length === 1);
      // A cut line is taken up again, by the session's own resumption.
      const back = new Promise((done) => { players[2].socket.once('connect', done); });
      players[2].cut();
      await back;
      assert.ok(players[2].socket.recovered, 'the socket is recovered');
      await closeAll(players);
      assert.deepEqual(server.logLines().filter((line) => line.event === 'error'), []);
    }));
}

test('HTTP API and pages over TLS, resumption on every shard, http/1.1 by ALPN, both versions', () => withServer({ SHARDS: '3' }, async (server) => {
  assert.equal((await request(`${server.tlsUrl}/health`)).status, 200);
  const made = await request(`${server.tlsUrl}/api/auth/register`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'tls@example.org', password: 'correct horse battery', displayName: 'Tls' }),
  });
  assert.ok([200, 201].includes(made.status), made.text);
  for (const maxVersion of ['TLSv1.3', 'TLSv1.2']) {
    const first = await shake(server.tlsPort, { maxVersion });
    assert.deepEqual([first.version, first.protocol, first.resumed], [maxVersion, 'http/1.1', false]);
    // New connections fall on any shard.
    for (let i = 0; i < 12; i += 1) assert.ok((await shake(server.tlsPort, { maxVersion, session: first.session })).resumed, `${maxVersion} ${i}`);
  }
  await assert.rejects(shake(server.tlsPort, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
  await assert.rejects(shake(server.tlsPort, { ca: undefined }), /self-signed/);
}));

test('what is no TLS is closed, and honest players do not notice', () => withServer({ SHARDS: '1' }, async (server) => {
  const player = await Player.connect(server.tlsUrl, { transports: ['websocket'], manager: { ca: certificate.ca } });
  await player.ready();
  for (const bytes of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', Buffer.alloc(100_000, 0xee), Buffer.from('16030100050102030405', 'hex'),
    'PROXY TCP4 192.0.2.9 127.0.0.1 1 443\r\n']) {
    assert.ok(await rawEnd(server.tlsPort, bytes) < 50, 'an alert at most');
  }
  await player.quickPlay();
  await closeAll([player]);
}));

test('SIGHUP shows the renewed certificate to newcomers only, and a bad one changes nothing', async () => {
  const own = makeCertificate('old');
  await withServer({ SHARDS: '2', TLS_CERT: own.cert, TLS_KEY: own.key }, async (server) => {
    const player = await Player.connect(server.tlsUrl, { transports: ['websocket'], manager: { ca: own.ca } });
    const told = (event) => until(event, () => server.logLines().find((line) => line.event === event));
    assert.equal((await shake(server.tlsPort, { ca: own.ca })).name, 'old');
    own.renew('new');
    server.process.kill('SIGHUP');
    const loaded = await told('certificate_loaded');
    assert.match(JSON.stringify(loaded), /CN = new, until /);
    assert.equal((await shake(server.tlsPort, { ca: own.ca })).name, 'new');
    const ca = own.ca;
    writeFileSync(own.key, 'no key');
    server.process.kill('SIGHUP');
    const refused = await told('certificate_not_loaded');
    assert.match(JSON.stringify(refused), /tls_key/);
    assert.equal((await shake(server.tlsPort, { ca })).name, 'new');
    await player.ready();
    await closeAll([player]);
    assert.ok(!server.output.includes('secret-key'), 'the place of the key is nowhere in the log');
  });
  own.forget();
});

test('settings that cannot work are named at the start and by config check', async () => {
  const other = makeCertificate('other');
  const run = (settings, words = []) => new Promise((done) => {
    execFile(resolve(bin, 'trespasserd'), words, { env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: other.folder, MAPS_DIR: maps, ...settings } },
      (error, stdout, stderr) => done({ code: error?.code ?? 0, text: stdout + stderr }));
  });
  const good = { TLS_PORT: '1', TLS_CERT: certificate.cert, TLS_KEY: certificate.key };
  for (const [settings, names] of [
    [{ TLS_PORT: '1' }, /tls_port.*TLS_CERT.*TLS_KEY/],
    [{ ...good, TLS_CERT: '/nowhere/cert.pem' }, /tls_cert.*\/nowhere\/cert\.pem/],
    [{ ...good, TLS_KEY: '/nowhere/secret-key.pem' }, /tls_key/],
    [{ ...good, TLS_KEY: other.key }, /tls_key.*mismatch/],
    [{ PROXY_PROTOCOL: 'tls' }, /proxy_protocol.*trusted_proxies/],
  ]) {
    for (const words of [[], ['config', 'check']]) {
      const { code, text } = await run(settings, words);
      assert.equal(code, 1, text);
      assert.match(text, names);
      assert.ok(!text.includes('secret-key'), text);
    }
  }
  assert.equal((await run(good, ['config', 'check'])).code, 0);
  other.forget();
});

// The address decides about the limit: five handshakes of one client, then one of another.
test('PROXY_PROTOCOL=plain: a header on the plain port says who comes', () => withServer(
  { SHARDS: '1', TRUSTED_PROXIES: '127.0.0.1', PROXY_PROTOCOL: 'plain', SOCKET_OPENS_PER_MINUTE: '3' }, async (server) => {
    const ask = (header) => new Promise((done) => {
      let text = '';
      const socket = net.connect(server.port, '127.0.0.1', () => {
        socket.write(`${header}GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      });
      socket.on('data', (part) => { text += part; });
      socket.on('error', () => {});
      socket.on('close', () => done(text.slice(9, 12)));
    });
    const statuses = [];
    for (const last of [9, 9, 9, 9, 10]) statuses.push(await ask(`PROXY TCP4 192.0.2.${last} 127.0.0.1 1234 80\r\n`));
    assert.deepEqual(statuses, ['200', '200', '200', '429', '200']);
    assert.equal(await ask('PROXY UNKNOWN\r\n'), '200');
    assert.equal(await ask(''), '');
    assert.equal(await ask('PROXY TCP4 192.0.2.11 127.0.0.1 1234\r\n'), '');
    assert.equal((await request(`${server.tlsUrl}/health/live`)).status, 200, 'the other port wants none');
  }));

test('behind the shipped layer-4 balancer each player keeps an address, a node, and TLS to the node', async () => {
  const settings = { SHARDS: '2', TRUSTED_PROXIES: '127.0.0.1', PROXY_PROTOCOL: 'tls', SOCKET_OPENS_PER_MINUTE: '3' };
  const servers = [await start(settings), await start(settings)];
  const balancer = await Balancer.start(servers.map((server) => `127.0.0.1:${server.tlsPort}`));
  try {
    const players = [];
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.7']) {
      const agent = new https.Agent({ ca: certificate.ca, localAddress: from });
      const player = await Player.connect(balancer.url, { manager: { agent, ca: certificate.ca } });
      players.push(player);
      await player.ready();
      await player.quickPlay();
      await player.enter();
    }
    await until('the upgrades and states', () => players.every((player) => player.me && player.socket.io.engine.transport.name === 'websocket'), 15_000);
    const nodes = new Set(balancer.accessLog().map((line) => line.node));
    assert.ok(nodes.size >= 1 && [...nodes].every((node) => servers.some((server) => node === `127.0.0.1:${server.tlsPort}`)));
    // S1 sees the players, not the balancer: the limit of one address is not another's.
    const open = (from) => request(`${balancer.url}/socket.io/?EIO=4&transport=polling`, { from });
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push((await open('127.0.0.9')).status);
    assert.deepEqual(answers, [200, 200, 200, 429, 429]);
    assert.equal((await open('127.0.0.10')).status, 200);
    await closeAll(players);
    // Who comes past the balancer is not taken for one.
    assert.equal((await request(`${servers[0].tlsUrl}/health`, { from: '127.0.0.2' })).status, 200);
    // From the balancer's own machine nothing goes without a header.
    await assert.rejects(request(`${servers[0].tlsUrl}/health`));
    // A node that ends is left, and its addresses move to the other one.
    await servers[0].stop();
    for (const last of [2, 3, 4, 5, 6, 7]) assert.equal((await request(`${balancer.url}/health/live`, { from: `127.0.0.${last}` })).status, 200);
  } finally {
    await balancer.stop();
    await Promise.all(servers.map((server) => server.process.exitCode ?? server.stop()));
    for (const server of servers) server.forget();
    await sleep(0);
  }
});

const results = await runAll();
certificate.forget();
await finish(results);
