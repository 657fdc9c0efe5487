import assert from "node:assert/strict";
import { test } from "node:test";
import { FilmPlayer, parseFilm } from "./film";
import type { Spectacle } from "./match_model";

const WALL = { id: "wall_1", position: { x: 100, y: 100 }, width: 50, height: 10, material: "wood", maxHealth: 80, sliceHealth: [80, 80, 80, 80, 80], destructionMask: [0, 0, 0, 0, 0] };

/** Ten seconds: Anna walks right at 1 px a tick, a slice breaks at tick 300. */
function tenSeconds(): string {
  const lines: object[] = [{ film: 1, map: "yard", walls: { wall_1: WALL } }];
  for (let t = 0; t <= 600; t += 3) {
    const line: Record<string, unknown> = { t, p: [["a", 50 + t / 3, 50, 0, 100, "rifle", t >= 450 ? 1 : 0, 0]], r: t >= 450 ? 1 : 0, b: 0 };
    if (t === 0) line["n"] = [["a", "Anna", "red"]];
    if (t === 300) line["e"] = [["wall:damaged", { wallId: "wall_1", sliceIndex: 1, newHealth: 0, isDestroyed: true, position: { x: 115, y: 105 } }]];
    lines.push(line);
  }
  return lines.map((line) => JSON.stringify(line)).join("\n") + "\n";
}

function player(): { film: FilmPlayer; shown: string[] } {
  const shown: string[] = [];
  const show = new Proxy({}, { get: (_, name: string) => () => shown.push(name) }) as Spectacle;
  return { film: new FilmPlayer(parseFilm(tenSeconds()), show, () => undefined), shown };
}

test("playing on shows what happens, with names, scores and positions", () => {
  const { film, shown } = player();
  assert.equal(film.film.durationMs, 10000);
  for (let i = 0; i < 620; i++) film.advance(1000 / 60);
  assert.deepEqual(shown, ["slice"]);
  assert.equal(film.model.nameOf("a"), "Anna");
  assert.deepEqual(film.model.scores, { red: 1, blue: 0 });
  assert.ok(film.ended);
});

test("seeking forwards and back gives the state of that moment and shows no old events", () => {
  const { film, shown } = player();
  film.seek(8000);
  assert.deepEqual(shown, []);
  assert.ok(film.model.walls.get("wall_1")!.open[1]);
  assert.equal(film.model.scores.red, 1);
  film.seek(2000);
  assert.ok(!film.model.walls.get("wall_1")!.open[1]);
  assert.equal(film.model.scores.red, 0);
  const x = film.model.actors.get("a")!.track.at(1950)!.position.x;
  assert.ok(Math.abs(x - (50 + 39)) < 1.1, `${x}`);
  film.seek(5100);
  assert.deepEqual(shown, ["slice"]);
});

test("a broken film says where", () => {
  assert.throws(() => parseFilm(""), /line 1/);
  assert.throws(() => parseFilm('{"film":2}\n'), /version 1/);
  assert.throws(() => parseFilm('{"film":1}\n{"t":5}\n{"t":4}\n'), /line 3/);
  assert.throws(() => parseFilm('{"film":1}\n{"t":5}\nnonsense\n'), /line 3/);
  assert.throws(() => parseFilm('{"film":1}\n'), /empty/);
});
