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
// Bytes. A reader that never reads may hold a quarter of a megabyte until he is gone.
const kMost = 64e6;
const kKept = 8e6;

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
const memory = async (server) => (await health(server)).memory.used;

// Alone in a match of his own.
async function witnessOf(server) {
  const witness = await Player.connect(server.url, { transports: ['websocket'] });
  await witness.ready();
  const made = witness.next('private_lobby_created');
  witness.emit('create_private_lobby', { gameMode: 'deathmatch' });
  await made;
  const started = witness.next('match_started');
  witness.emit('lobby:start');
  await started;
  await witness.enter();
  witness.forget();
  return witness;
}

// States a second since the last forget(). A state bears the time of its tick, so that one that is missing shows however slow
// this machine is.
function states(witness, since) {
  const times = witness.heard('game:state').map((state) => state.timestamp);
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  assert.deepEqual([...new Set(gaps)].filter((gap) => gap > 51), [], 'ms of the match from one state to the next');
  return (1000 * times.length) / (Date.now() - since);
}

test('S2 400 attackers are gone within 10 s each, nobody who plays loses anything, and memory stays', async () => {
  const server = await Server.start(bin, {
    COUNTDOWN: '2', SHARDS: '2', CONNECTIONS_PER_ADDRESS: '256', SOCKET_OPENS_PER_MINUTE: '300', CONNECTION_OPENS_PER_MINUTE: '3000',
    RECONNECT_GRACE: '2',
  });
  const load = told('trespasser-loadtest', ['--port', String(server.port), '--players', String(kPlayers), '--ramp', '1', '--settle', '20',
    '--duration', '22', '--quiet']);
  // The limits by address see the load client as one address each, and this program as another.
  await until('everybody plays', async () => (await health(server)).players >= kPlayers, 30_000);
  const witness = await witnessOf(server);
  const alone = Date.now();
  await sleep(3_000);
  const rateAlone = states(witness, alone);
  const before = await memory(server);
  witness.forget();
  const beside = Date.now();

  let most = before;
  let over = false;
  const watch = (async () => {
    while (!over) {
      most = Math.max(most, await memory(server));
      await sleep(250);
    }
  })();
  const crowd = await told('trespasser-hostile', ['--port', String(server.port), '--each', String(kEach), '--patience', '30']);
  over = true;
  await watch;
  const rateBeside = states(witness, beside);
  witness.close();

  console.log(JSON.stringify({ ...crowd.kinds, before, most, rateAlone, rateBeside }));
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
  assert.ok(rateBeside > rateAlone / 2, `${rateBeside} states a second with the crowd, ${rateAlone} without`);
  // The sanitizers keep what is freed, up to 256 MB.
  if (process.env.ASAN_OPTIONS) {
    assert.ok(most - before < 300e6, `memory grew by ${most - before} bytes at most`);
  } else {
    assert.ok(most - before < kMost, `memory grew by ${most - before} bytes at most`);
    await until('what the crowd took is given back', async () => await memory(server) - before < kKept, 40_000);
  }

  const late = await Player.connect(server.url, { transports: ['websocket'] });
  await late.ready();
  assert.ok(late.socket.connected, 'and the next one is let in');
  late.socket.close();
  await server.stop();
  server.forget();
});

finish(await runAll());
