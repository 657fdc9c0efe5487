// A Prometheus of Debian's package on a free port, with the shipped rules and other targets.

import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root, text } from '../deploy/files.mjs';
import { until } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';

export class Prometheus {
  // `targets`: "127.0.0.1:3000". Everything else is as shipped.
  static async start(targets) {
    const made = new Prometheus();
    made.folder = mkdtempSync(join(tmpdir(), 'trespasser-prometheus-'));
    const [port] = await freePorts(1);
    made.url = `http://127.0.0.1:${port}`;
    const shipped = parse(text('deploy/prometheus/prometheus.yml'));
    const job = shipped.scrape_configs.find(({ job_name: name }) => name === 'trespasser');
    shipped.scrape_configs = [{ ...job, static_configs: [{ targets }] }];
    writeFileSync(join(made.folder, 'prometheus.yml'), stringify(shipped));
    for (const file of shipped.rule_files) copyFileSync(join(root, 'deploy/prometheus', file), join(made.folder, file));
    made.process = spawn('prometheus', [`--config.file=${made.folder}/prometheus.yml`, `--storage.tsdb.path=${made.folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'], { stdio: ['ignore', 'ignore', 'pipe'] });
    made.output = '';
    made.process.stderr.on('data', (data) => { made.output += data; });
    made.exit = new Promise((done) => { made.process.on('exit', done); });
    await until('Prometheus is ready', () => fetch(`${made.url}/-/ready`).then((answer) => answer.ok, () => false), 20_000);
    return made;
  }

  async get(path) {
    const answer = await (await fetch(this.url + path)).json();
    if (answer.status !== 'success') throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  // [{ labels, value }] of now.
  async query(expression) {
    const { result } = await this.get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  async targets() {
    return (await this.get('/api/v1/targets')).activeTargets;
  }

  // Names of the alerts that fire for an instance.
  async firing(instance) {
    const { alerts } = await this.get('/api/v1/alerts');
    return alerts.filter(({ state, labels }) => state === 'firing' && labels.instance === instance).map(({ labels }) => labels.alertname);
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
