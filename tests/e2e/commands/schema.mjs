// `trespasserd migrate`, and what the other commands and the server say to a schema that is not theirs (D3).

import { assert, test } from '../lib/check.mjs';
import { trespasserd } from './command.mjs';
import { newest } from './databases.mjs';

export function schema(kind) {
  test(`D3 ${kind.name}: migrate makes the schema, and a second time changes nothing`, async () => {
    const database = kind.fresh();
    const first = await trespasserd(['migrate'], database);
    assert.deepEqual([first.code, first.err], [0, '']);
    assert.match(first.out, new RegExp(`from version 0 to ${newest}\\b`));
    assert.equal(database.count('schema_migrations'), newest);
    const second = await trespasserd(['migrate'], database);
    assert.deepEqual([second.code, second.err], [0, '']);
    assert.match(second.out, new RegExp(`version ${newest} already`));
    assert.equal(database.count('schema_migrations'), newest);
  });

  test(`D3 ${kind.name}: an older schema is brought up to date and keeps its rows`, async () => {
    const database = kind.fresh();
    database.makeOld();
    database.sql(`insert into players (player_id, email, display_name, created_at)
      values ('00000000-0000-4000-8000-000000000001', 'old@example.org', 'Old Hand', '2026-01-01 00:00:00Z')`);
    const done = await trespasserd(['migrate'], database);
    assert.deepEqual([done.code, done.err], [0, '']);
    assert.match(done.out, new RegExp(`from version 1 to ${newest}\\b`));
    assert.equal(database.count('players', `display_name = 'Old Hand' and wins = 0`), 1);
    assert.equal(database.count('login_sessions'), 0, 'the tables of later steps answer');
    assert.equal((await trespasserd(['config', 'check'], database)).code, 0);
  });

  test(`D3 ${kind.name}: two migrations at once: one works, the other finds it done`, async () => {
    const database = kind.fresh();
    const both = await Promise.all([trespasserd(['migrate'], database), trespasserd(['migrate'], database)]);
    assert.deepEqual(both.map((one) => [one.code, one.err]), [[0, ''], [0, '']]);
    const said = both.map((one) => one.out).sort();
    assert.match(said[0], new RegExp(`at version ${newest} already`));
    assert.match(said[1], new RegExp(`from version 0 to ${newest}`));
  });

  test(`D3 ${kind.name}: a newer schema is refused by every command and by the server, and stays as it is`, async () => {
    const database = kind.fresh();
    assert.equal((await trespasserd(['migrate'], database)).code, 0);
    database.sql(`insert into schema_migrations values (999, '0999_of_tomorrow', '2027-01-01 00:00:00Z')`);
    for (const words of [['migrate'], ['admin', 'create', 'boss@example.org'], ['config', 'check'], ['--port', '0']]) {
      const refused = await trespasserd(words, database);
      assert.equal(refused.code, 1, `${words.join(' ')}: ${refused.out}${refused.err}`);
      assert.match(refused.err, /version 999.*up to \d+.*newer trespasserd/);
      assert.equal(refused.out, '');
    }
    assert.equal(database.count('players'), 0);
    assert.equal(database.count('schema_migrations'), newest + 1);
  });

  test(`D3 ${kind.name}: a migration that fails leaves nothing half done`, async () => {
    const database = kind.fresh();
    database.makeOld();
    database.sql('create table refresh_tokens (in_the_way integer)');
    const failed = await trespasserd(['migrate'], database);
    assert.equal(failed.code, 1);
    assert.match(failed.err, /migration 0002_accounts: .*refresh_tokens/);
    assert.equal(database.count('schema_migrations'), 1);
    database.sql('drop table refresh_tokens');
    const mended = await trespasserd(['migrate'], database);
    assert.deepEqual([mended.code, mended.err], [0, '']);
  });
}
