// The page's icon as a PNG: a red and a blue half with a hole shot through, 32 x 32.

import { deflateSync } from "node:zlib";

const SIZE = 32;

function color(x: number, y: number): [number, number, number, number] {
  const dx = x - 15.5;
  const dy = y - 15.5;
  const r = Math.hypot(dx, dy);
  if (r > 15.5) return [0, 0, 0, 0];
  if (r < 4.5) return [255, 184, 74, 255];
  if (r < 6.5 || r > 13.5) return [11, 13, 23, 255];
  if (Math.abs(dx) < 1.5 || Math.abs(dy) < 1.5) return [11, 13, 23, 255];
  return dx < 0 ? [232, 80, 79, 255] : [79, 143, 240, 255];
}

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

export function iconPng(): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(SIZE * (1 + SIZE * 4));
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) rows.set(color(x, y), y * (1 + SIZE * 4) + 1 + x * 4);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", new Uint8Array())]);
}
