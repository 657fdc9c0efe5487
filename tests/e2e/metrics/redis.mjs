// A Redis of Debian's package on a free port, that keeps nothing.

import { execFileSync, spawn } from 'node:child_process';
import { until } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';

export async function startRedis() {
  const [port] = await freePorts(1);
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const gone = new Promise((done) => { server.on('exit', done); });
  await until('Redis answers', () => {
    try {
      return execFileSync('redis-cli', ['-p', String(port), 'ping'], { stdio: 'pipe' }).toString().includes('PONG');
    } catch {
      return false;
    }
  });
  return {
    url: `redis://127.0.0.1:${port}/0`,
    process: server,
    async stop() {
      server.kill('SIGKILL');
      await gone;
    },
  };
}
