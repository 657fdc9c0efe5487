// Lines that break or stall in the middle of a match: recovery of the Socket.IO session (L9) during death and vote, and a
// reader too slow for the states (S2).

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { enterBoth, pairInMatch } from './remedies.mjs';

async function cutAndRecover(player) {
  const { id } = player;
  player.cut();
  await until('lost', () => !player.socket.connected);
  await until('back', () => player.socket.connected);
  assert.ok(player.socket.recovered);
  assert.equal(player.socket.id, id);
}

// A line to the server that can be held.
class SlowLine {
  static async start(port) {
    const line = new SlowLine();
    line.process = spawn('python3', [join(import.meta.dirname, '../lib/slow_line.py'), String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    line.port = await new Promise((found) => line.process.stdout.once('data', (text) => found(Number(text))));
    line.url = `http://127.0.0.1:${line.port}`;
    return line;
  }

  say(word) {
    this.process.stdin.write(`${word}\n`);
  }

  stop() {
    this.process.stdin.end();
  }
}

export function lines(bin, context) {
  test('L9 a line that breaks while its player is dead: he comes back dead, and respawns', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const { guest, host } = match;
    await until('in the match', () => guest.me?.isAlive);
    const died = guest.next('backend:player:died');
    guest.emit('debug:kill_player');
    await died;
    await cutAndRecover(guest);
    guest.state = undefined;
    await guest.ready();
    await until('a state of before the respawn', () => guest.me);
    const respawned = guest.next('backend:player:respawned', () => true, 8000);
    guest.respawn();
    await respawned;
    await until('alive', () => guest.me?.isAlive && guest.me.health === 100);
    assert.equal(host.heard('player:left').length, 0);
    await until('the others see him too', () => host.state?.players?.[guest.id]?.isAlive ?? host.heard('backend:player:respawned').length > 0);
    await closeAll([host, guest]);
  });

  test('L9 a line that breaks during the vote: results and vote are told again, and the vote counts', async () => {
    const match = await pairInMatch(context.server);
    await enterBoth(match);
    const { guest, host } = match;
    const voting = guest.next('vote_started', () => true, 15_000);
    host.emit('debug:trigger_match_end');
    await voting;
    guest.forget();
    await cutAndRecover(guest);
    const told = guest.next('vote_started');
    await guest.ready();
    const { options } = await told;
    assert.ok(options.length >= 2);
    const result = host.next('vote_result', () => true, 15_000);
    const next = [host, guest].map((player) => player.next('match_started', () => true, 20_000));
    for (const player of [host, guest]) player.emit('vote_cast', { option: 'rematch' });
    assert.equal((await result).option, 'rematch');
    await Promise.all(next);
    assert.equal(host.heard('player:left').length, 0);
    await closeAll([host, guest]);
  });

  test('S2 a player who stops reading gets the newest state when he reads again; nobody else notices', async () => {
    // The maps as shipped, full of bots: states of some kilobytes, so that the kernel's buffers are soon full.
    const server = await Server.start(bin, { COUNTDOWN: '2', SHARDS: '2' });
    const line = await SlowLine.start(server.port);
    const slow = await Player.connect(line.url, { transports: ['websocket'] });
    const other = await Player.connect(server.url, { transports: ['websocket'] });
    const starts = [slow, other].map((player) => player.next('match_started', () => true, 20_000));
    const { lobbyId } = await slow.quickPlay({ bots: 6 });
    assert.equal((await other.quickPlay()).lobbyId, lobbyId);
    await Promise.all(starts);
    await enterBoth({ host: slow, guest: other });
    await until('states', () => slow.me && other.me);
    const memory = async () => (await (await fetch(`${server.url}/health`)).json()).memory.used;
    const before = await memory();

    line.say('pause');
    other.forget();
    const stalled = Date.now();
    while (Date.now() - stalled < 5_000) {
      slow.input({ d: Date.now() % 1000 < 500, a: Date.now() % 1000 >= 500 }, { x: 100, y: 100 });
      await sleep(100);
    }
    const seconds = (Date.now() - stalled) / 1000;
    const rate = other.heard('game:state').length / seconds;
    assert.ok(rate > 15, `the other one has ${rate} states a second`);
    // The address sanitizer keeps what is freed, up to 256 MB.
    assert.ok((await memory()) - before < (process.env.ASAN_OPTIONS ? 264e6 : 8e6), 'what waits for him is bounded');

    slow.forget();
    line.say('resume');
    const resumed = Date.now();
    const fresh = await slow.next('game:state', (state) => state.timestamp >= resumed - 500, 5000);
    assert.ok(fresh.players[slow.id]);
    const states = slow.heard('game:state');
    const gaps = states.slice(1).map((state, i) => state.timestamp - states[i].timestamp);
    assert.ok(Math.max(...gaps) > 500, `states between were left out: ${Math.max(...gaps)} ms, ${states.length} states`);
    assert.ok(slow.socket.connected);
    await until('he plays on', () => slow.me?.lastProcessedInput > 0);
    await closeAll([slow, other]);
    line.stop();
    await server.stop();
    server.forget();
  });
}
