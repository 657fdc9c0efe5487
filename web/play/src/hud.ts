// What is written over the arena: health, weapons, scores, kill lines, crosshair, and what the eyes suffer.

import type { Vec } from "@trespasser/common/geometry";
import { ARENA_HEIGHT, ARENA_WIDTH, clamp } from "@trespasser/common/geometry";
import { iconSize, weaponIcon } from "@trespasser/common/icons";
import type { Blindness, MatchModel } from "@trespasser/common/match_model";
import { AMBER, BONE, FOG, GREEN, INK, MIST, STEEL, TEAM, WARN, WHITE } from "@trespasser/common/palette";
import { drawText, textWidth } from "@trespasser/common/text";
import type { Team, WeaponId } from "@trespasser/common/weapons";
import { FLASH_REACH, FRAG_REACH, MAX_HEAT, SMOKE_REACH, spread, WEAPONS } from "@trespasser/common/weapons";
import type { Gunnery } from "./gunnery";
import { drawKillLines } from "./kill_lines";

export interface HudView {
  now: number;
  position: Vec;
  mouse: Vec;
  moving: boolean;
  running: boolean;
  roundTrip: number;
  showNet: boolean;
  /** The match has ended: only the score is left. */
  over: boolean;
}

interface Wound {
  angle: number | null;
  at: number;
  damage: number;
}

const PLATE = "rgba(11,13,23,0.72)";
const WOUND_MS = 700;

/** How much is left of a plate that lies over the own body or the crosshair. */
const FADED = 0.35;

function hides(v: HudView, x: number, y: number, width: number, height = 270): boolean {
  return [v.position, v.mouse].some((p) => p.x >= x && p.x <= x + width && p.y >= y && p.y <= y + height);
}

export class Hud {
  private wounds: Wound[] = [];
  private marker: { kind: "wall" | "player" | "kill"; at: number } | null = null;
  private blindness: Blindness | null = null;
  private shownHealth = 100;
  private banner: { text: string; color: string; until: number } | null = null;

  constructor(private readonly model: MatchModel, private readonly gunnery: Gunnery) {}

  reset(): void {
    this.wounds = [];
    this.marker = null;
    this.blindness = null;
    this.banner = null;
    this.shownHealth = 100;
  }

  announce(text: string, color: string, ms: number): void {
    this.banner = { text, color, until: performance.now() + ms };
  }

  wounded(angle: number | null, damage: number, now: number): void {
    this.wounds.push({ angle, at: now, damage });
    if (this.wounds.length > 8) this.wounds.shift();
  }

  mark(kind: "wall" | "player" | "kill", now: number): void {
    if (this.marker?.kind === "kill" && now - this.marker.at < 200 && kind !== "kill") return;
    this.marker = { kind, at: now };
  }

  blinded(flash: Blindness): void {
    const left = this.blindness ? this.white(flash.start) : 0;
    if (flash.intensity >= left) this.blindness = flash;
  }

  /** How white the screen is, 0..1 (game rules 6.7: the visual value of the phases). */
  white(now: number): number {
    const f = this.blindness;
    if (!f) return 0;
    const t = now - f.start;
    if (t < f.blind) return f.intensity;
    if (t < f.blind + f.disoriented) return f.intensity * (1 - (0.7 * (t - f.blind)) / f.disoriented);
    const rest = t - f.blind - f.disoriented;
    if (rest < f.recovering) return 0.3 * f.intensity * (1 - rest / f.recovering);
    this.blindness = null;
    return 0;
  }

  draw(ctx: CanvasRenderingContext2D, v: HudView): void {
    const { self } = this.model;
    this.drawVignette(ctx, v.now);
    if (v.over) {
      this.drawScores(ctx, v.now);
      this.drawBanner(ctx, v.now);
      return;
    }
    if (self.alive) {
      this.drawThrow(ctx, v);
      ctx.globalAlpha = hides(v, 0, 236, 112) ? FADED : 1;
      this.drawHealth(ctx, v.now);
      ctx.globalAlpha = hides(v, 360, 222, 120) ? FADED : 1;
      this.drawWeapons(ctx, v.now);
      ctx.globalAlpha = 1;
    } else if (self.joined) {
      this.drawDeath(ctx, v.now);
    }
    ctx.globalAlpha = hides(v, 182, 0, 116, 26) ? FADED : 1;
    this.drawScores(ctx, v.now);
    ctx.globalAlpha = 1;
    drawKillLines(ctx, this.model.killLines, v.now);
    this.drawBanner(ctx, v.now);
    this.drawWhite(ctx, v.now);
    if (self.alive) this.drawCrosshair(ctx, v);
    if (v.showNet) this.drawNet(ctx, v);
  }

