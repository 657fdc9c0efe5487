// O7: the load test tells what really happened. Its counts are held against the server's own and the database, its page is opened
// in Chromium, it stops cleanly, and it lives through cuts, a node's death and a server that asks for patience.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { LoadClient, figures, sourcesOf } from './client.mjs';

const [bin, pictures] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'trespasser-loadtest-'));
const settings = { BCRYPT_COST: '4', COUNTDOWN: '2', RESULTS_TIME: '3', VOTE_TIME: '2', SHARDS: '2' };
const server = await Server.start(bin, settings);
const step = (report, name) => report.steps[name];
const html = join(folder, 'report.html');
const json = join(folder, 'report.json');
const accounts = join(folder, 'accounts');

// On a server that nobody was on before: seats of those whose line was cut in the end of another test are kept for a while.
async function onFresh(more, body) {
  const fresh = await Server.start(bin, { ...settings, ...more });
  try {
    await body(fresh);
  } finally {
    await fresh.stop();
    fresh.forget();
  }
}

// Nobody has a seat or a line; the server keeps what it knows of a lost line for a while, so active_connections may say more.
const empty = (node) => until('all have left', async () => (await figures(node)).active_players === 0 && sourcesOf(node).size === 0, 15_000);

// Whatever becomes of a step that was begun, it is counted once.
function balanced(report) {
  for (const [name, { begun, done, failed, cancelled, ms }] of Object.entries(report.steps)) {
    assert.equal(done + failed + cancelled, begun, name);
    assert.equal(ms.count, done, name);
  }
}

test('24 accounts play whole matches in private lobbies: the report, /metrics and the database agree', async () => {
  const made = await LoadClient.run(bin, { server: server.url, profile: 'accounts', players: 16, ramp: 0.5, 'accounts-file': accounts });
  assert.equal(made.code, 0, made.progress);
  assert.equal(step(made.report, 'register').done, 16);
  const { code, report, progress } = await LoadClient.run(bin, {
    server: server.url, players: 24, ramp: 1, settle: 6, duration: 7, finish: 15, entry: 'private', 'lobby-size': 8, 'time-limit': 3,
    chat: 3, scrape: 1, seed: 7, 'accounts-file': accounts, html, report: json,
  });
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  assert.equal(report.gone, 0);
  assert.equal(code, report.passed ? 0 : 1);
  assert.deepEqual(JSON.parse(readFileSync(json)), report);
  assert.match(progress, /connected 24 {2}playing \d+ .*login 24 .*errors 0/);
  // Sixteen accounts of the earlier run, eight new ones.
  assert.equal(step(report, 'register').done, 8);
  for (const name of ['login', 'connect', 'join']) assert.equal(step(report, name).done, 24, name);
  assert.ok(step(report, 'match').done >= 24, 'a whole match each');
  for (const name of ['match', 'chat', 'vote']) assert.equal(step(report, name).failed, 0, name);
  for (const name of ['chat', 'vote', 'rematch', 'leave']) assert.ok(step(report, name).done > 0, name);
  assert.equal(report.matches_started_seen, report.matches_ended_seen);

  const told = await figures(server);
  assert.equal(told.registrations_total, 24);
  assert.equal(told['logins_total{result="succeeded"}'], 24);
  assert.ok(told.matches_completed_total >= 3);
  assert.equal(told.active_players, 0);
  const [node] = report.servers;
  assert.equal(node.trouble, '');
  assert.equal(node.readings.at(-1).matches_completed, told.matches_completed_total);
  assert.ok(node.readings.length > 5);
  assert.ok(node.readings[node.window_begin].players === 24);
  const [rows] = await until('results are kept', () => {
    const found = server.rows('select count(*) seats, count(distinct player_id) people, count(distinct match_id) matches from match_players');
    return found[0].matches === told.matches_completed_total && found;
  }, 15_000);
  assert.equal(rows.seats, step(report, 'match').done);
  assert.equal(rows.people, 24);
});

