// The replay page's worker: plays replays again, away from the page, so that the page never waits for it. See
// replay_link.ts for the other end of the messages.

import { isPng, readPng } from "@trespasser/common/png";
import type { NamedMap, Verified } from "./replay_engine";
import { ReplayEngine } from "./replay_engine";

export type ToWorker =
  | { type: "open"; id: number; bytes: ArrayBuffer }
  | { type: "map"; id: number; name: string; bytes: ArrayBuffer }
  | { type: "cue"; id: number; tick: number }
  | { type: "more"; id: number };
export type FromWorker =
  | { type: "answer"; id: number; value: unknown }
  | { type: "failed"; id: number; message: string }
  | { type: "verified"; verified: Verified };

/** Ticks at a time between two looks at the clock; and ms of work between two looks at the messages. */
const PIECE = 60;
const TURN_MS = 12;
const TELL_EVERY_MS = 100;
/** Ticks of film told beyond what is asked. */
const AHEAD = 600;

interface PackedMap {
  name: string;
  width: number;
  height: number;
  rgb: string;
}

const added: NamedMap[] = [];
let engine: ReplayEngine | null = null;
let verified = { tick: 0, done: false };
/** Cues for ticks that are not verified yet. */
let waiting: { id: number; tick: number }[] = [];
const loaded = load();

function send(message: FromWorker): void {
  self.postMessage(message);
}

async function get(path: string): Promise<Response> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`the server has no ${path}`);
  return answer;
}

async function load(): Promise<{ module: WebAssembly.Module; maps: NamedMap[] }> {
  const [code, packed] = await Promise.all([get("/play/replay.wasm"), get("/play/replay-maps.json")]);
  const maps = ((await packed.json()) as PackedMap[]).map((map) => ({ ...map, rgb: Uint8Array.from(atob(map.rgb), (c) => c.charCodeAt(0)) }));
  return { module: await WebAssembly.compile(await code.arrayBuffer()), maps };
}

async function open(bytes: ArrayBuffer): Promise<unknown> {
  const { module, maps } = await loaded;
  engine = null;
  waiting = [];
  const next = new ReplayEngine(module, [...maps, ...added]);
  const info = next.open(new Uint8Array(bytes));
  engine = next;
  verified = { tick: 0, done: false };
  setTimeout(() => verify(next, []), 0);
  return info;
}

async function addMap(name: string, bytes: ArrayBuffer): Promise<unknown> {
  if (!isPng(new Uint8Array(bytes))) throw new Error("a map is a PNG picture");
  const map = { name, ...(await readPng(new Uint8Array(bytes))) };
  const { module } = await loaded;
  new ReplayEngine(module, [map]);  // throws when it is no map
  added.push(map);
  return null;
}

let told = 0;

/** Goes on verifying, a little at a time. `deaths` were found since the page was told last. */
function verify(mine: ReplayEngine, deaths: Verified["deaths"]): void {
  if (engine !== mine) return;
  const end = performance.now() + TURN_MS;
  let now: Verified;
  try {
    do {
      now = mine.verify(PIECE);
      deaths.push(...now.deaths);
    } while (!now.done && performance.now() < end);
  } catch (error) {
    for (const { id } of waiting) send({ type: "failed", id, message: (error as Error).message });
    engine = null;
    return;
  }
  verified = now;
  if (now.done || performance.now() - told > TELL_EVERY_MS) {
    told = performance.now();
    send({ type: "verified", verified: { ...now, deaths } });
    deaths = [];
  }
  const due = waiting.filter(({ tick }) => now.done || tick <= now.tick);
  waiting = waiting.filter((each) => !due.includes(each));
  for (const { id, tick } of due) answer(id, () => cue(tick));
  if (!now.done) setTimeout(() => verify(mine, deaths), 0);
}

function cue(tick: number): unknown {
  const playing = current();
  const parts = [playing.cue(tick)];
  const wanted = Math.min(playing.ticks, tick + AHEAD);
  while (playing.rolled < wanted) parts.push(playing.roll(Math.min(AHEAD, wanted - playing.rolled)));
  return { text: parts.join(""), until: playing.rolled };
}

function more(): unknown {
  const playing = current();
  return { text: playing.roll(AHEAD), until: playing.rolled };
}

function current(): ReplayEngine {
  if (!engine) throw new Error("no replay is open");
  return engine;
}

function answer(id: number, make: () => unknown): void {
  void (async () => {
    try {
      send({ type: "answer", id, value: await make() });
    } catch (error) {
      send({ type: "failed", id, message: (error as Error).message });
    }
  })();
}

self.addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.type === "cue" && !verified.done && message.tick > verified.tick) {
    waiting.push({ id: message.id, tick: message.tick });
    return;
  }
  answer(message.id, () => {
    if (message.type === "open") return open(message.bytes);
    if (message.type === "map") return addMap(message.name, message.bytes);
    return message.type === "cue" ? cue(message.tick) : more();
  });
});
