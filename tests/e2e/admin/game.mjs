// Staff look at the game: the queue of reports, lobbies, lists, replays. O5, S7.

import { assert, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { write } from './staff.mjs';
import { NOBODY, expect, lobbyOf, people, plain, register, report, server, sql } from './world.mjs';

test('S7 O5 the queue: next, claim, accept, reject', async () => {
  const [one, two] = [people.moderator, people.admin];
  assert.equal((await expect(200, 'POST', '/api/admin/reports/next', { token: one.token })).body.report, null);
  const target = await register('Reported');
  const first = report(target.id);
  const second = report(target.id, '22222222-2222-4222-8222-222222222222');
  const taken = (await expect(200, 'POST', '/api/admin/reports/next', { token: one.token })).body.report;
  assert.deepEqual([taken.number, taken.claimedBy, taken.clip], [first, one.id, { fromTick: 300, toTick: 1500 }]);
  assert.equal((await expect(200, 'POST', '/api/admin/reports/next', { token: one.token })).body.report.number, first);
  assert.equal((await expect(200, 'POST', '/api/admin/reports/next', { token: two.token })).body.report.number, second);
  for (const what of ['accept', 'reject']) await expect(409, 'POST', `/api/admin/reports/{id}/${what}`, { token: two.token, id: String(first), body: { reason: 'x' } });
  await expect(409, 'POST', '/api/admin/reports/{id}/claim', { token: one.token, id: String(second) });
  assert.equal((await expect(200, 'POST', '/api/admin/reports/{id}/accept', { token: one.token, id: String(first), body: { reason: 'Seen' } })).body.report.verdict, 'accepted');
  await expect(409, 'POST', '/api/admin/reports/{id}/accept', { token: one.token, id: String(first), body: { reason: 'Seen' } });
  await expect(409, 'POST', '/api/admin/reports/{id}/claim', { token: one.token, id: String(first) });
  // A claim lasts a quarter of an hour.
  write(server, `UPDATE reports SET claimed_at = '${new Date(Date.now() - 16 * 60_000).toISOString()}' WHERE report_id = ${second}`);
  await expect(200, 'POST', '/api/admin/reports/{id}/claim', { token: one.token, id: String(second) });
  assert.equal((await expect(200, 'POST', '/api/admin/reports/{id}/reject', { token: one.token, id: String(second), body: { reason: 'No' } })).body.report.verdict, 'rejected');
  const list = (query) => expect(200, 'GET', '/api/admin/reports', { token: people.viewer.token, query });
  assert.deepEqual([(await list()).body.reports.length, (await list({ state: 'all', player: target.id })).body.reports.length, (await list({ state: 'all', before: second })).body.reports.length], [0, 2, 1]);
  for (const id of ['0', '-1', 'x', '99999999999999999999']) await expect(404, 'POST', '/api/admin/reports/{id}/claim', { token: one.token, id });
});

test('O5 lobbies: found, looked into, closed', async () => {
  const { token } = people.admin;
  const player = await Player.connect(server.url);
  await player.ready();
  const made = player.next('private_lobby_created');
  player.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  await made;
  const { lobbies } = (await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: 'DEATH', status: 'waiting' } })).body;
  assert.equal(lobbies.length, 1);
  const { id } = lobbies[0];
  await expect(200, 'GET', '/api/admin/lobbies/{id}', { token, id });
  assert.equal((await expect(200, 'GET', '/api/admin/lobbies', { token, query: { search: 'nowhere' } })).body.found, 0);
  await player.enter({ team: 'red' });
  const view = await until('the player is seen', async () => {
    const { body } = await expect(200, 'GET', '/api/admin/lobbies/{id}/view', { token, id });
    return body.view.match && Object.keys(body.view.match.players).length > 0 && body.view;
  });
  const [seen] = Object.values(view.match.players);
  assert.ok(seen.isAlive && seen.position.x > 0 && Object.keys(view.match.walls).length > 0 && view.seats.length === 1);
  await expect(400, 'POST', '/api/admin/lobbies/{id}/close', { token, id, body: { reason: ' ' } });
  const left = player.next('left_lobby');
  await expect(204, 'POST', '/api/admin/lobbies/{id}/close', { token, id, body: { reason: 'Abuse' } });
  await left;
  await expect(404, 'POST', '/api/admin/lobbies/{id}/close', { token, id, body: { reason: 'Abuse' } });
  assert.equal((await expect(200, 'GET', '/api/admin/audit', { token, query: { action: 'close_lobby' } })).body.entries[0].target, `lobby ${id}`);
  const overview = (await expect(200, 'GET', '/api/admin/overview', { token })).body;
  assert.ok(overview.samples.length > 0 && overview.nodes.filter(({ alive }) => alive).length === 1, JSON.stringify(overview.nodes));
  assert.equal((await expect(200, 'GET', '/api/admin/nodes', { token })).body.nodes.find(({ self }) => self).id, overview.node);
  await closeAll([player]);
});

