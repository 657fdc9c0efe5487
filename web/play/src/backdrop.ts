// What moves behind the menus: a corner of a map, a few figures on patrol, now and then a shot.

import type { Vec } from "@trespasser/common/geometry";
import { ARENA_HEIGHT, ARENA_WIDTH, distance } from "@trespasser/common/geometry";
import type { Spectacle } from "@trespasser/common/match_model";
import { MatchModel } from "@trespasser/common/match_model";
import { noise } from "@trespasser/common/random";
import { Scene, sceneSpectacle } from "@trespasser/common/scene";
import type { WallWire } from "@trespasser/common/protocol";
import type { Material } from "@trespasser/common/walls";
import { SLICE_HEALTH } from "@trespasser/common/walls";
import { blockingRects, castRay } from "@trespasser/common/sight";
import type { Team, WeaponId } from "@trespasser/common/weapons";

interface Patrol {
  id: string;
  team: Team;
  weapon: WeaponId;
  at: Vec;
  facing: number;
  path: Vec[];
  next: number;
  shots: number;
}

const WALLS: [number, number, boolean, Material][] = [
  [240, 30, false, "concrete"], [290, 30, false, "concrete"], [340, 30, false, "wood"], [390, 30, false, "concrete"],
  [240, 40, true, "concrete"], [240, 130, true, "concrete"], [240, 180, true, "wood"], [430, 40, true, "metal"],
  [430, 90, true, "concrete"], [430, 140, true, "concrete"], [250, 220, false, "concrete"], [300, 220, false, "glass"],
  [350, 220, false, "concrete"], [400, 220, false, "concrete"], [300, 90, true, "wood"], [310, 130, false, "wood"],
  [360, 80, false, "metal"], [370, 150, true, "concrete"],
];

const STEP_MS = 50;
const RESET_MS = 90000;

function build(): Record<string, WallWire> {
  return Object.fromEntries(WALLS.map(([x, y, vertical, material], i) => {
    const id = `wall_${i + 1}`;
    const health = SLICE_HEALTH[material];
    return [id, {
      id, position: { x, y }, width: vertical ? 10 : 50, height: vertical ? 50 : 10, material, maxHealth: health,
      sliceHealth: [health, health, health, health, health], destructionMask: [0, 0, 0, 0, 0],
    }];
  }));
}

export class Backdrop {
  private readonly model: MatchModel;
  private readonly scene: Scene;
  private patrols: Patrol[] = [];
  private stepped = 0;
  private began = 0;
  private last = 0;
  private readonly spectacle: ReturnType<typeof sceneSpectacle>;

  constructor() {
    const quiet = (): void => undefined;
    this.spectacle = sceneSpectacle(() => this.scene.effects);
    const show: Spectacle = {
      ...this.spectacle,
      fired: (at, direction, weapon) => this.spectacle.muzzle(at, direction, weapon),
      wounded: quiet, thrown: quiet, blinded: quiet, hitMarker: quiet, reloaded: quiet, respawned: quiet,
    };
    this.model = new MatchModel(show);
    this.scene = new Scene(this.model);
  }

  draw(ctx: CanvasRenderingContext2D, now: number): void {
    if (this.began === 0 || now - this.began > RESET_MS) this.restart(now);
    while (now - this.stepped > STEP_MS) {
      this.stepped = Math.max(this.stepped + STEP_MS, now - 4 * STEP_MS);
      this.step(now);
    }
    const seconds = Math.min(0.1, (now - this.last) / 1000);
    this.last = now;
    this.scene.draw(ctx, now, seconds, null);
    ctx.fillStyle = "rgba(9,11,24,0.38)";
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    const shade = ctx.createLinearGradient(0, 0, 330, 0);
    shade.addColorStop(0, "rgba(9,11,24,0.85)");
    shade.addColorStop(1, "rgba(9,11,24,0)");
    ctx.fillStyle = shade;
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
  }

