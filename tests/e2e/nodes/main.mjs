// C4, A5, L9: any client, any lobby, any node. Three real nodes on a real Redis and PostgreSQL; the official client, with the
// shipped client's events.

import http from 'node:http';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Server } from '../lib/server.mjs';
import { Redis } from '../lib/redis.mjs';
import { startNode } from '../queue/nodes.mjs';

const bin = process.argv[2];
const redis = await Redis.start();
const postgres = await Postgres.start();
const database = postgres.url(postgres.createDatabase());
Server.migrate(bin, { DATABASE_URL: database });
const settings = { DATABASE_URL: database, COUNTDOWN: '2', DRAIN_LIMIT: '0' };
const [one, two, small] = await Promise.all([
  startNode(bin, redis, 'one', { ...settings, SHARDS: '2' }),
  startNode(bin, redis, 'two', { ...settings, SHARDS: '3' }),
  startNode(bin, redis, 'small', { ...settings, MAX_LOBBIES_PER_NODE: '1' }),
]);

const open = [];

function closeAll() {
  for (const player of open.splice(0)) player.close();
}

async function guest(node, name, options = {}) {
  const player = await Player.connect(node.url, { transports: ['websocket'], ...options });
  open.push(player);
  player.name = name;
  await player.ready();
  return player;
}

async function privateLobby(host, options = {}) {
  const created = host.next('private_lobby_created');
  host.emit('create_private_lobby', { gameMode: 'deathmatch', ...options });
  return created;
}

async function join(player, code, extra = {}) {
  const joined = player.next('lobby_joined');
  player.emit('join_lobby', { lobbyId: code, ...extra });
  return joined;
}

const sees = (viewer, other) => viewer.state?.players?.[other.id] !== undefined;

// Two players of one lobby, each on a node of his own, in a running match.
async function matchOfTwo(firstNode, secondNode) {
  const ann = await guest(firstNode, 'Ann');
  const ben = await guest(secondNode, 'Ben');
  const lobby = await privateLobby(ann);
  const started = [ann.next('match_started'), ben.next('match_started')];
  await join(ben, lobby.inviteCode);
  await Promise.all(started);
  await Promise.all([ann.enter({ team: 'red' }), ben.enter({ team: 'blue' })]);
  return { ann, ben, lobby };
}

test('C4 the code of a lobby on another node lets in, and both play', async () => {
  const { ann, ben, lobby } = await matchOfTwo(one, two);
  assert.equal(lobby.playerCount, 1);
  await until('both are in the world', () => ann.me && ben.me);
  const before = { ...ben.me.position };
  await ben.hold({ w: true, d: true }, 20);
  await ben.hold({ s: true, a: true }, 20);
  assert.notDeepEqual(ben.me.position, before);
  assert.equal(ben.me.lastProcessedInput >= 40, true);
  const left = ann.next('player:left');
  const gone = ben.next('left_lobby');
  ben.emit('leave_lobby');
  assert.equal((await gone).lobbyId, lobby.lobbyId);
  await left;
  closeAll();
});

test('C4 chat and host rights reach over nodes', async () => {
  const ann = await guest(one, 'Ann');
  const ben = await guest(two, 'Ben');
  const lobby = await privateLobby(ann, { maxPlayers: 3 });
  await join(ben, lobby.inviteCode);
  const heard = ann.next('chat:message');
  ben.emit('chat:message', { text: 'hello over there', channel: 'lobby' });
  assert.equal((await heard).text, 'hello over there');
  const kicked = ben.next('left_lobby');
  ann.emit('lobby:kick', { playerId: ben.id });
  await kicked;
  closeAll();
});

test('C4 find_match finds the waiting lobby of another node, once', async () => {
  const ann = await guest(one, 'Ann');
  const first = await ann.quickPlay({ gameMode: 'far' });
  await sleep(300);  // the directory of the cluster is written in the background
  const ben = await guest(two, 'Ben');
  const second = await ben.quickPlay({ gameMode: 'far' });
  assert.equal(second.lobbyId, first.lobbyId);
  const cid = await guest(small, 'Cid');
  assert.equal((await cid.quickPlay({ gameMode: 'far' })).lobbyId, first.lobbyId);
  closeAll();
});

