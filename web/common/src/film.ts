// A film: a recorded match as lines of JSON (tools/replay/film.h writes it), and the player of it.
//
//   first line   {"film":1,"map":"...","walls":{...}}              walls as in game:state, and "tiles": real slices
//   other lines  {"t":tick, "n":[["id","name","team"]...],         who is who, when it changes
//                 "e":[["event",{...},knowing]...],                events of the tick as on the wire
//                 "p":[["id",x,y,rotation,health,"weapon",kills,deaths,knowing]...],   every third tick; health 0 = dead
//                 "z":[["id",x,y,radius,density]...],              smokes, left out when there are none
//                 "r":red,"b":blue}                                scores, with "p"
// knowing: bit n is set when player "p<n>" may know all of the event, or where the player is; older films lack it.
//
// The player asks a source for stretches of the film: a film file is one stretch, a replay gives them as they are needed.

import type { Spectacle } from "./match_model";
import { MatchModel } from "./match_model";
import type { PlayerWire, SmokeWire, WallWire } from "./protocol";
import type { Team, WeaponId } from "./weapons";

export const TICK_MS = 1000 / 60;
/** Events this close before the time sought are shown again: what is still in the air then. */
const LEAD_MS = 300;
const LONGEST_LINE = 1 << 20;
/** More of the film is fetched when less than this of it is left, ms. */
const AHEAD_MS = 8000;
/** Lines already shown of which so many are kept before they are thrown away. */
const SHOWN_LINES = 4000;
/** What a player sees (game rules 8.3). */
const VIEW = { viewAngle: (2 * Math.PI) / 3, viewDistance: 160 };

type WhoRow = [string, string, Team];
type PlayerRow = [string, number, number, number, number, string, number, number, number?];
type SmokeRow = [string, number, number, number, number];

export interface FilmLine {
  t: number;
  n?: WhoRow[];
  e?: [string, unknown, number?][];
  p?: PlayerRow[];
  z?: SmokeRow[];
  r?: number;
  b?: number;
}

export type FilmWall = WallWire & { tiles?: number };

/** A stretch of a film, with the walls as they are before its first line. */
export interface Clip {
  walls: Record<string, FilmWall>;
  lines: FilmLine[];
  /** The last tick told. */
  until: number;
}

/** Where the player gets a film from. */
export interface FilmSource {
  readonly map: string;
  readonly firstTick: number;
  readonly lastTick: number;
  /** A stretch with which the tick can be shown; it begins some seconds earlier, or with the film. */
  cue(tick: number): Promise<Clip>;
  /** More lines after the stretch that cue() gave last, and the tick up to which they tell. */
  more(): Promise<{ lines: FilmLine[]; until: number }>;
}

export interface Film {
  map: string;
  walls: Record<string, FilmWall>;
  lines: FilmLine[];
}

/** Reads a film or a stretch of one; throws an Error that says in which line it is broken. */
export function parseFilm(text: string): Film {
  const rows = text.split("\n").filter((row) => row.length > 0);
  const head = readRow(rows[0] ?? "", 0);
  if (head["film"] !== 1) throw new Error("not a film of version 1");
  const lines = parseLines(rows.slice(1), 1);
  if (lines.length === 0) throw new Error("the film is empty");
  return { map: String(head["map"] ?? ""), walls: (head["walls"] ?? {}) as Record<string, FilmWall>, lines };
}

function readRow(row: string, i: number): Record<string, unknown> {
  if (row.length > LONGEST_LINE) throw new Error(`line ${i + 1} is too long`);
  try {
    const value: unknown = JSON.parse(row);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, with the line.
  }
  throw new Error(`line ${i + 1} is not an object of JSON`);
}

/** Lines without a head; `before` of them came earlier. */
export function parseLines(rows: readonly string[], before = 0): FilmLine[] {
  const lines = rows.map((row, i) => readRow(row, i + before) as unknown as FilmLine);
  lines.forEach((line, i) => {
    if (typeof line.t !== "number" || (i > 0 && line.t < lines[i - 1]!.t)) throw new Error(`line ${i + before + 1}: ticks do not go on`);
  });
  return lines;
}

/** The walls as they were before anything broke; of a film without "tiles" as they are. */
export function wholeWalls(walls: Record<string, FilmWall>): Record<string, FilmWall> {
  return Object.fromEntries(Object.entries(walls).map(([id, wall]) => {
    const { tiles } = wall;
    if (tiles === undefined) return [id, wall];
    const real = [0, 1, 2, 3, 4].map((i) => i < tiles);
    return [id, { ...wall, sliceHealth: real.map((is) => (is ? wall.maxHealth : 0)), destructionMask: real.map((is) => (is ? 0 : 1)) }];
  }));
}

/** A film that is all there. */
export class WholeFilm implements FilmSource {
  readonly map: string;
  readonly firstTick: number;
  readonly lastTick: number;

  constructor(private readonly film: Film) {
    this.map = film.map;
    this.firstTick = film.lines[0]!.t;
    this.lastTick = film.lines[film.lines.length - 1]!.t;
  }

  async cue(): Promise<Clip> {
    return { walls: this.film.walls, lines: [...this.film.lines], until: this.lastTick };
  }

  async more(): Promise<{ lines: FilmLine[]; until: number }> {
    return { lines: [], until: this.lastTick };
  }
}

/** Feeds a model from a film, at a time of the film that somebody else moves on. */
export class FilmPlayer {
  readonly model: MatchModel;
  readonly durationMs: number;
  /** Time of the film, ms from its first tick. */
  time = 0;
  /** Who is looked through the eyes of, null: everything is seen. */
  followed: string | null = null;
  private clip: Clip | null = null;
  private next = 0;
  private silent = false;
  private wanted: number | null = null;
  private settling: Promise<void> | null = null;
  private fetching = false;
  private readonly who = new Map<string, WhoRow>();

