// The systemd unit, and the rehearsal of docs/operations/backup.md: real databases, backed up under a running server, restored
// into empty places, and a server that goes on from there.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, test } from '../lib/check.mjs';
import { Server } from '../lib/server.mjs';
import { render } from '../nginx/proxy.mjs';
import { environmentFile, exists, root, seconds, text } from './files.mjs';
import { knownSettings, run, trespasserd } from './program.mjs';

const backup = join(root, 'deploy/backup/backup');
const restore = join(root, 'deploy/backup/restore');
const person = { email: 'ada@example.org', password: 'correct horse battery', displayName: 'Ada' };

async function call(server, method, path, { body, token } = {}) {
  const headers = { 'Content-Type': 'application/json', Connection: 'close', ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${server.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

async function register(server) {
  const made = await call(server, 'POST', '/api/auth/register', { body: person });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

// The person of the backup is still signed in, may sign in again, and is who he was.
async function signsIn(server, before) {
  const renewed = await call(server, 'POST', '/api/auth/refresh', { body: { refreshToken: before.refreshToken } });
  assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
  const { status, body } = await call(server, 'POST', '/api/auth/login', { body: person });
  assert.equal(status, 200, JSON.stringify(body));
  const me = await call(server, 'GET', '/api/auth/me', { token: body.token });
  assert.equal(me.status, 200, JSON.stringify(me.body));
  assert.ok(JSON.stringify(me.body).includes(person.displayName));
}

function backupTests(bin, database) {
  test('backup and restore: PostgreSQL, while a server runs on it', async () => {
    const url = database();
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-backup-'));
    const settings = { DATABASE_URL: url, JWT_SECRET: 's'.repeat(64) };
    assert.equal(trespasserd(bin, ['migrate'], settings, folder).code, 0);
    const server = await Server.start(bin, settings);
    const before = await register(server);
    const made = run(backup, [folder], { DATABASE_URL: url });
    assert.equal(made.code, 0, made.text);
    const file = made.out.trim();
    const full = run(restore, [file], { DATABASE_URL: url });
    assert.notEqual(full.code, 0, 'a database that holds something is left alone');
    assert.match(full.text, /already/);
    await server.stop();
    server.forget();

    const again = database();
    const restored = run(restore, [file], { DATABASE_URL: again });
    assert.equal(restored.code, 0, restored.text);
    const second = await Server.start(bin, { ...settings, DATABASE_URL: again });
    await signsIn(second, before);
    await second.stop();
    second.forget();
    rmSync(folder, { recursive: true, force: true });
  });

  test('backup and restore: SQLite, while the server runs on it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-backup-'));
    const server = await Server.start(bin);
    const before = await register(server);
    const made = run(backup, [folder], { DATA_DIR: server.data });
    assert.equal(made.code, 0, made.text);
    const file = made.out.trim();
    const full = run(restore, [file], { DATA_DIR: server.data });
    assert.notEqual(full.code, 0, 'a folder with a database is left alone');
    const secret = readFileSync(join(server.data, 'jwt_secret'), 'utf8');
    await server.stop();
    server.forget();

    const data = mkdtempSync(join(tmpdir(), 'trespasser-restored-'));
    const restored = run(restore, [file], { DATA_DIR: data });
    assert.equal(restored.code, 0, restored.text);
    assert.equal(readFileSync(join(data, 'jwt_secret'), 'utf8'), secret, 'the key of the tokens is back, too');
    const second = await Server.start(bin, {}, data);
    await signsIn(second, before);
    await second.stop();
    second.forget();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a backup that cannot be made says so and leaves nothing that looks like one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-backup-'));
    const empty = mkdtempSync(join(tmpdir(), 'trespasser-empty-'));
    for (const from of [{ DATA_DIR: empty }, { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }, {}]) {
      assert.notEqual(run(backup, [folder], from).code, 0, JSON.stringify(from));
      assert.deepEqual(readdirSync(folder).filter((name) => !name.endsWith('.part')), []);
    }
    rmSync(folder, { recursive: true, force: true });
    rmSync(empty, { recursive: true, force: true });
  });
}

function unitTests(bin) {
  test('C5 the systemd unit is sound, sealed, and gives a drain its time', () => {
    const unit = text('deploy/systemd/trespasser.service');
    const place = mkdtempSync(join(tmpdir(), 'trespasser-unit-'));
    const here = unit.replaceAll('/usr/bin/trespasserd', join(bin, 'trespasserd'));
    writeFileSync(join(place, 'trespasser.service'), here);
    const verified = run('systemd-analyze', ['verify', '--man=no', join(place, 'trespasser.service')]);
    assert.equal(verified.code, 0, verified.text);
    assert.ok(!verified.text.includes('trespasser.service:'), verified.text);
    // Exposure times ten; 20 is well within what systemd calls OK.
    const sealed = run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', join(place, 'trespasser.service')]);
    assert.equal(sealed.code, 0, sealed.text.split('\n').slice(-3).join('\n'));
    const drain = /^drain_limit = (\d+)/m.exec(text('config/trespasser.toml'))[1];
    assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)[1]) >= Number(drain) + 60);
    const known = knownSettings(bin);
    const named = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap((match) => match[1].split(' ').map((word) => word.split('=')[0]));
    assert.deepEqual([...named, ...Object.keys(environmentFile('deploy/systemd/environment.example'))].filter((name) => !known.has(name)), []);
    rmSync(place, { recursive: true, force: true });
  });

  test('C5 NGINX keeps old WebSockets through a reload for as long as a drain may last', () => {
    const conf = text('deploy/nginx/nginx.conf.in');
    const drain = Number(/^drain_limit = (\d+)/m.exec(text('config/trespasser.toml'))[1]);
    assert.ok(seconds(/worker_shutdown_timeout (\w+);/.exec(conf)[1]) >= drain + 60);
    // The node's own patience with idle connections, in milliseconds.
    const idle = Number(/idle_timeout\{\s*([\d']+)\}/.exec(readFileSync(join(root, 'src/net/limits.h'), 'utf8'))[1].replaceAll("'", ''));
    const upstream = /upstream nodes \{[^}]*keepalive_timeout (\w+);/.exec(conf)[1];
    assert.ok(seconds(upstream) * 1000 < idle, 'NGINX lets go of an idle connection before the node does');
  });

  test('C6 without further words the renderer writes what Debian\'s own unit of NGINX expects', () => {
    const conf = render({ NGINX_NODES: '10.0.0.11:3000', NGINX_TLS_CERTIFICATE: '/c.pem', NGINX_TLS_KEY: '/k.pem' });
    const unit = readFileSync('/lib/systemd/system/nginx.service', 'utf8');
    assert.equal(/^pid (\S+);$/m.exec(conf)[1], /^PIDFile=(\S+)$/m.exec(unit)[1]);
    assert.doesNotMatch(conf, /^daemon /m, 'the unit says it');
    assert.match(conf, /listen 443 ssl http2;\n\s+listen \[::\]:443 ssl http2;/);
  });

  test('docs/operations names only files that exist', () => {
    const pages = readdirSync(join(root, 'docs/operations'));
    assert.deepEqual(['README.md', 'backup.md', 'deploy.md', 'size.md', 'upgrade.md'].filter((page) => !pages.includes(page)), []);
    for (const page of pages) {
      const named = text(`docs/operations/${page}`).match(/\b(?:deploy|docs|config|bench|tests|scripts)\/[\w./-]*\w/g) ?? [];
      for (const path of named) assert.ok(exists(path), `${page}: ${path}`);
    }
  });
}

export function operationsTests(bin, database) {
  backupTests(bin, database);
  unitTests(bin);
}
