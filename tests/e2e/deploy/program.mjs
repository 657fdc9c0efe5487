// Runs trespasserd's commands and scripts of deploy/ with exactly the environment that they are given.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './files.mjs';

export function run(program, words = [], env = {}, options = {}) {
  const done = spawnSync(program, words, { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...env }, encoding: 'utf8', timeout: 60_000, ...options });
  return { code: done.status, text: `${done.stdout}${done.stderr}`, out: done.stdout };
}

// The same without holding up this process, which may itself serve what the program asks.
export function runBeside(program, words) {
  return new Promise((done) => {
    spawn(program, words, { stdio: 'ignore' }).on('exit', (code) => done(code));
  });
}

// Names of the environment variables that the server knows.
export function knownSettings(bin) {
  const help = run(join(bin, 'trespasserd'), ['--help']).out;
  const names = [...help.matchAll(/^ {2}--[a-z-]+ {2}\(([A-Z_]+),/gm)].map((match) => match[1]);
  if (names.length < 20) throw new Error(`--help names too few settings: ${names}`);
  return new Set([...names, 'CONFIG']);
}

// What `trespasserd <words>` says to an environment of a container, its folders being those of this tree.
export function trespasserd(bin, words, env, data) {
  return run(join(bin, 'trespasserd'), words, { ...env, MAPS_DIR: join(root, 'maps'), WEB_DIR: join(root, 'web/dist'), DATA_DIR: data }, { cwd: data });
}