test('C4 a full node sends its players to another one', async () => {
  const ann = await guest(small, 'Ann');
  await privateLobby(ann);
  const ben = await guest(small, 'Ben');
  const lobby = await privateLobby(ben);
  assert.ok(lobby.inviteCode);
  const cid = await guest(small, 'Cid');
  await cid.quickPlay({ gameMode: 'beyond' });
  closeAll();
});

test('C4 a code may be typed as people type', async () => {
  const ann = await guest(one, 'Ann');
  const lobby = await privateLobby(ann);
  await sleep(300);
  const ben = await guest(two, 'Ben');
  await join(ben, lobby.inviteCode.toLowerCase().replace(/(....)/g, '$1-'));
  closeAll();
});

test('C4 a wrong code and a wrong password are refused as ever', async () => {
  const ann = await guest(one, 'Ann');
  const lobby = await privateLobby(ann, { password: 'sesame' });
  await sleep(300);
  const ben = await guest(two, 'Ben');
  const refused = ben.next('lobby_join_failed');
  ben.emit('join_lobby', { lobbyId: 'NOSUCHLOBBY00' });
  assert.equal((await refused).reason, 'Lobby not found');
  const again = ben.next('lobby_join_failed');
  ben.emit('join_lobby', { lobbyId: lobby.lobbyId, password: 'wrong' });
  await again;
  await join(ben, lobby.lobbyId, { password: 'sesame' });
  closeAll();
});

test('L5 the browser shows the lobbies of all nodes', async () => {
  const ann = await guest(one, 'Ann');
  const lobby = await ann.quickPlay({ gameMode: 'shown' });
  const ben = await guest(two, 'Ben');
  await until('it is listed', async () => {
    const listed = ben.next('lobby_list');
    ben.emit('get_lobby_list', {});
    const found = (await listed).lobbies.find((each) => each.id === lobby.lobbyId || each.lobbyId === lobby.lobbyId);
    await sleep(600);
    return found !== undefined;
  });
  closeAll();
});

test('L9 a player whose line was cut comes back on another node: same id, same seat', async () => {
  const { ann, ben } = await matchOfTwo(one, two);
  const { id } = ann.socket;
  const back = new Promise((done) => { ann.socket.once('connect', done); });
  ann.socket.io.uri = two.url;
  ann.cut();
  await back;
  assert.equal(ann.socket.recovered, true);
  assert.equal(ann.socket.id, id);
  ann.state = undefined;
  await until('the match goes on', () => ann.me !== undefined);
  await ann.hold({ w: true }, 10);
  assert.ok(!ben.events.some((event) => event.name === 'player:left'));
  closeAll();
});

test('L9 one who comes back to nothing is somebody new', async () => {
  const ann = await guest(one, 'Ann');
  const { id } = ann.socket;
  const back = new Promise((done) => { ann.socket.once('connect', done); });
  ann.socket.io.uri = two.url;
  ann.cut();
  await back;
  assert.equal(ann.socket.recovered, false);
  assert.notEqual(ann.socket.id, id);
  await ann.ready();
  closeAll();
});

