import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clip, FilmLine, FilmSource } from "./film";
import { FilmPlayer, parseFilm, TICK_MS, WholeFilm } from "./film";
import type { Spectacle } from "./match_model";

const WALL = { id: "wall_1", position: { x: 100, y: 100 }, width: 50, height: 10, material: "wood", maxHealth: 80, sliceHealth: [80, 80, 80, 80, 80], destructionMask: [0, 0, 0, 0, 0] };

/** Ten seconds: Anna walks right at 1 px every third tick, Bob stands where only she knows; a slice breaks at tick 300. */
function tenSeconds(): string {
  const lines: object[] = [{ film: 1, map: "yard", walls: { wall_1: WALL } }];
  for (let t = 0; t <= 600; t += 3) {
    const players = [["p0", 50 + t / 3, 50, 0, 100, "rifle", t >= 450 ? 1 : 0, 0, 1], ["p1", 300, 200, 0, 100, "rifle", 0, 0, t < 300 ? 2 : 3]];
    const line: Record<string, unknown> = { t, p: players, r: t >= 450 ? 1 : 0, b: 0 };
    if (t === 0) line["n"] = [["p0", "Anna", "red"], ["p1", "Bob", "blue"]];
    if (t === 300) line["e"] = [["wall:damaged", { wallId: "wall_1", sliceIndex: 1, newHealth: 0, isDestroyed: true, position: { x: 115, y: 105 } }, 1]];
    lines.push(line);
  }
  return lines.map((line) => JSON.stringify(line)).join("\n") + "\n";
}

async function player(source: FilmSource = new WholeFilm(parseFilm(tenSeconds()))): Promise<{ film: FilmPlayer; shown: string[]; errors: string[] }> {
  const shown: string[] = [];
  const errors: string[] = [];
  const show = new Proxy({}, { get: (_, name: string) => () => shown.push(name) }) as Spectacle;
  const film = new FilmPlayer(source, show, () => undefined, (error) => errors.push(error.message));
  await film.seek(0);
  return { film, shown, errors };
}

/** The same ten seconds in stretches of two, each beginning up to a second early. */
class Stretches implements FilmSource {
  readonly map = "yard";
  readonly firstTick = 0;
  readonly lastTick = 600;
  readonly asked: number[] = [];
  private readonly whole = parseFilm(tenSeconds());
  private until = 0;

  async cue(tick: number): Promise<Clip> {
    this.asked.push(tick);
    await Promise.resolve();
    const from = Math.max(0, tick - 60);
    this.until = Math.min(600, tick + 60);
    const broken = from > 300;
    const walls = { wall_1: { ...WALL, sliceHealth: [80, broken ? 0 : 80, 80, 80, 80], destructionMask: [0, broken ? 1 : 0, 0, 0, 0] } };
    return { walls: walls as unknown as Clip["walls"], lines: [{ ...this.whole.lines[0]!, t: from }, ...this.between(from, this.until)], until: this.until };
  }

  async more(): Promise<{ lines: FilmLine[]; until: number }> {
    const from = this.until;
    this.until = Math.min(600, from + 120);
    return { lines: this.between(from + 1, this.until), until: this.until };
  }

  private between(from: number, to: number): FilmLine[] {
    return this.whole.lines.filter((line) => line.t >= from && line.t <= to && line.t > 0);
  }
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test("playing on shows what happens, with names, scores and positions", async () => {
  for (const source of [undefined, new Stretches()]) {
    const { film, shown } = await player(source);
    assert.equal(film.durationMs, 10000);
    for (let i = 0; i < 650; i++) {
      film.advance(1000 / 60);
      await turn();
    }
    assert.deepEqual(shown, ["slice"]);
    assert.equal(film.model.nameOf("p0"), "Anna");
    assert.deepEqual(film.model.scores, { red: 1, blue: 0 });
    assert.ok(film.ended);
  }
});

test("seeking forwards and back gives the state of that moment and shows no old events", async () => {
  for (const source of [undefined, new Stretches()]) {
    const { film, shown } = await player(source);
    await film.seek(8000);
    assert.deepEqual(shown, []);
    assert.ok(film.model.walls.get("wall_1")!.open[1]);
    assert.equal(film.model.scores.red, 1);
    await film.seek(2000);
    assert.ok(!film.model.walls.get("wall_1")!.open[1]);
    assert.equal(film.model.scores.red, 0);
    const x = film.model.actors.get("p0")!.track.at(1950)!.position.x;
    assert.ok(Math.abs(x - (50 + 39)) < 1.1, `${x}`);
    await film.seek(5100);
    assert.deepEqual(shown, ["slice"]);
    await film.seek(10000);
    assert.ok(film.ended);
  }
});

test("of many seeks at once only the first and the last are fetched", async () => {
  const source = new Stretches();
  const { film } = await player(source);
  const jumps = [9000, 3000, 7000, 1000, 8000].map((time) => film.seek(time));
  assert.ok(film.waiting);
  await Promise.all(jumps);
  assert.equal(film.time, 8000);
  assert.deepEqual(source.asked, [0, 540, 480]);
});

test("who is followed sees no more than he knew", async () => {
  const { film, shown } = await player();
  await film.seek(1000);
  assert.ok(film.model.actors.get("p1")!.track.at(900), "everything is seen from above");
  await film.follow("p0");
  assert.equal(film.time, 1000);
  assert.equal(film.model.selfId, "p0");
  assert.equal(film.model.actors.get("p1")!.track.at(900), null);
  assert.ok(film.model.actors.get("p0")!.track.at(900));
  await film.seek(6000);
  assert.ok(film.model.actors.get("p1")!.track.at(5900));
  await film.follow("p1");
  await film.seek(4900);
  await film.seek(5100);
  assert.deepEqual(shown, [], "the slice broke behind his back");
  assert.ok(film.model.walls.get("wall_1")!.open[1]);
  await film.follow(null);
  assert.equal(film.model.selfId, "");
  assert.equal(film.model.vision, null);
});

test("a last slice that broke before the stretch began is a hole, not padding", async () => {
  const wall = { ...WALL, tiles: 4, sliceHealth: [80, 80, 80, 0, 0], destructionMask: [0, 0, 0, 1, 1] };
  const text = [{ film: 1, map: "yard", walls: { wall_1: wall } }, { t: 600, p: [], r: 0, b: 0 }].map((line) => JSON.stringify(line)).join("\n");
  const { film } = await player(new WholeFilm(parseFilm(text)));
  assert.deepEqual(film.model.walls.get("wall_1")!.open, [false, false, false, true, true]);
  assert.deepEqual(film.model.walls.get("wall_1")!.phantom, [false, false, false, false, true]);
});

test("a source that fails is told of, and the film stays where it was", async () => {
  const source = new Stretches();
  const { film, errors } = await player(source);
  source.cue = () => Promise.reject(new Error("gone"));
  await film.seek(9000);
  assert.deepEqual(errors, ["gone"]);
  assert.ok(!film.waiting);
  film.advance(TICK_MS);
  assert.ok(film.time < 100);
});

test("a broken film says where", () => {
  assert.throws(() => parseFilm(""), /line 1/);
  assert.throws(() => parseFilm('{"film":2}\n'), /version 1/);
  assert.throws(() => parseFilm('{"film":1}\n{"t":5}\n{"t":4}\n'), /line 3/);
  assert.throws(() => parseFilm('{"film":1}\n{"t":5}\nnonsense\n'), /line 3/);
  assert.throws(() => parseFilm('{"film":1}\n'), /empty/);
});