test('the page opens in Chromium without a complaint, light and dark, and asks for nothing', async () => {
  assert.ok(statSync(html).size < 300_000);
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme });
      const complaints = [];
      const asked = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('request', (request) => { if (!request.url().startsWith('data:')) asked.push(request.url()); });
      await page.goto(pathToFileURL(html).href);
      const seen = await page.evaluate(() => ({
        title: document.querySelector('h1').textContent,
        figures: [...document.querySelectorAll('figure')].map((one) => one.querySelector('b').textContent),
        empty: [...document.querySelectorAll('svg path[class^=c]')].filter((path) => path.getBBox().width + path.getBBox().height === 0
          && !path.parentNode.querySelector('circle')).length,
        targets: document.querySelectorAll('table.words tr').length - 1,
        wide: document.documentElement.scrollWidth > innerWidth,
        back: getComputedStyle(document.body).backgroundColor,
      }));
      await page.screenshot({ path: join(pictures, `report-${colorScheme}.png`), fullPage: true });
      assert.deepEqual(complaints, []);
      assert.equal(asked.length, 1, asked.join(' '));
      assert.equal(seen.title, 'Load test');
      for (const title of ['Players', 'Connections', 'Successful so far', 'Log in', 'Get a seat', 'Vote counted', 'CPU', 'Memory']) {
        assert.ok(seen.figures.includes(title), title);
      }
      assert.equal(seen.empty, 0, 'curves without extent');
      assert.ok(seen.targets >= 6);
      assert.equal(seen.wide, false, 'scrolls sideways');
      assert.equal(seen.back, colorScheme === 'light' ? 'rgb(251, 251, 250)' : 'rgb(20, 23, 26)');
    }
  } finally {
    await browser.close();
  }
});

test('Ctrl-C: the players leave and the report is written; a second one ends at once', async () => {
  const flags = { server: server.url, players: 8, ramp: 0, duration: 600, scrape: 0 };
  const first = LoadClient.start(bin, flags);
  await until('they play', async () => (await figures(server)).active_players === 8, 20_000);
  first.signal('SIGINT');
  const { report, code, signal } = await first.end();
  assert.equal(signal, null);
  assert.equal(report.interrupted, true);
  assert.equal(code, report.passed ? 0 : 1);
  balanced(report);
  assert.equal(step(report, 'leave').done, 8);
  assert.equal((await figures(server)).active_players, 0);

  const second = LoadClient.start(bin, flags);
  await until('they play again', async () => (await figures(server)).active_players === 8, 20_000);
  server.process.kill('SIGSTOP');  // nobody hears that they leave
  try {
    second.signal('SIGTERM');
    await sleep(500);
    second.signal('SIGTERM');
    const ended = await second.end();
    assert.equal(ended.code, 128 + 15);
    assert.equal(ended.report, null);
  } finally {
    server.process.kill('SIGCONT');
  }
});

test('a storm of reconnections: all are cut at once, again and again, and come back as the same players', async () => {
  const before = await figures(server);
  const { report } = await LoadClient.run(bin, {
    server: server.url, profile: 'reconnect', players: 16, ramp: 0.5, duration: 5, 'cut-every': 2, 'reconnect-delay': 0.4, chat: 0, quiet: true,
  });
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  assert.ok(report.cuts >= 32, `${report.cuts} cuts`);
  const back = step(report, 'reconnect');
  assert.equal(back.failed, 0);
  assert.ok(back.done >= 16 && back.done <= report.cuts);
  assert.ok(step(report, 'resume').done > 0, 'states came again');
  assert.equal(step(report, 'match').failed, 0);
  const after = await figures(server);
  assert.equal(after.connections_recovered_total - before.connections_recovered_total, back.done);
});

test('a mix of players in quick play: idlers stay out, leavers leave and come back', async () => {
  const before = await figures(server);
  const { report } = await LoadClient.run(bin, {
    server: server.url, profile: 'mix', players: 20, ramp: 0.5, settle: 5, duration: 3, chat: 1, quiet: true,
  });
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  assert.equal(step(report, 'connect').done, 20);
  assert.ok(step(report, 'join').done >= 16);
  assert.equal(step(report, 'register').begun, 0, 'guests');
  const after = await figures(server);
  assert.equal(after.join_duration_seconds_count - before.join_duration_seconds_count, step(report, 'join').done);
});

