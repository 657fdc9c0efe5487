// A match as the page knows it: fed with the server's events by name, read by the scene and the HUD. It draws nothing
// and sends nothing, so that a live match and a replay can both feed it.

import type { Vec } from "./geometry";
import { insideArena } from "./geometry";
import { StateClock, Track } from "./interpolation";
import type * as wire from "./protocol";
import type { SmokeDisc } from "./sight";
import type { SliceChange } from "./walls";
import { WallSet } from "./walls";
import type { Team, WeaponId } from "./weapons";
import { isWeaponId, WEAPONS } from "./weapons";

/** What happens once and is seen or heard. `own`: the own player did it. */
export interface Spectacle {
  fired(at: Vec, direction: number, weapon: WeaponId, own: boolean): void;
  trail(from: Vec, to: Vec, weapon: WeaponId, hit: "wall" | "player" | "none"): void;
  slice(change: SliceChange, at: Vec): void;
  wounded(at: Vec, own: boolean, damage: number, from: Vec | null): void;
  died(at: Vec, team: Team, rotation: number, own: boolean): void;
  respawned(at: Vec, team: Team, own: boolean): void;
  exploded(at: Vec, radius: number): void;
  popped(at: Vec, kind: "smoke" | "flash"): void;
  thrown(at: Vec): void;
  blinded(flash: Blindness): void;
  hitMarker(kind: "wall" | "player" | "kill"): void;
  reloaded(): void;
}

/** A flash in the own eyes (game rules 6.7), times in ms of this page's clock. */
export interface Blindness {
  intensity: number;
  start: number;
  blind: number;
  disoriented: number;
  recovering: number;
}

export interface Actor {
  id: string;
  name: string;
  team: Team;
  alive: boolean;
  health: number;
  kills: number;
  deaths: number;
  bot: boolean;
  weapon: WeaponId;
  invulnerableUntil: number;
  track: Track;
  /** When it last shot, ms of this page's clock: the body leans back a little. */
  shotAt: number;
}

export interface Carried {
  id: WeaponId;
  ammo: number;
  reserve: number;
  reloading: boolean;
  /** When the reload was first seen, ms of this page's clock. */
  reloadSince: number;
}

export interface Flying {
  id: string;
  type: WeaponId;
  track: Track;
  since: number;
}

export interface KillLine {
  killer: string | null;
  killerTeam: Team | null;
  victim: string;
  victimTeam: Team | null;
  weapon: WeaponId | null;
  own: boolean;
  at: number;
}

/** The own player, as the server says. */
export interface Self {
  joined: boolean;
  team: Team;
  alive: boolean;
  health: number;
  held: WeaponId | null;
  weapons: Map<WeaponId, Carried>;
  heat: number;
  overheated: boolean;
  position: Vec | null;
  acknowledged: number;
  diedAt: number;
  killer: { name: string; team: Team | null; weapon: WeaponId | null } | null;
  invulnerableUntil: number;
}

function newSelf(): Self {
  return {
    joined: false, team: "red", alive: false, health: 100, held: null, weapons: new Map(), heat: 0, overheated: false,
    position: null, acknowledged: 0, diedAt: 0, killer: null, invulnerableUntil: 0,
  };
}

const KILL_LINES = 5;
/** A projectile of which nothing was heard for so long is gone (contract 4.5). */
const PROJECTILE_LIFE = 6000;

export class MatchModel {
  readonly walls = new WallSet();
  readonly clock = new StateClock();
  readonly actors = new Map<string, Actor>();
  readonly projectiles = new Map<string, Flying>();
  smokes: (SmokeDisc & { id: string })[] = [];
  vision: wire.VisionWire | null = null;
  scores = { red: 0, blue: 0 };
  killLines: KillLine[] = [];
  self = newSelf();
  selfId = "";
  killTarget = 50;
  /** Seconds, 0 = none. */
  timeLimit = 0;
  startedAt = 0;
  states = 0;
  /** Called after each state with the own position and acknowledged input. */
  onState: ((position: Vec | null, acknowledged: number) => void) | null = null;
  private expected: { weapon: WeaponId; until: number } | null = null;
  private readonly names = new Map<string, string>();
  private readonly bots = new Set<string>();
  private readonly shotStart = new Map<string, { position: Vec; at: number }>();

  constructor(private readonly show: Spectacle) {}

