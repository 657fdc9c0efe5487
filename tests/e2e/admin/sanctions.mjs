// Bans, mutes and kicks by staff: S7, S8, O5.

import { assert, sleep, test } from '../lib/check.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { PASSWORD, write } from './staff.mjs';
import { closes, expect, guestAt, joins, lobbyOf, login, people, register, report, server, soon, sql } from './world.mjs';

test('S8 O5 ban, mute, kick: what they do, what is told, what is written down', async () => {
  const { token } = people.moderator;
  const cheater = await register('Cheater');
  const client = await Player.connect(server.url, { auth: { token: cheater.token } });
  const gone = new Promise((done) => { client.socket.on('disconnect', done); });
  const at = { token, id: cheater.id };
  const made = await expect(201, 'POST', '/api/admin/players/{id}/ban', { ...at, body: { reason: 'Aimbot', duration: 3600 } });
  assert.ok(made.body.ban.inForce && Date.parse(made.body.ban.endsAt) - Date.parse(made.body.ban.createdAt) === 3_600_000);
  await gone;
  await expect(403, 'POST', '/api/auth/login', { body: { email: cheater.email, password: PASSWORD } });
  const file = await expect(200, 'GET', '/api/admin/players/{id}', at);
  assert.deepEqual([file.body.player.banned, file.body.bans.length, file.body.bans[0].byName], [true, 1, 'Some moderator']);
  assert.equal((await expect(200, 'GET', '/api/admin/players', { token, query: { only: 'banned' } })).body.players.length, 1);
  assert.equal((await expect(200, 'GET', '/api/admin/bans', { token })).body.bans[0].name, 'Cheater');
  await expect(204, 'POST', '/api/admin/players/{id}/unban', { ...at, body: { reason: 'Mistake' } });
  await expect(409, 'POST', '/api/admin/players/{id}/unban', { ...at, body: { reason: 'Again' } });
  await expect(409, 'POST', '/api/admin/bans/{id}/lift', { token, id: String(made.body.ban.number), body: { reason: 'Again' } });
  const renewed = await login(cheater.email);
  const mute = await expect(201, 'POST', '/api/admin/players/{id}/mute', { ...at, body: { reason: 'Rude', duration: null } });
  assert.equal(mute.body.mute.endsAt, null);
  assert.equal((await expect(200, 'GET', '/api/admin/mutes', { token, query: { state: 'active' } })).body.mutes.length, 1);
  await expect(200, 'POST', '/api/admin/mutes/{id}/lift', { token, id: String(mute.body.mute.number), body: { reason: 'Sorry' } });
  await expect(409, 'POST', '/api/admin/mutes/{id}/lift', { token, id: String(mute.body.mute.number), body: { reason: 'Sorry' } });
  await expect(409, 'POST', '/api/admin/players/{id}/unmute', { ...at, body: { reason: 'Sorry' } });
  await expect(201, 'POST', '/api/admin/players/{id}/mute', { ...at, body: { reason: 'Rude' } });
  await expect(204, 'POST', '/api/admin/players/{id}/unmute', { ...at, body: { reason: 'Sorry' } });
  const second = await expect(201, 'POST', '/api/admin/players/{id}/ban', { ...at, body: { reason: 'Aimbot' } });
  await expect(200, 'POST', '/api/admin/bans/{id}/lift', { token, id: String(second.body.ban.number), body: { reason: 'Mistake' } });
  const again = await Player.connect(server.url, { auth: { token: await login(cheater.email) } });
  const sentAway = new Promise((done) => { again.socket.on('disconnect', done); });
  await expect(204, 'POST', '/api/admin/players/{id}/kick', { ...at, body: { reason: 'Away' } });
  await sentAway;
  const { entries } = (await expect(200, 'GET', '/api/admin/audit', { token, query: { target: `player ${cheater.id}`, actor: people.moderator.id } })).body;
  assert.deepEqual(entries.map(({ action }) => action).reverse(), ['ban', 'unban', 'mute', 'unmute', 'mute', 'unmute', 'ban', 'unban', 'kick']);
  assert.ok(entries.every(({ reason, address, actor }) => reason && /^10\.9\./.test(address) && actor === 'Some moderator'));
  const unban = entries.find(({ action }) => action === 'unban');
  assert.deepEqual([unban.before.liftedAt === null, unban.after.liftedAt === null], [true, false]);
  assert.ok(renewed);
  await closeAll([client, again]);
});

