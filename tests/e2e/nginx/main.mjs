// C6, S1, O1: Debian's NGINX with the shipped configuration in front of three real nodes, and the official client through it.

import { execFileSync } from 'node:child_process';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { closeAll } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { hostileRequests } from './hostile.mjs';
import { render } from './proxy.mjs';
import { play, Site } from './site.mjs';
import { WebSocket } from 'ws';

const bin = process.argv[2];
const kIdle = 62_000;  // longer than NGINX's own time-out of 60 s

// The nodes share a database and a Redis, as compose has it.
const [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
const database = postgres.url(postgres.createDatabase());
execFileSync(join(bin, 'trespasserd'), ['migrate'], { env: { DATABASE_URL: database, DATA_DIR: postgres.folder }, stdio: 'pipe' });
const site = await Site.start(bin, { settings: { DATABASE_URL: database, REDIS_URL: redis.url, JWT_SECRET: 'n'.repeat(64) } });
const { proxy } = site;

// Plays beside the other tests and is looked at by the last one.
const silent = await silentSocket();

// A node whose pings come every five minutes, so that nothing at all is sent over its WebSocket.
async function silentSocket() {
  const quiet = await Site.start(bin, { nodes: 1, settings: { PING_INTERVAL: '300' } });
  const socket = new WebSocket(`wss://127.0.0.1:${quiet.proxy.port}/socket.io/?EIO=4&transport=websocket`, { ca: quiet.proxy.ca });
  const heard = [];
  socket.on('message', (data) => heard.push(String(data)));
  await until('the handshake', () => heard.length === 1);
  socket.send('40');
  await until('the first words', () => heard.length >= 2);
  await sleep(1000);
  heard.length = 0;
  const began = Date.now();
  const closed = new Promise((done) => { socket.on('close', done); });
  return { quiet, socket, heard, began, closed };
}

// Open sockets of a node; its lobbies may be elsewhere.
const sockets = (index) => fetch(`${site.nodes[index].url}/health`).then((answer) => answer.json()).then((body) => body.connections);

test('C6 the rendered configuration is one that nginx takes, without warnings', async () => {
  const { code, text } = await proxy.check();
  assert.equal(code, 0, text);
  const warnings = text.split('\n').filter((line) => line.includes('[warn]') && !line.includes('"user" directive'));
  assert.deepEqual(warnings, []);
});

test('C6 values that would be configuration of their own are refused by the renderer', () => {
  const good = { NGINX_NODES: '127.0.0.1:3000', NGINX_TLS_CERTIFICATE: '/a.pem', NGINX_TLS_KEY: '/b.pem' };
  assert.match(render(good), /server 127\.0\.0\.1:3000 max_fails=3 fail_timeout=10s;/);
  for (const bad of [{ NGINX_NODES: '' }, { NGINX_NODES: 'a:1; } evil {' }, { NGINX_NODES: 'a:1=weight' }, { NGINX_SERVER_NAME: 'x; y' },
    { NGINX_TLS_KEY: '' }, { NGINX_RUN_DIR: '/run\n}' }]) {
    assert.throws(() => render({ ...good, ...bad }), /render/, JSON.stringify(bad));
  }
});

for (const kind of ['polling', 'websocket', 'upgrade']) {
  test(`C6 the official client plays through NGINX: ${kind}`, async () => {
    const pair = await Promise.all([site.player(5, kind), site.player(6, kind)]);
    await Promise.all(pair.map(play));
    const [one] = pair;
    const transport = kind === 'polling' ? 'polling' : 'websocket';
    await until('the transport', () => pair.every((player) => player.socket.io.engine.transport.name === transport));
    one.forget();
    await one.hold({ d: true }, 30);
    assert.ok(one.heard('game:state').length >= 5, 'states come');
    assert.ok(pair.every((player) => player.losses.length === 0), 'nobody lost the connection');
    await closeAll(pair);
  });
}

test('C6 sticky by client address: one client stays on one node, many clients spread', async () => {
  const kinds = ['polling', 'polling', 'upgrade', 'websocket'];
  const many = await Promise.all(Array.from({ length: 24 }, (_, i) => site.player(20 + i, kinds[i % kinds.length])));
  await Promise.all(many.map(async (player) => { await player.ready(); await player.quickPlay(); }));
  // Engine.IO would answer 400 to a request that reaches another node than the session's.
  await sleep(3000);
  assert.deepEqual(many.flatMap((player) => player.losses), []);
  const failures = proxy.accessLog().filter((line) => line.status >= 400 && many.some((player) => player.from === line.client));
  assert.deepEqual(failures, []);
  const counts = await Promise.all([0, 1, 2].map(sockets));
  assert.equal(counts.reduce((sum, count) => sum + count, 0), many.length, `${counts}`);
  assert.ok(counts.every((count) => count > 0), `every node has connections: ${counts}`);
  await closeAll(many);
});

test('the same address gets the same node on every new connection', async () => {
  for (const last of [60, 61, 62]) {
    const nodes = new Set();
    for (let i = 0; i < 5; i += 1) nodes.add(await site.nodeOf(last));
    assert.equal(nodes.size, 1);
  }
});

test('C6 /health is answered and not logged; the log has no query strings', async () => {
  for (const path of ['/health', '/health/live', '/health/ready']) {
    assert.equal((await proxy.get(path, { from: '127.0.0.70' })).status, 200, path);
  }
  assert.equal((await proxy.get('/play?token=secret', { from: '127.0.0.70' })).status, 200);
  const lines = await until('the line of the page', () => {
    const mine = proxy.accessLog().filter((line) => line.client === '127.0.0.70');
    return mine.length > 0 && mine;
  });
  assert.deepEqual(lines.map((line) => line.path), ['/play']);
  assert.ok(!JSON.stringify(proxy.accessLog()).includes('secret'));
});

test('C6 /api/ and pages go through, /metrics and /debug/ do not', async () => {
  const document = await proxy.get('/api/openapi.json');
  assert.equal(document.status, 200);
  assert.equal(JSON.parse(document.text).info.title, 'Trespasser HTTP API');
  const body = JSON.stringify({ email: 'nginx@example.org', password: 'correct horse battery', displayName: 'Nginx' });
  // Without a length node.js sends chunks, which the nodes refuse and NGINX turns into a length.
  const made = await proxy.request('POST', '/api/auth/register', {
    from: '127.0.0.71', headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }, body,
  });
  assert.equal(made.status, 201, made.text);
  for (const last of await Promise.all([0, 1, 2].map((index) => site.addressesOf(index, 1, 72).then(([address]) => address)))) {
    const login = await proxy.request('POST', '/api/auth/login', { from: `127.0.0.${last}`, headers: { 'Content-Type': 'application/json' }, body });
    assert.equal(login.status, 200, `every node knows the account: ${login.text}`);
  }
  assert.equal((await proxy.get('/play')).status, 200);
  assert.match((await proxy.get('/')).text, /"service":"trespasser"/);
  assert.equal((await proxy.get('/metrics')).status, 404);
  assert.equal((await proxy.get('/debug/lobbies')).status, 404);
});

