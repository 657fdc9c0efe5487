// A PostgreSQL server of Debian's package on a free port, with a data folder of its own.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../lib/check.mjs';
import { freePorts } from '../nginx/proxy.mjs';

// PostgreSQL refuses to run as root; Debian's package brings a user for it.
const asServer = process.getuid() === 0 ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups', '--pdeathsig', 'INT']
  : ['setpriv', '--pdeathsig', 'INT'];

export class Postgres {
  static async start() {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
    const bin = `/usr/lib/postgresql/${versions.at(-1)}/bin`;
    const server = new Postgres();
    server.version = versions.at(-1);
    server.folder = mkdtempSync(join(tmpdir(), 'trespasser-postgres-'));
    chmodSync(server.folder, 0o777);
    [server.port] = await freePorts(1);
    const data = join(server.folder, 'data');
    const as = (words, options) => execFileSync(asServer[0], [...asServer.slice(1), ...words], options);
    as([join(bin, 'initdb'), '-D', data, '-U', 'trespasser', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], { stdio: 'pipe', cwd: server.folder });
    server.process = spawn(asServer[0], [...asServer.slice(1), join(bin, 'postgres'), '-D', data, '-p', String(server.port),
      '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'], { stdio: 'ignore', cwd: server.folder });
    server.exit = new Promise((done) => { server.process.on('exit', done); });
    await until('PostgreSQL answers', () => {
      try {
        server.sql('postgres', 'SELECT 1');
        return true;
      } catch {
        return false;
      }
    }, 30_000);
    return server;
  }

  url(database) {
    return `postgresql://trespasser@127.0.0.1:${this.port}/${database}`;
  }

  sql(database, command) {
    return execFileSync('psql', ['--no-psqlrc', '--tuples-only', '--no-align', `--dbname=${this.url(database)}`, `--command=${command}`],
      { stdio: 'pipe' }).toString().trim();
  }

  create(database) {
    this.sql('postgres', `CREATE DATABASE ${database} TEMPLATE template0`);
    return this.url(database);
  }

  async stop() {
    this.process.kill('SIGINT');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
