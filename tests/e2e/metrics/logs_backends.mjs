// O3 with everything that stands behind a node and has a password: PostgreSQL, Redis and a mail server. They refuse the password,
// die and come back, so that errors of connections are logged too.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, test, until } from '../lib/check.mjs';
import { makeCertificate } from '../lib/certificate.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Player } from '../lib/player.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { Redis } from '../lib/redis.mjs';
import { Server } from '../lib/server.mjs';
import { account, changed, day, linesWithout, post, staffDay, wrong } from './logs.mjs';
import { MailServer } from './mail_server.mjs';

// Letters that addresses write with % are among them.
const secretOf = { database: 'elephants/in@the-room', redis: 'tigers/in@the-room', mail: 'whales/in@the-room', key: 'bears-in-the-room-'.repeat(3) };
const inUrl = encodeURIComponent;
const newcomer = { email: 'late.comer@example.org', password: 'a donkey battery', displayName: 'Late' };

// From now on a password is wanted.
async function guardedPostgres() {
  const database = await Postgres.start();
  database.sql('postgres', `alter user trespasser password '${secretOf.database}'`);
  writeFileSync(join(database.folder, 'data', 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  process.env.PGPASSWORD = secretOf.database;
  database.sql('postgres', 'select pg_reload_conf()');
  return database;
}

async function eventually(server, event, reason = /./) {
  await until(`${event} is logged`, () => server.logLines().some((line) => line.event === event && reason.test(line.reason)), 30_000);
}

// Whatever people do while something is away; it may succeed or not.
async function tryEverything(server, token) {
  const player = { email: account.email };
  await Promise.all([
    post(server, '/api/auth/login', { ...player, password: changed }), post(server, '/api/auth/login', { ...player, password: wrong }),
    post(server, '/api/auth/register', newcomer), post(server, '/api/auth/refresh', { refreshToken: 'a refresh token that is made up' }),
    post(server, '/api/auth/reset-request', player), post(server, '/api/auth/reset', { code: 'a code that is made up', password: changed }),
    fetch(`${server.url}/api/auth/me`, { headers: { Authorization: `Bearer ${token}` } }),
    post(server, '/api/admin/players/nobody/ban', { reason: 'made up', duration: 60 }, token),
  ]);
  const guest = await Player.connect(server.url, { auth: { token } }).catch(() => undefined);
  guest?.close();
}

export function backendLogTests(bin) {
  test('O3 with PostgreSQL, Redis and mail, refused, away and back: no password, address, token, code, link or e-mail in the log', async () => {
    const database = await guardedPostgres();
    const redis = await Redis.start();
    const certificate = makeCertificate();
    const mail = await MailServer.start(certificate);
    redis.ask('config', 'set', 'requirepass', secretOf.redis);
    const name = database.createDatabase();
    const settings = {
      DATABASE_URL: `postgresql://trespasser:${inUrl(secretOf.database)}@127.0.0.1:${database.port}/${name}`,
      REDIS_URL: `redis://:${inUrl(secretOf.redis)}@127.0.0.1:${redis.port}/0`,
      SMTP_URL: `smtps://postmaster%40example.org:${inUrl(secretOf.mail)}@127.0.0.1:${mail.port}`, SMTP_FROM: 'noreply@example.org',
      JWT_SECRET: secretOf.key, PUBLIC_URL: 'https://play.example.org', SSL_CERT_FILE: certificate.cert,
    };
    Server.migrate(bin, settings);
    const server = await Server.start(bin, { ...settings, MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', BCRYPT_COST: '4',
      TEST_HOOKS: 'true', LOG_LEVEL: 'debug', RECONNECT_GRACE: '0' });
    const healthy = () => until('the node is well', async () => (await fetch(`${server.url}/health`)).status === 200, 40_000);
    const secrets = [...Object.values(secretOf), ...Object.values(secretOf).map(inUrl), 'in@the-room', 'in%40the-room', newcomer.email,
      newcomer.password, 'play.example.org/', 'a refresh token that is made up', 'a code that is made up'];
    try {
      await healthy();
      const one = await day(server, () => mail.mails.join('\n'));
      secrets.push(...one.secrets, mail.heard[0].split(' ').at(-1));
      assert.ok(Buffer.from(mail.heard[0].split(' ').at(-1), 'base64').toString().endsWith(secretOf.mail), 'the mail server was given its password');
      secrets.push(...await staffDay(server, bin, one.player));

      // The mail server repeats what it hears.
      mail.replies.RCPT = (line) => `550 5.1.1 ${line}: unknown`;
      await post(server, '/api/auth/reset-request', { email: account.email });
      await eventually(server, 'mail_failed', /550 5\.1\.1 to RCPT/);
      mail.replies.AUTH = (line) => `535 5.7.8 ${line}: refused`;
      await post(server, '/api/auth/reset-request', { email: account.email });
      await eventually(server, 'mail_failed', /535 5\.7\.8 to AUTH/);

      // Passwords are changed, and nobody tells the node.
      redis.ask('--no-auth-warning', '-a', secretOf.redis, 'config', 'set', 'requirepass', 'another one');
      redis.ask('--no-auth-warning', '-a', 'another one', 'client', 'kill', 'type', 'normal');
      await eventually(server, 'cluster_link_lost');
      await eventually(server, 'cluster_link_failed', /^the password is refused: WRONGPASS$/);
      database.sql('postgres', 'alter user trespasser password \'another one\'');
      process.env.PGPASSWORD = 'another one';
      database.sql('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      await tryEverything(server, one.token);
      database.sql('postgres', `alter user trespasser password '${secretOf.database}'`);
      process.env.PGPASSWORD = secretOf.database;

      // Then they are gone.
      await database.kill();
      await redis.kill();
      await mail.stop();
      await tryEverything(server, one.token);
      await eventually(server, 'cluster_link_failed', /^Connection refused$/);
      await database.launch();
      await redis.launch();
      redis.ask('config', 'set', 'requirepass', secretOf.redis);
      await healthy();
      // Each of its links to the database comes back when it is next used.
      await until('accounts work again', async () =>
        (await post(server, '/api/auth/login', { email: account.email, password: changed })).status === 200, 40_000);
    } finally {
      delete process.env.PGPASSWORD;
      await server.stop();
      await redis.kill();
      await database.stop();
      certificate.forget();
    }
    linesWithout(secrets, server);
    server.forget();
  });
}
