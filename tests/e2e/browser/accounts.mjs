// Accounts in our own client, against a running server (started with TEST_HOOKS=true):
//   accounts.mjs <base url> <folder for screenshots> <the server's data folder>
// Register, wrong password, reload, a second tab, a match that shows in profile and leaderboard, a guest who signs up inside
// the game, one's data, log out, a forgotten password, and the end of an account. Proves issue 4 point 6.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { assert, finish, runAll, test, until } from '../lib/check.mjs';
import { launch, Player } from './page.mjs';

const [base, pictures, data] = process.argv.slice(2);
if (!data) {
  console.error('usage: accounts.mjs <base url> <folder for screenshots> <data folder of the server>');
  process.exit(2);
}
const LOADOUT = { primary: 'rifle', secondary: 'pistol', support: ['grenade'] };
const browser = await launch();
const ada = await Player.open(browser, base, pictures, 'Ada', LOADOUT);
const gus = await Player.open(browser, base, pictures, 'Gus', LOADOUT);
const stored = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('trespasser.account')));
const isMenu = () => __trespasser.screen === 'menu' && __trespasser.connected;

async function fillIn(page, fields) {
  for (const [id, text] of Object.entries(fields)) await page.fill(`#${id}`, text);
}

test('a guest plays as before', async () => {
  for (const player of [ada, gus]) await player.see('menu', isMenu);
  assert.equal(await ada.look(() => __trespasser.account), null);
  await ada.picture('20-guest-menu');
});

test('an account is made; the line stays and is the account\'s now', async () => {
  const id = await ada.look(() => __trespasser.id);
  await ada.page.click('#account');
  await ada.picture('21-sign-in');
  await ada.page.click('#to-register');
  await fillIn(ada.page, { 'display-name': 'Ada L', email: 'ada@example.org', 'account-password': 'short' });
  await ada.page.click('#register');
  await ada.see('the complaint', () => /8/.test(document.querySelector('.complaint')?.textContent ?? ''));
  await ada.picture('22-register');
  await ada.page.fill('#account-password', 'correct horse');
  await ada.page.keyboard.press('Enter');
  await ada.see('signed in', () => __trespasser.account?.name === 'Ada L' && __trespasser.screen === 'menu');
  await ada.page.waitForSelector('.toast:has-text("Signed in as Ada L")');
  assert.equal(await ada.look(() => __trespasser.id), id);
  assert.equal(await ada.page.inputValue('#name'), 'Ada L');
  const kept = await ada.look(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /eyJ/, 'no access token in the storage');
  await ada.picture('23-member-menu');
});

test('a reload stays signed in, with a new refresh token each time', async () => {
  const seen = new Set([(await stored(ada.page)).refreshToken]);
  for (let i = 0; i < 2; i += 1) {
    await ada.page.reload();
    await ada.see('menu', isMenu);
    assert.equal(await ada.look(() => __trespasser.account?.name), 'Ada L');
    seen.add((await stored(ada.page)).refreshToken);
  }
  assert.equal(seen.size, 3);
});

test('wrong password and taken e-mail are told', async () => {
  await gus.page.click('#account');
  await fillIn(gus.page, { email: 'ada@example.org', 'account-password': 'wrong password' });
  await gus.page.click('#sign-in');
  await gus.see('the complaint', () => /wrong/.test(document.querySelector('.complaint')?.textContent ?? ''));
  await gus.page.click('#to-register');
  await fillIn(gus.page, { 'display-name': 'Gus', email: 'ada@example.org', 'account-password': 'correct horse' });
  await gus.page.click('#register');
  await gus.see('the complaint', () => (document.querySelector('.complaint')?.textContent ?? '').length > 5);
  assert.equal(await stored(gus.page), null);
  await gus.page.click('#back');
  // Refused requests are errors in the browser's console, and nowhere else.
  const other = gus.complaints.concat(ada.complaints).filter((text) => !/status of 4(00|01|09)/.test(text));
  assert.deepEqual(other, []);
  gus.complaints.length = 0;
  ada.complaints.length = 0;
});

