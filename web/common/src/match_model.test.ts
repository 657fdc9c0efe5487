// The model fed with events as the server writes them (wire contract 4 and 5.9).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spectacle } from "./match_model";
import { MatchModel } from "./match_model";

type Call = [string, ...unknown[]];

function watched(): { model: MatchModel; calls: Call[] } {
  const calls: Call[] = [];
  const show = new Proxy({}, { get: (_, name: string) => (...args: unknown[]) => calls.push([name, ...args]) }) as Spectacle;
  const model = new MatchModel(show);
  model.selfId = "me";
  return { model, calls };
}

const wall = (mask: number[]) => ({
  wall_1: { id: "wall_1", position: { x: 100, y: 100 }, width: 50, height: 10, material: "wood", maxHealth: 80, sliceHealth: mask.map((m) => (m ? 0 : 80)), destructionMask: mask },
});

function state(extra: object = {}): object {
  return {
    players: {
      me: { id: "me", name: "Anna", team: "red", position: { x: 50, y: 50 }, rotation: 0, health: 100, isAlive: true, kills: 3, deaths: 1, lastProcessedInput: 7, weaponType: "rifle",
        weapons: { rifle: { currentAmmo: 30, reserveAmmo: 180, isReloading: false }, pistol: { currentAmmo: 12, reserveAmmo: 72, isReloading: false } } },
      foe: { id: "foe", name: "Ben", team: "blue", isAlive: true, kills: 2, deaths: 3 },
    },
    visiblePlayers: [
      { id: "me", team: "red", position: { x: 50, y: 50 }, rotation: 0, health: 100, isAlive: true, weaponType: "rifle" },
      { id: "foe", team: "blue", position: { x: -1000, y: -1000 } },
    ],
    smokeZones: [], timestamp: 1000, ...extra,
  };
}

test("a state: own player, scores from kills, a hidden enemy is known by name and drawn nowhere", () => {
  const { model } = watched();
  model.apply("game:state", state({ walls: wall([0, 0, 0, 1, 1]) }), 5000);
  assert.deepEqual(model.scores, { red: 3, blue: 2 });
  assert.equal(model.self.held, "rifle");
  assert.equal(model.self.acknowledged, 7);
  assert.equal(model.nameOf("foe"), "Ben");
  assert.equal(model.actors.get("foe")!.track.at(1000), null);
  assert.deepEqual(model.walls.get("wall_1")!.phantom, [false, false, false, true, true]);
});

test("a state without walls changes no wall; one with a new hole shows it break", () => {
  const { model, calls } = watched();
  model.apply("game:state", state({ walls: wall([0, 0, 0, 0, 0]) }), 0);
  model.apply("game:state", state({ timestamp: 1050 }), 50);
  assert.equal(model.walls.size, 1);
  model.apply("game:state", state({ timestamp: 1100, walls: wall([0, 1, 0, 0, 0]) }), 100);
  assert.deepEqual(calls.map((c) => c[0]), ["slice"]);
  assert.ok(!model.walls.blocked({ x: 115, y: 105 }));
});

test("a wall event opens the slice at once, the second of the pair changes nothing", () => {
  const { model, calls } = watched();
  model.apply("game:state", state({ walls: wall([0, 0, 0, 0, 0]) }), 0);
  const hit = { wallId: "wall_1", sliceIndex: 2, newHealth: 35, isDestroyed: true, position: { x: 125, y: 105 } };
  model.apply("wall:damaged", hit, 10);
  model.apply("wall:destroyed", hit, 10);
  assert.equal(calls.length, 1);
  assert.ok(!model.walls.blocked({ x: 125, y: 105 }));
});

test("a switch of one's own is not undone by an older state, but by the server's last word", () => {
  const { model } = watched();
  model.apply("game:state", state(), 0);
  model.expectHeld("pistol", 300);
  model.apply("game:state", state({ timestamp: 1050 }), 50);
  assert.equal(model.self.held, "pistol");
  model.apply("game:state", state({ timestamp: 1400 }), 400);
  assert.equal(model.self.held, "rifle");
});

