// C3: the queue of two real nodes on a real Redis. Our own clients wait by mode, region, party and skill, are told how, and meet in
// one lobby whichever node they are connected to; leavers' seats are filled; nobody is lost with a node or with Redis; and
// find_match of the shipped client knows nothing of it.

import { assert, finish, runAll, sleep, test as anyTest, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Server } from '../lib/server.mjs';
import { Redis } from '../lib/redis.mjs';
import { Seeker, startNode } from './nodes.mjs';

const bin = process.argv[2];
const redis = await Redis.start();
const postgres = await Postgres.start();
const database = postgres.createDatabase();
Server.migrate(bin, { DATABASE_URL: postgres.url(database) });

// Matches of eight on the first pair of nodes, of two on the second: each test has its own game mode or ends what it began.
const pair = (settings) => Promise.all(['a', 'b'].map((id) => startNode(bin, redis, `${settings.MAX_PLAYERS_PER_LOBBY}${id}`,
  { REGION: id === 'a' ? 'eu' : 'us', DATABASE_URL: postgres.url(database), ...settings })));

const open = [];
async function seeker(node, name, options) {
  const made = await Seeker.connect(node, name, options);
  open.push(made);
  return made;
}

function closeAll() {
  for (const each of open.splice(0)) each.close();
}

// Whoever still waits at the end of a test waits no more.
function test(name, body) {
  anyTest(name, async () => {
    try {
      await body();
    } finally {
      closeAll();
    }
  });
}

