// Every sound is made here from noise and oscillators; there are no sound files. Quiet until the first click, as
// browsers demand.

import type { Vec } from "@trespasser/common/geometry";
import { distance } from "@trespasser/common/geometry";
import type { Material } from "@trespasser/common/walls";
import type { WeaponId } from "@trespasser/common/weapons";

interface Burst {
  /** Noise through a band around this frequency, falling to `low`. */
  high: number;
  low: number;
  seconds: number;
  gain: number;
  /** A tone under it, 0 = none. */
  thump?: number;
  q?: number;
}

const SHOTS: Record<WeaponId, Burst> = {
  rifle: { high: 2600, low: 500, seconds: 0.13, gain: 0.5, thump: 150 },
  smg: { high: 3200, low: 900, seconds: 0.09, gain: 0.4, thump: 190 },
  shotgun: { high: 1700, low: 200, seconds: 0.3, gain: 0.8, thump: 90 },
  battlerifle: { high: 2300, low: 350, seconds: 0.18, gain: 0.6, thump: 120 },
  sniperrifle: { high: 2900, low: 220, seconds: 0.42, gain: 0.8, thump: 80 },
  pistol: { high: 2900, low: 800, seconds: 0.11, gain: 0.42, thump: 200 },
  revolver: { high: 2100, low: 300, seconds: 0.24, gain: 0.65, thump: 110 },
  suppressedpistol: { high: 900, low: 500, seconds: 0.07, gain: 0.25 },
  grenadelauncher: { high: 500, low: 120, seconds: 0.18, gain: 0.7, thump: 95 },
  machinegun: { high: 2400, low: 600, seconds: 0.1, gain: 0.42, thump: 140 },
  antimaterialrifle: { high: 1900, low: 120, seconds: 0.55, gain: 1, thump: 55 },
  grenade: { high: 700, low: 300, seconds: 0.08, gain: 0.18 },
  smokegrenade: { high: 700, low: 300, seconds: 0.08, gain: 0.18 },
  flashbang: { high: 700, low: 300, seconds: 0.08, gain: 0.18 },
  rocket: { high: 900, low: 150, seconds: 0.5, gain: 0.7, thump: 70 },
};

const BREAKS: Record<Material, Burst> = {
  concrete: { high: 900, low: 150, seconds: 0.35, gain: 0.55, thump: 70 },
  wood: { high: 1300, low: 300, seconds: 0.22, gain: 0.5, thump: 120 },
  metal: { high: 3800, low: 1500, seconds: 0.35, gain: 0.35, thump: 320, q: 8 },
  glass: { high: 6500, low: 3000, seconds: 0.4, gain: 0.4, q: 5 },
};

const MAX_VOICES = 24;
const HEARING = 420;

export class Sound {
  private context: AudioContext | null = null;
  private master: GainNode | null = null;
  private muffle: BiquadFilterNode | null = null;
  private noise: AudioBuffer | null = null;
  private voices = 0;
  private listener: Vec = { x: 240, y: 135 };

  constructor(private muted: boolean, private volume: number) {
    const wake = (): void => this.wake();
    window.addEventListener("pointerdown", wake);
    window.addEventListener("keydown", wake);
  }

  set(muted: boolean, volume: number): void {
    this.muted = muted;
    this.volume = volume;
    if (this.master && this.context) this.master.gain.setTargetAtTime(muted ? 0 : volume, this.context.currentTime, 0.02);
  }

  hearAt(listener: Vec): void {
    this.listener = listener;
  }

  shot(weapon: WeaponId, at: Vec, own: boolean): void {
    this.burst(SHOTS[weapon], at, own ? 0.8 : 1);
  }

  broken(material: Material, at: Vec): void {
    this.burst(BREAKS[material], at, 1);
  }

  chip(material: Material, at: Vec): void {
    const base = BREAKS[material];
    this.burst({ ...base, seconds: 0.06, gain: base.gain * 0.3, thump: 0 }, at, 1);
  }

  explosion(at: Vec, radius: number): void {
    this.burst({ high: 700, low: 40, seconds: 1.1, gain: 1.3, thump: 45 }, at, radius / 45);
  }

  pop(at: Vec, kind: "smoke" | "flash"): void {
    if (kind === "flash") this.burst({ high: 5200, low: 400, seconds: 0.35, gain: 1, thump: 160 }, at, 1);
    else this.burst({ high: 1800, low: 700, seconds: 1.4, gain: 0.3 }, at, 1);
  }

  wounded(): void {
    this.burst({ high: 420, low: 120, seconds: 0.16, gain: 0.7, thump: 75 }, this.listener, 1);
  }

  hit(kill: boolean): void {
    this.tone(kill ? 660 : 1250, kill ? 990 : 1250, kill ? 0.16 : 0.05, kill ? 0.22 : 0.14, "square");
  }

