// The ranked queue in our own client, against a running server with matches of two:
//   queue.mjs <base url> <folder for screenshots>
// Two friends open a party, are told how they wait, and meet in a lobby; one who changes his mind is back in the menu (C3).

import { assert, finish, runAll, test } from '../lib/check.mjs';
import { launch, Player } from './page.mjs';

const [base, pictures] = process.argv.slice(2);
const LOADOUT = { primary: 'rifle', secondary: 'pistol', support: ['grenade'] };
const browser = await launch();
const kim = await Player.open(browser, base, pictures, 'Kim', LOADOUT);
const lee = await Player.open(browser, base, pictures, 'Lee', LOADOUT);

test('who waits is told his place and what keeps him waiting, and may cancel', async () => {
  for (const player of [kim, lee]) await player.see('menu', () => __trespasser.screen === 'menu' && __trespasser.connected);
  await kim.page.click('#ranked');
  await kim.page.click('#queue-join');
  await kim.see('the first place', () => document.querySelector('#queue-place')?.textContent === '1 of 1');
  await kim.see('why', () => document.querySelector('#queue-blocks').textContent.startsWith('Too few players'));
  await kim.picture('30-queue');
  await kim.page.click('#queue-leave');
  await kim.see('not waiting', () => __trespasser.queue === null && !document.querySelector('#queue-join').hidden);
});

test('a party waits together and meets in one lobby', async () => {
  await kim.page.click('#party-create');
  await kim.page.waitForSelector('#party-shown');
  const code = await kim.page.textContent('#party-shown');
  await lee.page.click('#ranked');
  await lee.page.fill('#party-code', code.toLowerCase());
  await lee.page.click('#party-join');
  for (const player of [kim, lee]) await player.see('both', () => __trespasser.party?.members.length === 2);
  await lee.picture('31-party');
  assert.equal(await lee.page.isDisabled('#queue-join'), true, 'the leader starts');
  await kim.page.click('#queue-join');
  for (const player of [kim, lee]) await player.see('the lobby', () => __trespasser.screen === 'lobby');
  assert.equal(await kim.look(() => __trespasser.lobby.lobbyId), await lee.look(() => __trespasser.lobby.lobbyId));
  await kim.alive();
  for (const player of [kim, lee]) assert.deepEqual([...player.complaints, ...await player.look(() => __trespasser.errors)], []);
});

const results = await runAll();
await browser.close();
await finish(results);
