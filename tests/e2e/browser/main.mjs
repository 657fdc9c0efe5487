// Starts a server on a free port and runs two_pages.mjs against it.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Server } from '../lib/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = process.argv[2];
if (!bin) {
  console.error('usage: tests/e2e/browser/run <folder of the built programs>');
  process.exit(2);
}
const pictures = join(resolve(here, '../../..'), 'build/test-logs/e2e/browser');
const server = await Server.start(bin, { TEST_HOOKS: 'true', RESULTS_TIME: '8', VOTE_TIME: '5', LOG_LEVEL: 'warn', BOT_SKILL: 'easy' });
const pages = spawn(process.execPath, [join(here, 'two_pages.mjs'), server.url, pictures, server.data, resolve(bin)], { stdio: 'inherit' });
const code = await new Promise((done) => pages.on('exit', done));
const end = await server.stop();
server.forget();
if (end.code !== 0) console.log(`the server ended with ${end.code ?? end.signal}`);
process.exit(code === 0 && end.code === 0 ? 0 : 1);
