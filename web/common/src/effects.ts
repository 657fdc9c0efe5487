// What flies, glows and fades: particles, tracers, muzzle flashes, explosions, smoke puffs, marks on the floor, shake.
// Purely for the eye; times in seconds.

import type { Vec } from "./geometry";
import { ARENA_HEIGHT, ARENA_WIDTH, clamp } from "./geometry";
import { MATERIAL, TEAM } from "./palette";
import { makeCanvas } from "./raster";
import type { SliceChange } from "./walls";
import { sliceRect } from "./walls";
import type { Team, WeaponId } from "./weapons";

interface Particle {
  x: number;
  y: number;
  vx: number;
  vy: number;
  age: number;
  life: number;
  size: number;
  color: string;
  drag: number;
  /** Leaves a dot on the floor where it comes to rest. */
  settles: boolean;
}

interface Tracer {
  from: Vec;
  to: Vec;
  age: number;
  life: number;
  color: string;
  width: number;
}

interface Light {
  x: number;
  y: number;
  radius: number;
  age: number;
  life: number;
  color: [number, number, number];
  power: number;
}

interface Ring {
  x: number;
  y: number;
  radius: number;
  age: number;
  life: number;
}

interface Muzzle {
  x: number;
  y: number;
  angle: number;
  age: number;
  big: boolean;
}

const MAX_PARTICLES = 900;
const BLAST_COLORS = ["#fffdf5", "#ffe39a", "#ffb84a", "#e0742e", "#96283a", "#3c4566"];

const rand = (low: number, high: number): number => low + Math.random() * (high - low);
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

export class Effects {
  private particles: Particle[] = [];
  private tracers: Tracer[] = [];
  private lights: Light[] = [];
  private rings: Ring[] = [];
  private muzzles: Muzzle[] = [];
  private shakePower = 0;

  constructor(private readonly ground: CanvasRenderingContext2D) {}

  clear(): void {
    this.particles = [];
    this.tracers = [];
    this.lights = [];
    this.rings = [];
    this.muzzles = [];
    this.shakePower = 0;
  }

  get count(): number {
    return this.particles.length;
  }

  shake(power: number): void {
    this.shakePower = Math.min(7, Math.max(this.shakePower, power));
  }

  /** Whole pixels to move the picture by. */
  get shakeOffset(): Vec {
    if (this.shakePower < 0.3) return { x: 0, y: 0 };
    return { x: Math.round(rand(-1, 1) * this.shakePower), y: Math.round(rand(-1, 1) * this.shakePower) };
  }

  muzzleFlash(at: Vec, angle: number, weapon: WeaponId): void {
    const big = weapon === "shotgun" || weapon === "sniperrifle" || weapon === "antimaterialrifle" || weapon === "revolver" || weapon === "rocket";
    const quiet = weapon === "suppressedpistol";
    if (!quiet) {
      this.muzzles.push({ x: at.x, y: at.y, angle, age: 0, big });
      this.light(at, big ? 46 : 30, 0.09, [255, 200, 110], 0.5);
    }
    for (let i = 0; i < (big ? 6 : 3); i++) {
      const a = angle + rand(-0.35, 0.35);
      const v = rand(30, big ? 130 : 90);
      this.spawn(at, Math.cos(a) * v, Math.sin(a) * v, rand(0.08, 0.2), 1, quiet ? "#6a7396" : pick(["#ffe39a", "#ffb84a"]), 6);
    }
    if (weapon !== "rocket" && weapon !== "grenadelauncher") {
      const a = angle + Math.PI / 2 + rand(-0.4, 0.4);
      const v = rand(25, 50);
      const back = { x: at.x - Math.cos(angle) * 8, y: at.y - Math.sin(angle) * 8 };
      this.spawn(back, Math.cos(a) * v, Math.sin(a) * v, rand(0.25, 0.4), 1, "#d9a441", 5, true);
    }
  }