test('C6 browsers get HTTP/2, HSTS and compressed scripts; plain HTTP sends them to HTTPS', async () => {
  const script = /src="([^"]+\.js)"/.exec((await proxy.get('/play')).text)[1];
  const session = connectHttp2(proxy.url, { ca: proxy.ca });
  const headers = await new Promise((done, failed) => {
    session.on('error', failed);
    const request = session.request({ ':path': script, 'accept-encoding': 'gzip' });
    request.on('response', done);
    request.on('error', failed);
    request.resume();
    request.end();
  });
  session.close();
  assert.equal(headers[':status'], 200);
  assert.equal(headers['content-encoding'], 'gzip');
  assert.match(headers['strict-transport-security'], /max-age=\d{8}/);
  const plain = await fetch(`http://127.0.0.1:${proxy.httpPort}/play?x=1`, { redirect: 'manual' });
  assert.equal(plain.status, 308);
  assert.equal(plain.headers.get('location'), 'https://127.0.0.1/play?x=1');
});

// The node counts API requests by the address it believes in; what is left tells which one that is.
async function allowanceLeft(request) {
  const answer = await request;
  return Number((answer.headers.get?.('ratelimit-remaining')) ?? answer.headers['ratelimit-remaining']);
}

test('S1 the node sees the client behind NGINX, and forged X-Forwarded-For is not believed', async () => {
  const ask = (from, forged) => allowanceLeft(proxy.get('/api/leaderboard', { from, headers: forged ? { 'X-Forwarded-For': forged } : {} }));
  // Two addresses on the same node, so that what separates them is the address and not the node.
  const [one, other] = (await site.addressesOf(0, 2, 80)).map((last) => `127.0.0.${last}`);
  const left = [await ask(one), await ask(one, '203.0.113.7'), await ask(one, '203.0.113.8, 203.0.113.9'), await ask(one, '127.0.0.1')];
  assert.deepEqual(left, [99, 98, 97, 96]);
  assert.equal(await ask(other), 99, 'another address has an allowance of its own');
});

