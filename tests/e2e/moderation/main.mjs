// S6-S8 with the official client on the real server: chat and its filter, floods, mutes, names, reports that ban.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';

const server = await Server.start(process.argv[2], {
  MAPS_DIR: mapFolder({ range: rangeRows() }), TEST_HOOKS: 'true', COUNTDOWN: '2', BCRYPT_COST: '4', SHARDS: '2',
  TRUSTED_PROXIES: '127.0.0.1', APPEALS: 'appeals@example.org',
  // Three witnesses are enough here, and any account is one.
  REPORTS_TO_BAN: '3', REPORTER_HOURS: '0', REPORTER_MATCHES: '0',
});

// Everybody has a network of his own, as behind a balancer.
let callers = 0;
const newAddress = () => `10.2.${Math.floor((callers += 1) / 250)}.${1 + (callers % 250)}`;

async function post(path, body) {
  const answer = await fetch(server.url + path, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': newAddress() },
  });
  return { status: answer.status, body: await answer.json() };
}

let people = 0;
async function register(name) {
  people += 1;
  const login = { email: `player${people}@example.org`, password: 'correct horse' };
  const answer = await post('/api/auth/register', { ...login, displayName: name });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { login, ...answer.body };
}

async function connect(account, address = newAddress()) {
  const player = await Player.connect(server.url, {
    auth: account ? { token: account.token } : undefined, headers: { 'X-Forwarded-For': address }, transports: ['websocket'],
  });
  player.name = account?.player.displayName ?? 'Guest';
  player.account = account;
  await player.ready();
  return player;
}

// All of them in the match of one private lobby.
async function match(...players) {
  const [host, ...others] = players;
  const made = host.next('private_lobby_created');
  host.emit('create_private_lobby', { gameMode: 'deathmatch', maxPlayers: 8 });
  const { inviteCode } = await made;
  for (const player of others) {
    const joined = player.next('lobby_joined');
    player.emit('join_lobby', { lobbyId: inviteCode });
    await joined;
  }
  const started = players.map((player) => player.next('match_started'));
  host.emit('lobby:start');
  await Promise.all(started);
  for (const [i, player] of players.entries()) await player.enter({ team: i % 2 === 0 ? 'red' : 'blue' });
}

const says = (player, text) => player.next('chat:message', (line) => line.text === text, 5000);

// Straight into the database, as another node's moderator would: this one hears of it when it looks again.
function write(sql) {
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'trespasser.db'), sql]);
}

// Set first, looked at last: a node looks at least every 13 seconds.
const muted = await register('Muted One');
write(`insert into mutes (player_id, reason, muted_by, created_at) values ('${muted.player.id}', 'spam', 'system', '2026-01-01T00:00:00.000Z')`);

test('S6 chat reaches the lobby, team chat only the team; foul words are masked; all is logged as typed', async () => {
  const [red, blue, other] = [await connect(), await connect(), await connect()];
  await match(red, blue, other);
  const all = [says(red, 'hello there'), says(blue, 'hello there'), says(other, 'hello there')];
  red.emit('chat:message', { text: 'hello there', channel: 'lobby' });
  const [line] = await Promise.all(all);
  assert.deepEqual([line.playerId, line.channel], [red.id, 'lobby']);

  const mates = [says(red, 'go left'), says(other, 'go left')];
  red.emit('chat:message', { text: 'go left', channel: 'team' });
  await Promise.all(mates);
  const masked = says(blue, 'you ******* of Scunthorpe');
  red.emit('chat:message', { text: 'you f.u.c.k of Scunthorpe', channel: 'lobby' });
  await masked;
  assert.ok(!blue.heard('chat:message').some((one) => one.text === 'go left'), 'the other team heard it');

  const rows = await until('three lines in the log', () => {
    const found = server.rows("select * from chat_log where text in ('hello there', 'go left', 'you f.u.c.k of Scunthorpe')");
    return found.length === 3 && found;
  });
  const typed = rows.find((row) => row.text.startsWith('you'));
  assert.equal(typed.filtered, 1);
  assert.equal(typed.player_id, null);
  assert.ok(typed.match_id && typed.lobby_id);
  assert.deepEqual(rows.map((row) => row.channel).sort(), ['lobby', 'lobby', 'team']);
  await closeAll([red, blue, other]);
});

test('S6 200 characters of any kind pass, 201 do not; control characters are taken out; a flood is refused', async () => {
  const [ada, bob] = [await connect(), await connect()];
  await match(ada, bob);
  const long = '🎯'.repeat(200);
  const heard = says(bob, long);
  ada.emit('chat:message', { text: long, channel: 'lobby' });
  await heard;
  const plain = says(bob, 'abc');
  ada.emit('chat:message', { text: '🎯'.repeat(201), channel: 'lobby' });
  ada.emit('chat:message', { text: 'a\u0007b\u202ec', channel: 'lobby' });
  await plain;
  assert.ok(!bob.heard('chat:message').some((line) => [...line.text].length > 200));

  bob.forget();
  const refused = ada.next('chat:refused');
  for (let i = 0; i < 20; i += 1) ada.emit('chat:message', { text: `flood ${i}`, channel: 'lobby' });
  assert.match((await refused).reason, /Too many/);
  await sleep(200);
  assert.ok(bob.heard('chat:message').length <= 6, `${bob.heard('chat:message').length} came through`);
  await closeAll([ada, bob]);
});