test('O5 a player is found in his lobby', async () => {
  const { token } = people.viewer;
  const account = await register('Sits Somewhere');
  const at = async () => (await expect(200, 'GET', '/api/admin/players/{id}/lobby', { token, id: account.id })).body;
  assert.deepEqual(await at(), { lobby: null, silent: [] });
  const player = await Player.connect(server.url, { auth: { token: account.token } });
  await player.ready();
  const { lobbyId } = await lobbyOf(player);
  const { lobby, silent } = await at();
  assert.deepEqual([lobby.id, lobby.status, lobby.private, silent], [lobbyId, 'waiting', true, []]);
  const left = player.next('left_lobby');
  player.emit('leave_lobby');
  await left;
  assert.deepEqual(await at(), { lobby: null, silent: [] });
  for (const id of [NOBODY, 'x', 'x'.repeat(3000)]) await expect(404, 'GET', '/api/admin/players/{id}/lobby', { token, id });
  await closeAll([player]);
});

test('O5 lists: paging, search, what is out of range', async () => {
  const { token } = people.viewer;
  for (let i = 1; i <= 5; i += 1) {
    write(server, sql(`INSERT INTO chat_log (lobby_id, player_id, speaker, channel, text, filtered, said_at) VALUES ('L${i % 2}', '${people.player.id}', 'Plain Player', 'lobby', 'line ${i} 100% _sure_', false, '${new Date().toISOString()}')`));
  }
  const chat = async (query) => (await expect(200, 'GET', '/api/admin/chat', { token, query })).body.lines;
  const page = await chat({ size: 2 });
  assert.deepEqual([page.length, (await chat({ size: 2, before: page[1].number })).length, (await chat({ search: 'LINE 3' })).length, (await chat({ lobby: 'L1' })).length, (await chat({ player: people.player.id })).length], [2, 2, 1, 3, 5]);
  write(server, `INSERT INTO suspicious_events (player_id, kind, score, evidence, replay_tick, happened_at) VALUES ('${people.player.id}', 'aim_snap', 2.5, '{"snaps":3}', 9, '${new Date().toISOString()}')`);
  const { events } = (await expect(200, 'GET', '/api/admin/players/{id}/suspicious', { token, id: people.player.id })).body;
  assert.deepEqual([events.length, events[0].evidence, events[0].replayTick], [1, { snaps: 3 }, 9]);
  assert.equal((await expect(200, 'GET', '/api/admin/players/{id}', { token, id: people.player.id })).body.player.suspicion, 2.5);
  write(server, `INSERT INTO suspicious_events (subject, name, kind, score, evidence, replay_tick, happened_at) VALUES ('seat', 'Some Guest', 'input_flood', 1, '{}', 10, '${new Date().toISOString()}')`);
  const suspicious = async (query) => (await expect(200, 'GET', '/api/admin/suspicious', { token, query })).body.events;
  const [guest] = await suspicious({ size: 1 });
  assert.deepEqual([guest.playerId, guest.name, guest.kind], [null, 'Some Guest', 'input_flood'], 'guests are listed, the newest first');
  assert.deepEqual((await suspicious({ size: 1, before: guest.number })).map(({ playerId }) => playerId), [people.player.id]);
  const names = async (search) => (await expect(200, 'GET', '/api/admin/players', { token, query: { search } })).body.players.map(({ name }) => name);
  assert.deepEqual([await names('pLaIn'), await names('%'), await names('_'), await names("' or ''='"), await names(people.player.id)], [['Plain Player'], [], [], [], ['Plain Player']]);
  const wrong = { overview: ['since=x'], lobbies: ['status=odd', 'size=0', `search=${'x'.repeat(65)}`], players: ['only=odd', 'size=101', `search=${'x'.repeat(65)}`], reports: ['state=odd', 'player=x', 'before=x'], bans: ['state=odd', 'size=x'], mutes: ['state=odd'], suspicious: ['size=0', 'before=x'], chat: ['player=x', 'before=-1', `lobby=${'x'.repeat(65)}`], audit: ['actor=x', 'size=0'] };
  for (const [list, queries] of Object.entries(wrong)) for (const query of queries) await expect(400, 'GET', `/api/admin/${list}`, { token, query: Object.fromEntries(new URLSearchParams(query)) });
  for (const tail of ['matches', 'suspicious']) await expect(400, 'GET', `/api/admin/players/{id}/${tail}`, { token, id: people.player.id, query: { size: 0 } });
  for (const id of ['..%2f..%2ftrespasser.db', NOBODY, 'x'.repeat(3000)]) await expect(404, 'GET', '/api/admin/replays/{id}', { token, id });
});

test('O5 a match\'s replay is given to staff', async () => {
  const [red, blue] = await Promise.all([1, 2].map(() => Player.connect(server.url)));
  const made = red.next('private_lobby_created');
  red.emit('create_private_lobby', { gameMode: 'deathmatch', password: '', maxPlayers: 8 });
  const joined = blue.next('lobby_joined');
  const { lobbyId, inviteCode } = await made;
  blue.emit('join_lobby', { lobbyId: inviteCode });
  await joined;
  const starts = [red, blue].map((one) => one.next('match_started'));
  red.emit('lobby:start');
  await Promise.all(starts);
  await red.enter({ team: 'red' });
  await blue.enter({ team: 'blue' });
  red.emit('debug:trigger_match_end');
  await red.next('match_ended');
  const id = (await until('the match is stored', () => server.rows(`SELECT match_id FROM match_results WHERE lobby_id = '${lobbyId}'`)[0])).match_id;
  await until('the replay', async () => (await plain('GET', `/api/admin/replays/${id}`, { token: people.viewer.token })).status === 200, 20_000);
  await expect(200, 'GET', '/api/admin/replays/{id}', { token: people.viewer.token, id });
  await closeAll([red, blue]);
});
