// The audit log (O5): every call that changes something leaves one row that says who, what, whom, why, before and after; nothing
// changes a row; refused calls are counted, and named in the node's log.

import { assert, test, until } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { totp, write } from './staff.mjs';
import { leavesOneRow, logged, newest } from './trail.mjs';
import { enrol, expect, guestAt, joins, lobbyOf, login, operations, people, plain, register, report, server, sql } from './world.mjs';

const clients = [];
let networks = 0;
let matches = 0;
const newMatch = () => `77777777-7777-4777-8777-${String(matches += 1).padStart(12, '0')}`;

// Somebody with an account, in a lobby of his own.
async function seated(name) {
  const account = await register(name);
  const client = await Player.connect(server.url, { auth: { token: account.token }, transports: ['websocket'], manager: { reconnection: false } });
  await client.ready();
  clients.push(client);
  const { lobbyId: lobby, inviteCode: code } = await lobbyOf(client);
  return { ...account, client, lobby, code };
}

// A guest in somebody else's lobby.
async function guestOf(host) {
  const guest = await guestAt(server, `10.45.0.${networks += 1}`);
  clients.push(guest);
  assert.equal(await joins(guest, host.code), 'joined');
  return guest;
}

async function newcomer(role) {
  const person = await register(`New ${role} ${networks += 1}`);
  await expect(204, 'POST', '/api/admin/players/{id}/role', { token: people.admin.token, id: person.id, body: { role, reason: 'Joined' } });
  const { name } = (await expect(200, 'GET', '/api/admin/me', { token: person.token })).body;
  return Object.assign(person, { name, role });
}

// Guests' reports, as a lobby writes them.
function reported(target, address) {
  write(server, sql(`INSERT INTO reports (reporter_id, reporter, reporter_name, target_id, target, target_name, target_address, match_id, lobby_id, reason, replay_tick, credible, created_at)
    VALUES (null, 'seat', 'Guest', null, '${target}', 'Some guest', '${address}', '${newMatch()}', 'LOBBY', 'cheating', 1500, true, '${new Date().toISOString()}')`));
  return String(server.rows('SELECT max(report_id) AS n FROM reports')[0].n);
}

const player = (person) => `player ${person.id}`;
const reason = (text) => ({ reason: text });
let boss;   // who is new as staff
let culprit;  // who suffers

