// Signing in with a second factor, and the overview, while the match is played that will be reported.

import { totp } from '../admin/staff.mjs';
import { assert, test } from '../lib/check.mjs';
import { adminPassword, connect, hosts, joins, page, register, shot, until } from './world.mjs';

let secret;
let shown;  // the code that was taken

// Longer than a clip, so that the clip begins within the match; staff do other things meanwhile.
async function play() {
  const cheater = await register('cheater', 'Wallhacker');
  const victim = await register('victim', 'Victoria');
  for (const one of [cheater, victim]) one.client = await connect({ account: one });
  const { inviteCode, lobbyId } = await hosts(cheater.client);
  cheater.lobby = lobbyId;
  assert.equal(await joins(victim.client, inviteCode), 'joined');
  const starts = [cheater, victim].map(({ client }) => client.next('match_started'));
  cheater.client.emit('lobby:start');
  await Promise.all(starts);
  await cheater.client.enter({ team: 'red' });
  await victim.client.enter({ team: 'blue' });
  for (let step = 0; step < 240; step += 1) {
    cheater.client.input({ w: step % 60 < 30, s: step % 60 >= 30, a: false, d: false }, { x: 240, y: 135 });
    if (step % 20 === 0) cheater.client.fire({ x: 240, y: 135 });
    await new Promise((done) => { setTimeout(done, 100); });
  }
}
export const played = play();
played.catch(() => undefined);  // told by the test that waits for it

test('the administrator signs in and sets up the second factor', async () => {
  await page.getByLabel('E-mail').fill('boss@example.org');
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('e-mail or password is wrong').waitFor();
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Set up the second factor').waitFor();
  secret = (await page.locator('code.secret').textContent()).replaceAll(' ', '');
  await shot('40-enrol');
  await page.locator('input[name=code]').fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('That code is wrong').waitFor();
  shown = totp(secret);
  await page.locator('input[name=code]').fill(shown);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.locator('.codes li').nth(9).waitFor();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('a second sign-in asks for the code, and takes none twice', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').fill('boss@example.org');
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Code').fill(shown);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('used before').waitFor();
  await page.getByLabel('Code').fill(totp(secret, 1));  // the clock of the app is a step ahead
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('the overview draws what the nodes do', async () => {
  await page.locator('.figure', { hasText: 'Playing' }).getByText('1').waitFor();
  await until('charts with data', () => page.evaluate(() => document.querySelectorAll('.plot canvas').length === 5 && document.querySelectorAll('.u-legend .u-value').length > 4));
  await page.getByRole('cell', { name: /this one/ }).waitFor();
  await page.locator('.figure', { hasText: 'Nodes' }).getByText('2').waitFor();
  await page.getByLabel('Charts of the node').selectOption('n2');
  await page.locator('.figure', { hasText: 'Worst tick of n2' }).waitFor();
  await shot('41-overview');
});