  private drawVignette(ctx: CanvasRenderingContext2D, now: number): void {
    this.wounds = this.wounds.filter((w) => now - w.at < WOUND_MS);
    const fresh = this.wounds.reduce((most, w) => Math.max(most, (1 - (now - w.at) / WOUND_MS) * clamp(w.damage / 40, 0.35, 1)), 0);
    const low = this.model.self.alive ? clamp((35 - this.model.self.health) / 35, 0, 1) : 0;
    const pulse = low * (0.35 + 0.15 * Math.sin(now / 180));
    const power = Math.max(fresh * 0.75, pulse);
    if (power > 0.02) {
      for (let i = 0; i < 7; i++) {
        ctx.fillStyle = `rgba(200,40,52,${(power * (7 - i)) / 14})`;
        const inset = i * 3;
        ctx.fillRect(inset, inset, ARENA_WIDTH - inset * 2, 3);
        ctx.fillRect(inset, ARENA_HEIGHT - inset - 3, ARENA_WIDTH - inset * 2, 3);
        ctx.fillRect(inset, inset + 3, 3, ARENA_HEIGHT - inset * 2 - 6);
        ctx.fillRect(ARENA_WIDTH - inset - 3, inset + 3, 3, ARENA_HEIGHT - inset * 2 - 6);
      }
    }
  }

  private plate(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number): void {
    ctx.fillStyle = PLATE;
    ctx.fillRect(x + 1, y, w - 2, h);
    ctx.fillRect(x, y + 1, w, h - 2);
  }

  private drawHealth(ctx: CanvasRenderingContext2D, now: number): void {
    const health = Math.max(0, Math.ceil(this.model.self.health));
    this.shownHealth += (health - this.shownHealth) * 0.12;
    const x = 6;
    const y = 252;
    this.plate(ctx, x, y, 94, 13);
    const color = health > 50 ? GREEN : health > 25 ? AMBER : WARN;
    ctx.fillStyle = color;
    ctx.fillRect(x + 6, y + 3, 2, 7);
    ctx.fillRect(x + 4, y + 5, 6, 2);
    const width = 52;
    ctx.fillStyle = "#262c44";
    ctx.fillRect(x + 14, y + 4, width, 5);
    ctx.fillStyle = BONE;
    ctx.fillRect(x + 14, y + 4, Math.round((Math.max(health, this.shownHealth) / 100) * width), 5);
    ctx.fillStyle = color;
    ctx.fillRect(x + 14, y + 4, Math.round((health / 100) * width), 5);
    ctx.fillStyle = "rgba(255,255,255,0.25)";
    ctx.fillRect(x + 14, y + 4, Math.round((health / 100) * width), 1);
    ctx.fillStyle = PLATE;
    for (let i = 1; i < 4; i++) ctx.fillRect(x + 14 + Math.round((width * i) / 4), y + 4, 1, 5);
    drawText(ctx, String(health), x + 89, y + 3, BONE, { align: "right" });
    const safe = this.model.clock.toLocal(this.model.self.invulnerableUntil) - now;
    if (this.model.self.invulnerableUntil > 0 && safe > 0) drawText(ctx, "PROTECTED", x + 4, y - 8, BONE, { face: "small", outline: INK });
  }

  private drawWeapons(ctx: CanvasRenderingContext2D, now: number): void {
    const { self } = this.model;
    const order = this.gunnery.order();
    let x = ARENA_WIDTH - 6;
    const y = 252;
    for (let i = order.length - 1; i >= 0; i--) {
      const w = order[i]!;
      const held = w.id === self.held;
      const { width, height } = iconSize(w.id);
      const slot = Math.max(20, width + 10);
      x -= slot;
      this.plate(ctx, x, y, slot - 1, 13);
      const ammo = this.gunnery.ammo(w.id);
      const empty = ammo === 0 && w.reserve === 0;
      if (held) {
        ctx.fillStyle = AMBER;
        ctx.fillRect(x + 1, y + 12, slot - 3, 1);
      }
      drawText(ctx, String(i + 1), x + 2, y + 2, held ? AMBER : FOG, { face: "small" });
      const color = empty ? STEEL : held ? WHITE : MIST;
      ctx.drawImage(weaponIcon(w.id, color), Math.round(x + 5 + (slot - 7 - width) / 2), Math.round(y + 5 - height / 2));
      const part = this.gunnery.reloadPart(w.id, now);
      if (part !== null) {
        ctx.fillStyle = "rgba(255,184,74,0.35)";
        ctx.fillRect(x + 1, y + 1, Math.round((slot - 3) * part), 11);
      }
    }
    const held = self.held ? self.weapons.get(self.held) : undefined;
    if (held) this.drawAmmo(ctx, held.id, held.reserve, now);
  }

