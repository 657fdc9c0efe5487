// Looking into a lobby of the other node while it plays: guests are muted, kicked and banned there; it is closed.

import { assert, test } from '../lib/check.mjs';
import { connect, decide, gone, goTo, hosts, joins, page, says, shot, until } from './world.mjs';

test('a lobby of the other node is looked into while it plays; guests are muted, kicked, banned there; it is closed', async () => {
  const player = await connect();
  const lobby = await hosts(player, { bots: 5 });
  const [rude, worse] = [await connect({ address: '10.5.0.1' }), await connect({ address: '10.5.0.2' })];
  for (const one of [rude, worse]) assert.equal(await joins(one, lobby.inviteCode), 'joined');
  const started = player.next('match_started', () => true, 30_000);
  player.emit('lobby:start');
  await started;
  await player.enter({ team: 'red' });
  await goTo('Lobbies');
  await page.locator('.tag', { hasText: 'playing' }).first().waitFor();
  await shot('50-lobbies');
  await page.getByRole('link', { name: lobby.lobbyId }).click();
  await until('the match is seen', () => page.evaluate(() => window.__onlooker.model.actors.size > 1 && window.__onlooker.model.walls.size > 3));
  const before = await page.evaluate(() => window.__onlooker.model.states);
  await until('it goes on', () => page.evaluate((n) => window.__onlooker.model.states > n + 4, before));
  await page.getByText('at node n2').waitFor();
  await shot('51-watch');
  const rowOf = async (one) => {
    const { seats } = await page.evaluate(async (id) => (await fetch(`/api/admin/lobbies/${id}/view`, { headers: { Authorization: `Bearer ${JSON.parse(sessionStorage['trespasser.admin']).token}` } })).json().then(({ view }) => view), lobby.lobbyId);
    return page.locator('#content tbody tr').nth(seats.findIndex(({ id }) => id === one.id));
  };
  await (await rowOf(rude)).getByRole('button', { name: 'Mute' }).click();
  assert.equal(await says(rude, player, 'before'), 'heard');
  await decide('Abusive chat', 'Mute');
  await until('the guest is refused', async () => (await says(rude, player, 'after the mute')).startsWith('You are muted: Abusive chat (until '));
  const away = gone(rude);
  await (await rowOf(rude)).getByRole('button', { name: 'Kick' }).click();
  await decide('Disturbs others', 'Kick');
  await away;
  const again = await connect({ address: '10.5.0.1' });
  assert.equal(await joins(again, lobby.inviteCode), 'You were removed from this lobby');
  assert.match(await says(again, player, 'once more'), /^You are muted: Abusive chat/, 'a mute is of the network');
  const closed = gone(worse);
  await (await rowOf(worse)).getByRole('button', { name: 'Ban' }).click();
  await decide('Cheating', 'Ban');
  await closed;
  await assert.rejects(connect({ address: '10.5.0.2' }), /banned/);
  const kicked = player.next('left_lobby');
  await page.getByRole('button', { name: 'Close' }).click();
  await decide('Stuck', 'Close the lobby');
  await kicked;
  await page.getByRole('heading', { name: 'Lobbies' }).waitFor();
  for (const one of [player, again]) one.close();
  await goTo('Bans');
  await page.getByText('guests of').first().waitFor();
  await shot('54-bans');
});