async function account(node, name) {
  const answer = await fetch(`${node.url}/api/auth/register`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.org`, password: 'correct horse battery', displayName: name }),
  });
  assert.equal(answer.status, 201);
  return answer.json();
}

test('A5 a logout on one node closes the socket on another within a second', async () => {
  const { token, refreshToken } = await account(one, 'ada');
  const ada = await guest(two, 'ada', { auth: { token } });
  const ended = ada.next('session:ended', () => true, 1000);
  const answer = await fetch(`${one.url}/api/auth/logout`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ refreshToken }),
  });
  assert.ok(answer.ok);
  await ended;
  closeAll();
});

// The status of a login at a node, from an address of the loopback.
function loginFrom(address, node, email, password) {
  return new Promise((done, failed) => {
    const request = http.request(`${node.url}/api/auth/login`,
      { method: 'POST', localAddress: address, headers: { 'Content-Type': 'application/json' } },
      (response) => { response.resume(); response.on('end', () => done(response.statusCode)); });
    request.on('error', failed);
    request.end(JSON.stringify({ email, password }));
  });
}

test('S1 failed logins on one node count on the other, and keep the owner out nowhere', async () => {
  await account(one, 'guessed');
  const email = 'guessed@example.org';
  const right = 'correct horse battery';
  const guesses = [];
  for (const node of [one, two, one, two, one]) guesses.push(await loginFrom('127.0.0.66', node, email, 'wrong password'));
  assert.deepEqual(guesses, [401, 401, 401, 401, 401]);
  for (const node of [one, two, small]) {
    assert.equal(await loginFrom('127.0.0.66', node, email, right), 429, 'five tries, wherever they were made');
    assert.equal(await loginFrom('127.0.0.67', node, email, right), 429, 'from any address');
  }
  assert.equal(await loginFrom('127.0.0.1', two, email, right), 200, 'but for the one that the owner was at before');
});

test('A6 one account, one seat: a second device on another node takes it over', async () => {
  const { token } = await account(one, 'eve');
  const ann = await guest(one, 'Ann');
  const lobby = await privateLobby(ann);
  const eve = await guest(two, 'eve', { auth: { token } });
  await join(eve, lobby.inviteCode);
  const ended = eve.next('session:ended');
  const second = await guest(small, 'eve again', { auth: { token } });
  await ended;
  await until('the seat is here', () => second.heard('lobby_joined').length > 0);
  assert.equal(second.heard('lobby_joined')[0].lobbyId, lobby.lobbyId);
  closeAll();
});

const reconnected = (player) => new Promise((done) => { player.socket.once('connect', done); });

// The library comes back by itself, to another node.
async function comesBackOn(player, node) {
  const back = reconnected(player);
  player.socket.io.uri = node.url;
  player.cut();
  await back;
}

async function plays(player, what) {
  player.state = undefined;
  await until(what, () => player.me !== undefined);
}

test('L9 there and back again: the connection of before is gone for good', async () => {
  const { ann } = await matchOfTwo(one, one);
  await comesBackOn(ann, two);
  await plays(ann, 'on the other node');
  await comesBackOn(ann, one);
  await plays(ann, 'on the first node again');
  closeAll();
});

test('L9 a cluster that is slow to answer throws nobody out', async () => {
  const { ann, ben } = await matchOfTwo(one, two);
  const back = reconnected(ann);
  ann.socket.io.uri = two.url;
  ann.cut();
  redis.process.kill('SIGSTOP');
  await sleep(1300);
  redis.process.kill('SIGCONT');
  await back;
  assert.equal(ann.socket.recovered, true);
  await plays(ann, 'the match goes on');
  assert.ok(!ben.events.some((event) => event.name === 'player:left'));
  closeAll();
});

test('S2 one who shows his own pid twice is still one player', async () => {
  const ann = await guest(one, 'Ann');
  const lobby = await privateLobby(ann);
  await sleep(300);
  const closed = new Promise((done) => { ann.socket.once('disconnect', done); });
  const twin = await guest(two, 'Twin', { auth: { pid: ann.socket._pid } });
  ann.socket.io.reconnection(false);
  assert.equal(twin.id, ann.id);
  await closed;
  const again = twin.next('lobby_joined');
  twin.emit('join_lobby', { lobbyId: lobby.inviteCode });
  assert.equal((await again).playerCount, 1);
  closeAll();
});

test('C5 a node that stops leaves seats and matches on other nodes alone', async () => {
  const four = await startNode(bin, redis, 'four', settings);
  const ann = await guest(one, 'Ann');
  const ben = await guest(four, 'Ben');
  const lobby = await privateLobby(ann);
  const started = ann.next('match_started');
  await sleep(300);
  await join(ben, lobby.inviteCode);
  await started;
  await Promise.all([ann.enter(), ben.enter({ team: 'blue' })]);
  const back = reconnected(ben);
  ben.socket.io.uri = two.url;
  await four.stop();
  four.forget();
  await back;
  assert.equal(ben.socket.recovered, true);
  await plays(ben, 'the match goes on');
  assert.ok(!ann.events.some((event) => event.name === 'player:left'));
  closeAll();
});

test('C5 D4 a node that stops at once stores nothing of a match that goes on elsewhere', async () => {
  const five = await startNode(bin, redis, 'five', settings);
  const { ann, ben, lobby } = await matchOfTwo(five, five);
  await sleep(1000);  // it is saved four times a second
  const backs = [reconnected(ann), reconnected(ben)];
  ann.socket.io.uri = two.url;
  ben.socket.io.uri = one.url;
  await five.stop();
  await Promise.all(backs);
  await Promise.all([plays(ann, 'Ann plays on'), plays(ben, 'Ben plays on')]);
  assert.deepEqual(one.rows(`select * from match_results where lobby_id = '${lobby.lobbyId}'`), []);
  five.forget();
  closeAll();
});

test('C4 a join on a node that hangs is answered', async () => {
  const ann = await guest(small, 'Ann');
  const lobby = await privateLobby(ann);
  await sleep(400);
  const ben = await guest(one, 'Ben');
  small.process.kill('SIGSTOP');
  try {
    const refused = ben.next('lobby_join_failed');
    ben.emit('join_lobby', { lobbyId: lobby.inviteCode });
    await refused;
  } finally {
    small.process.kill('SIGCONT');
    closeAll();
    await sleep(1500);
  }
});

test('C4 whoever gives up while his seat is looked for is answered', async () => {
  const six = await startNode(bin, redis, 'six', settings);
  const ann = await guest(six, 'Ann');
  const ben = await guest(one, 'Ben');
  const lobby = await privateLobby(ann);
  await sleep(300);
  await join(ben, lobby.inviteCode);
  await six.kill();
  await sleep(1200);
  const left = ben.next('left_lobby');
  ben.emit('leave_lobby');
  assert.equal((await left).lobbyId, lobby.lobbyId);
  six.forget();
  closeAll();
});

test('A6 a displaced device that comes back by itself is let in', async () => {
  const { token } = await account(one, 'ivy');
  const ivy = await guest(one, 'ivy', { auth: { token } });
  await privateLobby(ivy);
  const back = reconnected(ivy);
  const second = await guest(one, 'ivy again', { auth: { token } });
  second.socket.io.reconnection(false);
  await back;
  closeAll();
});

test('C1 without Redis the matches of a node go on, and those between nodes after it', async () => {
  const near = await matchOfTwo(one, one);
  const far = await matchOfTwo(one, two);
  await redis.kill();
  const away = Date.now();
  while (Date.now() - away < 9_000) {  // longer than a seat is looked for
    far.ben.input({ w: true });
    await sleep(50);
  }
  near.ann.state = undefined;
  await until('a match within a node goes on', () => near.ann.me !== undefined, 1000);
  await near.ann.hold({ w: true }, 10);
  const fresh = await guest(two, 'Dan');
  await fresh.quickPlay({ gameMode: 'alone' });
  await redis.launch();
  far.ben.state = undefined;
  await until('a match between nodes is back', () => far.ben.me !== undefined, 10_000);
  // Each node finds Redis in its own time: what is said before is lost, what comes after arrives.
  const before = far.ben.sequence;
  await until('his inputs arrive again', async () => {
    far.ben.input({ w: true });
    await sleep(50);
    return far.ben.me.lastProcessedInput > before;
  });
  assert.ok(!far.ann.events.some((event) => event.name === 'player:left'));
  closeAll();
});

const results = await runAll();
closeAll();
await Promise.all([one, two, small].map((node) => node.stop()));
for (const node of [one, two, small]) node.forget();
await redis.kill();
await postgres.stop();
await finish(results);