async function account(node, name, rating) {
  const answer = await fetch(`${node.url}/api/auth/register`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.org`, password: 'correct horse battery', displayName: name }),
  });
  assert.equal(answer.status, 201);
  const { token, player } = await answer.json();
  postgres.sql(database, `insert into player_ratings (player_id, rating, deviation, volatility, matches, rated_at)
    values ('${player.id}', ${rating}, 60, 0.06, 30, now())`);
  return { auth: { token } };
}

let [one, two] = await pair({ MAX_PLAYERS_PER_LOBBY: '8' });

test('eight clients on two nodes are told how they wait, meet in one lobby and play', async () => {
  const all = [];
  for (let i = 0; i < 7; i += 1) {
    const each = await seeker(i % 2 ? one : two, `P${i}`);
    const status = await each.queue({ regions: ['eu', 'us'], region: 'eu' });
    assert.equal(status.state, 'waiting');
    assert.equal(status.gameMode, 'deathmatch');
    all.push(each);
  }
  const last = all.at(-1);
  await last.until('the seventh, without estimate, for lack of people', (status) => status.position === 7 && status.waiting === 7 &&
    status.estimateMs === null && status.blocks === 'players' && status.reach === 'cluster');
  await all[0].until('the first of seven', (status) => status.position === 1 && status.waiting === 7);
  const starts = all.map((each) => each.player.next('match_started'));
  const eighth = await seeker(one, 'P7');
  all.push(eighth);
  await eighth.queue({ region: 'eu' });
  const lobbies = await Promise.all(all.map((each) => each.seated()));
  assert.equal(new Set(lobbies).size, 1, 'one lobby for all');
  await Promise.all(starts);
  for (const each of all) {
    assert.equal(each.player.heard('lobby_joined').length, 1);
    await each.player.enter();
  }
  await until('all see eight', () => all.every((each) => Object.keys(each.player.state?.players ?? {}).length === 8));
  const next = await seeker(two, 'P8');
  await next.queue({ region: 'eu' });
  await next.until('an estimate', (status) => status.position === 1 && status.estimateMs !== null);
});

test('the shipped client has its lobby as quickly as ever while others wait', async () => {
  const time = async () => {
    const player = await Player.connect(one.url, { transports: ['websocket'] });
    const took = [];
    for (let i = 0; i < 15; i += 1) {
      const began = performance.now();
      await player.quickPlay();
      took.push(performance.now() - began);
    }
    assert.equal(player.heard('queue:status').length + player.heard('queue:matched').length, 0);
    player.close();
    return took.sort((a, b) => a - b)[7];
  };
  const alone = await time();
  for (let i = 0; i < 7; i += 1) await (await seeker(one, `W${i}`)).queue({ gameMode: 'duel', region: 'eu', regions: [] });
  const beside = await time();
  console.log(`     find_match: ${alone.toFixed(1)} ms with an empty queue, ${beside.toFixed(1)} ms beside it`);
  assert.ok(beside < 10 * alone, `${beside} ms beside a queue, ${alone} ms without`);
  await Promise.all([one.stop(), two.stop()]);
  [one, two] = await pair({ MAX_PLAYERS_PER_LOBBY: '2' });
});

test('mode, region and skill keep players apart, and each is told what', async () => {
  const [pro, rival] = await Promise.all([account(one, 'pro', 2600), account(one, 'rival', 2500)]);
  const first = await seeker(one, 'eu duellist');
  await first.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  await first.until('alone', (status) => status.blocks === 'players');
  const far = await seeker(one, 'us duellist');
  await far.queue({ gameMode: 'duel', region: 'us', regions: ['us'] });
  await far.until('far away', (status) => status.blocks === 'region');
  const expert = await seeker(two, 'pro', pro);
  await expert.queue({ region: 'us', regions: ['us'] });
  const novice = await seeker(two, 'novice');
  await novice.queue({ region: 'us', regions: ['us'] });
  await novice.until('too good for me', (status) => status.blocks === 'skill');
  const equal = await seeker(one, 'rival', rival);
  await equal.queue({ region: 'us', regions: ['us'] });
  assert.equal(await equal.seated(), await expert.seated());
  const second = await seeker(two, 'eu duellist 2');
  await second.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  assert.equal(await second.seated(), await first.seated());
  assert.equal(far.matches.length + novice.matches.length, 0);
  const unknown = await seeker(one, 'chess player');
  const failed = unknown.player.next('queue:failed');
  unknown.player.emit('queue:join', { gameMode: 'chess' });
  assert.match((await failed).reason, /game mode/);
});

test('a party over two nodes stays together', async () => {
  const leader = await seeker(one, 'leader');
  const friend = await seeker(two, 'friend');
  const made = leader.player.next('party:state');
  leader.player.emit('party:create', { playerName: 'Leader' });
  const { code } = await made;
  const both = leader.player.next('party:state', (party) => party.members.length === 2);
  friend.player.emit('party:join', { code: code.toLowerCase(), playerName: 'Friend' });
  assert.deepEqual((await both).members.map((member) => member.name), ['Leader', 'Friend']);
  const lone = await seeker(one, 'lone');
  await lone.queue({ region: 'eu', regions: ['eu'] });
  const told = friend.player.next('queue:status', (status) => status.state !== 'idle' || status.state === 'waiting');
  const refused = friend.player.next('queue:failed');
  friend.player.emit('queue:join', { gameMode: 'deathmatch' });
  await refused;
  await leader.queue({ region: 'eu', regions: ['eu'], party: code });
  const lobby = await leader.seated();
  assert.equal(await friend.seated(), lobby);
  await told.catch(() => undefined); // it may be called before it was told to wait
  assert.equal(lone.matches.length, 0, 'a party of two fills a match of two');
  friend.player.emit('party:leave');
  await leader.player.next('party:state', (party) => party.members.length === 1);
});

test('who cancels is left out; a seat that is left is filled from the queue', async () => {
  const [fickle, stay] = [await seeker(one, 'fickle'), await seeker(two, 'stays')];
  await fickle.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  const idle = fickle.player.next('queue:status', (status) => status.state === 'idle');
  fickle.player.emit('cancel_matchmaking');
  await idle;
  await fickle.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  const again = fickle.player.next('queue:status', (status) => status.state === 'idle');
  await fickle.player.quickPlay(); // whoever goes his own way waits no more
  await again;
  fickle.player.emit('leave_lobby');
  await stay.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  await stay.until('alone again', (status) => status.position === 1 && status.waiting === 1);
  await fickle.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  const lobby = await fickle.seated();
  assert.equal(await stay.seated(), lobby);
  await stay.player.next('match_started');
  const heir = await seeker(two, 'heir');
  fickle.player.emit('leave_lobby');
  await stay.player.next('player_left_lobby');
  const began = Date.now();
  await heir.queue({ gameMode: 'duel', region: 'eu', regions: ['eu'] });
  assert.equal(await heir.seated(), lobby, 'the seat that was left');
  console.log(`     backfilled after ${Date.now() - began} ms`);
});

test('nobody is lost with a node', async () => {
  const waits = { gameMode: 'duel', region: 'eu', regions: ['eu', 'us'] };
  const lost = await seeker(two, 'lost');
  const { pass } = await lost.queue(waits);
  await two.kill();
  const back = await seeker(one, 'back');
  const again = await back.queue({ ...waits, pass });
  assert.equal(again.position, 1, 'the old place');
  const other = await seeker(one, 'other');
  other.player.emit('queue:join', waits);
  assert.equal(await other.seated(), await back.seated());
  two = await startNode(bin, redis, '2b', { REGION: 'us', MAX_PLAYERS_PER_LOBBY: '2', DATABASE_URL: postgres.url(database) });
});

test('without Redis a node matches its own players; then all again', async () => {
  const waits = { gameMode: 'duel', region: 'eu', regions: ['eu'] };
  const early = await seeker(one, 'early');
  await early.queue(waits);
  await redis.kill();
  await early.until('on its own', (status) => status.reach === 'node' && status.state === 'waiting');
  const late = await seeker(one, 'late');
  late.player.emit('queue:join', waits);
  assert.equal(await late.seated(), await early.seated());
  const patient = await seeker(two, 'patient');
  await patient.queue(waits);
  await redis.launch();
  const visitor = await seeker(one, 'visitor');
  await visitor.queue(waits);
  assert.equal(await visitor.seated(), await patient.seated(), 'over nodes again');
  assert.equal(early.matches.length + late.matches.length, 2, 'nobody was called twice');
});

test('a node that is alone has a queue too', async () => {
  const alone = await Server.start(bin, { MAX_PLAYERS_PER_LOBBY: '2' });
  const both = [await seeker(alone, 'x'), await seeker(alone, 'y')];
  await both[0].queue();
  both[1].player.emit('queue:join');
  assert.equal(await both[0].seated(), await both[1].seated());
  closeAll();
  assert.equal((await alone.stop()).code, 0);
});

const results = await runAll();
closeAll();
await Promise.all([one.stop(), two.stop()]);
await sleep(50);
await redis.kill();
await postgres.stop();
await finish(results);