test('players who queue for a match are all seated by the queue', () => onFresh({}, async (fresh) => {
  const { report } = await LoadClient.run(bin, { server: fresh.url, entry: 'queue', players: 8, ramp: 0.5, settle: 5, duration: 3, quiet: true });
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  assert.equal(step(report, 'queue').done, 8);
  assert.equal(step(report, 'enter').done, 8);
}));

test('a launch storm: all come in the same moment, whatever the ramp, and each gets a seat', () => onFresh({}, async (fresh) => {
  const { report } = await LoadClient.run(bin, { server: fresh.url, profile: 'launch', players: 32, ramp: 600, settle: 20, duration: 1, quiet: true });
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  assert.equal(report.options.ramp, 0);
  assert.equal(report.playing_at_start, 32);
  for (const name of ['connect', 'join', 'leave']) assert.equal(step(report, name).done, 32, name);
  assert.equal((await figures(fresh)).join_duration_seconds_count, 32);
  await empty(fresh);
}));

for (const [flags, addresses] of [[{}, 5], [{ sources: 11 }, 11]]) {
  test(`idlers in the menu stay connected and take no seat; the server sees ${addresses} addresses`, () => onFresh({}, async (fresh) => {
    const client = LoadClient.start(bin, { server: fresh.url, profile: 'idle', players: 20, ramp: 0.2, duration: 600, scrape: 0, ...flags });
    await until('they are connected', async () => (await figures(fresh)).active_connections === 20, 20_000);
    assert.equal(sourcesOf(fresh).size, addresses);
    await sleep(500);
    assert.equal((await figures(fresh)).active_connections, 20);
    client.signal('SIGINT');
    const { report } = await client.end();
    assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
    balanced(report);
    assert.equal(step(report, 'connect').done, 20);
    assert.equal(step(report, 'join').begun, 0);
    assert.equal(report.gone, 0);
    assert.equal((await figures(fresh)).join_duration_seconds_count, 0);
  }));
}

test('a limit by address lets in four players of each address', () => onFresh({ CONNECTIONS_PER_ADDRESS: '4' }, async (strict) => {
  const flags = { server: strict.url, profile: 'idle', players: 12, ramp: 0, settle: 5, duration: 0.1, tries: 1, scrape: 0, quiet: true };
  const spread = await LoadClient.run(bin, flags);
  assert.deepEqual(spread.report.errors, {}, JSON.stringify(spread.report.error_examples));
  assert.equal(step(spread.report, 'connect').done, 12);
  await empty(strict);
  const alone = await LoadClient.run(bin, { ...flags, sources: 1 });
  assert.equal(step(alone.report, 'connect').done, 4);
  assert.equal(alone.report.gone, 8);
}));

test('Ctrl-C while they still come: the report and its page are whole', () => onFresh({}, async (fresh) => {
  const page = join(folder, 'early.html');
  const client = LoadClient.start(bin, { server: fresh.url, players: 400, ramp: 400, html: page, scrape: 0 });
  await until('the first play', async () => (await figures(fresh)).active_players >= 2, 20_000);
  client.signal('SIGINT');
  const { report, code } = await client.end();
  assert.equal(report.interrupted, true);
  assert.equal(code, report.passed ? 0 : 1);
  assert.deepEqual(report.errors, {}, JSON.stringify(report.error_examples));
  balanced(report);
  const came = step(report, 'connect').done;
  assert.ok(came >= 2 && came < 400, `${came} came`);
  assert.equal(step(report, 'leave').done, step(report, 'join').done);
  assert.match(readFileSync(page, 'utf8'), /<h1>Load test<\/h1>[^]*<\/html>/);
  await empty(fresh);
}));