test('a second tab takes the seat over; the first says why and takes it back', async () => {
  const tab = await ada.openPage(base);
  await ada.page.waitForSelector('#session-ended');
  await until('the tab', () => tab.evaluate(isMenu));
  assert.equal(await tab.evaluate(() => __trespasser.account?.name), 'Ada L');
  assert.equal(await ada.look(() => __trespasser.connected), false);
  await ada.picture('24-elsewhere');
  await ada.page.click('#play-here');
  await ada.see('connected', isMenu);
  await tab.waitForSelector('#session-ended');
  await Promise.all([ada.page.reload(), tab.reload()]);  // both renew at once: nobody is signed out
  for (const page of [ada.page, tab]) {
    await until('a connection with a new token', () => page.evaluate(() => __trespasser.connected || document.querySelector('#session-ended') !== null));
  }
  await tab.close();
  await ada.page.reload();
  await ada.see('menu', isMenu);
  assert.equal(await ada.look(() => __trespasser.account?.name), 'Ada L');
});

test('the account plays under its name; a guest signs up inside the game and keeps the seat', async () => {
  await ada.page.click('#quick-play');
  await ada.alive();
  await gus.page.click('#quick-play');
  await gus.alive();
  await gus.see('Ada in the list', () => __trespasser.players.some((p) => p.name === 'Ada L'));
  const seat = await ada.look(() => __trespasser.id);
  await ada.page.reload();
  await ada.alive();
  assert.equal(await ada.look(() => __trespasser.id), seat, 'the seat survives a reload of a member, too');
  const id = await gus.look(() => __trespasser.id);
  await gus.page.keyboard.press('Escape');
  await gus.picture('25-pause');
  await gus.page.click('#pause-sign-in');
  await gus.page.click('#to-register');
  await fillIn(gus.page, { 'display-name': 'Gus Grew', email: 'gus@example.org', 'account-password': 'correct horse' });
  await gus.picture('26-sign-up-in-game');
  await gus.page.click('#register');
  await gus.page.waitForSelector('.toast:has-text("Signed in as Gus Grew")');
  await gus.alive();
  assert.equal(await gus.look(() => __trespasser.id), id);
  await ada.look(() => __trespasser.send('debug:trigger_match_end'));
  for (const player of [ada, gus]) {
    await player.see('results', () => __trespasser.screen === 'results');
    await player.page.click('#leave');
    await player.see('menu', isMenu);
  }
});

test('the match stands in the profile', async () => {
  for (const [player, name] of [[ada, 'Ada L'], [gus, 'Gus Grew']]) {
    await until('the match is stored', async () => {
      const { id } = await stored(player.page);
      return (await (await fetch(`${base}/api/players/${id}`)).json()).stats.matches === 1;
    });
    await player.page.click('#account');
    await player.page.waitForSelector('[data-match]');
    assert.equal(await player.page.locator('[data-match]').count(), 1);
    assert.equal((await player.page.locator('#profile-name').innerText()).trim(), name);
    await player.picture('27-profile');
    await player.page.click('#back');
  }
});

test('leaderboard: both are on it, in four orders; a row leads to the player and back', async () => {
  await ada.page.click('#leaderboard');
  for (const order of ['kills', 'wins']) {
    await ada.page.click(`[data-order=${order}]`);
    await ada.page.waitForSelector(`[data-order=${order}].on`);
    await ada.see('both', () => document.querySelectorAll('[data-player]').length === 2);
  }
  assert.equal(await ada.page.locator('.table-row.selected').innerText().then((text) => /Ada L/.test(text)), true);
  await ada.picture('28-leaderboard');
  for (const [order, why] of [['ratio', 'five matches'], ['rating', 'another account']]) {  // an aborted match is not rated
    await ada.page.click(`[data-order=${order}]`);
    await ada.page.waitForSelector(`.empty:has-text("${why}")`);
  }
  await ada.page.click('[data-order=wins]');
  await ada.page.click('[data-player]:has-text("Gus Grew")');
  await ada.page.waitForSelector('[data-match]');
  assert.equal(await ada.page.locator('#logout').count(), 0, 'another player\'s profile');
  await ada.page.click('#back');
  await ada.see('the list', () => __trespasser.screen === 'leaderboard');
  await ada.page.click('#back');
});

test('one\'s data comes as a file, after the token was refused once', async () => {
  await ada.page.click('#account');
  const { refreshToken } = await stored(ada.page);
  await ada.page.route('**/export', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"detail":"expired"}' }), { times: 1 });
  const [file] = await Promise.all([ada.page.waitForEvent('download'), ada.page.click('#export')]);
  assert.equal(file.suggestedFilename(), 'trespasser-player.json');
  assert.match(readFileSync(await file.path(), 'utf8'), /ada@example\.org/);
  assert.notEqual((await stored(ada.page)).refreshToken, refreshToken);
  ada.complaints.length = 0;
});

