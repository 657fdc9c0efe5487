// The replay page, against a running server (started with TEST_HOOKS=true):
//   replay.mjs <base url> <folder for screenshots> <the server's data folder> <folder of the built programs>
// A match of bots and two players is recorded by the server; the file is opened in the page, played, paused and sought in, and
// at each moment looked at the page has what trespasser-replay says. Proves issue 3 point 5 (the page's part).

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player as Client } from '../lib/player.mjs';
import { launch, Player } from './page.mjs';

const [base, pictures, data, bin] = process.argv.slice(2);
if (!bin) {
  console.error('usage: replay.mjs <base url> <folder for screenshots> <data folder of the server> <folder of the built programs>');
  process.exit(2);
}
const PLAY_MS = 45_000;
const mapFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../../../maps');
const browser = await launch();
const viewer = await Player.open(browser, `${base}/play/replay.html`, pictures, 'Viewer', {});
const { page } = viewer;
let file;
let states;  // by tick, every third
let last;
let map;

async function record() {
  const clients = [];
  for (const name of ['Ada', 'Bo']) {
    const client = await Client.connect(base);
    client.name = name;
    await client.ready();
    await client.quickPlay({ playerName: name });
    clients.push(client);
  }
  await Promise.all(clients.map((client) => client.next('match_started', () => true, 60_000)));
  for (const client of clients) await client.enter({ team: client.name === 'Ada' ? 'red' : 'blue' });
  const end = Date.now() + PLAY_MS;
  for (let step = 0; Date.now() < end; step += 1) {
    for (const client of clients) {
      if (!client.me?.isAlive) continue;
      client.input({ w: step % 240 < 60, d: step % 240 >= 60 && step % 240 < 120, s: step % 240 >= 120 && step % 240 < 180, a: step % 240 >= 180 }, { x: 240, y: 135 });
      if (step % 30 === 0) client.fire({ x: 240, y: 135 });
    }
    await sleep(16);
  }
  for (const client of clients) client.socket.disconnect();
}

/** What the page holds of the moment it shows. */
const shown = () => page.evaluate(() => {
  const { model, time } = __film;
  const walls = [...model.walls.values()];
  return {
    tick: Math.round(time * 0.06), red: model.scores.red, blue: model.scores.blue,
    openSlices: walls.flatMap((w) => w.open.map((open, i) => open && !w.phantom[i])).filter(Boolean).length,
    players: [...model.actors.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map((a) => {
      const at = a.track.at(Math.round(time * 0.06) * (1000 / 60))?.position;
      return { slot: Number(a.id.slice(1)), team: a.team, x: at?.x, y: at?.y, health: a.health, kills: a.kills, deaths: a.deaths };
    }),
  };
});

function told(tick) {
  const { red, blue, openSlices, players } = states.get(tick);
  return { tick, red, blue, openSlices, players: players.map(({ slot, team, x, y, health, kills, deaths }) => ({ slot, team, x, y, health, kills, deaths })) };
}

const settled = () => viewer.see('the moment sought', () => !__film.waiting);

/** With the bar, as a player does. */
async function seek(tick) {
  await page.evaluate((ms) => {
    const slider = document.querySelector('#time');
    slider.value = String(ms);
    slider.dispatchEvent(new Event('input'));
  }, tick * 1000 / 60);
  await settled();
}

async function setPlaying(on) {
  if ((await page.evaluate(() => __viewer.playing)) !== on) await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => __viewer.playing), on);
}

const message = () => page.textContent('#message');
const upload = (name, buffer) => page.setInputFiles('#film', { name, mimeType: 'application/octet-stream', buffer });
const reload = async () => {
  await page.goto(`${base}/play/replay.html`);
  await page.waitForSelector('#film');
};

test('the server records a match', async () => {
  await record();
  const folder = join(data, 'replays');
  const [name] = await until('a finished replay', () => {
    const found = existsSync(folder) && readdirSync(folder).filter((each) => each.endsWith('.replay'));
    return found && found.length > 0 && found;
  }, 90_000);
  file = join(folder, name);
  const lines = execFileSync(join(bin, 'trespasser-replay'), ['state', file, '--every', '3', '--maps', mapFolder], { maxBuffer: 1 << 27 }).toString().trim().split('\n').map((line) => JSON.parse(line));
  states = new Map(lines.map((line) => [line.tick, line]));
  last = lines[lines.length - 1];
  assert.ok(last.tick > 1500 && last.red + last.blue > 0, `${last.tick} ticks, ${last.red}:${last.blue}`);
});