  private drawAmmo(ctx: CanvasRenderingContext2D, id: WeaponId, reserve: number, now: number): void {
    const info = WEAPONS[id];
    const ammo = this.gunnery.ammo(id);
    const right = ARENA_WIDTH - 8;
    const y = 234;
    const reload = this.gunnery.reloadPart(id, now);
    const low = ammo <= Math.ceil(info.magazine * 0.2);
    const rest = info.thrown ? "" : `/${reserve}`;
    const restWidth = textWidth(rest, "normal");
    drawText(ctx, rest, right, y + 7, MIST, { align: "right", outline: INK });
    const blink = low && ammo === 0 && Math.floor(now / 200) % 2 === 0;
    drawText(ctx, String(ammo), right - restWidth - (rest ? 2 : 0), y, blink ? WARN : low ? AMBER : WHITE, { align: "right", outline: INK, scale: 2 });
    const nameX = right - restWidth - textWidth(String(ammo)) * 2 - 8;
    drawText(ctx, reload !== null ? "RELOADING" : info.short, nameX, y + 9, reload !== null ? AMBER : BONE, { face: "small", align: "right", outline: INK });
    if (id === "machinegun") this.drawHeat(ctx, right - 80, y - 8, now);
  }

  private drawHeat(ctx: CanvasRenderingContext2D, x: number, y: number, now: number): void {
    const { heat, overheated } = this.model.self;
    const part = clamp(heat / MAX_HEAT, 0, 1);
    this.plate(ctx, x, y - 2, 80, 8);
    ctx.fillStyle = "#262c44";
    ctx.fillRect(x + 22, y, 55, 4);
    ctx.fillStyle = overheated ? (Math.floor(now / 120) % 2 === 0 ? WARN : BONE) : part > 0.7 ? WARN : part > 0.4 ? AMBER : MIST;
    ctx.fillRect(x + 22, y, Math.round(55 * part), 4);
    drawText(ctx, "HEAT", x + 3, y - 1, overheated ? WARN : MIST, { face: "small" });
  }

  private drawScores(ctx: CanvasRenderingContext2D, now: number): void {
    const { scores, killTarget, self, timeLimit, startedAt } = this.model;
    const middle = ARENA_WIDTH / 2;
    this.plate(ctx, middle - 48, 2, 96, 15);
    const side = (team: Team, left: boolean): void => {
      const x = left ? middle - 47 : middle + 18;
      ctx.fillStyle = TEAM[team].dark;
      ctx.fillRect(x, 3, 29, 13);
      if (self.joined && self.team === team) {
        ctx.fillStyle = TEAM[team].light;
        ctx.fillRect(x, 15, 29, 1);
      }
      const part = clamp(scores[team] / Math.max(1, killTarget), 0, 1);
      ctx.fillStyle = TEAM[team].base;
      const w = Math.round(29 * part);
      ctx.fillRect(left ? x + 29 - w : x, 3, w, 12);
      drawText(ctx, String(scores[team]), x + 15, 5, WHITE, { align: "center", outline: TEAM[team].deep });
    };
    side("red", true);
    side("blue", false);
    const elapsed = Math.max(0, (now - startedAt) / 1000);
    const shown = timeLimit > 0 ? Math.max(0, timeLimit - elapsed) : elapsed;
    const minutes = Math.floor(shown / 60);
    const text = `${minutes}:${String(Math.floor(shown % 60)).padStart(2, "0")}`;
    drawText(ctx, text, middle, 6, timeLimit > 0 && shown < 30 ? WARN : BONE, { align: "center" });
    drawText(ctx, `FIRST TO ${killTarget}`, middle, 19, MIST, { face: "small", align: "center", outline: INK });
  }