// How each call is made once with real data, and what its row must say. Those that are needed by the next come first.
const CALLS = {
  'POST /api/admin/factor': async () => {
    boss = await newcomer('viewer');
    return { by: boss, action: 'factor_begin', target: player(boss) };
  },
  'POST /api/admin/factor/confirm': async () => {
    const { secret } = (await expect(200, 'POST', '/api/admin/factor', { token: boss.token })).body;
    return { by: boss, body: { code: totp(secret) }, action: 'factor_enrol', target: player(boss) };
  },
  'POST /api/admin/session': async () => {
    const another = await newcomer('moderator');
    await enrol(another);
    boss = another;
    boss.token = await login(boss.email);
    return { by: boss, body: { code: boss.recovery[0] }, action: 'sign_in_recovery', target: player(boss) };
  },
  'DELETE /api/admin/session': async () => ({ by: boss, action: 'sign_out', target: player(boss) }),
  'POST /api/admin/players/{id}/factor-reset': async () => ({ id: boss.id, body: reason('Lost the phone'), action: 'factor_reset', target: player(boss) }),
  'POST /api/admin/players/{id}/role': async () => ({ id: boss.id, body: { role: 'none', ...reason('Left') }, action: 'role', target: player(boss) }),
  'POST /api/admin/players/{id}/ban': async () => {
    culprit = await register('Culprit');
    return { by: people.moderator, id: culprit.id, body: { ...reason('Aimbot'), duration: 3600 }, action: 'ban', target: player(culprit) };
  },
  'POST /api/admin/players/{id}/unban': async () => ({ id: culprit.id, body: reason('Appeal granted'), action: 'unban', target: player(culprit) }),
  'POST /api/admin/players/{id}/mute': async () => ({ by: people.moderator, id: culprit.id, body: reason('Rude'), action: 'mute', target: player(culprit) }),
  'POST /api/admin/players/{id}/unmute': async () => ({ id: culprit.id, body: reason('Sorry'), action: 'unmute', target: player(culprit) }),
  'POST /api/admin/players/{id}/kick': async () => {
    const one = await seated('Kicked');
    return { id: one.id, body: reason('Away'), action: 'kick', target: player(one), before: { lobby: one.lobby } };
  },
  'POST /api/admin/bans/{id}/lift': async () => {
    const { ban } = (await expect(201, 'POST', '/api/admin/players/{id}/ban', { token: people.admin.token, id: culprit.id, body: reason('Aimbot') })).body;
    return { by: people.moderator, id: String(ban.number), body: reason('Mistake'), action: 'unban', target: player(culprit) };
  },
  'POST /api/admin/mutes/{id}/lift': async () => {
    const { mute } = (await expect(201, 'POST', '/api/admin/players/{id}/mute', { token: people.admin.token, id: culprit.id, body: reason('Rude') })).body;
    return { by: people.moderator, id: String(mute.number), body: reason('Mistake'), action: 'unmute', target: player(culprit) };
  },
  'POST /api/admin/reports/next': async () => {
    const number = report(culprit.id, newMatch());
    return { by: people.moderator, action: 'claim_report', target: `report ${number}`, after: { claimedBy: people.moderator.id } };
  },
  'POST /api/admin/reports/{id}/claim': async () => {
    const number = report(culprit.id, newMatch());
    return { by: people.moderator, id: String(number), action: 'claim_report', target: `report ${number}`, before: { claimedBy: null } };
  },
  'POST /api/admin/reports/{id}/accept': async () => {
    const number = report(culprit.id, newMatch());
    return { by: people.moderator, id: String(number), body: reason('Seen'), action: 'close_report', target: `report ${number}`, after: { verdict: 'accepted' } };
  },
  'POST /api/admin/reports/{id}/reject': async () => {
    const number = report(culprit.id, newMatch());
    return { by: people.moderator, id: String(number), body: reason('Nothing'), action: 'close_report', target: `report ${number}`, after: { verdict: 'rejected' } };
  },
  'POST /api/admin/reports/{id}/mute': async () => ({ id: reported('some-seat', '10.46.0.1'), body: reason('Rude'), action: 'mute', target: 'address 10.46.0.1' }),
  'POST /api/admin/reports/{id}/ban': async () => ({ id: reported('some-seat', '10.46.0.2'), body: reason('Aimbot'), action: 'ban', target: 'address 10.46.0.2' }),
  'POST /api/admin/reports/{id}/kick': async () => {
    const guest = await guestOf(await seated('Host of a reported'));
    return { id: reported(guest.id, '10.46.0.3'), body: reason('Away'), action: 'kick', target: `connection ${guest.id}`, after: { lobby: null } };
  },
  'POST /api/admin/lobbies/{id}/mute': async () => {
    const host = await seated('Muted host');
    return { by: people.moderator, id: host.lobby, body: { player: host.client.id, ...reason('Rude') }, action: 'mute', target: player(host) };
  },
  'POST /api/admin/lobbies/{id}/ban': async () => {
    const host = await seated('Banned host');
    return { by: people.moderator, id: host.lobby, body: { player: host.client.id, ...reason('Aimbot'), duration: 60 }, action: 'ban', target: player(host) };
  },
  'POST /api/admin/lobbies/{id}/kick': async () => {
    const host = await seated('Kicking host');
    const guest = await guestOf(host);
    return { by: people.moderator, id: host.lobby, body: { player: guest.id, ...reason('Away') }, action: 'kick', target: `connection ${guest.id}`, before: { lobby: host.lobby } };
  },
  'POST /api/admin/lobbies/{id}/close': async () => {
    const host = await seated('Closed host');
    return { id: host.lobby, body: reason('Stuck'), action: 'close_lobby', target: `lobby ${host.lobby}`, before: { id: host.lobby, private: true } };
  },
};
// Ends the server: end.mjs does it, and looks at its row.
const LATER = ['POST /api/admin/nodes/{id}/drain'];

