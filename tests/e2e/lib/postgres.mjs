// A PostgreSQL server of Debian's package on a free port, with a folder of its own.

import { spawn, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './check.mjs';

const isRoot = process.getuid() === 0;

// The newest of Debian's versions.
function programs() {
  const folders = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  const found = folders.map((version) => `/usr/lib/postgresql/${version}/bin`).find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error('no PostgreSQL server: install the package postgresql');
  return found;
}

// PostgreSQL refuses to run as root; Debian's package brings a user for it. The signal ends the server with the tests.
function asServerUser(command) {
  const user = isRoot ? ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
  return ['setpriv', '--pdeathsig', 'INT', ...user, ...command];
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Postgres {
  // `port`: that of a server that is gone; else a free one.
  static async start(port) {
    const server = new Postgres();
    server.bin = programs();
    server.folder = mkdtempSync(join(tmpdir(), 'trespasser-postgres-'));
    server.databases = 0;
    const data = join(server.folder, 'data');
    if (isRoot) chownSync(server.folder, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
    const [init, ...initArguments] = asServerUser([join(server.bin, 'initdb'), '-D', data, '-U', 'trespasser', '-A', 'trust', '-E', 'UTF8',
      '--locale=C.UTF-8', '--no-sync']);
    execFileSync(init, initArguments, { cwd: server.folder, stdio: 'pipe' });
    server.port = port ?? await freePort();  // now, so that nobody else takes it meanwhile
    // fsync is off: in these tests processes die, the machine does not.
    server.command = asServerUser([join(server.bin, 'postgres'), '-D', data, '-p', String(server.port),
      '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']);
    await server.launch();
    return server;
  }

  // The server's process on the data that is there.
  async launch() {
    this.process = spawn(this.command[0], this.command.slice(1), { stdio: 'ignore', cwd: this.folder });
    this.exit = new Promise((done) => { this.process.on('exit', done); });
    await until('PostgreSQL answers', () => {
      try {
        this.sql('postgres', 'SELECT 1');
        return true;
      } catch {
        return false;
      }
    }, 30_000);
  }

  // SIGKILL to all of it, as when its machine dies; launch() brings it back with what it had committed.
  async kill() {
    this.signal('SIGKILL');
    await this.exit;
  }

  // To the server and each of its workers: SIGSTOP makes the database hang, SIGCONT go on.
  signal(name) {
    const workers = execFileSync('ps', ['-o', 'pid=', '--ppid', String(this.process.pid)]).toString().trim().split(/\s+/).map(Number);
    for (const pid of [this.process.pid, ...workers]) {
      try {
        process.kill(pid, name);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // a worker that has just ended
      }
    }
  }

  url(database) {
    return `postgresql://trespasser@127.0.0.1:${this.port}/${database}`;
  }

  // Runs SQL; rows come as lines, cells split by "|".
  sql(database, text) {
    return execFileSync(join(this.bin, 'psql'), ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', this.url(database)],
      { input: text, stdio: ['pipe', 'pipe', 'pipe'] }).toString().trim();
  }

  // A new, empty database; its name.
  createDatabase() {
    this.databases += 1;
    const name = `test${this.databases}`;
    this.sql('postgres', `create database ${name} template template0`);
    return name;
  }

  async stop() {
    this.process.kill('SIGINT');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