  /** A new match: nothing of the last one stays. */
  reset(now: number): void {
    this.walls.clear();
    this.actors.clear();
    this.projectiles.clear();
    this.smokes = [];
    this.vision = null;
    this.scores = { red: 0, blue: 0 };
    this.killLines = [];
    this.self = newSelf();
    this.startedAt = now;
    this.states = 0;
    this.shotStart.clear();
  }

  /** The own player switched here; until `until` an older word of the server does not switch back. */
  expectHeld(weapon: WeaponId, until: number): void {
    this.self.held = weapon;
    this.expected = { weapon, until };
  }

  private hold(weapon: WeaponId, now: number): void {
    if (this.expected && weapon !== this.expected.weapon && now < this.expected.until) return;
    this.expected = null;
    this.self.held = weapon;
  }

  /** Names, and who is a bot, from the waiting room: a kill line may need a name before the first state. */
  learnPlayers(players: readonly wire.LobbyPlayer[]): void {
    for (const p of players) {
      if (p.name) this.names.set(p.id, p.name);
      if (p.isBot) this.bots.add(p.id);
      const actor = this.actors.get(p.id);
      if (actor) actor.bot = this.bots.has(p.id);
    }
  }

  isBot(id: string): boolean {
    return this.bots.has(id);
  }

  nameOf(id: string): string {
    return this.actors.get(id)?.name || this.names.get(id) || `Player ${id.slice(0, 4)}`;
  }

  /** One event of the server. Unknown names are none of a match's business. */
  apply(name: string, payload: unknown, now: number): void {
    const handler = this.handlers[name];
    if (handler) handler(payload as never, now);
  }

  handles(name: string): boolean {
    return name in this.handlers;
  }

  private readonly handlers: Record<string, (payload: never, now: number) => void> = {
    "game:state": (s: wire.StateWire, now) => this.state(s, now),
    "player:join:success": (p: { playerId: string; team?: Team }) => {
      this.selfId = p.playerId;
      this.self.joined = true;
      if (p.team) this.self.team = p.team;
    },
    "player:left": (p: { playerId?: string; id?: string }) => void this.actors.delete(p.playerId ?? p.id ?? ""),
    "weapon:fired": (e: wire.WeaponFired, now) => this.weaponFired(e, now),
    "weapon:hit": (e: wire.WeaponHit, now) => this.weaponHit(e, now),
    "weapon:miss": (e: wire.WeaponMiss, now) => this.show.trail(this.trailStart(e.playerId, e.startPosition, now), e.position, e.weaponType, "none"),
    "wall:damaged": (e: wire.WallDamaged) => this.wallDamaged(e, e.isDestroyed),
    "wall:destroyed": (e: wire.WallDamaged) => this.wallDamaged(e, true),
    "player:damaged": (e: wire.PlayerDamaged, now) => this.playerDamaged(e, now),
    "backend:player:died": (e: wire.PlayerDied, now) => this.playerDied(e, now),
    "backend:player:respawned": (e: wire.PlayerRespawned) => this.playerRespawned(e),
    "weapon:switched": (e: { playerId?: string; toWeapon: string }, now) => {
      if (isWeaponId(e.toWeapon) && (e.playerId === undefined || e.playerId === this.selfId)) this.hold(e.toWeapon, now);
    },
    "weapon:reloaded": (e: { playerId?: string; weaponType: WeaponId; currentAmmo?: number; reserveAmmo?: number }) => {
      if (e.playerId !== undefined && e.playerId !== this.selfId) return;
      const weapon = this.self.weapons.get(e.weaponType);
      if (!weapon) return;
      weapon.reloading = false;
      weapon.ammo = e.currentAmmo ?? weapon.ammo;
      weapon.reserve = e.reserveAmmo ?? weapon.reserve;
      if (this.self.held === e.weaponType) this.show.reloaded();
    },
    "weapon:heat:update": (e: wire.HeatUpdate) => {
      this.self.heat = e.heatLevel;
      this.self.overheated = e.isOverheated;
    },
    "projectile:created": (e: wire.ProjectileCreated, now) => {
      const track = new Track();
      track.push(now, e.position, 0);
      this.projectiles.set(e.id, { id: e.id, type: e.type, track, since: now });
      if (isWeaponId(e.type) && WEAPONS[e.type].thrown) this.show.thrown(e.position);
    },
    "projectile:updated": (e: { id: string; position: Vec }, now) => this.projectiles.get(e.id)?.track.push(now, e.position, 0),
    "projectile:exploded": (e: wire.ProjectileExploded) => {
      const flying = this.projectiles.get(e.id);
      this.projectiles.delete(e.id);
      const type = flying?.type ?? e.type;
      if (type === "smokegrenade" || type === "smoke") this.show.popped(e.position, "smoke");
      else if (type === "flashbang" || type === "flash") this.show.popped(e.position, "flash");
    },
    "explosion:created": (e: wire.ExplosionCreated) => this.show.exploded(e.position, e.radius),
    FLASHBANG_EFFECT: (e: wire.FlashEffect, now) => {
      const mine = e.affectedPlayers.find((p) => p.playerId === this.selfId);
      if (!mine) return;
      const { blindDuration, disorientedDuration, recoveringDuration } = mine.phases;
      this.show.blinded({ intensity: mine.intensity, start: now, blind: blindDuration, disoriented: disorientedDuration, recovering: recoveringDuration });
    },
  };