test("others' switches and reloads do not touch the own weapon", () => {
  const { model } = watched();
  model.apply("game:state", state(), 0);
  model.apply("weapon:switched", { playerId: "foe", fromWeapon: "rifle", toWeapon: "smg" }, 1);
  model.apply("weapon:reloaded", { playerId: "foe", weaponType: "rifle", currentAmmo: 1, reserveAmmo: 1 }, 1);
  assert.equal(model.self.held, "rifle");
  assert.equal(model.self.weapons.get("rifle")!.ammo, 30);
});

test("own death: killer and weapon for the screen, a kill line, dead until respawned", () => {
  const { model, calls } = watched();
  model.apply("game:state", state(), 0);
  model.apply("backend:player:died", { playerId: "me", killerId: "foe", killerTeam: "blue", victimTeam: "red", weaponType: "smg", position: { x: 50, y: 50 } }, 100);
  assert.deepEqual(model.self.killer, { name: "Ben", team: "blue", weapon: "smg" });
  assert.equal(model.self.alive, false);
  assert.equal(model.self.diedAt, 100);
  assert.deepEqual(model.killLines.map((l) => [l.killer, l.victim, l.weapon, l.own]), [["Ben", "Anna", "smg", true]]);
  assert.equal(calls.at(-1)![0], "died");
  model.apply("backend:player:respawned", { playerId: "me", position: { x: 35, y: 75 }, health: 100, team: "red", invulnerableUntil: 9000 }, 3200);
  assert.equal(model.self.alive, true);
  assert.deepEqual(model.self.position, { x: 35, y: 75 });
});

test("an own kill marks, a suicide names nobody", () => {
  const { model, calls } = watched();
  model.apply("game:state", state(), 0);
  model.apply("backend:player:died", { playerId: "foe", killerId: "me", killerTeam: "red", victimTeam: "blue", weaponType: "rifle" }, 1);
  assert.deepEqual(calls.at(-1), ["hitMarker", "kill"]);
  model.apply("backend:player:died", { playerId: "foe", killerId: "foe", weaponType: "grenade" }, 2);
  assert.equal(model.killLines.at(-1)!.killer, null);
});

test("only the own entry of a flash blinds", () => {
  const { model, calls } = watched();
  const entry = { intensity: 0.6, duration: 2700, phases: { blindDuration: 900, disorientedDuration: 1200, recoveringDuration: 600 } };
  model.apply("FLASHBANG_EFFECT", { id: "f", position: { x: 0, y: 0 }, affectedPlayers: [{ playerId: "foe", ...entry }] }, 1);
  assert.equal(calls.length, 0);
  model.apply("FLASHBANG_EFFECT", { id: "f", position: { x: 0, y: 0 }, affectedPlayers: [{ playerId: "me", ...entry }] }, 1);
  assert.equal(calls[0]![0], "blinded");
});

test("a projectile lives from its events and goes when it bursts", () => {
  const { model, calls } = watched();
  model.apply("projectile:created", { id: "projectile_1", type: "smokegrenade", position: { x: 10, y: 10 } }, 0);
  model.apply("projectile:updated", { id: "projectile_1", position: { x: 20, y: 10 } }, 50);
  assert.equal(model.projectiles.size, 1);
  model.apply("projectile:exploded", { id: "projectile_1", type: "smoke", position: { x: 30, y: 10 }, radius: 60 }, 100);
  assert.equal(model.projectiles.size, 0);
  assert.deepEqual(calls.at(-1), ["popped", { x: 30, y: 10 }, "smoke"]);
});

test("a new match forgets the last one, names and bots of the lobby stay known", () => {
  const { model } = watched();
  model.learnPlayers([{ id: "b1", name: "Bot Elm", isBot: true }]);
  model.apply("game:state", state({ walls: wall([0, 0, 0, 0, 0]) }), 0);
  model.reset(100);
  assert.equal(model.walls.size, 0);
  assert.equal(model.actors.size, 0);
  assert.equal(model.nameOf("b1"), "Bot Elm");
  assert.ok(model.isBot("b1"));
});