  death(): void {
    this.tone(300, 70, 0.7, 0.3, "sawtooth");
  }

  spawn(): void {
    this.tone(330, 660, 0.18, 0.14, "triangle");
  }

  dry(): void {
    this.burst({ high: 2400, low: 1800, seconds: 0.025, gain: 0.3, q: 6 }, this.listener, 1);
  }

  reload(start: boolean): void {
    this.burst({ high: start ? 1400 : 2200, low: 900, seconds: 0.05, gain: 0.3, q: 4 }, this.listener, 1);
  }

  click(): void {
    this.tone(520, 640, 0.04, 0.07, "square");
  }

  count(last: boolean): void {
    this.tone(last ? 880 : 440, last ? 880 : 440, last ? 0.3 : 0.08, 0.12, "square");
  }

  fanfare(won: boolean): void {
    const notes = won ? [392, 523, 659, 784] : [392, 349, 311, 262];
    notes.forEach((note, i) => setTimeout(() => this.tone(note, note, 0.22, 0.13, "square"), i * 140));
  }

  /** A flash: everything is dull for a while, and the ears ring. */
  ringing(intensity: number, ms: number): void {
    if (!this.context || !this.muffle) return;
    const now = this.context.currentTime;
    this.muffle.frequency.cancelScheduledValues(now);
    this.muffle.frequency.setValueAtTime(400, now);
    this.muffle.frequency.setTargetAtTime(20000, now + (ms / 1000) * 0.5, (ms / 1000) * 0.3);
    this.tone(3100, 3080, Math.min(4, ms / 1000), 0.1 * intensity, "sine");
  }

  private wake(): void {
    if (this.context) {
      if (this.context.state === "suspended") void this.context.resume();
      return;
    }
    if (typeof AudioContext === "undefined") return;
    this.context = new AudioContext();
    this.master = this.context.createGain();
    this.master.gain.value = this.muted ? 0 : this.volume;
    this.muffle = this.context.createBiquadFilter();
    this.muffle.type = "lowpass";
    this.muffle.frequency.value = 20000;
    const squash = this.context.createDynamicsCompressor();
    this.muffle.connect(squash).connect(this.master).connect(this.context.destination);
    this.noise = this.context.createBuffer(1, this.context.sampleRate, this.context.sampleRate);
    const samples = this.noise.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  }

  /** A voice placed left or right of the listener; null when it would not be heard. */
  private place(at: Vec, gain: number, seconds: number): GainNode | null {
    if (!this.context || !this.muffle || this.muted || this.voices >= MAX_VOICES) return null;
    const loud = gain * Math.max(0, 1 - distance(at, this.listener) / HEARING) ** 1.5;
    if (loud < 0.01) return null;
    const now = this.context.currentTime;
    const level = this.context.createGain();
    level.gain.setValueAtTime(loud, now);
    level.gain.exponentialRampToValueAtTime(0.001, now + seconds);
    const pan = this.context.createStereoPanner();
    pan.pan.value = Math.max(-0.8, Math.min(0.8, (at.x - this.listener.x) / 240));
    level.connect(pan).connect(this.muffle);
    this.voices += 1;
    setTimeout(() => {
      this.voices -= 1;
      level.disconnect();
      pan.disconnect();
    }, seconds * 1000 + 60);
    return level;
  }

  private burst(b: Burst, at: Vec, strength: number): void {
    const out = this.place(at, b.gain * strength * 0.55, b.seconds);
    if (!out || !this.context || !this.noise) return;
    const now = this.context.currentTime;
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    const band = this.context.createBiquadFilter();
    band.type = b.q ? "bandpass" : "lowpass";
    band.Q.value = b.q ?? 0.8;
    band.frequency.setValueAtTime(b.high * (0.94 + Math.random() * 0.12), now);
    band.frequency.exponentialRampToValueAtTime(b.low, now + b.seconds);
    source.connect(band).connect(out);
    source.start(now, Math.random() * 0.5, b.seconds);
    if (b.thump) this.oscillate(out, b.thump * 1.6, b.thump * 0.5, Math.min(0.25, b.seconds), "sine");
  }

  private tone(from: number, to: number, seconds: number, gain: number, type: OscillatorType): void {
    const out = this.place(this.listener, gain, seconds);
    if (out) this.oscillate(out, from, to, seconds, type);
  }

  private oscillate(out: GainNode, from: number, to: number, seconds: number, type: OscillatorType): void {
    if (!this.context) return;
    const now = this.context.currentTime;
    const oscillator = this.context.createOscillator();
    oscillator.type = type;
    oscillator.frequency.setValueAtTime(from, now);
    oscillator.frequency.exponentialRampToValueAtTime(Math.max(20, to), now + seconds);
    oscillator.connect(out);
    oscillator.start(now);
    oscillator.stop(now + seconds);
  }
}
