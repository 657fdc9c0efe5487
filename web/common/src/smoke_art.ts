// Smoke: a crowd of soft-edged pixel discs that turn slowly around the centre of a zone.

import { makeCanvas } from "./raster";
import { noise, textSalt } from "./random";
import type { SmokeDisc } from "./sight";

const PUFFS = 46;
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
const TONES = ["#9aa3bd", "#b4bbd1", "#818aa6", "#c7cddd"];
const puffs = new Map<string, HTMLCanvasElement>();

/** A disc whose rim dissolves in a dither pattern instead of a blur. */
function puff(radius: number, tone: number): HTMLCanvasElement {
  const key = `${radius}/${tone}`;
  const found = puffs.get(key);
  if (found) return found;
  const size = radius * 2 + 1;
  const [canvas, ctx] = makeCanvas(size, size);
  ctx.fillStyle = TONES[tone]!;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const d = Math.hypot(x - radius, y - radius) / radius;
      const keep = d < 0.55 ? 1 : 1 - (d - 0.55) / 0.45;
      if (keep * 16 > BAYER[(y & 3) * 4 + (x & 3)]! + 0.5) ctx.fillRect(x, y, 1, 1);
    }
  }
  puffs.set(key, canvas);
  return canvas;
}

export function drawSmoke(ctx: CanvasRenderingContext2D, zone: SmokeDisc & { id: string }, seconds: number): void {
  if (zone.radius < 2 || zone.density <= 0.01) return;
  const salt = textSalt(zone.id);
  for (let i = 0; i < PUFFS; i++) {
    const far = Math.sqrt((i + 0.5) / PUFFS);
    const angle = i * 2.39996 + seconds * (0.12 + 0.1 * (noise(i, 1, salt) - 0.5)) * (i % 2 === 0 ? 1 : -1);
    const size = Math.max(3, Math.round(zone.radius * (0.22 + 0.16 * noise(i, 2, salt))));
    const d = far * Math.max(0, zone.radius - size * 0.7);
    const x = Math.round(zone.position.x + Math.cos(angle) * d + Math.sin(seconds * 0.9 + i) * 1.5);
    const y = Math.round(zone.position.y + Math.sin(angle) * d + Math.cos(seconds * 0.7 + i * 2) * 1.5);
    ctx.globalAlpha = Math.min(1, zone.density) * (far > 0.8 ? 0.55 : 0.8);
    ctx.drawImage(puff(size, Math.floor(noise(i, 3, salt) * TONES.length)), x - size, y - size);
  }
  ctx.globalAlpha = 1;
}
