// Draws the arena of a match: ground, walls, what is dark, players, projectiles, effects. The HUD comes on top of it and
// belongs to the page. The scene reads the model and never changes it.

import type { Vec } from "./geometry";
import { ARENA_HEIGHT, ARENA_WIDTH, BODY_RADIUS } from "./geometry";
import { Effects } from "./effects";
import { Fog } from "./fog";
import type { Actor, MatchModel, Spectacle } from "./match_model";
import { BONE, INK, TEAM } from "./palette";
import type { Rect } from "./walls";
import { corpse, muzzle, soldier, SOLDIER_HALF } from "./soldier";
import { drawSmoke } from "./smoke_art";
import type { View } from "./sight";
import { blockingRects, sightPolygon } from "./sight";
import { drawText } from "./text";
import { WallPainter } from "./wall_art";
import type { Team, WeaponId } from "./weapons";

export interface OwnView {
  position: Vec;
  rotation: number;
  moving: boolean;
  weapon: WeaponId | null;
}

interface Body {
  position: Vec;
  rotation: number;
  speed: number;
}

const STRIDE_PX = 9;

export class Scene {
  readonly painter = new WallPainter();
  readonly effects = new Effects(this.painter.groundCtx);
  private readonly fog = new Fog();
  private readonly strides = new Map<string, { last: Vec; walked: number }>();
  private rects: Rect[] = [];
  private rectsVersion = -1;
  /** The lit area last drawn. */
  lit: Vec[] = [];

  constructor(private readonly model: MatchModel) {}

  reset(): void {
    this.painter.resetGround();
    this.effects.clear();
    this.strides.clear();
    this.lit = [];
  }

  /** One picture. `own` is null for a spectator: then nothing is dark. */
  draw(ctx: CanvasRenderingContext2D, now: number, seconds: number, own: OwnView | null): void {
    const { model, effects, painter } = this;
    effects.step(seconds);
    painter.update(model.walls);
    const shake = effects.shakeOffset;
    ctx.imageSmoothingEnabled = false;
    ctx.fillStyle = INK;
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    ctx.save();
    ctx.translate(shake.x, shake.y);
    ctx.drawImage(painter.ground, 0, 0);
    ctx.drawImage(painter.picture, 0, 0);
    if (own) this.drawDark(ctx, own);
    const time = model.clock.drawTime(now);
    for (const actor of model.actors.values()) if (!actor.alive) this.drawCorpse(ctx, actor, time);
    for (const actor of model.actors.values()) {
      if (actor.id === model.selfId || !actor.alive) continue;
      const pose = actor.track.at(time);
      if (pose) this.drawSoldier(ctx, actor, pose, now, false);
    }
    this.drawProjectiles(ctx, now);
    effects.drawTracers(ctx);
    effects.drawParticles(ctx);
    for (const zone of model.smokes) drawSmoke(ctx, zone, now / 1000);
    const self = model.actors.get(model.selfId);
    if (own && self && model.self.alive) {
      const body = { position: own.position, rotation: own.rotation, speed: own.moving ? 100 : 0 };
      this.drawSoldier(ctx, { ...self, weapon: own.weapon ?? self.weapon, invulnerableUntil: model.self.invulnerableUntil }, body, now, true);
    }
    effects.drawRings(ctx);
    effects.drawLights(ctx);
    for (const actor of model.actors.values()) this.drawTag(ctx, actor, time);
    ctx.restore();
  }

  private drawDark(ctx: CanvasRenderingContext2D, own: OwnView): void {
    const { model } = this;
    const vision = model.vision;
    if (!vision) return;
    const angle = vision.viewAngle ?? 0;
    if (angle >= 2 * Math.PI - 0.01) return;
    const distance = vision.viewDistance ?? 160;
    if (!model.self.alive) {
      this.lit = vision.polygon ?? [];
    } else {
      if (this.rectsVersion !== model.walls.version) {
        this.rects = blockingRects(model.walls.values());
        this.rectsVersion = model.walls.version;
      }
      const view: View = { position: own.position, direction: own.rotation, angle, distance };
      this.lit = sightPolygon(view, this.rects, model.smokes);
    }
    this.fog.draw(ctx, this.lit, distance);
  }

  private drawCorpse(ctx: CanvasRenderingContext2D, actor: Actor, time: number): void {
    const pose = actor.track.at(time);
    if (!pose) return;
    ctx.globalAlpha = 0.85;
    ctx.drawImage(corpse(actor.team, pose.rotation), Math.round(pose.position.x) - SOLDIER_HALF, Math.round(pose.position.y) - SOLDIER_HALF);
    ctx.globalAlpha = 1;
  }

  private stride(id: string, body: Body): number {
    let s = this.strides.get(id);
    if (!s) this.strides.set(id, (s = { last: body.position, walked: 0 }));
    const moved = Math.hypot(body.position.x - s.last.x, body.position.y - s.last.y);
    s.last = { ...body.position };
    if (body.speed < 8) {
      s.walked = 0;
      return 0;
    }
    s.walked += moved;
    return Math.floor(s.walked / STRIDE_PX) % 2 === 0 ? 1 : 2;
  }