  private actor(id: string): Actor {
    let actor = this.actors.get(id);
    if (!actor) {
      actor = {
        id, name: this.names.get(id) ?? "", team: "blue", alive: true, health: 100, kills: 0, deaths: 0, bot: this.bots.has(id),
        weapon: "rifle", invulnerableUntil: 0, track: new Track(), shotAt: 0,
      };
      this.actors.set(id, actor);
    }
    return actor;
  }

  private state(s: wire.StateWire, now: number): void {
    this.states += 1;
    this.clock.note(s.timestamp, now);
    if (s.walls) for (const change of this.walls.replace(s.walls)) if (change.opened) this.show.slice(change, this.centre(change));
    const seen = new Map<string, wire.PlayerWire>();
    for (const p of s.visiblePlayers ?? []) seen.set(p.id, p);
    for (const [id, p] of Object.entries(s.players)) {
      const actor = this.actor(id);
      this.updateActor(actor, { ...p, ...seen.get(id) }, s.timestamp);
      if (id === this.selfId) this.updateSelf(p, now);
    }
    for (const id of this.actors.keys()) if (!(id in s.players)) this.actors.delete(id);
    this.smokes = (s.smokeZones ?? []).map((z) => ({ id: z.id, position: z.position, radius: z.radius, density: z.density }));
    if (s.vision) this.vision = s.vision;
    this.scores = s.scores ?? this.countKills();
    for (const [id, flying] of this.projectiles) if (now - flying.since > PROJECTILE_LIFE) this.projectiles.delete(id);
    this.onState?.(this.self.position, this.self.acknowledged);
  }

  private countKills(): { red: number; blue: number } {
    const sum = { red: 0, blue: 0 };
    for (const actor of this.actors.values()) sum[actor.team] += actor.kills;
    return sum;
  }

  private updateActor(actor: Actor, p: wire.PlayerWire, time: number): void {
    if (p.name) actor.name = p.name;
    if (p.team) actor.team = p.team;
    if (p.weaponType && isWeaponId(p.weaponType)) actor.weapon = p.weaponType;
    actor.alive = p.isAlive ?? true;
    actor.health = p.health ?? actor.health;
    actor.kills = p.kills ?? actor.kills;
    actor.deaths = p.deaths ?? actor.deaths;
    if (p.invulnerableUntil !== undefined) actor.invulnerableUntil = p.invulnerableUntil;
    actor.track.push(time, p.position ?? { x: -1000, y: -1000 }, p.rotation ?? 0);
  }

  private updateSelf(p: wire.PlayerWire, now: number): void {
    const { self } = this;
    const alive = p.isAlive ?? true;
    if (self.alive && !alive) self.diedAt = now;
    self.alive = alive;
    self.team = p.team ?? self.team;
    self.health = p.health ?? self.health;
    self.position = p.position ?? self.position;
    self.acknowledged = p.lastProcessedInput ?? 0;
    if (p.weaponType && isWeaponId(p.weaponType)) this.hold(p.weaponType, now);
    if (p.invulnerableUntil !== undefined) self.invulnerableUntil = p.invulnerableUntil;
    if (!p.weapons) return;
    for (const [id, w] of Object.entries(p.weapons)) {
      if (!isWeaponId(id)) continue;
      const before = self.weapons.get(id);
      const since = w.isReloading ? (before?.reloading ? before.reloadSince : now) : 0;
      self.weapons.set(id, { id, ammo: w.currentAmmo, reserve: w.reserveAmmo, reloading: w.isReloading, reloadSince: since });
      if (w.heatLevel !== undefined) self.heat = w.heatLevel;
      if (w.isOverheated !== undefined) self.overheated = w.isOverheated;
    }
    for (const id of self.weapons.keys()) if (!(id in p.weapons)) self.weapons.delete(id);
  }