  trail(from: Vec, to: Vec, weapon: WeaponId): void {
    if (from.x < 0) return;
    const heavy = weapon === "sniperrifle" || weapon === "antimaterialrifle";
    const pellet = weapon === "shotgun";
    this.tracers.push({ from, to, age: 0, life: heavy ? 0.28 : pellet ? 0.07 : 0.1, color: heavy ? "#e9fbff" : "#ffe39a", width: heavy ? 2 : 1 });
  }

  /** Sparks where a bullet ended. */
  impact(at: Vec, from: Vec, onPlayer: boolean): void {
    const back = from.x < 0 ? rand(-3, 3) : Math.atan2(from.y - at.y, from.x - at.x);
    const colors = onPlayer ? ["#d8434a", "#96283a", "#ff9a86"] : ["#ffe39a", "#eeead8", "#a8b0cc"];
    for (let i = 0; i < (onPlayer ? 7 : 4); i++) {
      const a = back + rand(-0.8, 0.8);
      const v = rand(20, 90);
      this.spawn(at, Math.cos(a) * v, Math.sin(a) * v, rand(0.12, 0.35), 1, pick(colors), 5, onPlayer);
    }
    if (!onPlayer) this.light(at, 10, 0.06, [255, 220, 150], 0.35);
  }

  slice({ wall, slice, opened }: SliceChange, at: Vec): void {
    const r = sliceRect(wall, slice);
    const { dust } = MATERIAL[wall.material];
    const count = opened ? 34 : 6;
    for (let i = 0; i < count; i++) {
      const start = opened ? { x: rand(r.x, r.x + r.width), y: rand(r.y, r.y + r.height) } : { x: at.x + rand(-3, 3), y: at.y + rand(-3, 3) };
      const a = rand(-Math.PI, Math.PI);
      const v = rand(8, opened ? 75 : 50);
      const long = wall.material === "wood" && Math.random() < 0.4;
      this.spawn(start, Math.cos(a) * v, Math.sin(a) * v, rand(0.25, opened ? 0.9 : 0.45), long ? 2 : Math.random() < 0.3 ? 2 : 1, pick(dust), 4.5, opened);
    }
    if (!opened) return;
    for (let i = 0; i < 7; i++) {
      this.spawn({ x: rand(r.x, r.x + r.width), y: rand(r.y, r.y + r.height) }, rand(-14, 14), rand(-16, 6), rand(0.5, 1.1), 3, wall.material === "wood" ? "#75583f" : "#5a6078", 3);
    }
    this.shake(wall.material === "glass" ? 0.6 : 1.2);
  }

  blood(at: Vec, team: Team, amount: number): void {
    const colors = [TEAM[team].base, TEAM[team].dark, "#8d2334"];
    for (let i = 0; i < amount; i++) {
      const a = rand(-Math.PI, Math.PI);
      const v = rand(5, 65);
      this.spawn(at, Math.cos(a) * v, Math.sin(a) * v, rand(0.25, 0.7), Math.random() < 0.25 ? 2 : 1, pick(colors), 5, true);
    }
  }

  explosion(at: Vec, radius: number): void {
    this.light(at, radius * 2.4, 0.45, [255, 190, 100], 1);
    this.rings.push({ x: at.x, y: at.y, radius, age: 0, life: 0.45 });
    for (let i = 0; i < 90; i++) {
      const a = rand(-Math.PI, Math.PI);
      const v = rand(10, radius * 5);
      this.spawn(at, Math.cos(a) * v, Math.sin(a) * v, rand(0.2, 0.75), Math.random() < 0.3 ? 3 : Math.random() < 0.5 ? 2 : 1, pick(BLAST_COLORS), 5);
    }
    for (let i = 0; i < 26; i++) {
      const a = rand(-Math.PI, Math.PI);
      const d = rand(0, radius * 0.6);
      this.spawn({ x: at.x + Math.cos(a) * d, y: at.y + Math.sin(a) * d }, rand(-10, 10), rand(-20, 0), rand(0.7, 1.6), 4, pick(["#3c4566", "#2b3049", "#565d7c"]), 1.5);
    }
    this.shake(radius / 9);
    this.scorch(at, radius);
  }

