// Hours of play on three nodes, Redis and PostgreSQL: bench/run_soak.sh calls this. Waves of the load client come and go, official
// clients lose their line and come back, and every few minutes a node is drained or killed and started again; the first node stays
// up all the time, so that its memory can be judged. Once a minute everything that must not grow is written down.
//
//   node bench/soak.mjs <folder of the programs> --hours H --lobbies N --report <path without ending>

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sleep, until } from '../tests/e2e/lib/check.mjs';
import { Player } from '../tests/e2e/lib/player.mjs';
import { freePorts } from '../tests/e2e/lib/ports.mjs';
import { Postgres } from '../tests/e2e/lib/postgres.mjs';
import { Redis } from '../tests/e2e/lib/redis.mjs';
import { Server } from '../tests/e2e/lib/server.mjs';
import { endsOf, judge, reportText } from './soak_report.mjs';

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: {
  hours: { type: 'string', default: '8' }, lobbies: { type: 'string', default: '100' }, report: { type: 'string', default: 'bench/reports/soak' },
} });
const bin = resolve(positionals[0] ?? 'build/release/bin');
const hours = Number(flags.hours);
const lobbies = Number(flags.lobbies);
if (!(hours > 0 && hours <= 72 && lobbies >= 3 && lobbies <= 1000)) throw new Error('--hours 0 to 72, --lobbies 3 to 1000');

const kNodes = ['one', 'two', 'three'];
const kSize = 4;  // players of a lobby
const kWanderers = 6;
const kRestartEvery = Math.min(600, hours * 3600 / 8) * 1000;  // ms
const kSampleEvery = Math.min(60, hours * 3600 / 20) * 1000;
const kGrace = 10;  // s: RECONNECT_GRACE
const kEmpty = 180_000;  // ms until the last lobby is closed: seats of a lobby that was taken over wait a minute for their players
const kCool = 70_000;  // ms after that until nothing may be left of the play: Redis keeps a late snapshot for 60 s

const postgres = await Postgres.start();
const redis = await Redis.start();
const database = postgres.url(postgres.createDatabase());
const data = mkdtempSync(join(tmpdir(), 'trespasser-soak-'));
Server.migrate(bin, { DATABASE_URL: database });

// Short matches, so that many end; the key is the same on all nodes, and so is each one's port for its whole life.
const ports = await freePorts(kNodes.length);
const settingsOf = (index) => ({
  NODE_ID: kNodes[index], PORT: String(ports[index]), REDIS_URL: redis.url, DATABASE_URL: database, JWT_SECRET: 's'.repeat(40),
  MAX_PLAYERS_PER_LOBBY: String(kSize), KILL_LIMIT: '3', COUNTDOWN: '3', RESULTS_TIME: '5', VOTE_TIME: '2', RECONNECT_GRACE: String(kGrace),
  DRAIN_LIMIT: '20', LOG_LEVEL: 'info', REPLAY_MEGABYTES: '200',
});

const nodes = [];
for (let index = 0; index < kNodes.length; index += 1) {
  mkdirSync(join(data, kNodes[index]));
  nodes.push({ name: kNodes[index], index, lives: 0, waves: new Set(), totals: {}, last: {},
    server: await Server.start(bin, settingsOf(index), join(data, kNodes[index])) });
}

// Every match that began, by its id: where and when; how it ended comes from the nodes' logs and from the database. `complaints`: lines
// of level warn and error, by event.
const matches = new Map();
const deaths = [];  // { node, at }
const surprises = [];  // nodes that ended when nobody had asked them to: { node, at, code, signal, last lines of the log }
const complaints = {};
const waveErrors = {};
const counts = { waves: 0, wavesBroken: 0, players: 0, cuts: 0, returns: 0, newcomers: 0, drains: 0, kills: 0 };
const samples = [];
let running = true;
let over = false;
const began = Date.now();
const log = (words) => console.log(`${((Date.now() - began) / 60_000).toFixed(1).padStart(6)} min  ${words}`);

// A node must only end when it is told to.
function watch(node) {
  const { server } = node;
  server.exit.then(({ code, signal }) => {
    if (node.away || over) return;
    const said = ((node.tail ?? '') + server.output).slice(-2000);
    surprises.push({ node: node.name, at: new Date().toISOString(), code, signal, said });
    log(`${node.name} has ended by itself: code ${code}, signal ${signal}\n${said}`);
  });
}

for (const node of nodes) watch(node);

// --- What is written down