  private weaponFired(e: wire.WeaponFired, now: number): void {
    const actor = this.actors.get(e.playerId);
    if (actor) actor.shotAt = now;
    this.shotStart.set(e.playerId, { position: e.position, at: now });
    if (e.playerId !== this.selfId && !e.isGrenade) this.show.fired(e.position, e.direction, e.weaponType, false);
  }

  private trailStart(id: string, given: Vec | undefined, now: number): Vec {
    const pending = this.shotStart.get(id);
    return given ?? (pending && now - pending.at < 2000 ? pending.position : { x: -1, y: -1 });
  }

  private weaponHit(e: wire.WeaponHit, now: number): void {
    this.show.trail(this.trailStart(e.playerId, e.startPosition, now), e.position, e.weaponType, e.targetType);
    if (e.playerId === this.selfId && e.targetType === "player") this.show.hitMarker("player");
  }

  private wallDamaged(e: wire.WallDamaged, open: boolean): void {
    const change = this.walls.damage(e.wallId, e.sliceIndex, e.newHealth, open);
    if (change) this.show.slice(change, e.position ?? this.centre(change));
  }

  private centre({ wall, slice }: SliceChange): Vec {
    const step = (slice + 0.5) / 5;
    return wall.horizontal
      ? { x: wall.x + wall.width * step, y: wall.y + wall.height / 2 }
      : { x: wall.x + wall.width / 2, y: wall.y + wall.height * step };
  }

  private playerDamaged(e: wire.PlayerDamaged, now: number): void {
    const own = e.playerId === this.selfId;
    if (own) this.self.health = e.newHealth;
    const source = e.sourcePlayerId ?? e.attackerId;
    if (e.damage <= 0 || !e.position || !insideArena(e.position)) return;
    const from = source ? (this.actors.get(source)?.track.at(this.clock.drawTime(now))?.position ?? null) : null;
    this.show.wounded(e.position, own, e.damage, from);
    if (source === this.selfId && !own && e.damageType === "explosion") this.show.hitMarker("player");
  }

  private playerDied(e: wire.PlayerDied, now: number): void {
    const victim = this.actors.get(e.playerId);
    const killer = e.killerId ? this.actors.get(e.killerId) : undefined;
    const weapon = isWeaponId(e.weaponType) ? e.weaponType : null;
    const own = e.playerId === this.selfId;
    const asTeam = (t: string | undefined): Team | null => (t === "red" || t === "blue" ? t : null);
    const suicide = !e.killerId || e.killerId === e.playerId;
    this.killLines.push({
      killer: suicide ? null : this.nameOf(e.killerId!),
      killerTeam: asTeam(e.killerTeam) ?? killer?.team ?? null,
      victim: this.nameOf(e.playerId),
      victimTeam: asTeam(e.victimTeam) ?? victim?.team ?? null,
      weapon,
      own: own || e.killerId === this.selfId,
      at: now,
    });
    if (this.killLines.length > KILL_LINES) this.killLines.shift();
    const team = asTeam(e.victimTeam) ?? victim?.team ?? "red";
    if (e.position && insideArena(e.position)) {
      const rotation = victim?.track.at(this.clock.drawTime(now))?.rotation ?? 0;
      this.show.died(e.position, team, rotation, own);
    }
    if (victim) {
      victim.alive = false;
      victim.health = 0;
    }
    if (own) {
      this.self.alive = false;
      this.self.health = 0;
      this.self.diedAt = now;
      this.self.killer = suicide ? null : { name: this.nameOf(e.killerId!), team: asTeam(e.killerTeam) ?? killer?.team ?? null, weapon };
    } else if (e.killerId === this.selfId) {
      this.show.hitMarker("kill");
    }
  }

  private playerRespawned(e: wire.PlayerRespawned): void {
    const actor = this.actors.get(e.playerId);
    const own = e.playerId === this.selfId;
    if (actor) {
      actor.alive = true;
      actor.health = e.health;
      actor.invulnerableUntil = e.invulnerableUntil ?? 0;
      actor.track.clear();
    }
    if (own) {
      this.self.alive = true;
      this.self.health = e.health;
      this.self.killer = null;
      this.self.invulnerableUntil = e.invulnerableUntil ?? 0;
      this.self.position = e.position ?? this.self.position;
    }
    if (e.position && insideArena(e.position)) this.show.respawned(e.position, e.team ?? actor?.team ?? "red", own);
  }
}
