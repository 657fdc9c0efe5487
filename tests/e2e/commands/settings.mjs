// `trespasserd config check`, wrong settings and wrong words on the command line.

import { readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, test } from '../lib/check.mjs';
import { emptyFolder, root, trespasserd } from './command.mjs';
import { PostgresDatabase, Sqlite } from './databases.mjs';

// `config check` with this settings file.
function checkFile(text, settings = {}) {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'mine.toml'), text);
  return trespasserd(['config', 'check', '--config', 'mine.toml'], { folder, settings });
}

function isRefused(said, ...parts) {
  assert.equal(said.code, 1, said.out + said.err);
  assert.equal(said.out, '');
  assert.match(said.err, /^trespasserd: [^\n]+\n$/, 'one line');
  for (const part of parts) assert.ok(said.err.includes(part), `"${part}" in: ${said.err}`);
}

export function settingsChecked(postgres) {
  test('config check: the shipped settings file is fine, and nothing is made', async () => {
    const said = await trespasserd(['config', 'check', '--config', join(root, 'config/trespasser.toml'), '--maps-dir', join(root, 'maps')]);
    assert.deepEqual([said.code, said.err], [0, '']);
    assert.match(said.out, /^The settings are fine: \d+ maps, SQLite in data_dir\.\n$/);
    assert.deepEqual(readdirSync(said.folder), []);
  });

  test('config check: an unknown or malformed setting in the file is named with its line', async () => {
    isRefused(await checkFile('port = 3000\nportt = 3001\n'), 'unknown setting portt', 'mine.toml line 2');
    isRefused(await checkFile('port = 3000\n\nregion = "unfinished\n'), 'mine.toml line 3');
    isRefused(await checkFile('# a comment\nport = = 1\n'), 'mine.toml line 2');
    isRefused(await checkFile('port = 1\nport = 2\n'), 'mine.toml line 2', 'port');
    isRefused(await checkFile('[server]\nport = 1\n'), 'server', 'mine.toml line 1');
    isRefused(await checkFile('port = "many"\n'), 'setting port', 'line 1', '"many"');
    isRefused(await checkFile('countdown = 2.5\n'), 'setting countdown', 'line 1');
    isRefused(await checkFile('kill_limit = 0\n'), 'setting kill_limit', '"0"', '1 to 1000');
    isRefused(await checkFile('vote_time = 15\nresults_time = 15\n'), 'vote_time', 'results_time');
    isRefused(await trespasserd(['config', 'check', '--config', 'nowhere.toml']), 'nowhere.toml');
  });

  test('config check: environment and flags are named as they were given', async () => {
    isRefused(await trespasserd(['config', 'check'], { settings: { PORT: '70000' } }), 'PORT', '"70000"', '65535');
    isRefused(await trespasserd(['config', 'check', '--log-level', 'loud']), '--log-level', '"loud"', 'debug|info|warn|error');
    isRefused(await trespasserd(['config', 'check', '--trusted-proxies=10.0.0.0/99']), '--trusted-proxies', '10.0.0.0/99');
  });

  test('config check: production needs a long JWT_SECRET and no test hooks; a secret is never repeated', async () => {
    const short = 'hunter2-hunter2-hunter2';
    const settings = { NODE_ENV: 'production', JWT_SECRET: short };
    const refused = await trespasserd(['config', 'check'], { settings });
    isRefused(refused, 'JWT_SECRET', '32 bytes', 'production');
    assert.ok(!refused.err.includes(short));
    isRefused(await trespasserd(['config', 'check'], { settings: { NODE_ENV: 'production' } }), 'JWT_SECRET');
    isRefused(await checkFile('test_hooks = true\n', { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) }), 'test_hooks', 'production');
    const fine = await trespasserd(['config', 'check', '--production'], { settings: { JWT_SECRET: short + short } });
    assert.deepEqual([fine.code, fine.err], [0, '']);
    assert.ok(!fine.out.includes(short));
  });

  test('config check: what settings point to is looked at', async () => {
    isRefused(await trespasserd(['config', 'check', '--maps-dir', 'no-maps-here']), 'no-maps-here');
    isRefused(await trespasserd(['config', 'check', '--default-map', 'atlantis']), 'atlantis');
    const folder = emptyFolder();
    mkdirSync(join(folder, 'none'));
    isRefused(await trespasserd(['config', 'check', '--maps-dir', 'none'], { folder }), 'none');
    writeFileSync(join(folder, 'a-file'), '');
    isRefused(await trespasserd(['config', 'check', '--data-dir', 'a-file'], { folder }), 'data_dir', 'a-file');
    isRefused(await trespasserd(['config', 'check', '--data-dir', 'a-file/below'], { folder }), 'data_dir', 'a-file/below');
  });

  test('config check: the addresses of Redis and of the mail server are read', async () => {
    for (const [name, url] of [['SMTP_URL', 'smtp://noreply:hunter2@mail.example.org:many'], ['SMTP_URL', 'mail://noreply:hunter2@mail.example.org'],
      ['SMTP_URL', 'smtp://noreply:hunter2/x@mail.example.org/x'], ['REDIS_URL', 'redis://:hunter2%zz@127.0.0.1/0'], ['REDIS_URL', 'redis://:hunter2@127.0.0.1/many'],
      ['REDIS_URL', 'redis://:pa@hunter2@127.0.0.1/0/1'], ['REDIS_URL', 'redis://:pa/hunter2@127.0.0.1/0']]) {
      const refused = await trespasserd(['config', 'check'], { settings: { [name]: url } });
      isRefused(refused, name === 'SMTP_URL' ? 'mail server' : 'redis_url');
      assert.ok(!refused.err.includes('hunter2'), refused.err);
    }
    const fine = await trespasserd(['config', 'check'], { settings: { SMTP_URL: 'smtps://noreply:hunter2@mail.example.org', SMTP_FROM: 'noreply@example.org',
      REDIS_URL: 'redis://:hunter2@127.0.0.1:1/0' } });
    assert.equal(fine.code, 0, fine.err);
  });

  test('config check: a database that is away, empty or ready', async () => {
    const away = await trespasserd(['config', 'check'], { settings: { DATABASE_URL: 'postgresql://trespasser:hunter2@127.0.0.1:1/none' } });
    isRefused(away, 'postgres');
    assert.ok(!away.err.includes('hunter2'));
    const database = new PostgresDatabase(postgres).fresh();
    isRefused(await trespasserd(['config', 'check'], database), 'schema version 0', 'trespasserd migrate');
    await trespasserd(['migrate'], database);
    const ready = await trespasserd(['config', 'check'], database);
    assert.equal(ready.code, 0);
    assert.match(ready.out, /PostgreSQL answers with the right schema/);
  });

  test('a database address that cannot be read does not show its password', async () => {
    for (const url of ['postgresql://trespasser:hunter2@[::1/x', 'postgresql://trespasser:hunter2@127.0.0.1:many/x',
      'postgresql://trespasser:hunter2@127.0.0.1/x?sslmode', 'postgresql://trespasser:hunter2%zz@127.0.0.1/x',
      'postgresql://trespasser:pa@hunter2@127.0.0.1:1/x', 'postgresql://trespasser:pa/hunter2@127.0.0.1:1/x',
      'postgresql://trespasser:pa?hunter2@127.0.0.1:1/x', 'postgresql://trespasser:hunter2/x@127.0.0.1:1/x']) {
      for (const words of [['config', 'check'], ['migrate'], ['admin', 'create', 'boss@example.org'], ['--port', '0']]) {
        const refused = await trespasserd(words, { settings: { DATABASE_URL: url } });
        isRefused(refused, 'postgres');
        assert.ok(!refused.err.includes('hunter2'), refused.err);
      }
    }
  });

  test('admin create on PostgreSQL without a schema asks for migrate; with SQLite the schema is made on the way', async () => {
    const words = ['admin', 'create', 'boss@example.org'];
    isRefused(await trespasserd(words, new PostgresDatabase(postgres).fresh()), 'trespasserd migrate');
    const embedded = new Sqlite().fresh();
    const made = await trespasserd(words, embedded);
    assert.deepEqual([made.code, made.err], [0, '']);
    assert.equal(embedded.count('players'), 1);
  });

  test('words and flags that mean nothing end with 2 and the usage, and do nothing', async () => {
    const wrong = [['frobnicate'], ['migrate', 'now'], ['admin'], ['admin', 'create'], ['admin', 'create', 'a@example.org', 'b@example.org'],
      ['admin', 'delete', 'a@example.org'], ['config'], ['config', 'chekc'], ['migrate', '--dry-run'], ['--prot', '3000'], ['-x'], ['--port']];
    for (const words of wrong) {
      const said = await trespasserd(words);
      assert.equal(said.code, 2, `${words.join(' ')}: ${said.out}${said.err}`);
      assert.equal(said.out, '');
      assert.match(said.err, /Usage: trespasserd/);
      assert.match(said.err, /admin create <email>/);
      assert.deepEqual(readdirSync(said.folder), [], 'nothing was made');
    }
    assert.match((await trespasserd(['migrate', '--dry-run'])).err, /unknown flag --dry-run/);
    assert.match((await trespasserd(['--port'])).err, /--port needs a value/);
    assert.match((await trespasserd(['frobnicate'])).err, /unknown command frobnicate/);
  });

  test('--help tells the commands and every setting', async () => {
    const said = await trespasserd(['--help']);
    assert.deepEqual([said.code, said.err], [0, '']);
    for (const part of ['Usage: trespasserd', 'migrate', 'admin create <email>', 'config check', '--max-payload', 'DATABASE_URL']) {
      assert.ok(said.out.includes(part), part);
    }
  });
}
