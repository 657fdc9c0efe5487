// The container images, as far as they can be proved without an engine that builds them.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { assert, test } from '../lib/check.mjs';
import { Server } from '../lib/server.mjs';
import { freePorts } from '../lib/ports.mjs';
import { dockerfile, exists, root, text } from './files.mjs';
import { knownSettings, run, runBeside } from './program.mjs';

const { validate } = createRequire(import.meta.url)('dockerfile-utils');
const images = ['deploy/Dockerfile', 'deploy/nginx/Dockerfile'];

// The instructions after the last FROM.
export function lastStage(path) {
  const all = dockerfile(path);
  return all.slice(all.findLastIndex(({ word }) => word === 'FROM') + 1);
}

export function environmentOf(path) {
  const words = lastStage(path).filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.split(/\s+/));
  return Object.fromEntries(words.map((word) => word.split(/=(.*)/s).slice(0, 2)));
}

// What the build context holds of these files: the patterns of .dockerignore, where a later line wins.
function inContext(path, ignore) {
  let inside = true;
  for (const line of ignore.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
    const pattern = line.replace(/^!/, '').replace(/\/$/, '');
    const matcher = new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\*\*\//g, '(.*/)?').replace(/(?<!\.)\*(?!\/)/g, '[^/]*')}(/.*)?$`);
    if (matcher.test(path)) inside = line.startsWith('!');
  }
  return inside;
}

const sourcesOf = (rest) => rest.split(/\s+/).filter((word) => !word.startsWith('--')).slice(0, -1);

function copiesFromContext(path) {
  return dockerfile(path).filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from='));
}

function packagesOf(path) {
  const install = lastStage(path).find(({ word, rest }) => word === 'RUN' && rest.includes('apt-get install')).rest;
  return install.split('&&').find((part) => part.includes('apt-get install')).trim().split(/\s+/).slice(2).filter((word) => !word.startsWith('-'));
}

// Debian packages of the libraries a program asks the loader for.
function neededPackages(program) {
  const direct = [...execFileSync('objdump', ['-p', program]).toString().matchAll(/NEEDED\s+(\S+)/g)].map((match) => match[1]);
  const paths = new Map([...execFileSync('ldd', [program]).toString().matchAll(/^\s*(\S+) => (\S+)/gm)].map((match) => [match[1], match[2]]));
  return new Set(direct.map((name) => {
    const real = execFileSync('readlink', ['-f', paths.get(name)]).toString().trim();
    for (const path of [real, real.replace(/^\/usr/, '')]) {
      const owner = run('dpkg', ['-S', path]);
      if (owner.code === 0) return owner.out.split(':')[0];
    }
    throw new Error(`no package has ${real}`);
  }));
}