  private drawCrosshair(ctx: CanvasRenderingContext2D, v: HudView): void {
    const held = this.model.self.held;
    const x = Math.round(v.mouse.x);
    const y = Math.round(v.mouse.y);
    const away = Math.hypot(v.mouse.x - v.position.x, v.mouse.y - v.position.y);
    const angle = held && !WEAPONS[held].thrown ? spread(held, v.moving, v.running, this.gunnery.ads) : 0;
    const gap = clamp(Math.round(angle * away) + (this.gunnery.ads ? 2 : 3), 2, 26);
    const arm = this.gunnery.ads ? 2 : 4;
    const reloading = held !== null && this.gunnery.isReloading(held, v.now);
    const white = this.white(v.now) > 0.5;
    const color = reloading ? FOG : white ? INK : WHITE;
    const tick = (dx: number, dy: number, w: number, h: number): void => {
      ctx.fillStyle = white ? "rgba(255,255,255,0.6)" : "rgba(11,13,23,0.75)";
      ctx.fillRect(x + dx - 1, y + dy - 1, w + 2, h + 2);
      ctx.fillStyle = color;
      ctx.fillRect(x + dx, y + dy, w, h);
    };
    tick(-gap - arm, 0, arm, 1);
    tick(gap + 1, 0, arm, 1);
    tick(0, -gap - arm, 1, arm);
    tick(0, gap + 1, 1, arm);
    tick(0, 0, 1, 1);
    const part = held ? this.gunnery.reloadPart(held, v.now) : null;
    if (part !== null) this.drawDial(ctx, x, y, part, AMBER);
    this.drawMarker(ctx, x, y, v.now);
    this.drawWounds(ctx, v);
  }

  /** A ring of 24 dots filled as far as `part`. */
  private drawDial(ctx: CanvasRenderingContext2D, x: number, y: number, part: number, color: string): void {
    for (let i = 0; i < 28; i++) {
      const a = (i / 28) * 2 * Math.PI - Math.PI / 2;
      const px = Math.round(x + Math.cos(a) * 10);
      const py = Math.round(y + Math.sin(a) * 10);
      ctx.fillStyle = i / 28 <= part ? color : "rgba(11,13,23,0.7)";
      ctx.fillRect(px, py, 1, 1);
      if (i / 28 <= part) ctx.fillRect(px, py, 2, 1);
    }
  }

  private drawMarker(ctx: CanvasRenderingContext2D, x: number, y: number, now: number): void {
    if (!this.marker) return;
    const life = this.marker.kind === "kill" ? 420 : 160;
    const age = now - this.marker.at;
    if (age > life) return;
    const kill = this.marker.kind === "kill";
    const near = 3 + (kill ? Math.floor((age / life) * 4) : 0);
    for (let i = 0; i < (kill ? 5 : 3); i++) {
      for (const [sx, sy] of [[1, 1], [-1, 1], [1, -1], [-1, -1]] as const) {
        const px = x + sx * (near + i);
        const py = y + sy * (near + i);
        ctx.fillStyle = INK;
        ctx.fillRect(px, py + 1, 1, 1);
        ctx.fillStyle = kill ? WARN : WHITE;
        ctx.fillRect(px, py, 1, 1);
      }
    }
  }

  private drawWounds(ctx: CanvasRenderingContext2D, v: HudView): void {
    for (const w of this.wounds) {
      if (w.angle === null) continue;
      ctx.globalAlpha = 1 - (v.now - w.at) / WOUND_MS;
      ctx.fillStyle = WARN;
      for (let i = -6; i <= 6; i++) {
        const a = w.angle + i * 0.05;
        const r = 22 - Math.abs(i) * 0.3;
        ctx.fillRect(Math.round(v.position.x + Math.cos(a) * r), Math.round(v.position.y + Math.sin(a) * r), 2, 2);
      }
    }
    ctx.globalAlpha = 1;
  }

