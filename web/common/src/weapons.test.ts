import assert from "node:assert/strict";
import { test } from "node:test";
import { chargeLevel, DEFAULT_LOADOUT, legalLoadout, supportCost, toggleSupport, WEAPONS } from "./weapons";

test("cooldowns in ticks are those of the table (rules 4.1)", () => {
  const ticks = Object.fromEntries(Object.values(WEAPONS).map((w) => [w.id, w.cooldown]));
  assert.deepEqual(ticks, {
    rifle: 6, smg: 4, shotgun: 52, battlerifle: 8, sniperrifle: 90, pistol: 8, revolver: 24, suppressedpistol: 8,
    grenadelauncher: 60, rocket: 120, machinegun: 4, antimaterialrifle: 120, grenade: 60, smokegrenade: 60, flashbang: 60,
  });
});

test("C3 charge levels", () => {
  assert.deepEqual([0, 199, 200, 400, 600, 800, 10000].map(chargeLevel), [1, 1, 2, 3, 4, 5, 5]);
});

test("an illegal loadout becomes the default (rules 4.4)", () => {
  const legal = { primary: null, secondary: "revolver" as const, support: ["machinegun" as const] };
  assert.deepEqual(legalLoadout(legal), legal);
  for (const bad of [null, 7, {}, { primary: "pistol", secondary: null, support: [] }, { primary: "rifle", secondary: null, support: ["rocket", "grenadelauncher"] },
    { primary: "rifle", secondary: null, support: ["grenade", "grenade"] }, { primary: "toString", secondary: null, support: [] }]) {
    assert.deepEqual(legalLoadout(bad), DEFAULT_LOADOUT);
  }
});

test("a support weapon that does not fit makes room for itself", () => {
  const next = toggleSupport(DEFAULT_LOADOUT, "machinegun");
  assert.deepEqual(next.support, ["machinegun"]);
  assert.ok(supportCost(toggleSupport(next, "flashbang").support) <= 3);
});
