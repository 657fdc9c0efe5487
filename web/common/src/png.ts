// Reads the PNG of a map as 8-bit RGB: 8 bits a channel (grey, colour, palette; alpha is dropped), not interlaced. What
// paint programs write for a picture of this size; anything else is refused with a reason.

export interface Pixels {
  width: number;
  height: number;
  rgb: Uint8Array<ArrayBuffer>;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const MAX_PIXELS = 4_000_000;
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Chunks {
  width: number;
  height: number;
  kind: number;
  palette: Uint8Array;
  data: Uint8Array<ArrayBuffer>;
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

function readChunks(bytes: Uint8Array): Chunks {
  if (!isPng(bytes)) throw new Error("this is not a PNG picture");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Chunks = { width: 0, height: 0, kind: 0, palette: new Uint8Array(), data: new Uint8Array() };
  const data: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const size = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (body.length < size) break;
    if (name === "IHDR" && size >= 13) {
      found.width = view.getUint32(at + 8);
      found.height = view.getUint32(at + 12);
      found.kind = body[9]!;
      if (body[8] !== 8 || body[12] !== 0 || !(found.kind in CHANNELS)) throw new Error("only PNG pictures of 8 bits, not interlaced, are read");
    }
    if (name === "PLTE") found.palette = body;
    if (name === "IDAT") data.push(body);
    at += 12 + size;
  }
  if (found.width === 0 || found.height === 0 || found.width * found.height > MAX_PIXELS) throw new Error("the picture's size is out of range");
  found.data = new Uint8Array(data.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of data) {
    found.data.set(part, at);
    at += part.length;
  }
  return found;
}

/** At most `size` bytes of a zlib stream. */
async function inflate(data: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const out = new Uint8Array(size);
  let at = 0;
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  while (at < size) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the picture is cut off");
    const part = value.subarray(0, size - at);
    out.set(part, at);
    at += part.length;
  }
  await reader.cancel();
  return out;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const da = Math.abs(p - a);
  const db = Math.abs(p - b);
  const dc = Math.abs(p - c);
  return da <= db && da <= dc ? a : db <= dc ? b : c;
}

/** Undoes the filters of the rows in place; gives the rows without their filter bytes. */
function unfilter(raw: Uint8Array, stride: number, rows: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * rows);
  for (let y = 0; y < rows; y++) {
    const filter = raw[y * (stride + 1)]!;
    if (filter > 4) throw new Error("the picture is damaged");
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const a = x >= step ? out[at - step]! : 0;
      const b = y > 0 ? out[at - stride]! : 0;
      const c = x >= step && y > 0 ? out[at - stride - step]! : 0;
      const guess = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter]!;
      out[at] = raw[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

export async function readPng(bytes: Uint8Array): Promise<Pixels> {
  const { width, height, kind, palette, data } = readChunks(bytes);
  const channels = CHANNELS[kind]!;
  const samples = unfilter(await inflate(data, (width * channels + 1) * height), width * channels, height, channels);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const sample = samples[i * channels + (channels >= 3 ? c : 0)]!;
      rgb[i * 3 + c] = kind === 3 ? (palette[sample * 3 + c] ?? 0) : sample;
    }
  }
  return { width, height, rgb };
}