test('S1 past NGINX, an address that is no trusted proxy cannot choose its own', async () => {
  const { request } = await import('node:http');
  const ask = (forged) => allowanceLeft(new Promise((done, failed) => {
    request(`${site.nodes[1].url}/api/leaderboard`, { localAddress: '127.0.0.90', headers: { 'X-Forwarded-For': forged } }, (answer) => {
      answer.resume();
      done(answer);
    }).on('error', failed).end();
  }));
  assert.deepEqual([await ask('203.0.113.20'), await ask('203.0.113.21')], [99, 98]);
});

test('S1 a balancer before NGINX is believed only when it is named', async () => {
  const behind = await Site.start(bin, { nodes: 1, values: { NGINX_BALANCERS: '127.0.0.100' } });
  const ask = (from, forwarded) => allowanceLeft(behind.proxy.get('/api/leaderboard', { from, headers: { 'X-Forwarded-For': forwarded } }));
  assert.equal(await ask('127.0.0.100', '198.51.100.1'), 99);
  assert.equal(await ask('127.0.0.100', '198.51.100.2'), 99);
  assert.equal(await ask('127.0.0.100', '6.6.6.6, 198.51.100.1'), 98, 'the nearest one that is no balancer');
  assert.equal(await ask('127.0.0.101', '198.51.100.1'), 99, 'not a balancer: its own address');
  assert.equal(await ask('127.0.0.101', '198.51.100.77'), 98);
  await behind.stop();
});

test('C6 bodies that are too large are refused by NGINX', async () => {
  const post = async (path, bytes) => (await proxy.request('POST', path, { body: 'x'.repeat(bytes), headers: { 'Content-Length': bytes } })).status;
  assert.equal(await post('/api/auth/login', 70_000), 413);
  assert.equal(await post('/socket.io/?EIO=4&transport=polling&sid=none', 200_000), 413);
  assert.equal(await post('/play', 5_000), 413);
  assert.equal((await proxy.get('/play', { headers: { 'X-Long': 'x'.repeat(9_000) } })).status, 400);
});

// Opens so many WebSockets from one address; those that were let in, and how many were answered with 429 instead.
async function openMany(through, from, count) {
  const open = [];
  let refused = 0;
  await Promise.all(Array.from({ length: count }, () => new Promise((done, failed) => {
    const socket = new WebSocket(`wss://127.0.0.1:${through.port}/socket.io/?EIO=4&transport=websocket`, { ca: through.ca, localAddress: from });
    socket.on('open', () => { open.push(socket); done(); });
    socket.on('unexpected-response', (request, response) => {
      refused += response.statusCode === 429 ? 1 : 0;
      request.destroy();
      done();
    });
    socket.on('error', (error) => { if (!/^(Socket closed|WebSocket was closed|socket hang up)/.test(error.message)) failed(error); });
  })));
  return { open, refused };
}

// Asks for a page so many times, ten at once: how often each status came.
async function askMany(through, from, count) {
  const agent = through.agent(from, true);
  const statuses = {};
  let left = count;
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (left > 0) {
      left -= 1;
      const { status } = await through.get('/play/', { from, agent });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  }));
  agent.destroy();
  return statuses;
}

test('S1 NGINX bounds the connections and the requests of an address, and of no other', async () => {
  const values = { NGINX_ADDRESS_CONNECTIONS: '20', NGINX_ADDRESS_RATE: '2', NGINX_ADDRESS_BURST: '40' };
  const small = await Site.start(bin, { nodes: 1, values });
  const many = await openMany(small.proxy, '127.0.0.9', 25);
  assert.deepEqual([many.open.length, many.refused], [20, 5]);
  const others = await openMany(small.proxy, '127.0.0.10', 20);
  assert.deepEqual([others.open.length, others.refused], [20, 0]);
  for (const socket of many.open.splice(0, 3)) socket.terminate();
  await until('who goes makes room', async () => {
    const next = await openMany(small.proxy, '127.0.0.9', 1);
    many.open.push(...next.open);
    return next.open.length === 1;
  }, 15_000);
  const statuses = await askMany(small.proxy, '127.0.0.11', 200);
  assert.ok(statuses[200] > 40, JSON.stringify(statuses));
  assert.equal(statuses[200] + statuses[429], 200, JSON.stringify(statuses));
  assert.deepEqual(await askMany(small.proxy, '127.0.0.12', 30), { 200: 30 });
  for (const socket of [...many.open, ...others.open]) socket.terminate();
  await small.stop();
});