test('the page opens it, plays it, and finds every recorded hash', async () => {
  await viewer.picture('30-replay-open');
  await page.setInputFiles('#film', file);
  await viewer.see('it plays', () => window.__film?.time > 300);
  await viewer.see('verified', () => document.querySelector('#verified')?.textContent === 'VERIFIED');
  const verified = await page.evaluate(() => __viewer.verified);
  assert.equal(verified.hash, last.hash);
  map = await page.evaluate(() => __film.source.map);
  assert.equal(verified.tick, last.tick);
  assert.ok(verified.compared >= last.tick / 60);
});

test('forth and back, each moment is what trespasser-replay says', async () => {
  await setPlaying(false);
  const ticks = [...states.keys()].filter((tick) => tick % 3 === 0);
  const places = [0.5, 0.9, 0.1, 0.97, 0.3, 0.31, 0.7, 0.02, 0.6].map((part) => ticks[Math.floor(part * ticks.length)]);
  let kills = 0;
  for (const tick of places) {
    await seek(tick);
    assert.deepEqual(await shown(), told(tick), `tick ${tick}`);
    kills += told(tick).players.reduce((sum, player) => sum + player.kills, 0);
  }
  assert.ok(kills > 0, 'moments with kills were among them');
  await seek(ticks[Math.floor(0.8 * ticks.length)]);
  await viewer.picture('31-replay-paused');
});

test('paused it stands; playing it goes on with what the program says; keys skip and change the speed', async () => {
  const time = () => page.evaluate(() => __film.time);
  const before = await time();
  await sleep(300);
  assert.equal(await time(), before);
  await page.keyboard.press('ArrowLeft');
  await settled();
  assert.ok(Math.abs(await time() - (before - 5000)) < 1, `${before} then ${await time()}`);
  await page.keyboard.press('ArrowRight');
  await settled();
  assert.ok(Math.abs(await time() - before) < 1);
  await page.keyboard.press('Home');
  await settled();
  assert.equal(await time(), 0);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.textContent('#speed'), '4×');
  await setPlaying(true);
  await viewer.see('twenty seconds of the match', () => __film.time > 20_000);
  await setPlaying(false);
  const tick = await page.evaluate(() => Math.floor(__film.time * 0.06 / 3) * 3);
  await seek(tick);
  assert.deepEqual(await shown(), told(tick));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.textContent('#speed'), '0.5×');
  await page.click('#speed');
  assert.equal(await page.textContent('#speed'), '1×');
  await setPlaying(true);
  assert.equal(await page.textContent('#speed'), '1×', 'Space after a click is for the player, not for the button');
  await page.keyboard.press('End');
  await settled();
  await viewer.see('the end of the time line', () => {
    const [now, all] = document.querySelector('#film-time').textContent.split(' / ');
    return now === all && document.querySelector('#time').value === document.querySelector('#time').max;
  });
  await page.evaluate(() => __film.seek(__film.durationMs - 1500));
  await settled();
  await setPlaying(true);
  await viewer.see('it stops at the end', () => __film.ended && !__viewer.playing);
  const { red, blue } = last;
  assert.deepEqual(await page.evaluate(() => ({ ...__film.model.scores })), { red, blue });
});

test('through a player\'s eyes one sees what he saw', async () => {
  const moment = [...states.values()].find((state) => state.tick > 600 && state.tick % 3 === 0 && state.players.filter((p) => p.health > 0).length >= 4);
  await seek(moment.tick);
  const slot = moment.players.find((player) => player.health > 0).slot;
  const hidden = () => page.evaluate(() => [...__film.model.actors.values()].filter((a) => !a.track.at(__film.time)).length);
  assert.equal(await hidden(), 0);
  await page.keyboard.press(`Digit${slot + 1}`);
  await settled();
  assert.equal(await page.evaluate(() => __film.followed), `p${slot}`);
  assert.ok(await hidden() > 0, 'somebody is out of his sight');
  assert.deepEqual([(await shown()).red, (await shown()).blue], [moment.red, moment.blue]);
  await sleep(200);
  await viewer.picture('32-replay-followed');
  await page.keyboard.press('Digit0');
  await settled();
  assert.equal(await hidden(), 0);
});

