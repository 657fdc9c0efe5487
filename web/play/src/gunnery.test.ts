// The trigger keeps to the server's rules (game rules 4.2-4.6, decisions 3 and 4), so that nothing it sends is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spectacle } from "@trespasser/common/match_model";
import { MatchModel } from "@trespasser/common/match_model";
import { Predictor } from "@trespasser/common/prediction";
import { Gunnery } from "./gunnery";

const MOUSE = { x: 400, y: 100 };

function armed(weapons: Record<string, [number, number]>, held: string) {
  const sent: [string, Record<string, unknown>][] = [];
  const model = new MatchModel(new Proxy({}, { get: () => () => undefined }) as Spectacle);
  model.selfId = "me";
  const say = (timestamp: number, change: Record<string, object> = {}): void => model.apply("game:state", {
    players: { me: { id: "me", team: "red", position: { x: 100, y: 100 }, health: 100, isAlive: true, kills: 0, weaponType: held,
      weapons: Object.fromEntries(Object.entries(weapons).map(([id, [ammo, reserve]]) => [id, { currentAmmo: ammo, reserveAmmo: reserve, isReloading: false, ...change[id] }])) } },
    timestamp,
  }, timestamp);
  say(0);
  const predictor = new Predictor(() => false, () => undefined);
  predictor.reset({ x: 100, y: 100 });
  let dry = 0;
  const gunnery = new Gunnery(model, predictor, {
    emit: (name, payload) => sent.push([name, payload as Record<string, unknown>]), serverTime: () => 0, roundTrip: () => 20,
    fired: () => undefined, dryClick: () => dry++, reloading: () => undefined,
  });
  const run = (steps: number, held: boolean, from = 0): void => {
    for (let i = 0; i < steps; i++) gunnery.step(from + (i * 1000) / 60, held, MOUSE);
  };
  const shots = (): Record<string, unknown>[] => sent.filter(([name]) => name === "weapon:fire").map(([, payload]) => payload);
  return { gunnery, model, sent, shots, run, say, predictor, dry: () => dry };
}

test("C1: held for a second, an automatic weapon fires as often as the server allows", () => {
  for (const [weapon, count] of [["rifle", 10], ["smg", 15], ["machinegun", 15]] as const) {
    const t = armed({ [weapon]: [100, 100] }, weapon);
    t.gunnery.trigger(true, 0, MOUSE);
    t.run(60, true);
    assert.equal(t.shots().length, count, weapon);
  }
});

test("a semi-automatic weapon fires once a press, and a press a little early is not lost", () => {
  const t = armed({ pistol: [12, 72] }, "pistol");
  t.gunnery.trigger(true, 0, MOUSE);
  t.run(30, true);
  assert.equal(t.shots().length, 1);
  t.gunnery.trigger(true, 500, MOUSE);
  t.run(1, true, 500);
  t.gunnery.trigger(true, 520, MOUSE);
  t.run(12, true, 520);
  assert.equal(t.shots().length, 3);
});

test("a shot takes a sequence number of its own and names aim, weapon and charge", () => {
  const t = armed({ shotgun: [8, 32] }, "shotgun");
  t.gunnery.trigger(true, 0, MOUSE);
  t.run(1, true);
  const [shot] = t.shots();
  assert.equal(shot!["sequence"], 1);
  assert.equal(t.predictor.sequence, 1);
  assert.equal(shot!["weaponType"], "shotgun");
  assert.deepEqual(shot!["targetPosition"], MOUSE);
  assert.equal(shot!["direction"], 0);
  assert.equal(shot!["pelletCount"], 8);
});

test("an empty magazine asks once for a reload and does not shoot; without reserve it clicks", () => {
  const t = armed({ rifle: [0, 30] }, "rifle");
  t.gunnery.trigger(true, 0, MOUSE);
  t.run(5, true);
  assert.deepEqual(t.sent.map(([name]) => name), ["weapon:reload"]);
  const dry = armed({ rifle: [0, 0] }, "rifle");
  dry.gunnery.trigger(true, 0, MOUSE);
  dry.run(3, true);
  assert.equal(dry.sent.length, 0);
  assert.equal(dry.dry(), 1);
});

test("while reloading nothing is fired, and one does not switch to a weapon that reloads", () => {
  const t = armed({ rifle: [10, 30], pistol: [12, 72] }, "rifle");
  t.say(10, { rifle: { isReloading: true } });
  t.gunnery.trigger(true, 20, MOUSE);
  t.run(30, true, 20);
  assert.equal(t.shots().length, 0);
  t.gunnery.slot(1, 600);
  assert.equal(t.model.self.held, "pistol");
  t.gunnery.slot(0, 620);
  assert.equal(t.model.self.held, "pistol");
});

