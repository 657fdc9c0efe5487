// replay.wasm against the server's own programs: a match of bots is recorded natively, and each second's state must be the
// same in the module, to the last bit. TRESPASSER_BIN is the folder of trespasser-botmatch and trespasser-replay.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseFilm, parseLines } from "@trespasser/common/film";
import { readPng } from "@trespasser/common/png";
import type { NamedMap } from "./replay_engine";
import { ReplayEngine } from "./replay_engine";

const { TRESPASSER_BIN: bin, TRESPASSER_MODULE: modulePath, TRESPASSER_MAPS: mapFolder } = process.env as Record<string, string>;

interface StateLine {
  tick: number;
  hash: string;
  red: number;
  blue: number;
  players: { slot: number; x: number; y: number; health: number; kills: number; deaths: number }[];
}

const folder = mkdtempSync(join(tmpdir(), "trespasser-replay-"));
after(() => rmSync(folder, { recursive: true, force: true }));
execFileSync(join(bin!, "trespasser-botmatch"), ["--maps", mapFolder!, "--map", "depot", "--seeds", "1", "--first-seed", "7", "--minutes", "2", "--record", folder]);
const file = join(folder, "seed-7.replay");
const replay = new Uint8Array(readFileSync(file));
const states = execFileSync(join(bin!, "trespasser-replay"), ["state", file, "--every", "60", "--maps", mapFolder!], { maxBuffer: 1 << 26 })
  .toString().trim().split("\n").map((line) => JSON.parse(line) as StateLine);
const last = states[states.length - 1]!;
const module = await WebAssembly.compile(readFileSync(modulePath!));
const maps: NamedMap[] = await Promise.all(readdirSync(mapFolder!).filter((name) => name.endsWith(".png")).map(async (name) => (
  { name: name.slice(0, -4), ...(await readPng(new Uint8Array(readFileSync(join(mapFolder!, name))))) })));

function engine(): ReplayEngine {
  const made = new ReplayEngine(module, maps);
  assert.deepEqual(made.open(replay), { map: "depot", ticks: last.tick, first: 0 });
  return made;
}

function rest(playing: ReplayEngine): string[] {
  const parts: string[] = [];
  for (let part = playing.roll(500); part !== "" || playing.rolled < playing.ticks; part = playing.roll(500)) parts.push(part);
  return parts.join("").split("\n").filter((row) => row.length > 0);
}

test("every second of a match of bots has the same hash in WebAssembly", () => {
  const playing = engine();
  assert.ok(states.length > 30 && last.red + last.blue > 0, `${states.length} states, ${last.red}:${last.blue}`);
  for (const state of states) {
    const verified = playing.verify(state.tick === last.tick ? 1000 : 60);
    assert.equal(verified.tick, state.tick);
    assert.equal(verified.hash, state.hash, `tick ${state.tick}`);
    assert.equal(verified.differs, null);
    assert.equal(verified.done, state === last);
    if (verified.done) assert.ok(verified.compared > last.tick / 60);
  }
});

test("a film cued anywhere shows scores and players as the server's program says", () => {
  const playing = engine();
  while (!playing.verify(1000).done);
  for (const at of [states[2]!, states[Math.floor(states.length / 2)]!, states[states.length - 2]!]) {
    const head = parseFilm(playing.cue(at.tick));
    assert.ok(head.lines[0]!.t <= at.tick);
    const line = parseLines(rest(playing)).find((each) => each.t === at.tick)!;
    assert.deepEqual([line.r, line.b], [at.red, at.blue]);
    assert.deepEqual(line.p!.map(([id, x, y, , health, , kills, deaths]) => [id, x, y, health, kills, deaths]),
      at.players.map((p) => [`p${p.slot}`, p.x, p.y, p.health, p.kills, p.deaths]));
  }
});

test("a changed input is found out, with the tick", () => {
  const raw = new Uint8Array(execFileSync("zstd", ["-dcq", file], { maxBuffer: 1 << 26 }));
  raw[5] = raw[5]! ^ 1;  // the seed
  const playing = new ReplayEngine(module, maps);
  playing.open(raw);
  let verified = playing.verify(1000);
  while (!verified.done) verified = playing.verify(1000);
  assert.ok(verified.differs !== null && verified.differs <= 1000, `${verified.differs}`);
});

test("files that are no replay, cut off or of another version are refused with a sentence", () => {
  const refused = (bytes: Uint8Array, why: RegExp): void => assert.throws(() => new ReplayEngine(module, maps).open(bytes), why);
  const raw = new Uint8Array(execFileSync("zstd", ["-dcq", file], { maxBuffer: 1 << 26 }));
  refused(new Uint8Array(), /not a replay/);
  refused(new TextEncoder().encode("garbage, garbage"), /not a replay/);
  refused(replay.subarray(0, replay.length - 5), /cut off/);
  refused(raw.subarray(0, raw.length - 5), /cut off|damaged/);
  const other = raw.slice();
  other[4] = 99;
  refused(other, /another version/);
  other[4] = raw[4]!;
  other[13] = raw[13]! ^ 1;  // the map's hash
  refused(other, /map that is not known/);
  assert.throws(() => new ReplayEngine(module, maps).cue(0), /no replay is open/);
});

test("no changed byte of a file does more than give an error or another match", () => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const raw = new Uint8Array(execFileSync("zstd", ["-dcq", file], { maxBuffer: 1 << 26 }));
  let refused = 0;
  for (let i = 0; i < 150; i++) {
    const bytes = (i % 2 ? raw : replay).slice();
    for (let k = 0; k <= i % 3; k++) bytes[random(bytes.length)] = random(256);
    try {
      const playing = new ReplayEngine(module, maps);
      playing.open(bytes);
      playing.verify(600);
      parseFilm(playing.cue(300));
      playing.roll(300);
    } catch (error) {
      assert.match((error as Error).message, /^[a-z]/);
      refused += 1;
    }
  }
  assert.ok(refused > 0);
});
