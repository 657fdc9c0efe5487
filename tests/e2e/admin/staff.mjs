// Staff of a test server: accounts with a role and an authenticator app.

import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';

export const PASSWORD = 'correct horse';

function fromBase32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// The code of a secret in base 32 (RFC 6238), `steps` of 30 s from now.
export function totp(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// `trespasserd admin create`; gives the password it drew.
export function createAdmin(bin, server, email) {
  const out = execFileSync(join(bin, 'trespasserd'), ['admin', 'create', email],
    { env: { PATH: process.env.PATH, DATA_DIR: server.data, ...server.settings }, stdio: 'pipe' }).toString();
  return /once: (\S+)/.exec(out)?.[1];
}

// Runs SQL on the server's database.
export function write(server, sql) {
  if (server.settings.DATABASE_URL) execFileSync('psql', ['-X', '-q', '-c', sql, server.settings.DATABASE_URL]);
  else execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'trespasser.db'), sql]);
}
