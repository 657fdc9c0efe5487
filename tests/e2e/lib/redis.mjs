// A Redis server of Debian's package on a free port, which keeps nothing on disk.

import { execFileSync, spawn } from 'node:child_process';
import { until } from './check.mjs';
import { freePorts } from './ports.mjs';

export class Redis {
  static async start() {
    const redis = new Redis();
    [redis.port] = await freePorts(1);
    redis.url = `redis://127.0.0.1:${redis.port}/0`;
    await redis.launch();
    return redis;
  }

  async launch() {
    this.process = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' });
    this.gone = new Promise((done) => { this.process.on('exit', done); });
    await until('Redis answers', () => {
      try {
        return this.ask('ping') === 'PONG';
      } catch {
        return false;
      }
    });
  }

  ask(...words) {
    return execFileSync('redis-cli', ['-p', String(this.port), ...words], { stdio: 'pipe' }).toString().trim();
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.gone;
  }
}
