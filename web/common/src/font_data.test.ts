import assert from "node:assert/strict";
import { test } from "node:test";
import { FONT, FONT_ROWS, SMALL_FONT } from "./font_data";
import { pixelFont } from "./ttf";

test("every printable character of ASCII has a letter, none is taller than the line", () => {
  for (let code = 32; code < 127; code++) assert.ok(FONT.has(String.fromCharCode(code)), String.fromCharCode(code));
  for (const glyph of FONT.values()) assert.ok(glyph.rows.length <= FONT_ROWS && glyph.width <= 5);
  for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .:-/!?+") assert.ok(SMALL_FONT.has(char), char);
});

test("the font file: table checksums, as many letters as promised", () => {
  const font = pixelFont("Test");
  const view = new DataView(font.buffer);
  const tables = view.getUint16(4);
  let whole = 0;
  for (let i = 0; i < font.length; i += 4) whole = (whole + view.getUint32(i)) >>> 0;
  assert.equal(whole, 0xb1b0afba);
  for (let t = 0; t < tables; t++) {
    const entry = 12 + t * 16;
    const tag = String.fromCharCode(...font.subarray(entry, entry + 4));
    const offset = view.getUint32(entry + 8);
    assert.equal(offset % 4, 0);
    if (tag === "maxp") assert.equal(view.getUint16(offset + 4), FONT.size + 1);
  }
});
