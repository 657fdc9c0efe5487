// What Redis and PostgreSQL have to do for a node: bench/run_backends.sh calls this.
//
//   node bench/backends.mjs <folder of the programs> --players N --seconds S --report <path without ending>

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sleep, until } from '../tests/e2e/lib/check.mjs';
import { Postgres } from '../tests/e2e/lib/postgres.mjs';
import { Redis } from '../tests/e2e/lib/redis.mjs';
import { Server } from '../tests/e2e/lib/server.mjs';

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: {
  players: { type: 'string', default: '400' }, seconds: { type: 'string', default: '60' }, report: { type: 'string', default: 'bench/reports/backends' },
} });
const bin = resolve(positionals[0] ?? 'build/release/bin');
const players = Number(flags.players);
const seconds = Number(flags.seconds);
const kRamp = 8;
const kSettle = 12;
const kSize = 4;
const kAccounts = 200;
const kTick = 10;  // ms of a /proc tick

const load = loadavg()[0];
const postgres = await Postgres.start();
const redis = await Redis.start();

// Processor milliseconds of a process so far, with those of its children that have ended.
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) * kTick;
}

function postgresCpu() {
  const workers = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postgres.process.pid)]).toString().trim().split(/\s+/);
  return [String(postgres.process.pid), ...workers].reduce((sum, pid) => {
    try {
      return sum + cpuOf(pid);
    } catch {
      return sum;  // a worker that has just ended: now a part of its parent's
    }
  }, 0);
}

const ofRedis = (section, key) => Number(new RegExp(`^${key}:(\\d+)`, 'm').exec(redis.ask('info', section))[1]);

function look(database) {
  return {
    at: Date.now(), redisCpu: cpuOf(redis.process.pid), postgresCpu: postgresCpu(),
    commands: ofRedis('stats', 'total_commands_processed'), redisIn: ofRedis('stats', 'total_net_input_bytes'), redisOut: ofRedis('stats', 'total_net_output_bytes'),
    redisBytes: ofRedis('memory', 'used_memory'), keys: Number(redis.ask('dbsize')),
    transactions: Number(postgres.sql('postgres', `select xact_commit from pg_stat_database where datname = '${database}'`)),
    results: Number(postgres.sql(database, 'select count(*) from match_results')),
    size: Number(postgres.sql('postgres', `select pg_database_size('${database}')`)),
  };
}

// What happened between two looks, by the second.
function between(first, second) {
  const span = (second.at - first.at) / 1000;
  const rate = (key) => (second[key] - first[key]) / span;
  return { span, redisCores: rate('redisCpu') / 1000, postgresCores: rate('postgresCpu') / 1000, commands: rate('commands'), redisIn: rate('redisIn'),
    redisOut: rate('redisOut'), transactions: rate('transactions'), results: second.results - first.results,
    redisBytes: second.redisBytes, keys: second.keys, databaseBytes: second.size - first.size, postgresCpu: second.postgresCpu - first.postgresCpu };
}

async function onServer(settings, work) {
  const database = postgres.createDatabase();
  const its = { REDIS_URL: redis.url, DATABASE_URL: postgres.url(database), MAX_PLAYERS_PER_LOBBY: String(kSize), LOG_LEVEL: 'warn', ...settings };
  Server.migrate(bin, its);
  const server = await Server.start(bin, its);
  const idle = look(database);
  const done = await work(server, database, idle);
  await server.stop();
  server.forget();
  return done;
}

// Of the node: what its players send and get, and its processor time.
async function nodeFigures(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const of = (key) => Number(new RegExp(`^${key} (\\S+)$`, 'm').exec(text)[1]);
  return { at: Date.now(), received: of('bytes_received_total'), sent: of('bytes_sent_total'), cpu: of('process_cpu_seconds_total'), rss: of('memory_usage_bytes') };
}

async function play(server, database, idle) {
  const alone = await nodeFigures(server);
  const client = spawn(join(bin, 'trespasser-loadtest'), ['--host', '127.0.0.1', '--port', String(server.port), '--players', String(players),
    '--ramp', String(kRamp), '--duration', String(kSettle + seconds), '--shots', '6', '--quiet'], { stdio: 'ignore' });
  const gone = new Promise((done) => { client.on('exit', done); });
  await sleep((kRamp + kSettle) * 1000);
  const [first, begun] = [look(database), await nodeFigures(server)];
  await sleep((seconds - 5) * 1000);
  const [found, ended] = [{ idle, ...between(first, look(database)) }, await nodeFigures(server)];
  const each = (key) => (ended[key] - begun[key]) / ((ended.at - begun.at) / 1000) / players;
  found.node = { received: each('received'), sent: each('sent'), cpu: each('cpu'), rssAlone: alone.rss, rssALobby: (ended.rss - alone.rss) / (players / kSize) };
  await gone;
  return found;
}