  /** `failed` is told when the source gives no more. */
  constructor(readonly source: FilmSource, show: Spectacle, private readonly cleared: () => void, private readonly failed: (error: Error) => void) {
    const quiet = new Proxy(show, {
      get: (target, name) => (...args: unknown[]) => {
        if (!this.silent) (target[name as keyof Spectacle] as (...all: unknown[]) => void)(...args);
      },
    });
    this.model = new MatchModel(quiet);
    this.durationMs = (source.lastTick - source.firstTick) * TICK_MS;
  }

  get ended(): boolean {
    return this.time >= this.durationMs;
  }

  /** A jump is on its way, or the film has not come as far as it is played. */
  get waiting(): boolean {
    return this.wanted !== null || this.clip === null || (this.time >= this.reach && !this.ended);
  }

  /** Plays on, as far as the film has come. */
  advance(ms: number): void {
    if (this.wanted !== null || !this.clip) return;
    this.time = Math.min(this.reach, this.time + ms);
    this.catchUp(this.time);
    if (this.reach - this.time < AHEAD_MS && this.clip.until < this.source.lastTick) void this.fetch(this.clip);
  }

  /** Jumps; what happened in between is not shown but for its traces. Of several jumps at once the last one counts. */
  seek(time: number): Promise<void> {
    const to = Math.max(0, Math.min(this.durationMs, time));
    this.wanted = to;
    this.settling ??= this.settle().finally(() => (this.settling = null));
    return this.settling;
  }

  /** Looks through a player's eyes, or (null) at everything. */
  follow(id: string | null): Promise<void> {
    if (id === this.followed) return Promise.resolve();
    this.followed = id;
    this.clip = null;
    return this.seek(this.wanted ?? this.time);
  }

  private get reach(): number {
    return this.clip ? (this.clip.until - this.source.firstTick) * TICK_MS : 0;
  }

  private async settle(): Promise<void> {
    while (this.wanted !== null) {
      const to = this.wanted;
      const onward = this.clip !== null && to >= this.time && to <= this.reach;
      if (!onward) {
        const followed = this.followed;
        let clip: Clip;
        try {
          clip = await this.source.cue(this.source.firstTick + Math.round(to / TICK_MS));
        } catch (error) {
          this.wanted = null;
          this.failed(error as Error);
          return;
        }
        if (this.wanted !== to || this.followed !== followed) continue;
        this.begin(clip);
      }
      this.wanted = null;
      this.silent = true;
      this.catchUp(to - LEAD_MS);
      this.silent = false;
      this.catchUp(to);
      this.time = to;
    }
  }

  private begin(clip: Clip): void {
    this.clip = clip;
    this.cleared();
    this.model.reset(0);
    this.model.selfId = this.followed ?? "";
    this.model.self.joined = this.followed !== null;
    this.model.vision = this.followed === null ? null : { polygon: [], ...VIEW };
    this.who.clear();
    this.next = 0;
    this.silent = true;
    // A model takes slices that are open at first sight for padding: so the walls come whole first.
    this.model.apply("game:state", { players: {}, walls: wholeWalls(clip.walls), timestamp: 0 }, 0);
    this.model.apply("game:state", { players: {}, walls: clip.walls, timestamp: 0 }, 0);
  }

  private async fetch(clip: Clip): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const { lines, until } = await this.source.more();
      if (this.clip === clip) {
        if (this.next > SHOWN_LINES) clip.lines.splice(0, this.next);
        if (this.next > SHOWN_LINES) this.next = 0;
        clip.lines.push(...lines);
        clip.until = until;
      }
    } catch (error) {
      this.failed(error as Error);
    }
    this.fetching = false;
  }

  private catchUp(time: number): void {
    const lines = this.clip?.lines ?? [];
    for (; this.next < lines.length; this.next++) {
      const line = lines[this.next]!;
      const at = (line.t - this.source.firstTick) * TICK_MS;
      if (at > time + 0.01) return;
      this.apply(line, at);
    }
  }

  private known(knowing: number | undefined): boolean {
    return this.followed === null || knowing === undefined || ((knowing >> Number(this.followed.slice(1))) & 1) === 1;
  }

  private apply(line: FilmLine, at: number): void {
    for (const row of line.n ?? []) this.who.set(row[0], row);
    for (const [name, payload, knowing] of line.e ?? []) this.applyEvent(name, payload, this.known(knowing), at);
    if (!line.p) return;
    const players: Record<string, PlayerWire> = {};
    for (const [id, x, y, rotation, health, weapon, kills, deaths, knowing] of line.p) {
      const [, name, team] = this.who.get(id) ?? [id, id, "red" as Team];
      const player: PlayerWire = { id, name, team, rotation, health, isAlive: health > 0, weaponType: weapon as WeaponId, kills, deaths };
      if (this.known(knowing)) player.position = { x, y };
      players[id] = player;
    }
    const smokeZones: SmokeWire[] = (line.z ?? []).map(([id, x, y, radius, density]) => ({ id, position: { x, y }, radius, density }));
    this.model.apply("game:state", { players, smokeZones, timestamp: at, scores: { red: line.r ?? 0, blue: line.b ?? 0 } }, at);
  }

  /** What the one followed does not know of leaves its traces (score, walls) but is not shown. */
  private applyEvent(name: string, payload: unknown, known: boolean, at: number): void {
    if (!known && (name === "projectile:created" || name === "projectile:updated")) return;
    const before = this.silent;
    this.silent ||= !known;
    this.model.apply(name, payload, at);
    this.silent = before;
  }
}
