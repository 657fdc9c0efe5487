// Issue: a match from first connection to stored result. Eight official clients (half of them begin with polling) play
// from quick play to the kill limit, see results, vote, play again in the same lobby; then the rows in SQLite are read.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Server } from '../lib/server.mjs';
import { Player, closeAll } from '../lib/player.mjs';
import { Shooter } from '../lib/shooter.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { assert, finish, runAll, test, until } from '../lib/check.mjs';
import { company } from './company.mjs';

const bin = process.argv[2];
const maps = mapFolder({ range: rangeRows(), second: rangeRows() });
const limit = 8;

test('eight official clients play two matches in one lobby and the rows are right', async () => {
  const server = await Server.start(bin, {
    MAPS_DIR: maps, DEFAULT_MAP: 'range', KILL_LIMIT: String(limit), COUNTDOWN: '2', RESULTS_TIME: '4', VOTE_TIME: '3',
  });
  const players = [];
  try {
    for (let i = 0; i < 8; i += 1) {
      const player = await Player.connect(server.url, { transports: i % 2 ? ['websocket'] : ['polling', 'websocket'] });
      player.name = `Tester ${i}`;
      players.push(player);
      const [, , sync] = await player.ready();
      assert.ok(Math.abs(sync.serverTime - Date.now()) < 5000);
    }
    const starts = players.map((player) => player.next('match_started'));
    for (const player of players) await player.quickPlay();
    assert.equal(new Set(players.map((player) => player.lobby.lobbyId)).size, 1, 'one lobby for all');
    assert.ok(players.every((player) => player.lobby.killTarget === limit));
    await Promise.all(starts);

    const first = await playMatch(players);
    const vote = await first.vote;
    assert.ok(vote.options.length >= 3, 'rematch, another map, leave');
    const results = players.map((player) => player.next('vote_result'));
    const again = players.map((player) => player.next('match_started', () => true, 20_000));
    const choice = JSON.stringify(vote).includes('map:second') ? 'map:second' : 'rematch';
    for (const player of players) player.emit('vote_cast', { option: choice });
    assert.equal((await results[0]).option, choice);
    const started = await Promise.all(again);
    assert.ok(started.every((event) => event.lobbyId === players[0].lobby.lobbyId), 'same lobby');

    const second = await playMatch(players);
    assert.equal(players.filter((player) => player.heard('lobby_joined').length > 1).length, 0, 'nobody queued again');

    await until('two results in the database', () => server.rows('SELECT match_id FROM match_results').length === 2);
    const rows = server.rows('SELECT * FROM match_results ORDER BY completed_at');
    [first, second].forEach((match, i) => {
      assert.equal(rows[i].winning_team, match.ended.winnerTeam);
      assert.equal(rows[i].red_score, match.ended.redKills);
      assert.equal(rows[i].blue_score, match.ended.blueKills);
      assert.ok(Math.max(rows[i].red_score, rows[i].blue_score) >= limit);
      assert.equal(rows[i].lobby_id, players[0].lobby.lobbyId);
      const people = server.rows(`SELECT * FROM match_players WHERE match_id = '${rows[i].match_id}'`);
      assert.equal(people.length, 8);
      for (const stats of match.ended.playerStats) {
        const row = people.find((person) => person.display_name === stats.playerName);
        assert.equal(row.kills, stats.kills);
        assert.equal(row.deaths, stats.deaths);
        assert.equal(row.team, stats.team);
      }
    });
    assert.equal(new Set(rows.map((row) => row.match_id)).size, 2);
    // Every match is on record, and running it again gives the same hashes.
    for (const row of rows) {
      const file = `${server.data}/replays/${row.match_id}.replay`;
      await until('the replay is on disk', () => existsSync(file));
      execFileSync(`${resolve(bin)}/trespasser-replay`, ['verify', file, '--maps', maps]);
    }
    const events = server.logLines().map((line) => line.event);
    for (const event of ['player_join', 'match_start', 'match_end']) assert.ok(events.includes(event), `log has ${event}`);
    assert.equal(events.filter((event) => event === 'error').length, 0);
  } finally {
    await closeAll(players);
    await server.stop();
    server.forget();
  }
});

// From player:join to the vote.
async function playMatch(players) {
  for (const [i, player] of players.entries()) {
    player.forget();
    await player.enter({ team: i % 2 ? 'red' : 'blue' });
  }
  assert.equal(players.filter((player) => player.team === 'red').length, 4, 'even teams');
  const shooters = players.map((player) => new Shooter(player));
  const ends = players.map((player) => player.next('match_ended', () => true, 120_000));
  const boards = players.map((player) => player.next('scoreboard', () => true, 120_000));
  const vote = players[0].next('vote_started', () => true, 120_000);
  for (const shooter of shooters) shooter.start();
  const ended = await Promise.all(ends);
  const board = (await Promise.all(boards))[0];
  await Promise.all(shooters.map((shooter) => shooter.stop()));
  for (const other of ended) assert.deepEqual(other, ended[0], 'everybody is told the same');
  assert.ok(Math.max(ended[0].redKills, ended[0].blueKills) >= limit, 'two kills of one tick may pass the limit');
  assert.equal(board.results.reason, 'score_limit');
  assert.equal(board.displayTime, 15000);
  for (const stats of board.playerStats) assert.equal(stats.score, 100 * stats.kills - 50 * stats.deaths);
  for (const player of players) {
    assert.equal(player.heard('match_ended').length, 1, 'B5: once');
    const deaths = player.heard('backend:player:died');
    assert.ok(deaths.length >= limit, 'everybody hears of each death');
    const last = player.times('match_ended')[0];
    const late = player.events.filter((event) => event.name === 'game:state' && event.at > last + 100);
    assert.equal(late.length, 0, 'states stop');
  }
  return { ended: ended[0], vote };
}

company(bin);
await finish(await runAll());