export function imageTests(bin) {
  const program = join(bin, 'trespasserd');

  for (const path of images) {
    test(`C6 ${path}: a linter finds nothing, and what it copies is there`, () => {
      assert.deepEqual(validate(text(path)).map((problem) => problem.message), []);
      const ignore = text(`${path}.dockerignore`);
      for (const { rest } of copiesFromContext(path)) {
        for (const source of sourcesOf(rest)) {
          const folder = source.includes('*') ? dirname(source) : source;
          assert.ok(exists(folder), `${source} exists`);
          const sample = source.includes('*') ? source.replace('*', 'depot') : source.replace(/\/$/, '');
          assert.ok(inContext(sample, ignore), `${source} is let through by .dockerignore`);
        }
      }
      for (const secret of ['.env', 'deploy/.env', 'data/jwt_secret', 'build/release/bin/trespasserd', 'web/node_modules/x', '.git/config']) {
        assert.ok(!inContext(secret, ignore), `${secret} stays outside`);
      }
    });

    test(`C6 ${path}: not root, with a health check, and ports that agree`, () => {
      const stage = lastStage(path);
      const user = stage.filter(({ word }) => word === 'USER').at(-1).rest;
      assert.notEqual(user.split(':')[0], 'root');
      assert.notEqual(user.split(':')[0], '0');
      const check = JSON.parse(stage.find(({ word }) => word === 'HEALTHCHECK').rest.replace(/^.*?CMD /, ''));
      const exposed = stage.find(({ word }) => word === 'EXPOSE').rest.split(/\s+/);
      assert.ok(exposed.includes(check[1]), 'it asks a port of the image');
      assert.ok(lastStage(path).some(({ word, rest }) => word === 'COPY' && rest.endsWith(check[0])), 'with a program of the image');
      if (path === 'deploy/Dockerfile') assert.equal(environmentOf(path).PORT, exposed[0]);
    });
  }

  test('C6 the server image, and a bare machine by the guide, get the libraries that the server is linked with', () => {
    const base = ['libc6', 'libgcc-s1', 'libstdc++6', 'libcrypt1', 'zlib1g'];  // every Debian has these
    const needed = [...neededPackages(program)];
    const listed = packagesOf('deploy/Dockerfile');
    assert.deepEqual(needed.filter((name) => !listed.includes(name) && !base.includes(name)), []);
    assert.ok(listed.every((name) => !name.endsWith('-dev')), 'nothing to build with');
    const guide = text('docs/operations/deploy.md');
    assert.deepEqual(needed.filter((name) => !guide.includes(` ${name}`) && !base.includes(name)), []);
  });

  test('C6 every environment variable of the server image is a setting', () => {
    const known = knownSettings(bin);
    assert.deepEqual(Object.keys(environmentOf('deploy/Dockerfile')).filter((name) => !known.has(name)), []);
  });

  test('C6 what the build stage copies is enough to build the server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-image-'));
    for (const { rest } of copiesFromContext('deploy/Dockerfile')) {
      const words = rest.split(/\s+/);
      const target = words.at(-1);
      if (target.startsWith('/')) continue;  // of the second stage
      for (const source of sourcesOf(rest)) {
        const to = target.endsWith('/') && !source.endsWith('/') ? join(folder, target, basename(source)) : join(folder, target);
        mkdirSync(dirname(to), { recursive: true });
        cpSync(join(root, source), to, { recursive: true, filter: (path) => !/node_modules|\/dist(\/|$)/.test(path) });
      }
    }
    const builds = [
      { what: ['--preset', 'release', '-DTRESPASSER_TESTS=OFF'], in: 'build/release', target: 'trespasserd' },
      { what: ['-S', 'web/module', '-B', 'build/wasm', '-G', 'Ninja'], in: 'build/wasm', target: 'replay.wasm' },  // of the web pages
    ];
    for (const build of builds) {
      const configured = run('cmake', build.what, {}, { cwd: folder });
      assert.equal(configured.code, 0, configured.text);
      const inputs = run('ninja', ['-C', build.in, '-t', 'inputs', build.target], {}, { cwd: folder }).out.split('\n').map((path) => resolve(folder, build.in, path));
      const sources = inputs.filter((path) => path.endsWith('.cc') && !path.startsWith(join(folder, 'build')));
      assert.ok(sources.length > 20, `${build.target}: ${sources.length} sources`);
      assert.deepEqual(sources.filter((path) => !path.startsWith(`${folder}/`) || !existsSync(path)), [], build.target);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('C6 the health check tells a live node from one that is not there, wrong or hanging', async () => {
    const script = join(root, 'deploy/healthcheck');
    const server = await Server.start(bin);
    const port = String(server.port);
    assert.equal(await runBeside(script, [port, '/health/live']), 0);
    assert.equal(await runBeside(script, [port, '/health/ready']), 0);
    assert.notEqual(await runBeside(script, [port, '/nothing']), 0);
    await server.stop();
    server.forget();
    assert.notEqual(await runBeside(script, [port, '/health/live']), 0);
    const [silentPort] = await freePorts(1);
    const silent = createServer(() => {}).listen(silentPort, '127.0.0.1');
    await once(silent, 'listening');
    assert.notEqual(await runBeside(script, [String(silentPort), '/health/live']), 0);
    silent.close();
  });
}