test('a node dies under cuts: its players come back on the second one, as the same and into their lobbies', async () => {
  const redis = await Redis.start();
  const both = { ...settings, REDIS_URL: redis.url, JWT_SECRET: 's'.repeat(40), SHARDS: '1' };
  const [one, two] = [await Server.start(bin, { ...both, NODE_ID: 'one' }), await Server.start(bin, { ...both, NODE_ID: 'two' })];
  const client = LoadClient.start(bin, {
    server: `${one.url},${two.url}`, profile: 'reconnect', players: 16, entry: 'private', 'lobby-size': 4, ramp: 0.5, duration: 600, 'cut-every': 3,
    'reconnect-delay': 0.4, tries: 20, chat: 0, scrape: 0,
  });
  let ended;
  try {
    await until('they play on both', async () => {
      const [first, second] = [await figures(one), await figures(two)];
      return first.active_connections === 8 && second.active_connections === 8 && first.active_players + second.active_players === 16;
    }, 30_000);
    await until('matches run', async () => (await figures(one)).matches_started_total + (await figures(two)).matches_started_total >= 4, 30_000);
    await sleep(1000);  // saved four times a second
    await one.kill();
    await until('all have their seats on the second', async () => {
      const now = await figures(two);
      return now.active_connections === 16 && now.active_players === 16;
    }, 30_000);
    client.signal('SIGINT');
    ended = await client.end();
  } finally {
    await two.stop();
    one.forget();
    two.forget();
    await redis.kill();
  }
  const { report } = ended;
  balanced(report);
  assert.equal(report.gone, 0, JSON.stringify(report.error_examples));
  // Those whose line was cut just then tried in vain to connect instead.
  assert.ok(report.errors['connection lost'] >= 1 && report.errors['connection lost'] <= 8, JSON.stringify(report.errors));
  assert.deepEqual(Object.keys(report.errors).filter((kind) => !['connection lost', 'connect failed'].includes(kind)), []);
  assert.equal(step(report, 'connect').done, 16, 'nobody began anew');
  assert.ok(step(report, 'reconnect').done >= 8);
  assert.equal(step(report, 'match').failed, 0);
});

test('a node dies: players try again, give up, and every kind of error has an example', async () => {
  const node = await Server.start(bin, settings);
  const client = LoadClient.start(bin, { server: node.url, players: 8, ramp: 0, duration: 600, tries: 2, 'reconnect-delay': 0.2, scrape: 1 });
  await until('they are seated', async () => (await figures(node)).active_players === 8, 20_000);
  await node.kill();
  await until('they have given up', () => /gave up 8/.test(client.progress), 30_000);
  client.signal('SIGTERM');
  const { code, report } = await client.end();
  node.forget();
  assert.equal(code, 1);
  assert.equal(report.gone, 8);
  balanced(report);
  assert.equal(report.errors['connection lost'], 8);
  assert.equal(report.errors['connect failed'], 16);
  assert.match(report.error_examples['connect failed'], /refused/);
  assert.equal(step(report, 'reconnect').failed, 16);
  assert.match(report.servers[0].trouble, /refused/);
});

test('who is told to wait waits as long as it was told', async () => {
  const asked = [];
  const strict = createServer((request, answer) => {
    asked.push(Date.now());
    request.resume();
    request.on('end', () => {
      if (asked.length === 1) answer.writeHead(429, { 'Retry-After': '2', 'Content-Length': '2' }).end('{}');
      else answer.writeHead(201, { 'Content-Length': '2' }).end('{}');
    });
  });
  await new Promise((done) => strict.listen(0, '127.0.0.1', done));
  const file = join(folder, 'patient');
  const { code, report } = await LoadClient.run(bin, {
    server: `http://127.0.0.1:${strict.address().port}`, profile: 'accounts', players: 1, scrape: 0, quiet: true, 'accounts-file': file,
  });
  strict.close();
  assert.equal(code, 0);
  assert.equal(asked.length, 2);
  assert.ok(asked[1] - asked[0] >= 1_990, `${asked[1] - asked[0]} ms`);
  assert.equal(report.retries, 1);
  assert.match(readFileSync(file, 'utf8'), /^load-\d+-0@example\.org\t/);
});

test('wrong options are named, and nothing is run', async () => {
  for (const [flags, words] of [
    [{ players: 'many' }, /--players: "many" is no number/], [{ nope: 1 }, /unknown flag --nope/],
    [{ server: 'https://127.0.0.1' }, /TLS is not spoken/], [{ profile: 'calm' }, /none of steady, launch/],
    [{ html: join(folder, 'no', 'such', 'folder') }, /cannot write/],
  ]) {
    const { code, report, progress } = await LoadClient.run(bin, flags);
    assert.equal(code, 2);
    assert.equal(report, null);
    assert.match(progress, words);
  }
});

const results = await runAll();
await server.stop();
server.forget();
rmSync(folder, { recursive: true, force: true });
await finish(results);
