// C5, O5: the node on which a match is played is drained from the dashboard of another one.

import { assert, test } from '../lib/check.mjs';
import { audited, connect, decide, dialog, far, hosts, joins, page, people, server, shot, until } from './world.mjs';

const rowOf = (node) => page.locator('#content tbody tr', { has: page.getByText(node, { exact: true }) });
const drain = () => rowOf('n2').getByRole('button', { name: 'Drain' });

test('C5 O5 a node is drained by its button: it takes no new lobby, its match goes on and is kept, then it ends', async () => {
  const [host, other] = [await connect(), await connect()];
  const { inviteCode, lobbyId } = await hosts(host);
  assert.equal(await joins(other, inviteCode), 'joined');
  const starts = [host, other].map((one) => one.next('match_started'));
  host.emit('lobby:start');
  await Promise.all(starts);
  await host.enter({ team: 'red' });
  await other.enter({ team: 'blue' });
  for (const { client } of [people.seated, people.guest]) client.close();
  await page.evaluate(() => { location.hash = '#/nodes'; });
  await until('the match is told', async () => (await rowOf('n2').count()) === 1 && !(await drain().isDisabled()));
  await drain().click();
  await dialog().getByText('this cannot be taken back').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await dialog().waitFor({ state: 'detached' });
  assert.deepEqual(audited('node n2'), [], 'nothing without a confirmation');
  await drain().click();
  await dialog().getByRole('button', { name: 'Drain', exact: true }).click();
  assert.equal(await dialog().count(), 1, 'nothing without a reason');
  await decide('Upgrade', 'Drain');
  await rowOf('n2').locator('.tag', { hasText: 'draining' }).waitFor();
  assert.ok(await drain().isDisabled(), 'once is enough');
  await shot('80-draining');
  assert.deepEqual(audited('node n2').map(({ action, reason, actor, role }) => [action, reason, actor, role]), [['drain', 'Upgrade', 'Admin', 'admin']]);
  assert.equal((await fetch(`${far.url}/health/ready`)).status, 503);
  const seeker = await connect();
  const told = Promise.race([seeker.next('private_lobby_created', () => true, 30_000), seeker.next('lobby_creation_failed', () => true, 30_000)]);
  seeker.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const { lobbyId: made } = await told;
  if (made) await until('the new lobby is at the other node', () => server.rows(`SELECT server_node_id FROM lobbies WHERE lobby_id = '${made}'`)[0]?.server_node_id === 'n1');
  const states = other.heard('game:state').length;
  await until('the match goes on', () => other.heard('game:state').length > states + 20);
  const ended = [host, other].map((one) => one.next('match_ended'));
  host.emit('debug:trigger_match_end');
  await Promise.all(ended);
  assert.equal((await far.exit).code, 0);
  assert.equal(server.rows(`SELECT server_node_id FROM match_results WHERE lobby_id = '${lobbyId}'`)[0].server_node_id, 'n2');
  await until('the node is gone from the list', async () => (await rowOf('n2').count()) === 0 || (await rowOf('n2').locator('.tag', { hasText: 'not seen' }).count()) === 1, 60_000);
  await shot('81-drained');
  for (const one of [host, other, seeker]) one.close();
});
