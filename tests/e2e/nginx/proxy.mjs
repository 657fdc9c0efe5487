// Debian's NGINX with the shipped configuration, rendered by the shipped script for free ports of the loopback.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const renderer = join(root, 'deploy/nginx/render');

function makeCertificate(folder) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=trespasser test',
    '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
  { stdio: 'pipe' });
}

export function render(values) {
  return execFileSync(renderer, [], { env: { PATH: process.env.PATH, ...values }, stdio: 'pipe' }).toString();
}

export class Proxy {
  // `nodes` are words of NGINX_NODES; `values` are more of the renderer's.
  static async start(nodes, values = {}) {
    const proxy = new Proxy();
    proxy.folder = mkdtempSync(join(tmpdir(), 'trespasser-nginx-'));
    chmodSync(proxy.folder, 0o755);  // the workers are another user
    mkdirSync(join(proxy.folder, 'temp'));
    makeCertificate(proxy.folder);
    proxy.ca = readFileSync(join(proxy.folder, 'cert.pem'));
    const [tls, http] = await freePorts(2);
    proxy.httpPort = http;
    proxy.port = tls;
    proxy.url = `https://127.0.0.1:${tls}`;
    proxy.values = {
      NGINX_TLS_CERTIFICATE: join(proxy.folder, 'cert.pem'), NGINX_TLS_KEY: join(proxy.folder, 'key.pem'),
      NGINX_HTTPS_LISTEN: `127.0.0.1:${tls}`, NGINX_HTTP_LISTEN: `127.0.0.1:${http}`, NGINX_WORKERS: '2',
      NGINX_RUN_DIR: proxy.folder, NGINX_TEMP_DIR: join(proxy.folder, 'temp'),
      NGINX_ACCESS_LOG: join(proxy.folder, 'access.log'), NGINX_ERROR_LOG: join(proxy.folder, 'error.log'), ...values,
    };
    proxy.write(nodes);
    proxy.process = spawn('nginx', ['-c', proxy.file, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] });
    proxy.said = '';
    proxy.process.stderr.on('data', (text) => { proxy.said += text; });
    proxy.exit = new Promise((done) => { proxy.process.on('exit', (code) => { proxy.code = code ?? 'killed'; done(code); }); });
    await until('nginx answers', async () => {
      if (proxy.code !== undefined) throw new Error(`nginx ended with ${proxy.code}: ${proxy.said}${proxy.errors()}`);
      return proxy.get('/health/live').then((answer) => answer.status > 0, () => false);
    });
    return proxy;
  }

  get file() { return join(this.folder, 'nginx.conf'); }

  write(nodes) {
    this.values.NGINX_NODES = nodes.join(' ');
    writeFileSync(this.file, render(this.values));
  }

  // What nginx says to its own configuration.
  check() {
    return spawnText('nginx', ['-t', '-c', this.file]);
  }

  reload(nodes) {
    this.write(nodes);
    this.process.kill('SIGHUP');
  }

  agent(localAddress = '127.0.0.1', keepAlive = false) {
    return new https.Agent({ ca: this.ca, localAddress, keepAlive });
  }

  // One request over TLS from an address of the loopback.
  request(method, path, { from = '127.0.0.1', headers = {}, body, agent = this.agent(from) } = {}) {
    return new Promise((done, failed) => {
      const request = https.request(`${this.url}${path}`, { method, headers, agent }, (response) => {
        let text = '';
        response.on('data', (part) => { text += part; });
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
        response.on('error', failed);
      });
      request.on('error', failed);
      request.end(body);
    });
  }

  get(path, options) {
    return this.request('GET', path, options);
  }

  accessLog() {
    // Without the line that is being written.
    return readFileSync(join(this.folder, 'access.log'), 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
  }

  errors() {
    return readFileSync(join(this.folder, 'error.log'), { encoding: 'utf8', flag: 'a+' });
  }

  async stop() {
    this.process.kill('SIGTERM');
    const code = await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

function spawnText(program, words) {
  return new Promise((done) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (part) => { text += part; });
    child.stderr.on('data', (part) => { text += part; });
    child.on('exit', (code) => done({ code, text }));
  });
}
