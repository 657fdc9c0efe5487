// Writes our pixel alphabet as a TrueType font, so that the menus (DOM) are set in the same letters as the canvas.
// Runs at build time only. Tables per the OpenType specification: one rectangle contour per horizontal run of pixels.

import { FONT, FONT_ASCENT, FONT_ROWS } from "./font_data";
import type { Glyph } from "./font_data";

const PIXEL = 128;
const UNITS_PER_EM = 8 * PIXEL;

class Writer {
  private bytes: number[] = [];
  get length(): number {
    return this.bytes.length;
  }
  u8(v: number): this {
    this.bytes.push(v & 255);
    return this;
  }
  u16(v: number): this {
    return this.u8(v >> 8).u8(v);
  }
  u32(v: number): this {
    return this.u16(v >>> 16).u16(v);
  }
  text(s: string): this {
    for (const c of s) this.u8(c.charCodeAt(0));
    return this;
  }
  append(other: ArrayLike<number>): this {
    for (let i = 0; i < other.length; i++) this.bytes.push(other[i]!);
    return this;
  }
  pad(multiple: number): this {
    while (this.bytes.length % multiple !== 0) this.bytes.push(0);
    return this;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Runs of ink as boxes in font units, y up from the baseline. */
function boxes(glyph: Glyph): Box[] {
  const result: Box[] = [];
  glyph.rows.forEach((row, y) => {
    for (let x = 0; x < glyph.width; x++) {
      if (((row >> (glyph.width - 1 - x)) & 1) === 0) continue;
      const start = x;
      while (x + 1 < glyph.width && (row >> (glyph.width - 2 - x)) & 1) x++;
      result.push({ x0: start * PIXEL, x1: (x + 1) * PIXEL, y0: (FONT_ASCENT - y - 1) * PIXEL, y1: (FONT_ASCENT - y) * PIXEL });
    }
  });
  return result;
}

function outline(list: Box[]): Uint8Array {
  if (list.length === 0) return new Uint8Array();
  const w = new Writer();
  w.u16(list.length);
  w.u16(Math.min(...list.map((b) => b.x0))).u16(Math.min(...list.map((b) => b.y0)));
  w.u16(Math.max(...list.map((b) => b.x1))).u16(Math.max(...list.map((b) => b.y1)));
  list.forEach((_, i) => w.u16(i * 4 + 3));
  w.u16(0);
  for (let i = 0; i < list.length * 4; i++) w.u8(1);
  const points = list.flatMap((b) => [[b.x0, b.y0], [b.x0, b.y1], [b.x1, b.y1], [b.x1, b.y0]] as const);
  let last = 0;
  for (const [x] of points) {
    w.u16(x - last);
    last = x;
  }
  last = 0;
  for (const [, y] of points) {
    w.u16(y - last);
    last = y;
  }
  return w.pad(4).done();
}

function cmapTable(codes: number[]): Uint8Array {
  const w = new Writer();
  w.u16(0).u16(1).u16(3).u16(1).u32(12);
  const segments = codes.map((code, i) => ({ code, glyph: i + 1 }));
  const count = segments.length + 1;
  const power = 2 ** Math.floor(Math.log2(count));
  w.u16(4).u16(16 + count * 8).u16(0);
  w.u16(count * 2).u16(power * 2).u16(Math.log2(power)).u16((count - power) * 2);
  for (const s of segments) w.u16(s.code);
  w.u16(0xffff).u16(0);
  for (const s of segments) w.u16(s.code);
  w.u16(0xffff);
  for (const s of segments) w.u16(s.glyph - s.code);
  w.u16(1);
  for (let i = 0; i < count; i++) w.u16(0);
  return w.done();
}

function nameTable(family: string): Uint8Array {
  const names: [number, string][] = [[1, family], [2, "Regular"], [4, family], [6, family]];
  const head = new Writer();
  const storage = new Writer();
  head.u16(0).u16(names.length).u16(6 + names.length * 12);
  for (const [id, text] of names) {
    head.u16(3).u16(1).u16(0x409).u16(id).u16(text.length * 2).u16(storage.length);
    for (const c of text) storage.u16(c.charCodeAt(0));
  }
  return head.append(storage.done()).done();
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4) {
    sum = (sum + (((bytes[i]! << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0)) >>> 0)) >>> 0;
  }
  return sum;
}

/** The font file. */
export function pixelFont(family: string): Uint8Array {
  const codes = [...FONT.keys()].map((char) => char.codePointAt(0)!).sort((a, b) => a - b);
  const missing: Glyph = { width: 4, rows: [15, 9, 9, 9, 9, 9, 15] };
  const glyphs = [missing, ...codes.map((code) => FONT.get(String.fromCodePoint(code))!)];
  const outlines = glyphs.map((g) => outline(boxes(g)));
  const advances = glyphs.map((g) => (g.width + 1) * PIXEL);
  const ascent = FONT_ASCENT * PIXEL;
  const descent = (FONT_ASCENT - FONT_ROWS) * PIXEL;
  const widest = Math.max(...advances);

  const glyf = new Writer();
  const loca = new Writer();
  for (const o of outlines) {
    loca.u32(glyf.length);
    glyf.append(o);
  }
  loca.u32(glyf.length);
  const hmtx = new Writer();
  advances.forEach((a) => hmtx.u16(a).u16(0));
  const head = new Writer();
  head.u32(0x00010000).u32(0x00010000).u32(0).u32(0x5f0f3cf5).u16(3).u16(UNITS_PER_EM);
  head.u32(0).u32(0).u32(0).u32(0).u16(0).u16(descent).u16(widest).u16(ascent).u16(0).u16(8).u16(2).u16(1).u16(0);
  const hhea = new Writer();
  hhea.u32(0x00010000).u16(ascent).u16(descent).u16(0).u16(widest).u16(0).u16(0).u16(widest).u16(1).u16(0).u16(0);
  for (let i = 0; i < 5; i++) hhea.u16(0);
  hhea.u16(glyphs.length);
  const boxCounts = glyphs.map((g) => boxes(g).length);
  const maxp = new Writer();
  maxp.u32(0x00010000).u16(glyphs.length).u16(Math.max(...boxCounts) * 4).u16(Math.max(...boxCounts)).u16(0).u16(0).u16(2);
  for (let i = 0; i < 8; i++) maxp.u16(0);
  const os2 = new Writer();
  os2.u16(4).u16(5 * PIXEL).u16(400).u16(5).u16(0);
  for (const v of [512, 512, 0, 128, 512, 512, 0, 512, 64, 384, 0]) os2.u16(v);
  for (let i = 0; i < 10; i++) os2.u8(0);
  os2.u32(1).u32(0).u32(0).u32(0).text("TRSP").u16(0x40).u16(codes[0]!).u16(codes[codes.length - 1]!);
  os2.u16(ascent).u16(descent).u16(0).u16(ascent).u16(-descent).u32(1).u32(0);
  os2.u16(5 * PIXEL).u16(7 * PIXEL).u16(0).u16(32).u16(1);
  const post = new Writer();
  post.u32(0x00030000).u32(0).u16(-PIXEL).u16(PIXEL).u32(0).u32(0).u32(0).u32(0).u32(0);

  const tables: [string, Uint8Array][] = [
    ["OS/2", os2.done()], ["cmap", cmapTable(codes)], ["glyf", glyf.done()], ["head", head.done()], ["hhea", hhea.done()],
    ["hmtx", hmtx.done()], ["loca", loca.done()], ["maxp", maxp.done()], ["name", nameTable(family)], ["post", post.done()],
  ];
  const file = new Writer();
  const power = 2 ** Math.floor(Math.log2(tables.length));
  file.u32(0x00010000).u16(tables.length).u16(power * 16).u16(Math.log2(power)).u16((tables.length - power) * 16);
  let offset = 12 + tables.length * 16;
  for (const [tag, bytes] of tables) {
    file.text(tag).u32(checksum(bytes)).u32(offset).u32(bytes.length);
    offset += Math.ceil(bytes.length / 4) * 4;
  }
  let headAt = 0;
  for (const [tag, bytes] of tables) {
    if (tag === "head") headAt = file.length;
    file.append(bytes).pad(4);
  }
  const result = file.done();
  new DataView(result.buffer).setUint32(headAt + 8, (0xb1b0afba - checksum(result)) >>> 0);
  return result;
}
