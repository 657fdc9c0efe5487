import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { isReplay, unpackReplay } from "./unpack";

const pack = (bytes: Uint8Array, ...options: string[]): Uint8Array =>
  new Uint8Array(execFileSync("zstd", ["-qc", ...options], { input: bytes, maxBuffer: 1 << 27 }));
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let seed = 7;
  for (let i = 0; i < size; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bytes[i] = i % 3 === 0 ? 0 : seed >>> 28;
  }
  return bytes;
}

/** A frame header of 2 MB window and no content size, then raw block headers. */
const frame = (...blocks: number[]): Uint8Array => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, ...blocks);

test("frames one after the other, of any size and level, come out as they went in", () => {
  const parts = [noise(40_000), noise(3), noise(300_000), new Uint8Array(500_000)];
  const packed = join(...parts.map((part, i) => pack(part, `-${[9, 1, 19, 3][i]}`, i === 1 ? "--no-check" : "--check")));
  assert.ok(isReplay(packed));
  assert.deepEqual(Buffer.from(unpackReplay(packed)), Buffer.concat(parts));
});

test("what is unpacked already is left alone", () => {
  const raw = new TextEncoder().encode("TPRP....");
  assert.equal(unpackReplay(raw), raw);
});

test("every cut is told as one", () => {
  const packed = join(pack(noise(3000)), pack(noise(2000)));
  const whole = pack(noise(3000)).length;
  for (let length = 6; length < packed.length; length += 11) {
    if (length !== whole) assert.throws(() => unpackReplay(packed.subarray(0, length)), /cut off/, `${length}`);
  }
});

test("small files that would grow large, take long or have large windows are refused at once", () => {
  const bomb = pack(new Uint8Array(65 << 20), "-19");
  assert.ok(bomb.length < 20_000);
  assert.throws(() => unpackReplay(bomb), /too large/);
  const streamed = new Uint8Array(execFileSync("bash", ["-c", "head -c 70000000 /dev/zero | zstd -qc"], { maxBuffer: 1 << 27 }));
  assert.throws(() => unpackReplay(streamed), /too large/);
  assert.throws(() => unpackReplay(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0)), /too large/);  // 2 GB window
  assert.throws(() => unpackReplay(new Uint8Array((16 << 20) + 1)), /too large/);
  const idle = frame(1, 0, 0);
  const many = new Uint8Array(idle.length * 100_000);
  for (let i = 0; i < 100_000; i++) many.set(idle, i * idle.length);
  assert.throws(() => unpackReplay(many), /too large/);
  const blocks = new Uint8Array(6 + 3 * 1_000_000);
  blocks.set(frame());
  assert.throws(() => unpackReplay(blocks), /too large|cut off/);
});

test("garbage is told as garbage", () => {
  assert.throws(() => unpackReplay(new TextEncoder().encode("no replay")), /not a replay/);
  assert.throws(() => unpackReplay(join(pack(noise(100)), new TextEncoder().encode("garbage"))), /damaged/);
  assert.throws(() => unpackReplay(frame(7, 0, 0)), /damaged/);  // reserved block type
  assert.throws(() => unpackReplay(frame(0xff, 0xff, 0xff)), /damaged/);
});
