// Which thread of a node is which, and how one is held while the others run.

import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../lib/check.mjs';

// A shard's thread that serves nobody now, so that holding it leaves all connections to the node as they are. Which one has a
// connection is told by the sockets in its epoll set.
export function idleShard({ pid }, port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(wanted));
  const inodes = (state) => new Set(sockets.filter(([, , , is]) => is === state).map((fields) => `socket:[${fields[9]}]`));
  const [open, listening] = [inodes('01'), inodes('0A')];
  const links = new Map(readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]));
  const sets = [...links].filter(([, link]) => link === 'anon_inode:[eventpoll]').map(([fd]) => Number(fd)).sort((a, b) => a - b)
    .map((fd) => [...readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').matchAll(/^tfd:\s*(\d+)/gm)].map((match) => links.get(match[1])))
    .filter((watched) => watched.some((link) => listening.has(link)));
  const shard = sets.findIndex((watched) => !watched.some((link) => open.has(link)));
  if (sets.length !== 2 || shard < 0) throw new Error(`no idle shard of ${sets.length}`);
  return readdirSync(`/proc/${pid}/task`).map(Number)
    .find((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim() === `shard-${shard}`);
}

export async function holdThread(thread) {
  const holder = spawn('python3', [fileURLToPath(new URL('hold_thread.py', import.meta.url)), String(thread)],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise((done) => { holder.on('exit', done); });
  let said = '';
  holder.stdout.on('data', (text) => { said += text; });
  holder.stderr.on('data', (text) => { said += text; });
  await until('the thread is held', () => said !== '', 20_000);
  if (!said.includes('held')) throw new Error(said);
  return async () => {
    holder.kill('SIGTERM');
    await gone;
  };
}