test("the own shots are counted down before the server confirms them", () => {
  const t = armed({ rifle: [3, 30] }, "rifle");
  t.gunnery.trigger(true, 0, MOUSE);
  t.run(7, true);
  assert.equal(t.gunnery.ammo("rifle"), 1);
  t.gunnery.confirmed("rifle");
  assert.equal(t.gunnery.ammo("rifle"), 2);
});

test("C3: a frag is thrown on release, as far as it was held; one a second", () => {
  const t = armed({ grenade: [2, 0] }, "grenade");
  t.run(1, false);
  t.gunnery.trigger(true, 0, MOUSE);
  t.run(30, true);
  assert.equal(t.shots().length, 0);
  t.gunnery.trigger(false, 650, MOUSE);
  assert.equal(t.shots()[0]!["chargeLevel"], 4);
  t.gunnery.trigger(true, 700, MOUSE);
  t.gunnery.trigger(false, 900, MOUSE);
  assert.equal(t.shots().length, 1);
});

test("C3: held for so many ticks a frag leaves with the level of the rules, by trigger and by quick key", () => {
  const vector = [[0, 1], [11, 1], [12, 2], [24, 3], [36, 4], [48, 5], [600, 5]] as const;
  for (const [ticks, level] of vector) {
    const released = (ticks * 1000) / 60;
    const held = armed({ grenade: [2, 0] }, "grenade");
    held.gunnery.trigger(true, 0, MOUSE);
    held.run(ticks, true);
    assert.equal(held.shots().length, 0, "not before it is released");
    assert.equal(held.gunnery.charging(released)?.level, level, `shown after ${ticks} ticks`);
    held.gunnery.trigger(false, released, MOUSE);
    assert.deepEqual(held.shots().map((shot) => shot["chargeLevel"]), [level], `thrown after ${ticks} ticks`);

    const quick = armed({ rifle: [30, 180], grenade: [2, 0] }, "rifle");
    quick.gunnery.quickThrow(true, 0, MOUSE);
    quick.gunnery.quickThrow(false, released, MOUSE);
    assert.deepEqual(quick.shots().map((shot) => shot["chargeLevel"]), [level], `quick, ${ticks} ticks`);
  }
});

test("C3: smoke and flash know no levels", () => {
  for (const weapon of ["smokegrenade", "flashbang"]) {
    const t = armed({ [weapon]: [2, 0] }, weapon);
    t.gunnery.trigger(true, 0, MOUSE);
    t.run(60, true);
    t.gunnery.trigger(false, 1000, MOUSE);
    assert.deepEqual(t.shots().map((shot) => shot["chargeLevel"]), [1]);
  }
});

test("the quick key throws what can be thrown and takes up the weapon again", () => {
  const t = armed({ rifle: [30, 180], flashbang: [2, 0] }, "rifle");
  t.gunnery.quickThrow(true, 0, MOUSE);
  t.gunnery.quickThrow(false, 100, MOUSE);
  assert.equal(t.shots()[0]!["weaponType"], "flashbang");
  assert.equal(t.shots()[0]!["chargeLevel"], 1);
  assert.deepEqual(t.sent.at(-1), ["weapon:switch", { fromWeapon: "flashbang", toWeapon: "rifle", timestamp: 0 }]);
  assert.equal(t.model.self.held, "rifle");
});

test("a shot at a drawn enemy is sent to where the newest state has him", () => {
  const t = armed({ rifle: [30, 180] }, "rifle");
  for (const [time, y] of [[0, 100], [50, 105], [100, 110]] as const) {
    t.model.apply("game:state", { players: { me: { id: "me", team: "red", position: { x: 100, y: 100 }, health: 100, isAlive: true, kills: 0 },
      foe: { id: "foe", team: "blue", position: { x: 300, y }, rotation: 0, isAlive: true, kills: 0 } }, timestamp: time }, time);
  }
  const drawn = t.model.actors.get("foe")!.track.at(t.model.clock.drawTime(100))!.position;
  assert.ok(drawn.y < 109);
  t.gunnery.trigger(true, 100, drawn);
  t.gunnery.step(100, true, drawn);
  const target = t.shots()[0]!["targetPosition"] as { x: number; y: number };
  assert.ok(Math.abs(target.x - 300) < 1e-6 && Math.abs(target.y - 110) < 1e-6, JSON.stringify(target));
});

test("the dead do not shoot, and a wound-up throw is lost", () => {
  const t = armed({ grenade: [2, 0] }, "grenade");
  t.gunnery.trigger(true, 0, MOUSE);
  t.model.self.alive = false;
  t.run(2, true);
  t.gunnery.trigger(false, 500, MOUSE);
  assert.equal(t.shots().length, 0);
});
