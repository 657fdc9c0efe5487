// Two nodes on one Redis. Lobbies of four official clients play, first with all seats on the node of their connections, then
// with the lobbies on the other node, in turns, so that the machine's moods hit both alike.

import { readFileSync, writeFileSync } from 'node:fs';
import { sleep, until } from '../tests/e2e/lib/check.mjs';
import { Player } from '../tests/e2e/lib/player.mjs';
import { Redis } from '../tests/e2e/lib/redis.mjs';
import { startNode } from '../tests/e2e/queue/nodes.mjs';

const bin = process.argv[2];
const kLobbies = 8;
const kSize = 4;
const kSeconds = 10;
const kRounds = 2;
const kTick = 10;  // ms of a /proc tick

const redis = await Redis.start();
const settings = { COUNTDOWN: '2', DRAIN_LIMIT: '0' };
const one = await startNode(bin, redis, 'one', settings);
const two = await startNode(bin, redis, 'two', settings);

function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * kTick;
}

async function seat(code) {
  const player = await Player.connect(one.url, { transports: ['websocket'] });
  await player.ready();
  const joined = player.next('lobby_joined');
  player.emit('join_lobby', { lobbyId: code });
  await joined;
  return player;
}

async function lobbyOn(node) {
  const host = await Player.connect(node.url, { transports: ['websocket'] });
  await host.ready();
  const created = host.next('private_lobby_created');
  host.emit('create_private_lobby', { gameMode: 'deathmatch', maxPlayers: kSize + 1, killLimit: 500 });
  const { inviteCode } = await created;
  const players = [];
  for (let i = 0; i < kSize; i += 1) players.push(await seat(inviteCode));
  await until('the match begins', () => players.every((player) => player.heard('match_started').length > 0), 20_000);
  host.close();
  await Promise.all(players.map((player, i) => player.enter({ team: i % 2 ? 'red' : 'blue' })));
  return players;
}

// The time until a player's word is heard by the next one of the lobby: it waits for no tick.
let said = 0;
async function roundTrip(player, hearer) {
  const text = `word ${said += 1}`;
  const began = process.hrtime.bigint();
  const heard = hearer.next('chat:message', (message) => message.text === text, 2000).catch(() => undefined);
  player.emit('chat:message', { text, channel: 'lobby' });
  return (await heard) ? Number(process.hrtime.bigint() - began) / 1e6 : undefined;
}

const kKeys = [{ w: true }, { d: true }, { s: true }, { a: true }];

async function play(players, seconds) {
  const times = [];
  const end = Date.now() + seconds * 1000;
  let frame = 0;
  const began = Date.now();
  while (Date.now() < end) {
    players.forEach((player) => player.input(kKeys[Math.floor(frame / 30) % 4], { x: frame % 480, y: 100 }));
    if (frame % 12 === 0) {
      const nth = (frame / 12) % players.length;
      roundTrip(players[nth], players[nth ^ 1]).then((ms) => ms && times.push(ms));
    }
    frame += 1;
    const due = began + (frame * 1000) / 60;
    if (due > Date.now()) await sleep(due - Date.now());
  }
  return times;
}

const servers = { one: one.process.pid, two: two.process.pid, redis: redis.process.pid };
const totals = { near: { times: [], cpu: {}, seconds: 0 }, far: { times: [], cpu: {}, seconds: 0 } };
const crowd = { near: [], far: [] };
for (const [kind, node] of [['near', one], ['far', two]]) {
  for (let i = 0; i < kLobbies; i += 1) crowd[kind].push(...await lobbyOn(node));
}
for (let round = 0; round < kRounds; round += 1) {
  for (const kind of ['near', 'far']) {
    // The others stand still: their states still come, on both sides alike.
    const before = Object.fromEntries(Object.entries(servers).map(([name, pid]) => [name, cpuOf(pid)]));
    totals[kind].times.push(...await play(crowd[kind], kSeconds));
    for (const [name, pid] of Object.entries(servers)) {
      totals[kind].cpu[name] = (totals[kind].cpu[name] ?? 0) + cpuOf(pid) - before[name];
    }
    totals[kind].seconds += kSeconds;
  }
}
// What the standing crowds cost alone.
const before = Object.fromEntries(Object.entries(servers).map(([name, pid]) => [name, cpuOf(pid)]));
await sleep(kSeconds * 1000);
const idle = Object.fromEntries(Object.entries(servers).map(([name, pid]) => [name, cpuOf(pid) - before[name]]));

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = {};
for (const [kind, { times, cpu, seconds }] of Object.entries(totals)) {
  const sorted = times.sort((a, b) => a - b);
  const sum = Object.values(cpu).reduce((a, b) => a + b, 0);
  figures[kind] = {
    words: sorted.length, p50_ms: at(sorted, 0.5), p95_ms: at(sorted, 0.95),
    cpu_ms: cpu, us_per_input: (sum * 1000) / (seconds * 60 * kLobbies * kSize),
  };
}
const report = { lobbies: kLobbies, players: kLobbies * kSize, seconds: kRounds * kSeconds, idle_cpu_ms: idle, ...figures,
  added_ms: figures.far.p50_ms - figures.near.p50_ms };
writeFileSync(new URL('reports/relay.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
const line = (kind) => `| ${kind} | ${figures[kind].words} | ${figures[kind].p50_ms.toFixed(2)} | ${figures[kind].p95_ms.toFixed(2)} | `
  + `${Object.values(figures[kind].cpu_ms).join(' + ')} |`;
writeFileSync(new URL('reports/relay.md', import.meta.url), `# A lobby on another node

\`bench/run_relay.sh\`: two nodes on one Redis, ${kLobbies} lobbies of ${kSize} official clients on the node of their connections (near) and
as many on the other node (far); ${kRounds} turns of ${kSeconds} s each, 60 inputs a second from the side whose turn it is, the other
side stands still and still gets its states. A word is a line of chat, from its sender to another client of the lobby, the clients' own
loop included.

| lobbies | words | p50 ms | p95 ms | processor ms: node of the connections + other node + Redis |
|---|---|---|---|---|
${line('near')}
${line('far')}

Both crowds standing still for ${kSeconds} s: ${Object.values(idle).join(' + ')} ms.
`);
console.log(JSON.stringify(report, null, 2));
for (const player of [...crowd.near, ...crowd.far]) player.close();
await Promise.all([one.stop(), two.stop()]);
one.forget();
two.forget();
await redis.kill();
process.exit(0);
