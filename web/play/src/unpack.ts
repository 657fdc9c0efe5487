// A replay file's bytes as match::ReplayReader wants them: zstd frames one after the other, as the server packs them, or
// what is unpacked already. A file is not believed: sizes are looked at before memory or time is spent on them.

import { Decompress } from "fzstd";

/** The server's own limits (src/lobby/replay_file.h). */
const MAX_FILE = 16 << 20;
const MAX_BYTES = 64 << 20;
/** Larger windows are refused: the server's frames hold about 32 kB. */
const MAX_WINDOW = 8 << 20;
/** Bytes of window filled or moved over all frames and blocks; the decoder's time goes with them. */
const MAX_WORK = 4 * 2 ** 30;
const MAX_BLOCK = 128 << 10;

const DAMAGED = "this replay file is damaged";
const CUT_OFF = "this replay file is cut off";
const TOO_LARGE = "this replay file is too large";

interface FrameHead {
  size: number;
  window: number;
  checksum: boolean;
}

function isZstd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x28 && bytes[at + 1] === 0xb5 && bytes[at + 2] === 0x2f && bytes[at + 3] === 0xfd;
}

export function isReplay(bytes: Uint8Array): boolean {
  return isZstd(bytes, 0) || String.fromCharCode(...bytes.subarray(0, 4)) === "TPRP";
}

/** Frame_Header of RFC 8878, 3.1.1.1. */
function frameHead(bytes: Uint8Array, at: number): FrameHead {
  if (bytes.length - at < 6) throw new Error(CUT_OFF);
  if (!isZstd(bytes, at)) throw new Error(DAMAGED);
  const flags = bytes[at + 4]!;
  const single = (flags & 0x20) !== 0;
  const contentBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6]!;
  if ((flags & 0x0b) !== 0) throw new Error(DAMAGED);  // a dictionary, or the reserved bit
  const contentAt = at + 5 + (single ? 0 : 1);
  if (bytes.length < contentAt + contentBytes) throw new Error(CUT_OFF);
  let content = contentBytes === 2 ? 256 : 0;
  for (let i = 0; i < contentBytes; i++) content += bytes[contentAt + i]! * 2 ** (8 * i);
  const unit = 2 ** (10 + (bytes[at + 5]! >> 3));
  const window = single ? content : unit + (unit / 8) * (bytes[at + 5]! & 7);
  if (content > MAX_BYTES || window > MAX_WINDOW) throw new Error(TOO_LARGE);
  return { size: contentAt + contentBytes - at, window, checksum: (flags & 4) !== 0 };
}

/** Where each block of the frame begins, and last where the frame ends. */
function frameCuts(bytes: Uint8Array, at: number, head: FrameHead): number[] {
  const cuts: number[] = [];
  let next = at + head.size;
  for (;;) {
    if (bytes.length < next + 3) throw new Error(CUT_OFF);
    cuts.push(next);
    const block = bytes[next]! | (bytes[next + 1]! << 8) | (bytes[next + 2]! << 16);
    const kind = (block >> 1) & 3;
    if (kind === 3 || block >> 3 > MAX_BLOCK) throw new Error(DAMAGED);
    next += 3 + (kind === 1 ? 1 : block >> 3);
    if (next > bytes.length) throw new Error(CUT_OFF);
    if ((block & 1) === 0) continue;
    next += head.checksum ? 4 : 0;
    if (next > bytes.length) throw new Error(CUT_OFF);
    cuts.push(next);
    return cuts;
  }
}

/** Throws an Error with a sentence for the player. */
export function unpackReplay(packed: Uint8Array): Uint8Array {
  if (packed.length > MAX_FILE) throw new Error(TOO_LARGE);
  if (!isReplay(packed)) throw new Error("this is not a replay");
  if (!isZstd(packed, 0)) return packed;
  const pieces: Uint8Array[] = [];
  let total = 0;
  let work = 0;
  const keep = (piece: Uint8Array): void => {
    total += piece.length;
    if (total > MAX_BYTES) throw new Error(TOO_LARGE);
    pieces.push(piece.slice());
  };
  for (let at = 0; at < packed.length;) {
    const head = frameHead(packed, at);
    const cuts = frameCuts(packed, at, head);
    work += head.window * cuts.length;
    if (work > MAX_WORK) throw new Error(TOO_LARGE);
    const end = cuts[cuts.length - 1]!;
    decodeFrame(packed, at, cuts, keep);
    at = end;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Block by block, so that no more than one is unpacked before its size is counted. */
function decodeFrame(packed: Uint8Array, begin: number, cuts: readonly number[], keep: (piece: Uint8Array) => void): void {
  let complaint: Error | null = null;
  const decoder = new Decompress((piece) => {
    try {
      if (piece.length > 0) keep(piece);
    } catch (error) {
      complaint = error as Error;
      throw error;
    }
  });
  try {
    for (let i = 0; i + 1 < cuts.length; i++) {
      decoder.push(packed.subarray(i === 0 ? begin : cuts[i]!, cuts[i + 1]!), i + 2 === cuts.length);
    }
  } catch {
    throw complaint ?? new Error(DAMAGED);
  }
}