test('S1 to NGINX, all addresses of a customer of IPv6 are one', async () => {
  const values = { NGINX_BALANCERS: '127.0.0.100', NGINX_ADDRESS_RATE: '1', NGINX_ADDRESS_BURST: '5' };
  const small = await Site.start(bin, { nodes: 1, values });
  const ask = async (...froms) => {
    const statuses = await Promise.all(froms.map(async (from) => (await small.proxy.get('/play/', { from: '127.0.0.100', headers: { 'X-Forwarded-For': from } })).status));
    return statuses.filter((status) => status === 429).length;
  };
  const many = (prefix) => Array.from({ length: 20 }, (_, i) => `${prefix}${(i + 1).toString(16)}`);
  assert.ok(await ask(...many('2001:db8:1:2::')) > 5, 'short ones');
  assert.ok(await ask(...many('2001:db8:1:3:a:b:c:')) > 5, 'long ones');
  assert.ok(await ask(...many('2001:db8::')) > 5, 'those with zeros');
  assert.equal(await ask('2001:db8:1:4::1', '2001:db8:2::1', '2001:db8:1:5:a:b:c:d', '198.51.100.1'), 0, 'neighbours');
  assert.equal(await ask(...Array.from({ length: 20 }, (_, i) => `198.51.100.${i + 2}`)), 0, 'of IPv4 each is one');
  await small.stop();
});

test('S1 a school behind one address is not hurt by what NGINX bounds', async () => {
  const [sockets, statuses] = await Promise.all([openMany(proxy, '127.0.0.200', 250), askMany(proxy, '127.0.0.200', 1_000)]);
  assert.deepEqual([sockets.open.length, sockets.refused], [250, 0]);
  assert.deepEqual(statuses, { 200: 1_000 });
  for (const socket of sockets.open) socket.terminate();
});

test('C6 hostile clients cannot make NGINX think that a node is ill', async () => {
  const [last] = await site.addressesOf(0, 1, 110);
  await hostileRequests(proxy, `127.0.0.${last}`);
  assert.ok(!proxy.errors().includes('while reading response header'), proxy.errors());
  assert.ok(!proxy.errors().includes('temporarily disabled'), proxy.errors());
  assert.equal(await site.nodeOf(last), 0);
});

test('C4 C6 the code of a lobby on another node lets in, by polling and by WebSocket', async () => {
  const [host] = await site.addressesOf(0, 1, 60);
  const guests = [...await site.addressesOf(1, 1, 60), ...await site.addressesOf(2, 1, 60)];
  const ann = await site.player(host, 'upgrade');
  const others = await Promise.all(guests.map((last, i) => site.player(last, ['polling', 'websocket'][i])));
  await Promise.all([ann, ...others].map((player) => player.ready()));
  const created = ann.next('private_lobby_created');
  ann.emit('create_private_lobby', { gameMode: 'deathmatch' });
  const { inviteCode } = await created;
  const started = ann.next('match_started', () => true, 20_000);
  for (const player of others) {
    const joined = player.next('lobby_joined');
    player.emit('join_lobby', { lobbyId: inviteCode });
    await joined;
  }
  await started;
  await Promise.all([ann, ...others].map((player, i) => player.enter({ team: i === 0 ? 'red' : 'blue' })));
  await until('all see all', () => [ann, ...others].every((player) => player.me), 15_000);
  await Promise.all(others.map((player) => player.hold({ d: true }, 20)));
  await closeAll([ann, ...others]);
});

// Two clients of each kind on the node, playing, and one pair elsewhere; each in a lobby of their own node.
async function crowd(index, first) {
  const here = await site.addressesOf(index, 4, first);
  const away = await site.addressesOf((index + 1) % 3, 2, first);
  const kinds = ['polling', 'polling', 'upgrade', 'websocket', 'upgrade', 'websocket'];
  const all = await Promise.all([...here, ...away].map((last, i) => site.player(last, kinds[i])));
  all.forEach((player, i) => { player.mode = `${i < 4 ? 'here' : 'away'}-${first}`; });
  await Promise.all(all.map(play));
  await Promise.all(all.map(async (player) => {
    await until('the match begins', () => player.heard('match_started').length > 0, 15_000);
    await player.enter();
  }));
  return { mine: all.slice(0, 4), others: all.slice(4) };
}

