// Maps for tests: text of 48 x 27 letters (. floor, C concrete, W wood, M metal, G glass, r red spawn, b blue spawn)
// becomes the PNG that the server reads.

import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const colours = {
  '.': [255, 255, 255], C: [128, 128, 128], W: [0x8b, 0x45, 0x13], M: [64, 64, 64], G: [0x87, 0xce, 0xeb],
  r: [255, 0, 0], b: [0, 0, 255],
};

function crc32(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export function png(rows) {
  const raw = Buffer.concat(rows.map((row) => Buffer.from([0, ...[...row].flatMap((letter) => colours[letter])])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0].length, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]);
}

// An open hall in which the teams face each other 60 px apart (a spawn may be moved by three cells, and one sees 160 px); a wooden wall stands below.
export function rangeRows() {
  const rows = Array.from({ length: 27 }, () => '.'.repeat(48).split(''));
  for (let y = 10; y <= 16; y += 2) {
    rows[y][21] = 'r';
    rows[y][27] = 'b';
  }
  for (let x = 20; x < 25; x += 1) rows[22][x] = 'W';
  return rows.map((row) => row.join(''));
}

// A folder with the maps given as {name: rows}.
export function mapFolder(maps) {
  const folder = mkdtempSync(join(tmpdir(), 'trespasser-maps-'));
  for (const [name, rows] of Object.entries(maps)) writeFileSync(join(folder, `${name}.png`), png(rows));
  return folder;
}