test('S6 foul names: an account is refused with words, a guest plays under a neutral one', async () => {
  const refused = await post('/api/auth/register', { email: 'foul@example.org', password: 'correct horse', displayName: 'xX_Fucker_Xx' });
  assert.equal(refused.status, 400, JSON.stringify(refused.body));
  assert.match(refused.body.detail, /displayName is not allowed/);
  const [guest, witness] = [await connect(), await connect()];
  guest.name = 'B!tch';
  await match(witness, guest);
  const heard = says(witness, 'who am I');
  guest.emit('chat:message', { text: 'who am I', channel: 'lobby' });
  assert.match((await heard).playerName, /^Player /);
  await closeAll([guest, witness]);
});

test('S7 reports: fellow players only, once; three credible ones ban, close the socket, tell the lobby; a ban can be lifted', async () => {
  const cheat = await connect(await register('Cheater'));
  const witnesses = [];
  for (let i = 0; i < 3; i += 1) witnesses.push(await connect(await register(`Witness ${i}`)));
  const guest = await connect();
  await match(cheat, ...witnesses, guest);
  const report = async (by, targetId = cheat.id, reason = 'cheating') => {
    const answer = Promise.race([by.next('report:received'), by.next('report:failed')]);
    by.emit('player:report', { targetId, reason, note: 'saw through walls' });
    return (await answer).reason ?? 'received';
  };
  assert.match(await report(witnesses[0], 'nobody'), /Only players of your match/);
  assert.match(await report(witnesses[0], witnesses[0].id), /yourself/);
  assert.match(await report(witnesses[0], cheat.id, 'ugly'), /no such reason/);
  const stranger = await connect(await register('Stranger'));
  assert.match(await report(stranger), /Only players of your match/);

  assert.equal(await report(guest), 'received');
  assert.equal(await report(witnesses[0]), 'received');
  assert.match(await report(witnesses[0]), /already/);
  assert.equal(await report(witnesses[1]), 'received');
  assert.ok(cheat.socket.connected);

  const ended = cheat.next('session:ended', undefined, 1000);
  const told = guest.next('chat:message', (line) => line.channel === 'system');
  assert.equal(await report(witnesses[2]), 'received');
  assert.match((await ended).reason, /^banned: Reported by several players \(until .*\)\. Appeals: appeals@example\.org$/);
  assert.match((await told).text, /^Cheater was banned/);
  await until('the socket is closed', () => !cheat.socket.connected, 1000);
  const login = await post('/api/auth/login', cheat.account.login);
  assert.equal(login.status, 403, JSON.stringify(login.body));
  assert.match(login.body.detail, /Reported by several players.*Appeals/);

  const [entry] = server.rows("select * from audit_log where action = 'ban'");
  assert.equal(entry.actor, 'system');
  assert.equal(entry.target, `player ${cheat.account.player.id}`);
  const rows = server.rows('select * from reports order by report_id');
  assert.deepEqual(rows.map((row) => row.credible), [0, 1, 1, 1]);
  assert.ok(rows.every((row) => row.match_id === rows[0].match_id && row.replay_tick > 0));

  write("update bans set lifted_at = '2026-01-02T00:00:00.000Z'");
  assert.equal((await post('/api/auth/login', cheat.account.login)).status, 200);
  await closeAll([cheat, ...witnesses, guest, stranger]);
});

test('S7 a brigade of guests, and one household of accounts, ban nobody', async () => {
  const honest = await connect(await register('Honest'));
  const home = newAddress();
  const brigade = [];
  for (let i = 0; i < 4; i += 1) brigade.push(await connect());
  for (let i = 0; i < 3; i += 1) brigade.push(await connect(await register(`Flatmate ${i}`), home));
  await match(honest, ...brigade);
  for (const player of brigade) {
    const answer = player.next('report:received');
    player.emit('player:report', { targetId: honest.id, reason: 'griefing' });
    await answer;
  }
  await sleep(200);
  assert.ok(honest.socket.connected);
  assert.equal(server.rows(`select * from bans where player_id = '${honest.account.player.id}'`).length, 0);
  await closeAll([honest, ...brigade]);
});

test('S6 the muted are refused with the reason, and heard by nobody; others are heard', async () => {
  const [silent, other] = [await connect(muted), await connect()];
  await match(silent, other);
  await until('the node knows of the mute', async () => {
    const refused = silent.next('chat:refused').catch(() => undefined);
    silent.emit('chat:message', { text: 'psst', channel: 'lobby' });
    const answer = await Promise.race([refused, sleep(1100)]);
    return answer?.reason === 'You are muted: spam (for good)';
  }, 20_000);
  other.forget();
  const refused = silent.next('chat:refused');
  silent.emit('chat:message', { text: 'nobody hears this', channel: 'team' });
  await refused;
  const heard = says(silent, 'but they hear me');
  other.emit('chat:message', { text: 'but they hear me', channel: 'lobby' });
  await heard;
  assert.ok(!other.heard('chat:message').some((line) => line.text === 'nobody hears this'));
  await closeAll([silent, other]);
});

const results = await runAll();
await server.stop();
server.forget();
await finish(results);