test('S8 O5 guests of a lobby are kicked and kept out, muted and banned', async () => {
  const { token } = people.moderator;
  const host = await guestAt(server, '10.66.0.1');
  const rude = await guestAt(server, '10.66.0.2');
  const { lobbyId: id, inviteCode } = await lobbyOf(host);
  assert.equal(await joins(rude, inviteCode), 'joined');
  const seats = (await expect(200, 'GET', '/api/admin/lobbies/{id}/view', { token, id })).body.view.seats;
  assert.deepEqual(seats.map(({ id: seat, account }) => [seat, account]), [[host.id, null], [rude.id, null]]);
  for (const body of [{}, { player: rude.id }, { reason: 'x' }, { player: '', reason: 'x' }, { player: 5, reason: 'x' }, { player: 'x'.repeat(65), reason: 'x' }]) await expect(400, 'POST', '/api/admin/lobbies/{id}/kick', { token, id, body });
  await expect(404, 'POST', '/api/admin/lobbies/{id}/kick', { token, id, body: { player: 'nobody', reason: 'x' } });
  await closes(rude, () => expect(204, 'POST', '/api/admin/lobbies/{id}/kick', { token, id, body: { player: rude.id, reason: 'Manners' } }));
  assert.equal(rude.heard('session:ended')[0].reason, 'kicked: Manners');
  const again = await guestAt(server, '10.66.0.2');
  assert.equal(await joins(again, inviteCode), 'You were removed from this lobby');
  const other = await guestAt(server, '10.66.0.3');
  assert.equal(await joins(other, inviteCode), 'joined');
  const mute = (await expect(201, 'POST', '/api/admin/lobbies/{id}/mute', { token, id, body: { player: other.id, reason: 'Spam', duration: 60 } })).body.mute;
  assert.deepEqual([mute.playerId, mute.address], [null, '10.66.0.3']);
  const refused = other.next('chat:refused');
  await soon('the mute is heard', async () => { other.emit('chat:message', { text: 'hello', channel: 'lobby' }); return Promise.race([refused, sleep(1200)]); });
  await closes(other, () => expect(201, 'POST', '/api/admin/lobbies/{id}/ban', { token, id, body: { player: other.id, reason: 'Cheating', duration: 3600 } }));
  await assert.rejects(guestAt(server, '10.66.0.3'), /banned/);
  const ban = server.rows("SELECT ban_id, address, player_id FROM bans WHERE address = '10.66.0.3'")[0];
  assert.deepEqual([ban.address, ban.player_id], ['10.66.0.3', null]);
  await expect(200, 'POST', '/api/admin/bans/{id}/lift', { token, id: String(ban.ban_id), body: { reason: 'Mistake' } });
  await expect(403, 'POST', '/api/admin/lobbies/{id}/kick', { token: people.viewer.token, id, body: { player: host.id, reason: 'x' } });
  await closeAll([host, rude, again, other]);
});

