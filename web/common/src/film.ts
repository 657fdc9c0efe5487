// A film: a recorded match as `trespasser-replay film` writes it, line by line JSON, and the player of it.
//
//   first line   {"film":1,"map":"...","walls":{...}}              walls as in game:state
//   other lines  {"t":tick, "n":[["id","name","team",bot]...],     who is who, when it changes
//                 "e":[["event",{...}]...],                        events of the tick as on the wire
//                 "p":[["id",x,y,rotation,health,"weapon",kills,deaths]...],  every third tick; health 0 = dead
//                 "z":[["id",x,y,radius,density]...],              smokes, left out when there are none
//                 "r":red,"b":blue}                                scores, with "p"

import type { Spectacle } from "./match_model";
import { MatchModel } from "./match_model";
import type { PlayerWire, SmokeWire, WallWire } from "./protocol";
import type { Team, WeaponId } from "./weapons";

const TICK_MS = 1000 / 60;
/** Events this close before the time sought are shown again: what is still in the air then. */
const LEAD_MS = 300;
const LONGEST_LINE = 1 << 20;

type WhoRow = [string, string, Team];
type PlayerRow = [string, number, number, number, number, string, number, number];
type SmokeRow = [string, number, number, number, number];

export interface FilmLine {
  t: number;
  n?: WhoRow[];
  e?: [string, unknown][];
  p?: PlayerRow[];
  z?: SmokeRow[];
  r?: number;
  b?: number;
}

export interface Film {
  map: string;
  walls: Record<string, WallWire>;
  lines: FilmLine[];
  durationMs: number;
}

/** Reads a film; throws an Error that says in which line it is broken. */
export function parseFilm(text: string): Film {
  const rows = text.split("\n").filter((row) => row.length > 0);
  const read = (row: string, i: number): Record<string, unknown> => {
    if (row.length > LONGEST_LINE) throw new Error(`line ${i + 1} is too long`);
    try {
      const value: unknown = JSON.parse(row);
      if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
    } catch {
      // Said below, with the line.
    }
    throw new Error(`line ${i + 1} is not an object of JSON`);
  };
  const head = read(rows[0] ?? "", 0);
  if (head["film"] !== 1) throw new Error("not a film of version 1");
  const lines = rows.slice(1).map((row, i) => read(row, i + 1) as unknown as FilmLine);
  lines.forEach((line, i) => {
    if (typeof line.t !== "number" || (i > 0 && line.t < lines[i - 1]!.t)) throw new Error(`line ${i + 2}: ticks do not go on`);
  });
  if (lines.length === 0) throw new Error("the film is empty");
  const walls = (head["walls"] ?? {}) as Record<string, WallWire>;
  return { map: String(head["map"] ?? ""), walls, lines, durationMs: (lines[lines.length - 1]!.t - lines[0]!.t) * TICK_MS };
}

/** Feeds a model from a film, at a time of the film that somebody else moves on. */
export class FilmPlayer {
  readonly model: MatchModel;
  /** Time of the film, ms from its first line. */
  time = 0;
  private next = 0;
  private silent = false;
  private readonly who = new Map<string, WhoRow>();

  constructor(readonly film: Film, show: Spectacle, private readonly cleared: () => void) {
    const quiet = new Proxy(show, {
      get: (target, name) => (...args: unknown[]) => {
        if (!this.silent) (target[name as keyof Spectacle] as (...all: unknown[]) => void)(...args);
      },
    });
    this.model = new MatchModel(quiet);
    this.rewind();
  }

  get ended(): boolean {
    return this.time >= this.film.durationMs;
  }

  /** Plays on. */
  advance(ms: number): void {
    this.time = Math.min(this.film.durationMs, this.time + ms);
    this.catchUp(this.time);
  }

  /** Jumps; what happened in between is not shown but for its traces. */
  seek(time: number): void {
    const to = Math.max(0, Math.min(this.film.durationMs, time));
    if (to < this.time) this.rewind();
    this.silent = true;
    this.catchUp(to - LEAD_MS);
    this.silent = false;
    this.catchUp(to);
    this.time = to;
  }

  private rewind(): void {
    this.cleared();
    this.model.reset(0);
    this.who.clear();
    this.next = 0;
    this.time = 0;
    this.model.apply("game:state", { players: {}, walls: this.film.walls, timestamp: 0 }, 0);
    this.catchUp(0);
  }

  private catchUp(time: number): void {
    const first = this.film.lines[0]!.t;
    for (; this.next < this.film.lines.length; this.next++) {
      const line = this.film.lines[this.next]!;
      const at = (line.t - first) * TICK_MS;
      if (at > time) return;
      this.apply(line, at);
    }
  }

  private apply(line: FilmLine, at: number): void {
    for (const row of line.n ?? []) this.who.set(row[0], row);
    for (const [name, payload] of line.e ?? []) this.model.apply(name, payload, at);
    if (!line.p) return;
    const players: Record<string, PlayerWire> = {};
    for (const [id, x, y, rotation, health, weapon, kills, deaths] of line.p) {
      const [, name, team] = this.who.get(id) ?? [id, id, "red" as Team];
      players[id] = { id, name, team, position: { x, y }, rotation, health, isAlive: health > 0, weaponType: weapon as WeaponId, kills, deaths };
    }
    const smokeZones: SmokeWire[] = (line.z ?? []).map(([id, x, y, radius, density]) => ({ id, position: { x, y }, radius, density }));
    this.model.apply("game:state", { players, smokeZones, timestamp: at, scores: { red: line.r ?? 0, blue: line.b ?? 0 } }, at);
  }
}