test('logout: a guest again; a reload does not bring it back', async () => {
  await ada.page.click('#logout');
  await ada.see('a guest', () => __trespasser.screen === 'menu' && __trespasser.connected && __trespasser.account === null);
  assert.equal(await stored(ada.page), null);
  await ada.page.reload();
  await ada.see('menu', isMenu);
  assert.equal(await ada.look(() => __trespasser.account), null);
});

test('a login that is no good (any more) leaves a connected guest', async () => {
  const login = { id: 'x', name: 'Nobody', refreshToken: 'x'.repeat(43) };
  for (const accepted of [false, true]) {  // refused at once, or only its access token by the socket
    const renewed = { token: 'a.b.c', refreshToken: 'y'.repeat(43), expiresIn: 900 };
    if (accepted) await ada.page.route('**/refresh', (route) => route.fulfill({ json: renewed }), { times: 1 });
    await ada.page.evaluate((value) => localStorage.setItem('trespasser.account', value), JSON.stringify(login));
    await ada.page.reload();
    await ada.see('a guest', () => __trespasser.connected && __trespasser.account === null);
    assert.equal(await stored(ada.page), null);
  }
  assert.equal(await ada.look(() => __trespasser.net.connectErrors), 1);
  ada.complaints.length = 0;
});

test('a forgotten password: link by mail, new password, signed in with it', async () => {
  await ada.page.click('#account');
  await ada.page.click('#to-forgot');
  await ada.page.fill('#email', 'ada@example.org');
  await ada.page.click('#send-link');
  await ada.page.waitForSelector('h2:has-text("LOOK INTO YOUR MAIL")');
  const code = await until('the mail', () => {
    try {
      return /code=([A-Za-z0-9_-]+)/.exec(readFileSync(join(data, 'mail.txt'), 'utf8'))?.[1];
    } catch {
      return undefined;
    }
  });
  await ada.page.goto(`${base}/play/?code=${code}`);
  await ada.page.waitForSelector('#set-password');
  assert.equal(new URL(ada.page.url()).search, '', 'the address bar forgets the code');
  await ada.picture('29-new-password');
  await ada.page.fill('#account-password', 'battery staple');
  await ada.page.click('#set-password');
  await ada.page.waitForSelector('#sign-in');
  await fillIn(ada.page, { email: 'ada@example.org', 'account-password': 'battery staple' });
  await ada.page.click('#sign-in');
  await ada.see('signed in', () => __trespasser.account?.name === 'Ada L' && __trespasser.screen === 'menu');
});

test('a login ended on another device ends here, with the reason', async () => {
  const login = await fetch(`${base}/api/auth/login`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'gus@example.org', password: 'correct horse' }),
  }).then((answer) => answer.json());
  await fetch(`${base}/api/auth/logout-all`, { method: 'POST', headers: { Authorization: `Bearer ${login.token}` } });
  await gus.page.waitForSelector('#session-ended');
  assert.match(await gus.page.locator('#session-ended').innerText(), /logged out/);
  await gus.picture('30-ended');
  await gus.page.click('#play-as-guest');
  await gus.see('a guest', () => __trespasser.connected && __trespasser.account === null);
});

test('the account is deleted, after asking', async () => {
  await ada.page.click('#account');
  await ada.page.click('#erase');
  await ada.picture('31-delete');
  await ada.page.click('#keep');
  await ada.page.click('#erase');
  await ada.page.click('#erase-now');
  await ada.see('a guest', () => __trespasser.screen === 'menu' && __trespasser.connected && __trespasser.account === null);
  await ada.page.click('#account');
  await fillIn(ada.page, { email: 'ada@example.org', 'account-password': 'battery staple' });
  await ada.page.click('#sign-in');
  await ada.see('the complaint', () => /wrong/.test(document.querySelector('.complaint')?.textContent ?? ''));
  ada.complaints.length = 0;
});

test('neither page complained', async () => {
  for (const player of [ada, gus]) {
    assert.deepEqual(player.complaints, []);
    assert.deepEqual(await player.look(() => __trespasser.errors), []);
  }
});

const results = await runAll();
await browser.close();
await finish(results);