test('S8 O5 an account is kicked out of its lobby by way of its seat, and staff are not', async () => {
  const { token } = people.moderator;
  const account = await register('Seated Account');
  const [host, player, staff] = await Promise.all([undefined, account.token, people.admin.token].map((own) => Player.connect(server.url, { auth: own && { token: own }, transports: ['websocket'], manager: { reconnection: false } })));
  const { lobbyId: id, inviteCode } = await lobbyOf(host);
  for (const one of [player, staff]) assert.equal(await joins(one, inviteCode), 'joined');
  await expect(403, 'POST', '/api/admin/lobbies/{id}/kick', { token, id, body: { player: staff.id, reason: 'Coup' } });
  await closes(player, () => expect(204, 'POST', '/api/admin/players/{id}/kick', { token, id: account.id, body: { reason: 'Away' } }));
  const again = await Player.connect(server.url, { auth: { token: account.token }, transports: ['websocket'] });
  assert.equal(await joins(again, inviteCode), 'You were removed from this lobby');
  await closeAll([host, player, staff, again]);
});

test('S7 S8 O5 a reported guest is banned by network while that is known, muted, kicked', async () => {
  const { token } = people.moderator;
  const guest = await guestAt(server, '10.66.1.1');
  const told = (match, address) => {
    write(server, sql(`INSERT INTO reports (reporter_id, reporter, reporter_name, target_id, target, target_name, target_address, match_id, lobby_id, reason, replay_tick, credible, created_at)
      VALUES (null, 'seat', 'Guest', null, '${guest.id}', 'Some guest', ${address ? `'${address}'` : 'null'}, '${match}', 'LOBBY', 'cheating', 1500, true, '${new Date().toISOString()}')`));
    return String(server.rows('SELECT max(report_id) AS n FROM reports')[0].n);
  };
  const known = told('66666666-6666-4666-8666-666666666661', '10.66.1.1');
  const forgotten = told('66666666-6666-4666-8666-666666666662', null);
  for (const what of ['ban', 'mute']) await expect(409, 'POST', `/api/admin/reports/{id}/${what}`, { token, id: forgotten, body: { reason: 'Seen' } });
  assert.equal((await expect(201, 'POST', '/api/admin/reports/{id}/mute', { token, id: known, body: { reason: 'Seen' } })).body.mute.address, '10.66.1.1');
  await closes(guest, () => expect(204, 'POST', '/api/admin/reports/{id}/kick', { token, id: known, body: { reason: 'Seen' } }));
  const again = await guestAt(server, '10.66.1.1');
  await closes(again, () => expect(201, 'POST', '/api/admin/reports/{id}/ban', { token, id: known, body: { reason: 'Seen', duration: 60 } }));
  assert.equal(server.rows(`SELECT closed_at FROM reports WHERE report_id = ${known}`)[0].closed_at, null, 'a ban is no verdict');
  const account = report(people.admin.id, '66666666-6666-4666-8666-666666666663');
  await expect(403, 'POST', '/api/admin/reports/{id}/ban', { token, id: String(account), body: { reason: 'Coup' } });
  write(server, `DELETE FROM reports WHERE match_id IN ('66666666-6666-4666-8666-666666666661', '66666666-6666-4666-8666-666666666662', '66666666-6666-4666-8666-666666666663')`);
  await closeAll([guest, again]);
});

test('O5 nobody acts on himself or on the same rank', async () => {
  const body = { reason: 'Coup' };
  for (const what of ['ban', 'unban', 'mute', 'unmute', 'kick']) {
    for (const id of [people.moderator.id, people.admin.id]) await expect(403, 'POST', `/api/admin/players/{id}/${what}`, { token: people.moderator.token, id, body });
    await expect(403, 'POST', `/api/admin/players/{id}/${what}`, { token: people.admin.token, id: people.admin.id, body });
    for (const wrong of [{}, { reason: '' }, { reason: 7 }, { reason: 'x'.repeat(201) }]) await expect(400, 'POST', `/api/admin/players/{id}/${what}`, { token: people.moderator.token, id: people.player.id, body: wrong });
  }
  for (const duration of [0, -1, 1.5, '60', 315_360_001, {}, true]) await expect(400, 'POST', '/api/admin/players/{id}/ban', { token: people.moderator.token, id: people.player.id, body: { reason: 'x', duration } });
});