async function figuresOf(server) {
  const answer = await fetch(`${server.url}/metrics`, { signal: AbortSignal.timeout(10_000) });
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

// Counters of a node, over all of its lives.
const kCounted = ['matches_started_total', 'matches_completed_total', 'matches_aborted_total', 'connections_recovered_total',
  'ticks_dropped_total', 'lobby_saves_dropped_total{by="node"}', 'lobby_saves_dropped_total{by="redis"}', 'results_rejected_total',
  'errors_total{kind="fault"}', 'redis_requests_total', 'redis_errors_total', 'database_requests_total'];

async function sampleNode(node) {
  const life = node.lives;
  const found = await figuresOf(node.server).catch(() => undefined);
  if (found === undefined || node.lives !== life) return { name: node.name, away: true };
  for (const key of kCounted) node.last[key] = found[key];
  return { name: node.name, life: node.lives, rss: found.memory_usage_bytes, descriptors: found.process_open_fds, files: found.process_open_fds - found.tcp_connections, timers: found.timers,
    lobbies: found.active_lobbies, players: found.active_players, connections: found.active_connections,
    outbox: found['queue_length{queue="outbox"}'], held: found.results_held };
}

// Reads what a node has logged since the last time, and forgets it.
function readLog(node) {
  const end = node.server.output.lastIndexOf('\n') + 1;
  const text = node.server.output.slice(0, end);
  node.server.output = node.server.output.slice(end);
  if (text !== '') node.tail = text.slice(-2000);
  for (const line of text.split('\n').filter((each) => each.startsWith('{'))) {
    const told = JSON.parse(line);
    if (told.event === 'match_start') matches.set(told.match, { node: node.name, at: Date.parse(told.time), lobby: told.lobby });
    if (told.event === 'match_abandoned' && matches.has(told.match)) matches.get(told.match).left = true;
    if (told.level === 'warn' || told.level === 'error') {
      const what = `${told.level} ${told.event}`;
      if (complaints[what] === undefined) log(`${node.name}: ${line}`);
      complaints[what] = (complaints[what] ?? 0) + 1;
    }
  }
}

// A life of the node is over: what it had counted is kept.
function closeBooks(node) {
  for (const [key, value] of Object.entries(node.last)) node.totals[key] = (node.totals[key] ?? 0) + value;
  node.last = {};
  node.lives += 1;
}

const counted = (key) => nodes.reduce((sum, node) => sum + (node.totals[key] ?? 0) + (node.last[key] ?? 0), 0);

// Keys of Redis by the word before their first colon.
function redisKeys() {
  const keys = execFileSync('redis-cli', ['-p', String(redis.port), '--scan'], { maxBuffer: 1 << 28 }).toString().split('\n').filter(Boolean);
  const kinds = {};
  for (const key of keys) kinds[key.split(':')[0]] = (kinds[key.split(':')[0]] ?? 0) + 1;
  return kinds;
}

async function sample() {
  const taken = { seconds: Math.round((Date.now() - began) / 1000), nodes: [] };
  for (const node of nodes) {
    taken.nodes.push(await sampleNode(node));
    readLog(node);
  }
  taken.redisKeys = redisKeys();
  taken.redisBytes = Number(/^used_memory:(\d+)/m.exec(redis.ask('info', 'memory'))[1]);
  taken.completed = counted('matches_completed_total');
  return taken;
}

async function sampling() {
  while (running) {
    const due = Date.now() + kSampleEvery;
    samples.push(await sample());
    const { nodes: seen, redisKeys: keys, completed } = samples.at(-1);
    log(`${seen.map(({ name, rss, lobbies: own }) => `${name} ${rss ? `${(rss / 1e6).toFixed(1)} MB ${own} lobbies` : 'away'}`).join(', ')}; `
      + `${completed} matches; Redis ${Object.values(keys).reduce((a, b) => a + b, 0)} keys`);
    while (running && Date.now() < due) await sleep(200);
  }
}

// --- Who plays

const kPerWave = Math.max(kSize, Math.round((lobbies * kSize) / (kNodes.length * 3)));

// Some players who come, play for minutes, and leave all at once.
async function wave(node) {
  const seconds = Math.round(Math.min(60 + Math.random() * 180, hours * 3600 / 4));
  const life = node.lives;
  const client = spawn(join(bin, 'trespasser-loadtest'), ['--host', '127.0.0.1', '--port', String(ports[node.index]), '--players', String(kPerWave),
    '--ramp', '5', '--duration', String(seconds), '--shots', '6', '--quiet'], { stdio: ['ignore', 'pipe', 'ignore'] });
  node.waves.add(client);
  let said = '';
  client.stdout.on('data', (text) => { said += text; });
  await new Promise((done) => { client.on('close', done); });
  node.waves.delete(client);
  counts.waves += 1;
  counts.players += kPerWave;
  if (!running || node.away || node.lives !== life) return;  // ended with its node
  const told = JSON.parse(said);
  // A lobby that waits for players on a node that drains sends them away, those of other nodes too.
  const errors = Object.entries(told.errors).filter(([what]) => what !== 'put out of the lobby');
  for (const [what, count] of Object.entries(told.errors)) waveErrors[what] = (waveErrors[what] ?? 0) + count;
  if (told.gone === 0 && errors.length === 0) return;
  counts.wavesBroken += 1;
  log(`a wave of ${node.name}: ${told.gone} lines lost, errors ${JSON.stringify(told.errors)}`);
}

async function waves(node) {
  while (running) {
    if (node.away) await sleep(500);
    else await wave(node);
    await sleep(1000);
  }
}

// An official client: joins, plays, loses its line, must be back on its seat, and leaves.
async function wander(index) {
  while (running) {
    const node = nodes[index % nodes.length];
    const life = node.lives;
    let player;
    if (node.away) {
      await sleep(500);
      continue;
    }
    try {
      player = await Player.connect(node.server.url, { transports: ['websocket'] });
      await player.ready();
      await player.quickPlay();
      await sleep(5000 + Math.random() * 10_000);
      const lobby = player.lobby.lobbyId;
      for (let i = 0; i < 3 && running; i += 1) {
        player.cut();
        counts.cuts += 1;
        await until('the line is back', () => player.socket.connected, 20_000);
        if (player.socket.recovered) counts.returns += 1;
        else counts.newcomers += 1;
        await sleep(5000 + Math.random() * 10_000);
      }
      if (lobby) player.emit('leave_lobby');
    } catch (error) {
      if (running && node.lives === life && !node.away) log(`a wanderer of ${node.name}: ${error.message}`);
      await sleep(1000);
    }
    player?.close();
  }
}

// Drains or kills a node and starts it again on its port and data folder.
async function restart(node, how) {
  await sampleNode(node);
  node.away = true;
  if (how === 'kill') {
    counts.kills += 1;
    deaths.push({ node: node.name, at: Date.now() });
    await node.server.kill();
  } else {
    counts.drains += 1;
    const { code } = await node.server.stop();
    if (code !== 0) throw new Error(`${node.name} ended with ${code} after a drain`);
  }
  closeBooks(node);
  for (const client of node.waves) client.kill('SIGKILL');
  await sleep(2000);
  readLog(node);
  node.server = await Server.start(bin, settingsOf(node.index), node.server.data);
  node.away = false;
  watch(node);
}

async function restarts() {
  for (let turn = 0; running; turn += 1) {
    const due = Date.now() + kRestartEvery;
    while (running && Date.now() < due) await sleep(200);
    if (!running || Date.now() > endAt - 60_000) return;
    const node = nodes[1 + (turn % 2)];
    const how = turn % 4 < 2 ? 'drain' : 'kill';
    log(`${how} ${node.name}`);
    await restart(node, how);
  }
}

// --- The run

const endAt = began + hours * 3_600_000;
await sleep(5000);
const before = await sample();
const at = { load: loadavg()[0] };
const work = [sampling(), restarts(), ...nodes.flatMap((node) => [waves(node), waves(node), waves(node)]),
  ...Array.from({ length: kWanderers }, (_, index) => wander(index))];
await sleep(Math.max(0, endAt - Date.now()));
running = false;
for (const node of nodes) for (const client of node.waves) client.kill('SIGTERM');
await Promise.all(work);
log('all players have left');
// What does not come is seen in the verdicts.
async function within(ms, probe) {
  const end = Date.now() + ms;
  while (Date.now() < end && !(await probe())) await sleep(1000);
}
await within(kEmpty, async () => (await sample()).nodes.every(({ lobbies: own }) => own === 0));
await sleep(kCool);
await within(30_000, async () => (await sample()).nodes.every(({ outbox, held }) => outbox === 0 && held === 0));
const after = await sample();
const rows = new Map(postgres.sql(database.split('/').at(-1), 'select match_id, reason from match_results').split('\n').filter(Boolean)
  .map((line) => line.split('|')));
const ends = endsOf({ matches, rows, deaths });

const report = {
  date: new Date().toISOString().slice(0, 10), cores: cpus().length, cpu: cpus()[0].model, loadBefore: at.load, hours, lobbies, counts,
  counters: Object.fromEntries(kCounted.map((key) => [key, counted(key)])),
  results: Number(postgres.sql(database.split('/').at(-1), 'select count(*) from match_results')),
  resultsTwice: Number(postgres.sql(database.split('/').at(-1), 'select count(*) - count(distinct match_id) from match_results')),
  openLobbies: Number(postgres.sql(database.split('/').at(-1), "select count(*) from lobbies where state <> 'closed'")),
  surprises, ends, complaints, waveErrors, before, after, samples,
};
report.verdicts = judge(report);
writeFileSync(`${flags.report}.json`, `${JSON.stringify(report, null, 1)}\n`);
writeFileSync(`${flags.report}.md`, reportText(report));
console.log(reportText(report));

over = true;
for (const node of nodes) await node.server.stop();
await redis.kill();
await postgres.stop();
rmSync(data, { recursive: true, force: true });
process.exit(report.verdicts.some(({ good }) => good === false) ? 1 : 0);
