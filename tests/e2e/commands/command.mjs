// Runs one command of trespasserd as an operator does, in an empty folder of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');
const bin = resolve(process.argv[2]);

const folders = [];

export function emptyFolder() {
  folders.push(mkdtempSync(join(tmpdir(), 'trespasser-commands-')));
  return folders.at(-1);
}

export function forgetFolders() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

// The command's exit code and what it said; killed when it has not ended after 30 s, which gives the code null.
export async function trespasserd(words, { settings = {}, folder = emptyFolder() } = {}) {
  const env = { PATH: process.env.PATH, MAPS_DIR: join(root, 'maps'), BCRYPT_COST: '4', ...settings };
  const child = spawn(join(bin, 'trespasserd'), words, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => { said.out += text; });
  child.stderr.on('data', (text) => { said.err += text; });
  const code = await new Promise((done) => child.on('close', done));
  return { code, ...said, folder };
}
