// S4 with the official client on the real server: who cheats is in the dashboard within seconds, with evidence and a place in
// the replay, counted and logged, and plays on; who plays honestly beside him is not.

import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';
import { PASSWORD, createAdmin, totp } from '../admin/staff.mjs';

const bin = process.argv[2];
const server = await Server.start(bin, {
  MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '4', SHARDS: '2', TRUSTED_PROXIES: '127.0.0.1',
});
const PATIENCE = 20_000;

let callers = 0;
const newAddress = () => `10.3.0.${(callers += 1)}`;

async function call(method, path, { token, body } = {}) {
  const answer = await fetch(server.url + path, {
    method, body: body && JSON.stringify(body),
    headers: { 'X-Forwarded-For': newAddress(), ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  return { status: answer.status, body: answer.headers.get('content-type')?.includes('json') ? await answer.json() : undefined };
}

async function register(name) {
  const made = await call('POST', '/api/auth/register', { body: { email: `${name.toLowerCase()}@example.org`, password: PASSWORD, displayName: name } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { id: made.body.player.id, name, token: made.body.token };
}

// A moderator's eyes: an administrator with his second factor.
async function staff() {
  const password = createAdmin(bin, server, 'boss@example.org');
  const { token } = (await call('POST', '/api/auth/login', { body: { email: 'boss@example.org', password } })).body;
  const { secret } = (await call('POST', '/api/admin/factor', { token })).body;
  assert.equal((await call('POST', '/api/admin/factor/confirm', { token, body: { code: totp(secret) } })).status, 200);
  return token;
}
const boss = await staff();
const eventsOf = async (id) => (await call('GET', `/api/admin/players/${id}/suspicious`, { token: boss })).body.events;

async function connect(account) {
  const player = await Player.connect(server.url, {
    auth: account ? { token: account.token } : undefined, headers: { 'X-Forwarded-For': newAddress() }, transports: ['websocket'],
  });
  player.name = account?.name ?? 'Guest';
  player.account = account;
  await player.ready();
  return player;
}

// All of them in the match of one private lobby, in the world.
async function match(...players) {
  const [host, ...others] = players;
  const made = host.next('private_lobby_created', undefined, PATIENCE);
  host.emit('create_private_lobby', { gameMode: 'deathmatch', maxPlayers: 8 });
  const { inviteCode } = await made;
  for (const player of others) {
    const joined = player.next('lobby_joined', undefined, PATIENCE);
    player.emit('join_lobby', { lobbyId: inviteCode });
    await joined;
  }
  const started = players.map((player) => player.next('match_started', undefined, PATIENCE));
  host.emit('lobby:start');
  await Promise.all(started);
  for (const [i, player] of players.entries()) await player.enter({ team: i % 2 === 0 ? 'red' : 'blue' });
}

// Calls `act(frame)` as often as 60 frames a second allow, late ones at once, until `done` is true.
async function frames(act, done) {
  const began = Date.now();
  let frame = 0;
  while (!done()) {
    while (frame < ((Date.now() - began) * 60) / 1000) act(frame += 1);
    await sleep(5);
  }
}

// What an honest player does with his hands: walks, looks about, shoots now and then where nobody stands.
function play(player, frame) {
  player.input({ [frame % 120 < 60 ? 'a' : 'd']: true }, { x: 200 + (frame * 7) % 61, y: 20 + (frame * 3) % 17 });
  if (frame % 90 === 0) player.fire({ x: 240, y: 10 });
}

// Plays on until a row of this kind is there for the cheat.
async function caught(kind, rows, ...hands) {
  let row;
  let over = false;
  const playing = hands.map(([player, act]) => frames((frame) => act(player, frame), () => over));
  try {
    row = await until(`a row of ${kind}`, async () => (await rows()).find((one) => one.kind === kind), PATIENCE);
  } finally {
    over = true;
    await Promise.all(playing);
  }
  return row;
}

const counted = async (kind) => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^suspicious_actions_total\\{[^}]*kind="${kind}"[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
};

test('S4 a flooder is in the dashboard with evidence, counted, logged, not banned; the honest one beside him is not', async () => {
  const [bad, good] = [await register('Flooder'), await register('Honest')];
  const [cheat, honest] = [await connect(bad), await connect(good)];
  await match(cheat, honest);
  const before = await counted('input_flood');
  const flood = (player, frame) => {
    for (let i = 0; i < 8; i += 1) play(player, frame * 8 + i);
  };
  const row = await caught('input_flood', () => eventsOf(bad.id), [cheat, flood], [honest, play]);
  assert.ok(row.evidence.inputsPerSecond > row.evidence.allowed, JSON.stringify(row));
  assert.ok(row.score >= 1 && row.found >= 1 && row.replayTick > 0, JSON.stringify(row));
  assert.ok((await counted('input_flood')) > before, 'it is counted');
  const line = await until('a line in the log', () => server.logLines().find((one) => one.event === 'suspicious' && one.kind === 'input_flood'), PATIENCE);
  assert.deepEqual([line.account, line.match], [bad.id, row.matchId]);
  assert.ok((await call('GET', `/api/admin/players/${bad.id}`, { token: boss })).body.player.suspicion >= 0.9);

  assert.deepEqual(await eventsOf(good.id), []);
  assert.deepEqual(server.rows('select * from bans'), []);
  assert.ok(cheat.socket.connected, 'he plays on');
  // The clip: the replay of that match, once it is over.
  const ended = cheat.next('match_ended', undefined, PATIENCE);
  cheat.emit('debug:trigger_match_end');
  await ended;
  await until('the replay', async () => (await call('GET', `/api/admin/replays/${row.matchId}`, { token: boss })).status === 200, PATIENCE);
  await closeAll([cheat, honest]);
});

test('S4 old inputs sent again, and shots asked for too fast, are one row each however often', async () => {
  const [bad, good] = [await register('Resender'), await register('Other')];
  const [cheat, honest] = [await connect(bad), await connect(good)];
  await match(cheat, honest);
  const resend = (player, frame) => {
    play(player, frame);
    if (frame > 60 && frame % 4 === 0) {
      player.sequence -= 30;
      player.input({}, { x: 100, y: 100 });
      player.sequence += 29;
    }
    if (frame % 2 === 0) player.fire({ x: 240, y: 10 });
  };
  const replayed = await caught('replayed_sequence', () => eventsOf(bad.id), [cheat, resend], [honest, play]);
  const fast = await caught('fire_rate', () => eventsOf(bad.id), [cheat, resend], [honest, play]);
  assert.equal(replayed.matchId, fast.matchId);
  assert.ok(fast.evidence.shotsAskedPerSecond > fast.evidence.allowed, JSON.stringify(fast));
  const kinds = (await eventsOf(bad.id)).map(({ kind }) => kind);
  assert.equal(new Set(kinds).size, kinds.length, kinds.join());
  assert.deepEqual(await eventsOf(good.id), []);
  await closeAll([cheat, honest]);
});

test('S4 a guest is written down by name, seat and network', async () => {
  const [cheat, honest] = [await connect(), await connect()];
  cheat.name = 'Nobody';
  await match(cheat, honest);
  const rows = async () => server.rows(`select * from suspicious_events where subject = '${cheat.id}'`);
  const stride = (player, frame) => {
    player.sequence += 40;
    play(player, frame);
  };
  const row = await caught('movement', rows, [cheat, stride], [honest, play]);
  assert.equal(row.player_id, null);
  assert.equal(row.name, 'Nobody');
  assert.match(row.address, /^10\.3\.0\./);
  assert.deepEqual(server.rows(`select * from suspicious_events where subject = '${honest.id}'`), []);
  await closeAll([cheat, honest]);
});

const results = await runAll();
await server.stop();
server.forget();
await finish(results);