// Back in the match, or, when that is over, in another lobby.
async function plays(player) {
  if (!player.socket.recovered) return play(player);
  player.forget();
  player.state = undefined;
  // What a node did in its last quarter of a second is lost: a player who had only just entered is asked to enter again.
  await until(`${player.name} plays on`, () => player.me || player.heard('match_started').length > 0, 15_000);
  return player.me ?? player.enter();
}

for (const [how, end, first] of [['SIGTERM', 'stop', 130], ['SIGKILL', 'kill', 160]]) {
  test(`C5 C6 a node ends with ${how} under load: its clients play on elsewhere, the others notice nothing`, async () => {
    const { mine, others } = await crowd(0, first);
    const back = mine.map((player) => new Promise((done) => {
      player.socket.once('disconnect', () => player.socket.once('connect', () => done(plays(player))));
    }));
    await site.nodes[0][end]();
    await Promise.all(back);
    assert.ok(proxy.errors().includes('while connecting to upstream'), 'the log tells of the dead node');
    // New clients whose address belongs to the dead node.
    const last = mine[0].from.split('.').at(-1);
    const stranger = await site.player(last, 'upgrade');
    await play(stranger);
    assert.notEqual(await site.nodeOf(last), 0);
    assert.ok(others.every((player) => player.losses.length === 0), 'the others');
    others[0].forget();
    await others[0].next('game:state');
    await closeAll([...mine, ...others, stranger]);
    await site.restart(0);
    // The passive check lets the node rest for ten seconds after its last failure.
    await until('the node gets its addresses again', async () => (await site.nodeOf(last)) === 0, 15_000);
  });
}

test('C5 a node is taken out and brought back without cutting a game (docs/operations/upgrade.md)', async () => {
  const { mine, others } = await crowd(1, 190);
  const sockets = mine.filter((player) => player.socket.io.engine.transport.name === 'websocket');
  const last = mine[0].from.split('.').at(-1);
  proxy.reload(site.words().map((word, i) => (i === 1 ? `${word}=down` : word)));
  await until('new connections go elsewhere', async () => (await site.nodeOf(last)) !== 1);
  assert.ok(sockets.length >= 2);
  for (const player of [...sockets, ...others]) {
    player.forget();
    await player.next('game:state');
    assert.deepEqual(player.losses, [], player.name);
  }
  await closeAll([...mine, ...others]);
  proxy.reload(site.words());
  await until('it has its addresses again', async () => (await site.nodeOf(last)) === 1);
});

test('C6 the time-out of silent sockets is the one of the configuration', async () => {
  const short = await Site.start(bin, { nodes: 1, settings: { PING_INTERVAL: '300' }, values: { NGINX_SOCKET_TIMEOUT: '2s' } });
  const socket = new WebSocket(`wss://127.0.0.1:${short.proxy.port}/socket.io/?EIO=4&transport=websocket`, { ca: short.proxy.ca });
  await new Promise((done) => { socket.once('message', done); });
  await new Promise((done) => { socket.once('close', done); });
  await short.stop();
  assert.match(render({ NGINX_NODES: 'a:1', NGINX_TLS_CERTIFICATE: 'c', NGINX_TLS_KEY: 'k' }), /location \/socket\.io\/ \{[^}]*proxy_read_timeout 3600s;/);
});

test('C6 a WebSocket on which nothing is said for over a minute is not cut', async () => {
  const { quiet, socket, heard, began, closed } = silent;
  await sleep(Math.max(0, kIdle - (Date.now() - began)));
  assert.equal(socket.readyState, WebSocket.OPEN);
  assert.deepEqual(heard, [], 'nothing was said');
  socket.send(`42["time:sync",${Date.now()}]`);
  await until('the node answers on it', () => heard.some((message) => message.includes('time:sync:response')));
  socket.close();
  await closed;
  await quiet.stop();
});

const results = await runAll();
if (process.env.ONLY) {
  silent.socket.terminate();
  await silent.quiet.stop().catch(() => {});
}
await site.stop();
await Promise.all([postgres.stop(), redis.kill()]);
await finish(results);