  private restart(now: number): void {
    this.began = now;
    this.stepped = now;
    this.model.reset(now);
    this.model.killTarget = 0;
    this.scene.reset();
    const patrol = (id: string, team: Team, weapon: WeaponId, path: [number, number][]): Patrol => {
      const points = path.map(([x, y]) => ({ x, y }));
      return { id, team, weapon, at: { ...points[0]! }, facing: 0, path: points, next: 1, shots: 0 };
    };
    this.patrols = [
      patrol("a", "red", "rifle", [[275, 60], [275, 195], [340, 195], [340, 160], [275, 160]]),
      patrol("b", "red", "shotgun", [[270, 105], [285, 60], [400, 55], [285, 60]]),
      patrol("c", "blue", "machinegun", [[405, 115], [405, 200], [330, 200], [405, 200]]),
      patrol("d", "blue", "sniperrifle", [[250, 243], [460, 243], [460, 20], [460, 243]]),
      patrol("e", "blue", "smg", [[212, 20], [212, 236], [224, 236], [224, 20]]),
    ];
    this.model.apply("game:state", { players: {}, walls: build(), timestamp: now }, now);
  }

  private step(now: number): void {
    for (const p of this.patrols) {
      const goal = p.path[p.next]!;
      const away = distance(p.at, goal);
      if (away < 3) p.next = (p.next + 1) % p.path.length;
      else p.at = { x: p.at.x + ((goal.x - p.at.x) / away) * 1.6, y: p.at.y + ((goal.y - p.at.y) / away) * 1.6 };
      const look = Math.atan2(goal.y - p.at.y, goal.x - p.at.x) + Math.sin(now / 900 + p.path.length) * 0.7;
      p.facing += Math.atan2(Math.sin(look - p.facing), Math.cos(look - p.facing)) * 0.15;
      this.maybeShoot(p, now);
    }
    const players = Object.fromEntries(this.patrols.map((p) => [p.id, {
      id: p.id, team: p.team, position: p.at, rotation: p.facing, health: 100, isAlive: true, kills: 0, weaponType: p.weapon,
    }]));
    this.model.apply("game:state", { players, timestamp: now, smokeZones: [] }, now);
  }

  private maybeShoot(p: Patrol, now: number): void {
    if (p.shots <= 0) {
      if (noise(Math.floor(now / STEP_MS), p.path[0]!.x, 77) < 0.006) p.shots = p.weapon === "machinegun" ? 22 : p.weapon === "rifle" ? 8 : 2;
      return;
    }
    p.shots -= 1;
    if (p.weapon !== "machinegun" && p.shots % 2 === 1) return;
    const angle = p.facing + (noise(now, 1) - 0.5) * 0.12;
    const reach = castRay(p.at, angle, blockingRects(this.model.walls.values()), [], 260);
    const end = { x: p.at.x + Math.cos(angle) * reach, y: p.at.y + Math.sin(angle) * reach };
    this.model.apply("weapon:fired", { playerId: p.id, weaponType: p.weapon, position: p.at, direction: angle }, now);
    this.model.apply("weapon:hit", { playerId: p.id, weaponType: p.weapon, position: end, startPosition: p.at, targetType: "wall" }, now);
    this.damageAt({ x: end.x + Math.cos(angle), y: end.y + Math.sin(angle) }, end, now);
  }

  private damageAt(inside: Vec, at: Vec, now: number): void {
    for (const wall of this.model.walls.values()) {
      if (inside.x < wall.x || inside.x > wall.x + wall.width || inside.y < wall.y || inside.y > wall.y + wall.height) continue;
      const slice = Math.min(4, Math.max(0, Math.floor(wall.horizontal ? (inside.x - wall.x) / 10 : (inside.y - wall.y) / 10)));
      const health = Math.max(0, (wall.health[slice] ?? 0) - 30);
      const soft = wall.material === "wood" || wall.material === "glass";
      this.model.apply("wall:damaged", { wallId: wall.id, sliceIndex: slice, newHealth: health, position: at, isDestroyed: health <= (soft ? wall.maxHealth / 2 : 0) }, now);
      return;
    }
  }
}
