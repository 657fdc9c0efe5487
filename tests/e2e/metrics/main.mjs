// O2, O4: a real Prometheus scrapes two real nodes; rules, runbooks and dashboards fit what the nodes give.

import { text } from '../deploy/files.mjs';
import { assert, finish, runAll, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';
import { fileTests } from './files.mjs';
import { logTests } from './logs.mjs';
import { backendLogTests } from './logs_backends.mjs';
import { Prometheus } from './prometheus.mjs';
import { startRedis } from './redis.mjs';

const bin = process.argv[2];
const redis = await startRedis();
const settings = { MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', BCRYPT_COST: '4', SHARDS: '2', TEST_HOOKS: 'true',
  METRICS_TOKEN: 'a-token-for-scrapers', REDIS_URL: redis.url };
const nodes = [await Server.start(bin, { ...settings, NODE_ID: 'first' }), await Server.start(bin, { ...settings, NODE_ID: 'second' })];
const [node] = nodes;
const instances = nodes.map((server) => `127.0.0.1:${server.port}`);
const prometheus = await Prometheus.start(instances);

const scrape = async (headers = {}) => {
  const answer = await fetch(`${node.url}/metrics`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
// { 'name{labels}': number } of the text form.
function figures(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}
const named = (text) => new Set(Object.keys(figures(text)).map((key) => key.split('{')[0]));
const first = await scrape();

test('O2 all figures that are asked for are there, each with help and type', async () => {
  const found = named(first.text);
  const asked = ['requests_total', 'errors_total', 'active_connections', 'active_lobbies', 'active_players', 'uptime_seconds',
    'memory_usage_bytes', 'tick_duration_seconds_bucket', 'tick_lateness_seconds_bucket', 'bytes_received_total', 'bytes_sent_total',
    'messages_received_total', 'messages_sent_total', 'queue_length', 'queue_wait_seconds_total', 'matchmaking_wait_seconds_bucket',
    'authentication_duration_seconds_bucket', 'login_duration_seconds_bucket', 'join_duration_seconds_bucket',
    'matches_completed_total', 'matches_aborted_total', 'logins_total', 'bans_total', 'reports_total', 'suspicious_actions_total',
    'database_latency_seconds_bucket', 'database_errors_total', 'redis_latency_seconds_bucket', 'redis_errors_total'];
  assert.deepEqual(asked.filter((name) => !found.has(name)), []);
  const families = new Set([...first.text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]));
  const described = new Set([...first.text.matchAll(/^# HELP (\S+) \S/gm)].map((match) => match[1]));
  assert.deepEqual([...families].filter((name) => !described.has(name)), []);
});

// { family: { kind, labels: { label: [values] } } } of the text form.
function series(text) {
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map((match) => match.slice(1)));
  const found = {};
  for (const key of Object.keys(figures(text))) {
    const [, name, labels] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(key);
    const family = kinds.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    found[family] ??= { kind: kinds.get(family), labels: {} };
    for (const [, label, value] of (labels ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)) {
      if (label === 'le') continue;  // the ends of a histogram's buckets
      const values = found[family].labels[label] ??= [];
      if (!values.includes(value)) values.push(value);
    }
  }
  return found;
}

test('O2 docs/operations/metrics.md has every figure with its kind, labels and their values, and no other', () => {
  const rows = [...text('docs/operations/metrics.md').matchAll(/^\| `([a-z_]+)` \| (\w+) \| ([^|]*) \| [^|]{8,} \|$/gm)];
  const described = Object.fromEntries(rows.map(([, name, kind, labels]) => [name, { kind, labels: Object.fromEntries(
    labels.trim().split('; ').filter((one) => one !== '').map((one) => one.split(': ')).map(([label, values]) => [label, values.split(', ')])) }]));
  const given = series(first.text);
  assert.deepEqual(Object.keys(given).filter((name) => !(name in described)), [], 'figures that the page does not have');
  assert.deepEqual(Object.keys(described).filter((name) => !(name in given)), [], 'figures that only the page has');
  for (const [name, { kind, labels }] of Object.entries(given)) {
    assert.equal(described[name].kind, kind, name);
    assert.deepEqual(Object.keys(described[name].labels), Object.keys(labels), name);
    for (const [label, values] of Object.entries(described[name].labels)) {
      if (values[0].startsWith('its ')) continue;  // of the node: its name, its region, its shards
      assert.deepEqual(values, labels[label], `${name}: ${label}`);
    }
  }
});

test('O2 nothing that players say becomes a label', async () => {
  const keys = async () => Object.keys(figures((await scrape()).text));
  const before = await keys();
  const count = async () => figures((await scrape()).text)['rejected_total{reason="unknown"}'];
  const unknown = await count();
  const player = await Player.connect(node.url);
  await player.ready();
  for (let i = 0; i < 10; i += 1) {
    player.emit(`an_event_of_my_own_${i}`, { kind: `mine ${i}` });
    player.emit('find_match', { gameMode: `mode ${i}`, region: `region ${i}`, quickJoin: true });
    await fetch(`${node.url}/api/nothing-here-${i}`, { method: i % 2 ? 'PATCH' : 'GET' });
    await fetch(`${node.url}/api/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"kind": ${i}}` });
  }
  await until('they have arrived', async () => (await count()) >= unknown + 10);
  assert.deepEqual(await keys(), before);
  await closeAll([player]);
});

test('O2 JSON has the same figures as the text', async () => {
  const json = JSON.parse((await scrape({ Accept: 'application/json' })).text);
  const { text } = await scrape({ Accept: 'text/plain' });
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map((match) => match.slice(1));
  assert.deepEqual(Object.keys(json).sort(), families.map(([name]) => name).sort());
  const plain = figures(text);
  for (const [name, kind] of families) {
    if (kind === 'histogram') {
      const ends = Object.keys(plain).filter((key) => key.startsWith(`${name}_bucket`)).length - 1;
      assert.equal(json[name].buckets.length, ends, name);
    } else if (Array.isArray(json[name])) {
      for (const { value, ...labels } of json[name]) {
        const key = `${name}{${Object.entries(labels).map(([label, word]) => `${label}="${word}"`).join(',')}}`;
        assert.ok(key in plain && Number.isFinite(value), key);
      }
    } else {
      assert.ok(name in plain && Number.isFinite(json[name]), name);
    }
  }
});

test('O2 whoever came through a proxy hears 404, unless he has the token', async () => {
  assert.equal(first.status, 200);
  assert.match(first.type, /^text\/plain; version=0\.0\.4/);
  assert.equal((await scrape({ 'X-Forwarded-For': '203.0.113.5' })).status, 404);
  assert.equal((await scrape({ 'X-Forwarded-For': '203.0.113.5', Authorization: 'Bearer wrong' })).status, 404);
  assert.equal((await scrape({ 'X-Forwarded-For': '203.0.113.5', Authorization: 'Bearer a-token-for-scrapers' })).status, 200);
});

test('O2 what players do is counted: a login, a wrong password, a match', async () => {
  const before = figures((await scrape()).text);
  const post = (path, body) => fetch(node.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const account = { email: 'counted@example.org', password: 'a right password 1' };
  assert.equal((await post('/api/auth/register', { ...account, displayName: 'Counted' })).status, 201);
  assert.equal((await post('/api/auth/login', account)).status, 200);
  assert.equal((await post('/api/auth/login', { ...account, password: 'a wrong password 1' })).status, 401);
  const player = await Player.connect(node.url);
  await player.ready();
  await player.quickPlay({ bots: 3 });
  await player.next('match_started', () => true, 15_000);
  await player.enter();
  const ended = player.next('match_ended');
  player.emit('debug:trigger_match_end');
  await ended;
  const grown = async (key, by) => until(`${key} grows by ${by}`, async () => figures((await scrape()).text)[key] - before[key] >= by);
  await grown('logins_total{result="succeeded"}', 1);
  await grown('logins_total{result="failed"}', 1);
  await grown('registrations_total', 1);
  await grown('join_duration_seconds_count', 1);
  await grown('login_duration_seconds_count', 3);
  await grown('matches_started_total', 1);
  await grown('matches_completed_total', 1);
  await grown('tick_duration_seconds_count', 60);
  await grown('tick_lateness_seconds_count', 60);
  await grown('messages_sent_total', 8);
  await grown('bytes_sent_total', 1000);
  const now = figures((await scrape()).text);
  assert.equal(now.active_players, 1);
  assert.equal(now.active_connections, 1);
  await closeAll([player]);
});

test('O4 Prometheus has both nodes up, with their series and no alert', async () => {
  await until('both are up', async () => (await prometheus.targets()).every(({ health }) => health === 'up'), 20_000);
  for (const instance of instances) {
    const found = await until(`series of ${instance}`, async () => {
      const series = await prometheus.query(`{instance="${instance}"}`);
      return series.length > 200 && series;
    }, 20_000);
    assert.ok(found.length < 800, `${found.length} series: a label without a bound?`);
    assert.deepEqual(await prometheus.firing(instance), []);
  }
  const names = await prometheus.query('node_info');
  assert.deepEqual(names.map(({ labels }) => labels.node).sort(), ['first', 'second']);
});

fileTests(() => named(first.text));
logTests(bin);
backendLogTests(bin);

const results = await runAll();
await prometheus.stop();
for (const server of nodes) {
  await server.stop();
  server.forget();
}
await redis.stop();
await finish(results);