  pop(at: Vec, kind: "smoke" | "flash"): void {
    if (kind === "flash") {
      this.light(at, 150, 0.3, [255, 255, 245], 1.2);
      this.rings.push({ x: at.x, y: at.y, radius: 34, age: 0, life: 0.25 });
      this.shake(2);
    }
    for (let i = 0; i < 24; i++) {
      const a = rand(-Math.PI, Math.PI);
      const v = rand(15, 80);
      this.spawn(at, Math.cos(a) * v, Math.sin(a) * v, rand(0.2, 0.6), kind === "flash" ? 1 : 3, kind === "flash" ? "#fffdf5" : pick(["#8a93ad", "#a8b0cc"]), 4);
    }
  }

  spawnGlow(at: Vec, team: Team): void {
    this.rings.push({ x: at.x, y: at.y, radius: 16, age: 0, life: 0.5 });
    for (let i = 0; i < 18; i++) {
      const a = (i / 18) * 2 * Math.PI;
      this.spawn({ x: at.x + Math.cos(a) * 9, y: at.y + Math.sin(a) * 9 }, Math.cos(a) * -16, Math.sin(a) * -16 - 8, 0.6, 1, TEAM[team].light, 1);
    }
  }

  rocketSmoke(at: Vec): void {
    this.spawn(at, rand(-6, 6), rand(-6, 6), rand(0.3, 0.7), 2, pick(["#a8b0cc", "#6a7396", "#ffb84a"]), 2);
  }

  light(at: Vec, radius: number, life: number, color: [number, number, number], power: number): void {
    this.lights.push({ x: at.x, y: at.y, radius, age: 0, life, color, power });
  }

  step(seconds: number): void {
    const dt = Math.min(0.1, seconds);
    this.shakePower *= Math.exp(-9 * dt);
    this.particles = this.particles.filter((p) => {
      p.age += dt;
      if (p.age >= p.life) {
        if (p.settles) this.settle(p);
        return false;
      }
      const slow = Math.exp(-p.drag * dt);
      p.vx *= slow;
      p.vy *= slow;
      p.x += p.vx * dt;
      p.y += p.vy * dt;
      return true;
    });
    for (const list of [this.tracers, this.lights, this.rings, this.muzzles]) for (const item of list) item.age += dt;
    this.tracers = this.tracers.filter((t) => t.age < t.life);
    this.lights = this.lights.filter((l) => l.age < l.life);
    this.rings = this.rings.filter((r) => r.age < r.life);
    this.muzzles = this.muzzles.filter((m) => m.age < 0.06);
  }

  drawParticles(ctx: CanvasRenderingContext2D): void {
    for (const p of this.particles) {
      const part = p.age / p.life;
      const size = p.size > 2 && part > 0.6 ? p.size - 1 : p.size;
      ctx.globalAlpha = part > 0.7 ? (1 - part) / 0.3 : 1;
      ctx.fillStyle = p.color;
      ctx.fillRect(Math.round(p.x - size / 2), Math.round(p.y - size / 2), size, size);
    }
    ctx.globalAlpha = 1;
  }

  drawTracers(ctx: CanvasRenderingContext2D): void {
    for (const t of this.tracers) {
      const part = t.age / t.life;
      const dx = t.to.x - t.from.x;
      const dy = t.to.y - t.from.y;
      const length = Math.hypot(dx, dy);
      if (length < 1) continue;
      const head = t.width > 1 ? 1 : clamp(0.35 + part * 1.2, 0, 1);
      const tail = t.width > 1 ? 0 : clamp(part * 1.5 - 0.35, 0, 1);
      ctx.fillStyle = t.color;
      for (let d = tail * length; d < head * length; d += 1) {
        const k = d / length;
        ctx.globalAlpha = (t.width > 1 ? 0.75 : 0.25 + 0.7 * (d / (head * length))) * (1 - part * 0.8);
        ctx.fillRect(Math.round(t.from.x + dx * k), Math.round(t.from.y + dy * k), 1, 1);
      }
    }
    ctx.globalAlpha = 1;
    for (const m of this.muzzles) this.drawMuzzle(ctx, m);
  }