  /** Where a throw would come to rest if nothing were in the way. */
  private drawThrow(ctx: CanvasRenderingContext2D, v: HudView): void {
    const charge = this.gunnery.charging(v.now);
    if (!charge) return;
    const reach = charge.weapon === "grenade" ? FRAG_REACH[charge.level - 1]! : charge.weapon === "smokegrenade" ? SMOKE_REACH : FLASH_REACH;
    const a = Math.atan2(v.mouse.y - v.position.y, v.mouse.x - v.position.x);
    for (let d = 12; d < reach; d += 5) {
      ctx.fillStyle = INK;
      ctx.fillRect(Math.round(v.position.x + Math.cos(a) * d), Math.round(v.position.y + Math.sin(a) * d) + 1, 2, 1);
      ctx.fillStyle = AMBER;
      ctx.fillRect(Math.round(v.position.x + Math.cos(a) * d), Math.round(v.position.y + Math.sin(a) * d), 2, 1);
    }
    const radius = charge.weapon === "grenade" ? 40 : charge.weapon === "smokegrenade" ? 60 : 20;
    const ex = v.position.x + Math.cos(a) * reach;
    const ey = v.position.y + Math.sin(a) * reach;
    ctx.fillStyle = "rgba(255,184,74,0.55)";
    for (let i = 0; i < 40; i++) {
      if (i % 2) continue;
      const b = (i / 40) * 2 * Math.PI + v.now / 900;
      ctx.fillRect(Math.round(ex + Math.cos(b) * radius), Math.round(ey + Math.sin(b) * radius), 2, 1);
    }
    if (charge.weapon !== "grenade") return;
    const x = Math.round(v.position.x) - 10;
    const y = Math.round(v.position.y) + 12;
    for (let i = 0; i < 5; i++) {
      ctx.fillStyle = INK;
      ctx.fillRect(x + i * 4, y, 4, 4);
      ctx.fillStyle = i < charge.level ? AMBER : "#343a56";
      ctx.fillRect(x + i * 4 + 1, y + 1, 3, 2);
    }
  }

  private drawDeath(ctx: CanvasRenderingContext2D, now: number): void {
    const { self } = this.model;
    ctx.fillStyle = "rgba(11,9,18,0.32)";
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    ctx.fillStyle = "rgba(11,13,23,0.8)";
    ctx.fillRect(0, 104, ARENA_WIDTH, 58);
    ctx.fillStyle = TEAM.red.dark;
    ctx.fillRect(0, 103, ARENA_WIDTH, 1);
    ctx.fillRect(0, 162, ARENA_WIDTH, 1);
    const middle = ARENA_WIDTH / 2;
    if (self.killer) {
      const name = self.killer.name.slice(0, 16);
      const icon = self.killer.weapon ? weaponIcon(self.killer.weapon, BONE) : null;
      const width = textWidth("KILLED BY ") + textWidth(name) + (icon ? icon.width + 4 : 0);
      let x = middle - width / 2;
      drawText(ctx, "KILLED BY ", x, 114, MIST);
      x += textWidth("KILLED BY ") + 1;
      drawText(ctx, name, x, 114, self.killer.team ? TEAM[self.killer.team].light : BONE);
      x += textWidth(name) + 5;
      if (icon) ctx.drawImage(icon, Math.round(x), Math.round(117 - icon.height / 2));
    } else {
      drawText(ctx, "YOU DIED", middle, 114, WARN, { align: "center" });
    }
    const gone = (now - self.diedAt) / 1000;
    const bar = 120;
    ctx.fillStyle = "#262c44";
    ctx.fillRect(middle - bar / 2, 130, bar, 3);
    ctx.fillStyle = gone >= 3 ? AMBER : MIST;
    ctx.fillRect(middle - bar / 2, 130, Math.round(bar * clamp(gone / 5, 0, 1)), 3);
    ctx.fillStyle = BONE;
    ctx.fillRect(Math.round(middle - bar / 2 + bar * 0.6), 129, 1, 5);
    const text = gone < 3 ? `Respawn in ${Math.max(1, Math.ceil(3 - gone))}` : "Click to respawn";
    drawText(ctx, text, middle, 140, gone < 3 ? BONE : AMBER, { align: "center" });
    drawText(ctx, "L  CHANGE LOADOUT", middle, 152, FOG, { face: "small", align: "center" });
  }

  private drawBanner(ctx: CanvasRenderingContext2D, now: number): void {
    if (!this.banner || now > this.banner.until) return;
    ctx.globalAlpha = clamp((this.banner.until - now) / 400, 0, 1);
    drawText(ctx, this.banner.text, ARENA_WIDTH / 2, 56, this.banner.color, { align: "center", outline: INK, scale: 2 });
    ctx.globalAlpha = 1;
  }

  private drawWhite(ctx: CanvasRenderingContext2D, now: number): void {
    const white = this.white(now);
    if (white <= 0.01) return;
    ctx.fillStyle = `rgba(255,253,245,${clamp(white * 1.45, 0, 1)})`;
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
  }

  private drawNet(ctx: CanvasRenderingContext2D, v: HudView): void {
    drawText(ctx, `${Math.round(v.roundTrip)} MS`, 6, 5, v.roundTrip > 150 ? WARN : MIST, { face: "small", outline: INK });
  }
}
