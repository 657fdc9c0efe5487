// `trespasserd admin create <email>`: the account, its one-time password, and that the password shows nowhere else.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { assert, test } from '../lib/check.mjs';
import { root, trespasserd } from './command.mjs';

const shown = /^Made an administrator\. Password, shown this once: (\S{20,})\n$/;

async function post(server, path, body) {
  const answer = await fetch(server.url + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

// Every byte of the data folder, logs and databases included.
function everythingKept(folder) {
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1')).join('\n');
}

const serve = (database) => Server.start(process.argv[2], { BCRYPT_COST: '4', MAPS_DIR: join(root, 'maps'), ...database.settings }, database.data);

export function admins(kind) {
  test(`${kind.name}: admin create makes an account whose password is shown once and works`, async () => {
    const database = kind.fresh();
    await trespasserd(['migrate'], database);
    const made = await trespasserd(['admin', 'create', 'Boss@Example.org'], database);
    assert.deepEqual([made.code, made.err], [0, '']);
    const [, password] = shown.exec(made.out);
    assert.equal(database.sql('select email from players'), 'boss@example.org');
    assert.match(database.sql('select password_hash from players'), /^\$2[aby]\$04\$/);

    const server = await serve(database);
    const login = await post(server, '/api/auth/login', { email: 'boss@example.org', password });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    assert.deepEqual(login.body.player.permissions, ['admin']);
    assert.deepEqual(claims(login.body.token).permissions, ['admin']);
    assert.equal((await post(server, '/api/auth/login', { email: 'boss@example.org', password: `${password}x` })).status, 401);
    await server.stop();

    const kept = everythingKept(database.data) + server.output;
    for (const secret of [password, login.body.token, login.body.refreshToken]) assert.ok(!kept.includes(secret), 'a secret was written down');
  });

  test(`${kind.name}: admin create again changes no password and shows none`, async () => {
    const database = kind.fresh();
    await trespasserd(['migrate'], database);
    await trespasserd(['admin', 'create', 'boss@example.org'], database);
    const before = database.sql('select player_id, password_hash, permissions from players');
    const again = await trespasserd(['admin', 'create', 'BOSS@example.org'], database);
    assert.deepEqual([again.code, again.err], [0, '']);
    assert.equal(again.out, 'That account is an administrator already.\n');
    assert.equal(database.sql('select player_id, password_hash, permissions from players'), before);
  });

  test(`${kind.name}: admin create makes a registered player an administrator, from the next login on`, async () => {
    const database = kind.fresh();
    await trespasserd(['migrate'], database);
    const server = await serve(database);
    const player = { email: 'ada@example.org', password: 'correct horse' };
    const registered = await post(server, '/api/auth/register', { ...player, displayName: 'Ada' });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    assert.deepEqual(registered.body.player.permissions, []);
    const made = await trespasserd(['admin', 'create', player.email], database);
    assert.deepEqual([made.code, made.err], [0, '']);
    assert.equal(made.out, 'That account is an administrator now, from its next login on.\n');
    const login = await post(server, '/api/auth/login', player);
    assert.deepEqual(login.body.player.permissions, ['admin']);
    await server.stop();
  });

  test(`${kind.name}: admin create refuses what is no e-mail address, and makes nothing`, async () => {
    const database = kind.fresh();
    await trespasserd(['migrate'], database);
    for (const email of ['boss', 'boss@', '@example.org', 'boss@example', "x'; drop table players; --@example.org", ' ', `${'a'.repeat(300)}@example.org`]) {
      const refused = await trespasserd(['admin', 'create', email], database);
      assert.equal(refused.code, 1, email);
      assert.match(refused.err, /^trespasserd: email must be an address/);
      assert.equal(refused.out, '');
    }
    assert.equal(database.count('players'), 0);
  });

  test(`${kind.name}: O5 admin reset-factor takes a lost second factor away, and the audit log has it`, async () => {
    const database = kind.fresh();
    await trespasserd(['migrate'], database);
    await trespasserd(['admin', 'create', 'boss@example.org'], database);
    const reset = (email) => trespasserd(['admin', 'reset-factor', email], database);
    assert.match((await reset('boss@example.org')).err, /that account has no second factor/);
    const id = database.sql('select player_id from players');
    const now = new Date().toISOString();
    database.sql(`insert into staff_factors (player_id, secret, made_at, confirmed_at) values ('${id}', 'sealed', '${now}', '${now}')`);
    database.sql(`insert into staff_recovery_codes (code_hash, player_id) values ('hash', '${id}')`);
    for (const email of ['nobody@example.org', 'boss']) assert.equal((await reset(email)).code, 1, email);
    assert.equal(database.count('staff_factors'), 1);
    const done = await reset('Boss@Example.org');
    assert.deepEqual([done.code, done.err, done.out], [0, '', 'Admin has to set up the second factor anew at the next sign-in.\n']);
    for (const table of ['staff_factors', 'staff_recovery_codes']) assert.equal(database.count(table), 0);
    const rows = ['role', 'factor_reset'].map((action) => `system ${action} player ${id} trespasserd admin ${action === 'role' ? 'create' : 'reset-factor'}`);
    assert.equal(database.sql("select actor || ' ' || action || ' ' || target || ' ' || reason from audit_log order by entry_id"), rows.join('\n'));
    assert.equal((await reset('boss@example.org')).code, 1);
  });
}
