// Staff at one node, everything on another: O5, S8. Only with a second node.

import { assert, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { api, call, closes, closesWithin, expect, guestAt, joins, lobbyOf, people, plain, register, second, server, soon } from './world.mjs';

test('O5 lobbies of another node: found, looked into, a guest kicked, its replay, closed; the node\'s charts', async () => {
  const { token } = people.admin;
  const host = await guestAt(second, '10.67.0.1');
  const rude = await guestAt(server, '10.67.0.2');  // sits on the other node, is connected to this one
  const { lobbyId: id, inviteCode } = await lobbyOf(host);
  const row = await soon('it is listed', async () => (await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: id } })).body.lobbies[0]);
  assert.deepEqual([row.id, row.node, row.status], [id, 'n2', 'waiting']);
  assert.equal((await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: 'n2' } })).body.lobbies[0].id, id);
  assert.equal((await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: inviteCode } })).body.lobbies[0].id, id);
  assert.equal((await expect(200, 'GET', '/api/admin/lobbies/{id}', { token, id })).body.lobby.node, 'n2');
  assert.equal(await joins(rude, inviteCode), 'joined');
  const starts = [host, rude].map((one) => one.next('match_started'));
  host.emit('lobby:start');
  await Promise.all(starts);
  await host.enter({ team: 'red' });
  await rude.enter({ team: 'blue' });
  const view = await soon('the players are seen', async () => {
    const { body } = await expect(200, 'GET', '/api/admin/lobbies/{id}/view', { token, id });
    return body.view.match && Object.keys(body.view.match.players).length === 2 && body;
  });
  assert.equal(view.lobby.node, 'n2');
  await closes(rude, () => expect(204, 'POST', '/api/admin/lobbies/{id}/kick', { token, id, body: { player: rude.id, reason: 'Manners' } }));
  const again = await guestAt(second, '10.67.0.2');
  assert.equal(await joins(again, inviteCode), 'You were removed from this lobby');
  host.emit('debug:trigger_match_end');
  await host.next('match_ended');
  const match = (await soon('the match is stored', () => server.rows(`SELECT match_id, server_node_id FROM match_results WHERE lobby_id = '${id}'`)[0]));
  assert.equal(match.server_node_id, 'n2');
  const replay = await until('the replay', async () => { const answer = await plain('GET', `/api/admin/replays/${match.match_id}`, { token }); return answer.status === 200 && answer; }, 30_000);
  assert.equal(replay.headers.get('content-type'), 'application/octet-stream');
  assert.equal(await joins(again, inviteCode), 'joined', 'the match is over');
  const left = host.next('left_lobby');
  await expect(204, 'POST', '/api/admin/lobbies/{id}/close', { token, id, body: { reason: 'Abuse' } });
  await left;
  await soon('it is not there any more', async () => (await call('GET', '/api/admin/lobbies/{id}', { token, id })).status === 404);
  await expect(404, 'GET', '/api/admin/lobbies/{id}/view', { token, id });
  const overview = (await expect(200, 'GET', '/api/admin/overview', { token, query: { node: 'n2' } })).body;
  assert.deepEqual([overview.node, overview.samplesOf, overview.samples.length > 0], ['n1', 'n2', true]);
  await expect(404, 'GET', '/api/admin/overview', { token, query: { node: 'nowhere' } });
  const node = (await expect(200, 'GET', '/api/admin/nodes', { token })).body.nodes.find((each) => each.id === 'n2');
  assert.ok(node.alive && node.version.length > 0 && node.lateP99Ms >= 0, JSON.stringify(node));
  await closeAll([host, rude, again]);
});

test('O5 a player of another node is found there, by one of this node, too', async () => {
  const { token } = people.moderator;
  const [here, there] = [await register('Sits Here'), await register('Sits There')];
  const [host, guest] = await Promise.all([[second, there], [server, here]].map(([node, { token: own }]) => Player.connect(node.url, { auth: { token: own }, transports: ['websocket'] })));
  for (const one of [host, guest]) await one.ready();
  const { lobbyId, inviteCode } = await lobbyOf(host);
  await soon('it is listed', async () => (await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: lobbyId } })).body.found === 1);
  assert.equal(await joins(guest, inviteCode), 'joined');
  for (const { id } of [here, there]) {
    const { lobby, silent } = await soon('he is found', async () => { const { body } = await expect(200, 'GET', '/api/admin/players/{id}/lobby', { token, id }); return body.lobby && body; });
    assert.deepEqual([lobby.id, lobby.node, silent], [lobbyId, 'n2', []]);
  }
  await closeAll([host, guest]);
});

test('O5 the overview is there though the node of its charts does not answer', async () => {
  const { token } = people.admin;
  const overview = () => call('GET', '/api/admin/overview', { token, query: { node: 'n2' } });
  const alive = () => soon('n2 is alive', async () => { const { status, body } = await overview(); return status === 200 && !body.silent; });
  // Held for dead after 5 s, which a slow machine may need for one call: then once more.
  const told = await soon('an answer while n2 stands still', async () => {
    await alive();
    second.process.kill('SIGSTOP');
    try {
      const { status, body } = await overview();
      return status !== 404 && { status, body };
    } finally {
      second.process.kill('SIGCONT');
    }
  });
  assert.equal(told.status, 200, JSON.stringify(told.body));
  assert.deepEqual([told.body.node, told.body.samplesOf, told.body.silent, told.body.samples], ['n1', 'n2', true, []]);
  assert.ok(told.body.nodes.length === 2 && told.body.players >= 0, JSON.stringify(told.body));
  await alive();
});

test('S8 O5 a ban here closes sockets on another node; the second factor counts on all; another node is drained', async () => {
  const { token } = people.admin;
  const cheater = await register('Far Cheater');
  const client = await Player.connect(second.url, { auth: { token: cheater.token } });
  await closesWithin(client, () => expect(201, 'POST', '/api/admin/players/{id}/ban', { token, id: cheater.id, body: { reason: 'Aimbot' } }));
  await closeAll([client]);
  const rude = await register('Far Rude');
  const other = await Player.connect(second.url, { auth: { token: rude.token }, manager: { reconnection: false } });
  await closesWithin(other, () => expect(204, 'POST', '/api/admin/players/{id}/kick', { token, id: rude.id, body: { reason: 'Manners' } }));
  await closeAll([other]);
  assert.equal((await api.call(second, 'GET', '/api/admin/overview', { token })).body.node, 'n2');
  await expect(204, 'POST', '/api/admin/nodes/{id}/drain', { token, id: 'n2', body: { reason: 'Upgrade' } });
  assert.equal((await second.exit).code, 0);
  second.forget();
  await until('the node is gone from the list', async () => (await expect(200, 'GET', '/api/admin/nodes', { token })).body.nodes.filter(({ alive }) => alive).length === 1);
});
