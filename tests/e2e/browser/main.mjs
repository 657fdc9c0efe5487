// Starts a server on a free port and runs two_pages.mjs against it, then others and accounts.mjs, queue.mjs and replay.mjs.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Server } from '../lib/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = process.argv[2];
const wanted = process.argv[3];
if (!bin) {
  console.error('usage: tests/e2e/browser/run <folder of the built programs> [two_pages | accounts | queue | replay]');
  process.exit(2);
}
const pictures = join(resolve(here, '../../..'), 'build/test-logs/e2e/browser');
const common = { TEST_HOOKS: 'true', LOG_LEVEL: 'warn', BOT_SKILL: 'easy' };

async function suite(name, settings) {
  if (wanted && wanted !== name) return true;
  const server = await Server.start(bin, { ...common, ...settings });
  const pages = spawn(process.execPath, [join(here, `${name}.mjs`), server.url, pictures, server.data, resolve(bin)], { stdio: 'inherit' });
  const code = await new Promise((done) => pages.on('exit', done));
  const end = await server.stop();
  server.forget();
  if (end.code !== 0) console.log(`the server ended with ${end.code ?? end.signal}`);
  return code === 0 && end.code === 0;
}

const played = await suite('two_pages', { RESULTS_TIME: '8', VOTE_TIME: '5' });
const signedIn = await suite('accounts', { COUNTDOWN: '2', BCRYPT_COST: '5' });
const queued = await suite('queue', { COUNTDOWN: '2', MAX_PLAYERS_PER_LOBBY: '2' });
const watched = await suite('replay', { COUNTDOWN: '2', BOT_SKILL: 'hard', BOT_FILL: '8' });
process.exit(played && signedIn && queued && watched ? 0 : 1);