  private drawMuzzle(ctx: CanvasRenderingContext2D, m: Muzzle): void {
    const reach = (m.big ? 9 : 6) * (1 - m.age / 0.09);
    for (const [spread, length, color] of [[0, reach, "#fffdf5"], [0.55, reach * 0.6, "#ffe39a"], [-0.55, reach * 0.6, "#ffe39a"]] as const) {
      ctx.fillStyle = color;
      for (let d = 0; d < length; d++) {
        const size = d < length * 0.5 ? 2 : 1;
        ctx.fillRect(Math.round(m.x + Math.cos(m.angle + spread) * d - size / 2), Math.round(m.y + Math.sin(m.angle + spread) * d - size / 2), size, size);
      }
    }
  }

  drawRings(ctx: CanvasRenderingContext2D): void {
    for (const r of this.rings) {
      const part = r.age / r.life;
      const radius = r.radius * (1 - (1 - part) ** 3);
      ctx.globalAlpha = 1 - part;
      ctx.fillStyle = part < 0.3 ? "#fffdf5" : "#ffb84a";
      const steps = Math.max(12, Math.floor(radius * 5));
      for (let i = 0; i < steps; i++) {
        const a = (i / steps) * 2 * Math.PI;
        ctx.fillRect(Math.round(r.x + Math.cos(a) * radius), Math.round(r.y + Math.sin(a) * radius), 1, 1);
      }
      if (part < 0.25 && r.radius >= 30) {
        ctx.globalAlpha = 0.9;
        ctx.fillStyle = "#fff3c9";
        ctx.beginPath();
        ctx.arc(r.x, r.y, radius * 0.7, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    ctx.globalAlpha = 1;
  }

  drawLights(ctx: CanvasRenderingContext2D): void {
    ctx.globalCompositeOperation = "lighter";
    for (const l of this.lights) {
      const power = l.power * (1 - l.age / l.life);
      const [r, g, b] = l.color;
      const glow = ctx.createRadialGradient(l.x, l.y, 0, l.x, l.y, l.radius);
      glow.addColorStop(0, `rgba(${r},${g},${b},${Math.min(1, 0.5 * power)})`);
      glow.addColorStop(0.4, `rgba(${r},${g},${b},${Math.min(1, 0.18 * power)})`);
      glow.addColorStop(1, `rgba(${r},${g},${b},0)`);
      ctx.fillStyle = glow;
      ctx.fillRect(l.x - l.radius, l.y - l.radius, l.radius * 2, l.radius * 2);
    }
    ctx.globalCompositeOperation = "source-over";
  }

  private spawn(at: Vec, vx: number, vy: number, life: number, size: number, color: string, drag: number, settles = false): void {
    if (this.particles.length >= MAX_PARTICLES) this.particles.shift();
    this.particles.push({ x: at.x, y: at.y, vx, vy, age: 0, life, size, color, drag, settles });
  }

  private settle(p: Particle): void {
    if (p.x < 0 || p.y < 0 || p.x >= ARENA_WIDTH || p.y >= ARENA_HEIGHT) return;
    this.ground.globalAlpha = 0.55;
    this.ground.fillStyle = p.color;
    this.ground.fillRect(Math.round(p.x), Math.round(p.y), p.size > 1 && Math.random() < 0.5 ? 2 : 1, 1);
    this.ground.globalAlpha = 1;
  }

  private scorch(at: Vec, radius: number): void {
    const [mark, ctx] = makeCanvas(radius * 2, radius * 2);
    ctx.fillStyle = "#0d0f1a";
    for (let i = 0; i < radius * 16; i++) {
      const a = rand(-Math.PI, Math.PI);
      const d = radius * 0.85 * Math.random() ** 0.8;
      ctx.globalAlpha = 0.22 * (1 - d / radius);
      ctx.fillRect(Math.round(radius + Math.cos(a) * d), Math.round(radius + Math.sin(a) * d), 2, 2);
    }
    this.ground.drawImage(mark, Math.round(at.x - radius), Math.round(at.y - radius));
  }
}