test('O5 each call that changes something leaves exactly one row: who, what, whom, why, before and after', async () => {
  const changing = operations.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual([...Object.keys(CALLS), ...LATER].sort(), changing.sort(), 'a call of the document that is not tried here');
  for (const role of ['admin', 'moderator']) {
    const { body } = await expect(200, 'GET', '/api/admin/me', { token: people[role].token });
    Object.assign(people[role], { name: body.name, role: body.role });
  }
  await until('an empty queue', async () => {
    const { report: waiting } = (await expect(200, 'POST', '/api/admin/reports/next', { token: people.moderator.token })).body;
    if (waiting) await expect(200, 'POST', '/api/admin/reports/{id}/reject', { token: people.moderator.token, id: String(waiting.number), body: reason('Old') });
    return !waiting;
  });
  for (const [operation, given] of Object.entries(CALLS)) {
    const { before: hadBefore, after: hasAfter, ...made } = await given();
    const { row, before, after } = await leavesOneRow(operation, made);
    for (const [state, wanted] of [[before, hadBefore], [after, hasAfter]]) {
      for (const [key, value] of Object.entries(wanted ?? {})) assert.deepEqual(state[key], value, `${operation}: ${JSON.stringify(state)}`);
    }
    const read = await newest();
    assert.deepEqual([read.number, read.actor, read.role, read.target, read.before, read.after], [Number(row.entry_id), row.actor, row.role, row.target, before, after]);
  }
  await closeAll(clients);
});

test('O5 somebody who is kicked without a seat, and an empty queue, are told as they are', async () => {
  const { row } = await leavesOneRow('POST /api/admin/players/{id}/kick', { id: culprit.id, body: reason('Away'), action: 'kick', target: player(culprit), told: false });
  assert.deepEqual([row.state_before, row.state_after], [null, null]);
  const number = logged().length;
  const { report: left } = (await expect(200, 'POST', '/api/admin/reports/next', { token: people.moderator.token })).body;
  assert.equal(left.claimedBy, people.moderator.id, 'his own again');
  assert.equal(logged().length, number + 1);
  for (const { report_id: id } of server.rows('SELECT report_id FROM reports WHERE closed_at IS NULL')) {
    await expect(200, 'POST', '/api/admin/reports/{id}/reject', { token: people.moderator.token, id: String(id), body: reason('Old') });
  }
  const rows = logged().length;
  assert.equal((await expect(200, 'POST', '/api/admin/reports/next', { token: people.moderator.token })).body.report, null);
  assert.equal(logged().length, rows, 'nothing was claimed');
});

test('O5 no call changes or deletes a row of the audit log', async () => {
  const rows = logged();
  const last = rows.at(-1).entry_id;
  for (const path of ['/api/admin/audit', `/api/admin/audit/${last}`, `/api/admin/audit?number=${last}`]) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await plain(method, path, { token: people.admin.token, body: { reason: 'Forget it', number: last } });
      assert.ok([404, 405].includes(status), `${method} ${path}: ${status}`);
    }
  }
  // Who acted and who suffered go; what was done stays.
  for (const { token } of [await register('Passes by'), { token: await login(culprit.email) }, { token: await login(boss.email) }]) {
    assert.equal((await plain('DELETE', '/api/players/me', { token })).status, 204);
  }
  assert.deepEqual(logged(), rows);
});

test('O5 refused calls are counted; who has an account and asks for too much is named in the log', async () => {
  const figure = async () => Number(/^(?:\w+_)?admin_refusals_total (\d+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())[1]);
  const named = () => server.logLines().filter(({ event }) => event === 'admin_refused');
  const rows = logged().length;
  const before = await figure();
  const lines = named().length;
  const at = { id: people.admin.id, body: reason('Coup') };
  await expect(401, 'POST', '/api/admin/players/{id}/ban', at);
  await expect(401, 'POST', '/api/admin/players/{id}/ban', { ...at, token: 'x.y.z' });
  await expect(403, 'POST', '/api/admin/players/{id}/ban', { ...at, token: people.admin.token, headers: { Origin: 'https://evil.example' } });
  const counted = [people.player, people.viewer, people.moderator];
  for (const { token } of counted) await expect(403, 'POST', '/api/admin/players/{id}/ban', { ...at, token, address: '10.47.0.1' });
  await until('six refusals', async () => (await figure()) === before + 6);
  await until('their lines', () => named().length === lines + counted.length);
  assert.deepEqual(named().slice(lines).map(({ call, player: who, role, address, level }) => [call, who, role, address, level]),
    counted.map(({ id }, i) => [`POST /api/admin/players/${people.admin.id}/ban`, id, ['none', 'viewer', 'moderator'][i], '10.47.0.1', 'warn']));
  assert.equal(logged().length, rows, 'what was not done is not in the audit log');
});