test('files that cannot be shown are told of in words, and the next one opens', async () => {
  const bytes = readFileSync(file);
  const raw = execFileSync('zstd', ['-dcq', file], { maxBuffer: 1 << 27 });
  const other = Buffer.from(raw);
  other[4] = 9;
  const cases = [
    ['cut.replay', bytes.subarray(0, bytes.length - 7), /cut off/],
    ['garbage.replay', Buffer.from('this is no replay at all'), /neither a replay nor a film/],
    ['empty.replay', Buffer.alloc(0), /neither a replay nor a film/],
    ['version.replay', other, /another version/],
    ['inside.replay', Buffer.concat([bytes.subarray(0, 200), Buffer.alloc(300, 7), bytes.subarray(500)]), /damaged|cut off|out of range/],
    ['bomb.replay', execFileSync('zstd', ['-qc'], { input: Buffer.alloc(66 << 20), maxBuffer: 1 << 27 }), /too large/],
    ['broken.film', Buffer.from('{"film":1}\nnonsense\n'), /line 2/],
  ];
  for (const [name, buffer, why] of cases) {
    await reload();
    await upload(name, buffer);
    await viewer.see(`the complaint about ${name}`, () => document.querySelector('#message')?.classList.contains('complaint'));
    assert.match(await message(), why, name);
    assert.match(await message(), /^This file cannot be shown: /);
    if (name === 'cut.replay') await viewer.picture('33-replay-cut-off');
  }
  await page.setInputFiles('#film', file);
  await viewer.see('it plays', () => window.__film?.time > 100);
});

test('a replay that does not go as it was recorded is marked with the time', async () => {
  const raw = execFileSync('zstd', ['-dcq', file], { maxBuffer: 1 << 27 });
  raw[5] ^= 1;  // the seed
  await reload();
  await upload('changed.replay', raw);
  await viewer.see('the mark', () => /^DIFFERS FROM 0:\d\d$/.test(document.querySelector('#verified')?.textContent ?? ''));
  await viewer.see('it plays', () => window.__film?.time > 100);
});

test('a worker that hangs is ended, and the page is usable all the time', async () => {
  let hang = true;
  await viewer.context.route('**/replay-worker.js', (route) => (hang ? route.fulfill({ contentType: 'text/javascript', body: 'onmessage = () => { for (;;); }' }) : route.continue()));
  await reload();
  await page.setInputFiles('#film', file);
  assert.match(await message(), /Opening/);
  hang = false;
  await viewer.see('the complaint', () => /takes too long/.test(document.querySelector('#message')?.textContent ?? ''));
  await page.setInputFiles('#film', file);
  await viewer.see('verified', () => document.querySelector('#verified')?.textContent === 'VERIFIED');
  await viewer.context.unroute('**/replay-worker.js');
});

test('once the page is there it needs no server; a file may be dropped on it', async () => {
  await reload();
  await page.waitForLoadState('networkidle');
  await viewer.context.setOffline(true);
  const drop = await page.evaluateHandle((text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'dropped.replay'));
    return transfer;
  }, readFileSync(file).toString('base64'));
  await page.dispatchEvent('body', 'drop', { dataTransfer: drop });
  await viewer.see('verified', () => document.querySelector('#verified')?.textContent === 'VERIFIED');
  await viewer.context.setOffline(false);
});

test('a map that the page does not know can be opened beside the replay', async () => {
  await viewer.context.route('**/replay-maps.json', (route) => route.fulfill({ body: '[]' }));
  await reload();
  await page.setInputFiles('#film', file);
  await viewer.see('the complaint', () => /map that is not known/.test(document.querySelector('#message')?.textContent ?? ''));
  await page.setInputFiles('#film', join(mapFolder, `${map}.png`));
  await viewer.see('verified', () => document.querySelector('#verified')?.textContent === 'VERIFIED');
});

test('a film that the program wrote plays as well', async () => {
  const film = join(data, 'match.film');
  execFileSync(join(bin, 'trespasser-replay'), ['film', file, '--out', film, '--maps', mapFolder]);
  writeFileSync(`${film}.gz`, execFileSync('gzip', ['-c', film], { maxBuffer: 1 << 28 }));
  for (const each of [film, `${film}.gz`]) {
    await reload();
    await page.setInputFiles('#film', each);
    await viewer.see('it plays', () => window.__film?.time > 100);
    await setPlaying(false);
    const tick = [...states.keys()].filter((key) => key % 3 === 0 && key > 1000)[0];
    await page.evaluate((at) => __film.seek((at - __film.source.firstTick) * (1000 / 60)), tick);
    await settled();
    const { red, blue, players } = told(tick);
    const model = await page.evaluate(() => ({ ...__film.model.scores, kills: [...__film.model.actors.values()].map((a) => a.kills).sort() }));
    assert.deepEqual(model, { red, blue, kills: players.map((p) => p.kills).sort() });
  }
});

test('the page complained of nothing', async () => {
  assert.deepEqual(viewer.complaints, []);
});

const results = await runAll();
await browser.close();
await finish(results);
