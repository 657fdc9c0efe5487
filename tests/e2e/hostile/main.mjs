// S2: a hundred each of slow lorises, flooders, readers that never read and senders of garbage against one node, while others
// play. bench/run_hostile.sh has a thousand of each, and the times.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Player } from '../lib/player.mjs';
import { Server } from '../lib/server.mjs';

const bin = process.argv[2];
const kEach = 100;
const kPlayers = 16;

// What a program writes to its standard output, as JSON.
function told(program, words) {
  const process_ = spawn(join(bin, program), words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  process_.stdout.on('data', (part) => { text += part; });
  return new Promise((done, failed) => {
    process_.on('error', failed);
    process_.on('exit', (code) => {
      try {
        done({ code, ...JSON.parse(text) });
      } catch (error) {
        failed(error);
      }
    });
  });
}

const health = async (server) => (await fetch(`${server.url}/health`)).json();

test('S2 400 attackers are gone within 10 s each, nobody who plays loses anything, and memory stays', async () => {
  const server = await Server.start(bin, {
    COUNTDOWN: '2', SHARDS: '2', CONNECTIONS_PER_ADDRESS: '256', SOCKET_OPENS_PER_MINUTE: '300', CONNECTION_OPENS_PER_MINUTE: '3000',
  });
  const load = told('trespasser-loadtest', ['--port', String(server.port), '--players', String(kPlayers), '--ramp', '1', '--settle', '20',
    '--duration', '22', '--quiet']);
  // The limits by address see the load client as one address each, and this program as another.
  await until('everybody plays', async () => (await health(server)).players >= kPlayers, 30_000);
  await sleep(2_000);
  const before = (await health(server)).memory.used;

  let most = before;
  let over = false;
  const watch = (async () => {
    while (!over) {
      most = Math.max(most, (await health(server)).memory.used);
      await sleep(250);
    }
  })();
  const crowd = await told('trespasser-hostile', ['--port', String(server.port), '--each', String(kEach), '--patience', '30']);
  over = true;
  await watch;

  console.log(JSON.stringify({ ...crowd.kinds, before, most }));
  for (const [kind, outcome] of Object.entries(crowd.kinds)) {
    assert.equal(outcome.failed, 0, `${kind}: connections that could not be made`);
    assert.equal(outcome.attacks, kEach, kind);
    assert.equal(outcome.gone_within_10_s, kEach, `${kind}: the longest stayed ${outcome.longest_s} s`);
    assert.equal(outcome.still_there, 0, kind);
  }
  assert.equal(crowd.code, 0);

  const players = await load;
  assert.deepEqual(players.errors, {}, 'errors of those who play');
  assert.equal(players.gone, 0, 'connections of those who play');
  assert.equal(players.playing_at_start, kPlayers);
  // The sanitizers keep what is freed, up to 256 MB.
  const allowed = process.env.ASAN_OPTIONS ? 300e6 : 64e6;
  assert.ok(most - before < allowed, `memory grew by ${most - before} bytes at most`);

  const late = await Player.connect(server.url, { transports: ['websocket'] });
  await late.ready();
  assert.ok(late.socket.connected, 'and the next one is let in');
  late.socket.close();
  await server.stop();
  server.forget();
});

finish(await runAll());
