// Writing on the canvas with the pixel alphabets, without smoothing.

import type { Glyph } from "./font_data";
import { FONT, SMALL_FONT } from "./font_data";

export type Face = "normal" | "small";
export type Align = "left" | "center" | "right";

const MISSING: Glyph = { width: 4, rows: [15, 9, 9, 9, 9, 9, 15] };

function glyph(char: string, face: Face): Glyph {
  if (face === "small") return SMALL_FONT.get(char.toUpperCase()) ?? SMALL_FONT.get("?")!;
  return FONT.get(char) ?? MISSING;
}

export function textWidth(text: string, face: Face = "normal"): number {
  let width = 0;
  for (const char of text) width += glyph(char, face).width + 1;
  return Math.max(0, width - 1);
}

export interface TextStyle {
  face?: Face;
  align?: Align;
  /** A dark rim that keeps the letters readable on anything. */
  outline?: string;
  scale?: number;
}

const CACHE_LIMIT = 400;
const cache = new Map<string, HTMLCanvasElement>();

/** A text drawn once with its rim, kept while it is in use. */
function rendered(text: string, color: string, face: Face, outline: string | undefined, scale: number): HTMLCanvasElement {
  const key = `${face}|${scale}|${color}|${outline ?? ""}|${text}`;
  const found = cache.get(key);
  if (found) {
    cache.delete(key);
    cache.set(key, found);
    return found;
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, textWidth(text, face) * scale) + 2;
  canvas.height = 9 * scale + 2;
  const ctx = canvas.getContext("2d")!;
  if (outline) for (const [dx, dy] of RIM) blit(ctx, text, 1 + dx, 1 + dy, outline, face, scale);
  blit(ctx, text, 1, 1, color, face, scale);
  cache.set(key, canvas);
  if (cache.size > CACHE_LIMIT) cache.delete(cache.keys().next().value!);
  return canvas;
}

const RIM = [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, 1], [-1, 1], [1, -1]] as const;

/** Writes with the top of the capitals at `y`. */
export function drawText(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, color: string, style: TextStyle = {}): void {
  const { face = "normal", align = "left", outline, scale = 1 } = style;
  const width = textWidth(text, face) * scale;
  const left = Math.round(align === "left" ? x : align === "center" ? x - width / 2 : x - width);
  ctx.drawImage(rendered(text, color, face, outline, scale), left - 1, Math.round(y) - 1);
}

function blit(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, color: string, face: Face, scale: number): void {
  ctx.fillStyle = color;
  for (const char of text) {
    const g = glyph(char, face);
    g.rows.forEach((row, dy) => {
      for (let dx = 0; dx < g.width; dx++) {
        if (((row >> (g.width - 1 - dx)) & 1) === 0) continue;
        const start = dx;
        while (dx + 1 < g.width && (row >> (g.width - 2 - dx)) & 1) dx++;
        ctx.fillRect(x + start * scale, y + dy * scale, (dx + 1 - start) * scale, scale);
      }
    });
    x += (g.width + 1) * scale;
  }
}
