// One replay in one instance of replay.wasm (web/module/module.cc). Knows no page: the worker of the replay page and the
// tests drive it.

import type { Pixels } from "@trespasser/common/png";
import { unpackReplay } from "./unpack";

export interface NamedMap extends Pixels {
  name: string;
}

/** What open() tells. Ticks are counted from the replay's beginning; the film's own "t" is `first` more. */
export interface ReplayInfo {
  map: string;
  ticks: number;
  first: number;
}

export interface Verified {
  tick: number;
  /** Hashes compared so far. */
  compared: number;
  /** Of the state after `tick` ticks, 16 hex digits. */
  hash: string;
  /** The tick before which the match went another way, if it did. */
  differs: number | null;
  done: boolean;
  /** Deaths since the last call: tick, slot who died, slot who killed or -1, team of the killer. */
  deaths: [number, number, number, "red" | "blue"][];
}

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  input(size: number): number;
  output(): number;
  output_size(): number;
  add_map(nameSize: number, width: number, height: number): number;
  open_replay(): number;
  verify(atMost: number): number;
  cue(tick: number): number;
  roll(atMost: number): number;
  rolled(): number;
}

/** The few calls that the C library is linked against; the module reads and writes no files. */
const NO_FILES = { fd_close: () => 8, fd_seek: () => 8, fd_write: () => 8 };  // 8: bad file descriptor

export class ReplayEngine {
  private readonly wasm: Exports;
  private readonly decoder = new TextDecoder();
  private replayTicks = 0;

  constructor(module: WebAssembly.Module, maps: readonly NamedMap[]) {
    this.wasm = new WebAssembly.Instance(module, { wasi_snapshot_preview1: NO_FILES }).exports as unknown as Exports;
    this.wasm._initialize();
    for (const map of maps) {
      const name = new TextEncoder().encode(map.name);
      const bytes = new Uint8Array(name.length + map.rgb.length);
      bytes.set(name);
      bytes.set(map.rgb, name.length);
      this.put(bytes);
      this.call(() => this.wasm.add_map(name.length, map.width, map.height));
    }
  }

  /** Takes a replay file's bytes, packed or not. All methods throw an Error with a sentence for the player. */
  open(file: Uint8Array): ReplayInfo {
    this.put(unpackReplay(file));
    const info = JSON.parse(this.call(() => this.wasm.open_replay())) as ReplayInfo;
    this.replayTicks = info.ticks;
    return info;
  }

  verify(atMost: number): Verified {
    return JSON.parse(this.call(() => this.wasm.verify(atMost))) as Verified;
  }

  /** The head and first state of a film that can show the tick. */
  cue(tick: number): string {
    return this.call(() => this.wasm.cue(tick));
  }

  /** The film's next lines. */
  roll(atMost: number): string {
    return this.call(() => this.wasm.roll(atMost));
  }

  /** Ticks the film has come to. */
  get rolled(): number {
    return this.wasm.rolled();
  }

  get ticks(): number {
    return this.replayTicks;
  }

  private put(bytes: Uint8Array): void {
    const at = this.guarded(() => this.wasm.input(bytes.length));
    new Uint8Array(this.wasm.memory.buffer, at, bytes.length).set(bytes);
  }

  private call(go: () => number): string {
    const good = this.guarded(go);
    const text = this.decoder.decode(new Uint8Array(this.wasm.memory.buffer, this.wasm.output(), this.wasm.output_size()));
    if (good === 0) throw new Error(text);
    return text;
  }

  private guarded(go: () => number): number {
    try {
      return go();
    } catch {
      throw new Error("this replay is damaged, or needs more memory than the page may take");
    }
  }
}
