// Starts the real server on a free port with a data folder of its own.

import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');

// Where sanitized servers report to.
const sanitizerOptions = Object.fromEntries(['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS']
  .filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

export class Server {
  // `settings` are environment variables; `data` reuses the folder of an earlier server.
  static async start(bin, settings = {}, data = mkdtempSync(join(tmpdir(), 'trespasser-e2e-'))) {
    const server = new Server();
    server.bin = resolve(bin);
    server.settings = settings;
    server.data = data;
    const env = {
      PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: data, MAPS_DIR: join(root, 'maps'),
      WEB_DIR: join(root, 'web/dist'), LOG_LEVEL: 'info',
      // A suite is a hundred players at one address; tests of these limits set their own.
      SOCKET_OPENS_PER_MINUTE: '0', ADDRESS_REQUESTS_PER_MINUTE: '0', CONNECTIONS_PER_ADDRESS: '0',
      CONNECTION_OPENS_PER_MINUTE: '0',
      // Servers stop when they are told to; the suite of drains has its own.
      DRAIN_LIMIT: '0', ...sanitizerOptions, ...settings,
    };
    server.process = spawn(join(server.bin, 'trespasserd'), [], { env, cwd: data, stdio: ['ignore', 'pipe', 'pipe'] });
    server.output = '';
    server.exit = new Promise((done) => server.process.on('exit', (code, signal) => done({ code, signal })));
    server.process.stderr.on('data', (text) => { server.output += text; });
    server.port = await new Promise((found, failed) => {
      server.process.stdout.on('data', (text) => {
        server.output += text;
        const match = /http:\/\/[\d.]+:(\d+)/.exec(server.output);
        if (match) found(Number(match[1]));
      });
      server.exit.then(({ code }) => failed(new Error(`server ended with ${code}:\n${server.output}`)));
    });
    server.url = `http://127.0.0.1:${server.port}`;
    return server;
  }

  async stop() {
    this.process.kill('SIGTERM');
    return this.exit;
  }

  async kill() {
    this.process.kill('SIGKILL');
    return this.exit;
  }

  // Removes the data folder.
  forget() {
    rmSync(this.data, { recursive: true, force: true });
  }

  // Makes the database of these settings ready, as an operator does.
  static migrate(bin, settings) {
    const data = mkdtempSync(join(tmpdir(), 'trespasser-e2e-'));
    execFileSync(join(resolve(bin), 'trespasserd'), ['migrate'], { env: { PATH: process.env.PATH, DATA_DIR: data, ...settings }, stdio: 'pipe' });
    rmSync(data, { recursive: true, force: true });
  }

  // Rows of the server's database as objects.
  rows(sql) {
    if (this.settings.DATABASE_URL) {
      const asked = `select coalesce(json_agg(found), '[]') from (${sql}) found`;
      return JSON.parse(execFileSync('psql', ['-X', '-q', '-A', '-t', '-c', asked, this.settings.DATABASE_URL]).toString());
    }
    const text = execFileSync('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 5000', join(this.data, 'trespasser.db'), sql]).toString();
    return text.trim() === '' ? [] : JSON.parse(text);
  }

  logLines() {
    return this.output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }
}