  private drawSoldier(ctx: CanvasRenderingContext2D, actor: Actor, body: Body, now: number, own: boolean): void {
    const kick = Math.max(0, 1 - (now - actor.shotAt) / 90) * 1.6;
    const x = Math.round(body.position.x - Math.cos(body.rotation) * kick);
    const y = Math.round(body.position.y - Math.sin(body.rotation) * kick);
    ctx.fillStyle = "rgba(8,9,18,0.4)";
    ctx.fillRect(x - 5, y + 4, 11, 3);
    ctx.fillRect(x - 4, y + 7, 9, 1);
    const until = this.model.clock.toLocal(actor.invulnerableUntil);
    const safe = actor.invulnerableUntil > 0 && now < until;
    if (own || safe) this.drawRing(ctx, x, y, safe ? BONE : TEAM[actor.team].light, safe && Math.floor(now / 120) % 2 === 0);
    ctx.drawImage(soldier(actor.team, actor.weapon, body.rotation, this.stride(actor.id, body)), x - SOLDIER_HALF, y - SOLDIER_HALF);
  }

  /** Four corners around a body: the own player, or one who cannot be hurt yet. */
  private drawRing(ctx: CanvasRenderingContext2D, x: number, y: number, color: string, wide: boolean): void {
    const r = BODY_RADIUS + (wide ? 5 : 4);
    ctx.fillStyle = color;
    ctx.globalAlpha = 0.8;
    for (const [sx, sy] of [[-1, -1], [1, -1], [-1, 1], [1, 1]] as const) {
      ctx.fillRect(x + sx * r - (sx < 0 ? 0 : 2), y + sy * r, 3, 1);
      ctx.fillRect(x + sx * r, y + sy * r - (sy < 0 ? 0 : 2), 1, 3);
    }
    ctx.globalAlpha = 1;
  }

  private drawTag(ctx: CanvasRenderingContext2D, actor: Actor, time: number): void {
    const { model } = this;
    if (actor.id === model.selfId || !actor.alive) return;
    const pose = actor.track.at(time);
    if (!pose) return;
    const x = Math.round(pose.position.x);
    const y = Math.round(pose.position.y) - 16;
    if (model.selfId !== "" && actor.team !== model.self.team) return;
    drawText(ctx, actor.name.slice(0, 10), x, y, TEAM[actor.team].light, { face: "small", align: "center", outline: INK });
  }

  private drawProjectiles(ctx: CanvasRenderingContext2D, now: number): void {
    for (const p of this.model.projectiles.values()) {
      const pose = p.track.at(now - 45);
      if (!pose) continue;
      const x = Math.round(pose.position.x);
      const y = Math.round(pose.position.y);
      const blink = Math.floor((now - p.since) / Math.max(60, 260 - (now - p.since) / 12)) % 2 === 0;
      ctx.fillStyle = "rgba(8,9,18,0.5)";
      ctx.fillRect(x - 1, y + 2, 4, 1);
      if (p.type === "rocket") {
        this.effects.rocketSmoke(pose.position);
        this.effects.light(pose.position, 22, 0.05, [255, 170, 80], 0.5);
        ctx.fillStyle = "#fffdf5";
        ctx.fillRect(x - 1, y - 1, 3, 3);
      } else {
        ctx.fillStyle = INK;
        ctx.fillRect(x - 2, y - 2, 5, 5);
        ctx.fillStyle = p.type === "smokegrenade" ? "#a8b0cc" : p.type === "flashbang" ? "#fffdf5" : "#86a86a";
        ctx.fillRect(x - 1, y - 1, 3, 3);
        if (blink && p.type !== "smokegrenade") {
          ctx.fillStyle = "#f2545b";
          ctx.fillRect(x, y, 1, 1);
        }
      }
    }
  }
}

/** Turns what happens in the model into effects of a scene; sound and screen effects are the page's own. */
export function sceneSpectacle(effects: () => Effects): Pick<Spectacle, "trail" | "slice" | "died" | "respawned" | "exploded" | "popped"> & {
  muzzle(at: Vec, direction: number, weapon: WeaponId): void;
} {
  return {
    muzzle: (at, direction, weapon) => {
      const reach = muzzle(weapon);
      effects().muzzleFlash({ x: at.x + Math.cos(direction) * reach, y: at.y + Math.sin(direction) * reach }, direction, weapon);
    },
    trail: (from, to, weapon, hit) => {
      const start = from.x < 0 ? from : forward(from, to, muzzle(weapon));
      effects().trail(start, to, weapon);
      if (hit !== "none") effects().impact(to, from, hit === "player");
    },
    slice: (change, at) => effects().slice(change, at),
    died: (at: Vec, team: Team) => effects().blood(at, team, 40),
    respawned: (at, team) => effects().spawnGlow(at, team),
    exploded: (at, radius) => effects().explosion(at, radius),
    popped: (at, kind) => effects().pop(at, kind),
  };
}

function forward(from: Vec, to: Vec, reach: number): Vec {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length <= reach) return to;
  return { x: from.x + ((to.x - from.x) * reach) / length, y: from.y + ((to.y - from.y) * reach) / length };
}
