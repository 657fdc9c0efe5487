// Debian's NGINX as the shipped layer-4 balancer, on free ports of the loopback.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';

const deploy = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../../deploy/nginx');

function answers(port) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
  });
}

export class Balancer {
  // `nodes` are words of NGINX_NODES.
  static async start(nodes) {
    const balancer = new Balancer();
    balancer.folder = mkdtempSync(join(tmpdir(), 'trespasser-balancer-'));
    chmodSync(balancer.folder, 0o755);  // the workers are another user
    mkdirSync(join(balancer.folder, 'temp'));
    const [port, http] = await freePorts(2);
    balancer.url = `https://127.0.0.1:${port}`;
    const values = {
      NGINX_NODES: nodes.join(' '), NGINX_HTTPS_LISTEN: `127.0.0.1:${port}`, NGINX_HTTP_LISTEN: `127.0.0.1:${http}`, NGINX_WORKERS: '2',
      NGINX_RUN_DIR: balancer.folder, NGINX_TEMP_DIR: join(balancer.folder, 'temp'),
      NGINX_ACCESS_LOG: join(balancer.folder, 'access.log'), NGINX_ERROR_LOG: join(balancer.folder, 'error.log'),
    };
    const file = join(balancer.folder, 'nginx.conf');
    writeFileSync(file, execFileSync(join(deploy, 'render'), [join(deploy, 'stream.conf.in')], { env: { PATH: process.env.PATH, ...values } }));
    balancer.process = spawn('nginx', ['-c', file, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    balancer.process.stderr.on('data', (text) => { said += text; });
    balancer.exit = new Promise((done) => { balancer.process.on('exit', (code) => { balancer.ended = true; done(code); }); });
    await until('the balancer listens', () => {
      if (balancer.ended) throw new Error(`nginx ended: ${said}`);
      return answers(port);
    });
    return balancer;
  }

  accessLog() {
    return readFileSync(join(this.folder, 'access.log'), 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