async function accounts(server, database) {
  // Each as if from an address of its own, of which accounts are limited.
  const post = async (path, number) => {
    const answer = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(person(number)),
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `203.0.113.${number}` } });
    await answer.text();
    return answer.status;
  };
  const person = (number) => ({ email: `player${number}@example.org`, password: 'correct horse battery', displayName: `Player${number}` });
  for (let number = 0; number < kAccounts; number += 1) if (await post('/api/auth/register', number) !== 201) throw new Error('not registered');
  const first = look(database);
  for (let number = 0; number < kAccounts; number += 1) if (await post('/api/auth/login', number) !== 200) throw new Error('not signed in');
  return between(first, look(database));
}

const steady = await onServer({}, play);
// Matches to the first kill, so that many end: what a result costs PostgreSQL.
const ending = await onServer({ KILL_LIMIT: '1', COUNTDOWN: '2', RESULTS_TIME: '2', VOTE_TIME: '1' }, play);
const signing = await onServer({ BCRYPT_COST: '4', TRUSTED_PROXIES: '127.0.0.1' }, accounts);
await until('results were written', () => ending.results > 0);

const thousand = 1000 / players;
const perResult = (ending.postgresCpu - steady.postgresCores * 1000 * ending.span) / ending.results;
const perLogin = signing.postgresCpu / kAccounts;
// A day's play: a match of ten minutes in lobbies of four, a login an hour.
const resultsASecond = 1000 / kSize / 600;
const loginsASecond = 1000 / 3600;
const report = {
  date: new Date().toISOString().slice(0, 10), cores: cpus().length, cpu: cpus()[0].model, loadBefore: load, players, seconds, steady, ending, signing,
  perThousand: {
    redisCores: steady.redisCores * thousand, redisCommands: steady.commands * thousand, redisIn: steady.redisIn * thousand, redisOut: steady.redisOut * thousand,
    redisBytes: (steady.redisBytes - steady.idle.redisBytes) * thousand, keys: (steady.keys - steady.idle.keys) * thousand,
    postgresCores: steady.postgresCores * thousand + (perResult * resultsASecond + perLogin * loginsASecond) / 1000,
  },
  perResult: { postgresMs: perResult, bytes: ending.databaseBytes / ending.results }, perLogin: { postgresMs: perLogin },
};
const of = report.perThousand;
const text = [
  '# What Redis and PostgreSQL have to do', '',
  `${players} players of the load client in lobbies of ${kSize} on one node, ${seconds} s, everything on one machine of ${report.cores} cores (${report.cpu}), load `
  + `average before the run ${load.toFixed(2)}, ${report.date}. Again: \`bench/run_backends.sh\`.`, '',
  '| for 1,000 players who play | |', '|---|---|',
  `| Redis, cores | ${of.redisCores.toFixed(3)} |`,
  `| Redis, commands a second | ${of.redisCommands.toFixed(0)} |`,
  `| to Redis and from it, kB/s | ${(of.redisIn / 1000).toFixed(0)}, ${(of.redisOut / 1000).toFixed(0)} |`,
  `| Redis, memory MB and keys | ${(of.redisBytes / 1e6).toFixed(1)}, ${of.keys.toFixed(0)} |`,
  `| PostgreSQL, cores, with a match of ten minutes and a login an hour each | ${of.postgresCores.toFixed(4)} |`, '',
  '| the node | |', '|---|---|',
  `| processor time of a player, us a second | ${(steady.node.cpu * 1e6).toFixed(0)} |`,
  `| to a player and from him, kB/s | ${(steady.node.sent / 1000).toFixed(1)}, ${(steady.node.received / 1000).toFixed(1)} |`,
  `| memory of the node alone, and of a lobby with its ${kSize} players, MB | ${(steady.node.rssAlone / 1e6).toFixed(1)}, ${(steady.node.rssALobby / 1e6).toFixed(2)} |`, '',
  '| PostgreSQL | |', '|---|---|',
  `| processor time of a result of ${kSize} players, ms | ${perResult.toFixed(2)} (of ${ending.results} results) |`,
  `| its room in the database, bytes | ${report.perResult.bytes.toFixed(0)} |`,
  `| processor time of a login, ms | ${perLogin.toFixed(2)} (of ${kAccounts}) |`,
  `| transactions a second of ${players} players who only play | ${steady.transactions.toFixed(1)} |`, '',
].join('\n');
writeFileSync(`${flags.report}.json`, `${JSON.stringify(report, null, 1)}\n`);
writeFileSync(`${flags.report}.md`, text);
console.log(text);
await redis.kill();
await postgres.stop();
process.exit(0);
