// The lease that stands in for the browser's lock on pages without one.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeaseStorage } from "./lock";
import { underLease } from "./lock";

function browser() {
  const items = new Map<string, string>();
  let time = 0;
  const storage: LeaseStorage = { getItem: (k) => items.get(k) ?? null, setItem: (k, v) => void items.set(k, v), removeItem: (k) => void items.delete(k) };
  const wait = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i += 20) {
      time += 20;
      await Promise.resolve();
    }
  };
  return { items, storage, now: () => time, wait };
}

test("work of several tabs that start at once never overlaps", async () => {
  const { storage, now, wait, items } = browser();
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await wait(200);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => underLease(storage, "lock", work, now, wait)));
  assert.equal(most, 1);
  assert.equal(items.size, 0);
});

test("work that fails gives the lease back", async () => {
  const { storage, now, wait, items } = browser();
  await assert.rejects(underLease(storage, "lock", () => Promise.reject(new Error("no")), now, wait), /no/);
  assert.equal(items.size, 0);
});

test("the lease of a tab that died runs out", async () => {
  const { storage, now, wait } = browser();
  storage.setItem("lock", `gone ${now() + 10_000}`);
  assert.equal(await underLease(storage, "lock", async () => now() >= 10_000, now, wait), true);
});
