// Runs the load client.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export class LoadClient {
  // Flags as an object: { players: 24, 'lobby-size': 8, accounts: true }.
  static start(bin, flags) {
    const client = new LoadClient();
    const words = Object.entries(flags).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
    client.process = spawn(join(resolve(bin), 'trespasser-loadtest'), words, { stdio: ['ignore', 'pipe', 'pipe'] });
    client.out = '';
    client.progress = '';
    client.process.stdout.on('data', (text) => { client.out += text; });
    client.process.stderr.on('data', (text) => { client.progress += text; });
    // After 'close', not 'exit': the report is longer than a pipe.
    client.closed = new Promise((done) => client.process.on('close', (code, signal) => done({ code, signal })));
    return client;
  }

  signal(name) {
    this.process.kill(name);
  }

  // How it ended, and its report if it wrote one.
  async end() {
    const { code, signal } = await this.closed;
    return { code, signal, report: this.out === '' ? null : JSON.parse(this.out), progress: this.progress };
  }

  static run(bin, flags) {
    return LoadClient.start(bin, flags).end();
  }
}

// { 'name{labels}': number } of /metrics.
export async function figures(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

// The addresses of the other ends of the server's connections, as its kernel sees them; without 127.0.0.1, where the tests ask from.
export function sourcesOf(server) {
  const established = '01';
  const port = server.port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1).map((line) => line.trim().split(/\s+/));
  const others = rows.filter(([, local, , state]) => state === established && local?.endsWith(`:${port}`)).map(([, , remote]) => remote.split(':')[0]);
  return new Set(others.filter((address) => address !== '0100007F'));
}
