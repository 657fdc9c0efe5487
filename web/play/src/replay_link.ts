// The page's end of the replay worker: asks, waits, and gives up a worker that is silent for too long.

import type { Clip, FilmLine, FilmSource } from "@trespasser/common/film";
import { parseFilm, parseLines } from "@trespasser/common/film";
import type { ReplayInfo, Verified } from "./replay_engine";
import type { FromWorker, ToWorker } from "./replay_worker";

/** A worker that is asked something and says nothing for so long is ended, ms. It tells how far it is ten times a second. */
const PATIENCE_MS = 20_000;

interface Asked {
  done(value: unknown): void;
  failed(error: Error): void;
}

interface Told {
  text: string;
  until: number;
}

type Question = ToWorker extends infer Each ? (Each extends ToWorker ? Omit<Each, "id"> : never) : never;

export class ReplayLink {
  /** Told how far the replay has been verified. */
  onVerified: (verified: Verified) => void = () => undefined;
  private worker = this.hire();
  private readonly asked = new Map<number, Asked>();
  private lastId = 0;
  private heard = performance.now();

  constructor() {
    setInterval(() => this.watch(), 1000);
  }

  /** A replay file's bytes become the film's source. Rejects with a sentence for the player. */
  async open(bytes: ArrayBuffer): Promise<ReplaySource> {
    const info = (await this.ask({ type: "open", bytes }, [bytes])) as ReplayInfo;
    return new ReplaySource(this, info);
  }

  /** A map that the page did not come with. */
  async addMap(name: string, bytes: ArrayBuffer): Promise<void> {
    await this.ask({ type: "map", name, bytes }, [bytes]);
  }

  ask(question: Question, moved: Transferable[] = []): Promise<unknown> {
    const id = ++this.lastId;
    if (this.asked.size === 0) this.heard = performance.now();
    return new Promise((done, failed) => {
      this.asked.set(id, { done, failed });
      this.worker.postMessage({ ...question, id }, moved);
    });
  }

  private hire(): Worker {
    const worker = new Worker("/play/replay-worker.js");
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => this.hear(event.data));
    worker.addEventListener("error", () => this.give("the page's replay worker could not be started"));
    return worker;
  }

  private hear(message: FromWorker): void {
    this.heard = performance.now();
    if (message.type === "verified") return this.onVerified(message.verified);
    const asked = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.type === "answer") asked?.done(message.value);
    else asked?.failed(new Error(message.message));
  }

  private watch(): void {
    if (this.asked.size === 0 || performance.now() - this.heard < PATIENCE_MS) return;
    this.worker.terminate();
    this.worker = this.hire();
    this.give("this replay takes too long");
  }

  private give(message: string): void {
    for (const asked of this.asked.values()) asked.failed(new Error(message));
    this.asked.clear();
  }
}

/** A replay as a film's source: stretches come from the worker. */
export class ReplaySource implements FilmSource {
  readonly map: string;
  readonly firstTick: number;
  readonly lastTick: number;

  constructor(private readonly link: ReplayLink, info: ReplayInfo) {
    this.map = info.map;
    this.firstTick = info.first;
    this.lastTick = info.first + info.ticks;
  }

  async cue(tick: number): Promise<Clip> {
    const told = (await this.link.ask({ type: "cue", tick: tick - this.firstTick })) as Told;
    const { walls, lines } = parseFilm(told.text);
    return { walls, lines, until: told.until + this.firstTick };
  }

  async more(): Promise<{ lines: FilmLine[]; until: number }> {
    const told = (await this.link.ask({ type: "more" })) as Told;
    return { lines: parseLines(told.text.split("\n").filter((row) => row.length > 0)), until: told.until + this.firstTick };
  }
}
