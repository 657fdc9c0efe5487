// Trigger, reload, switching, throwing. The server decides; this keeps to its rules so that it has nothing to refuse, and
// shows the own shot at once.

import type { Vec } from "@trespasser/common/geometry";
import { clamp, distance } from "@trespasser/common/geometry";
import type { Carried, MatchModel } from "@trespasser/common/match_model";
import type { Predictor } from "@trespasser/common/prediction";
import type { WeaponId } from "@trespasser/common/weapons";
import { chargeLevel, WEAPONS } from "@trespasser/common/weapons";

export interface GunneryHooks {
  emit(name: string, payload: unknown): void;
  /** Server time for messages, ms. */
  serverTime(): number;
  roundTrip(): number;
  fired(at: Vec, direction: number, weapon: WeaponId): void;
  dryClick(): void;
  reloading(weapon: WeaponId): void;
}

/** A press of the trigger counts for so many steps when the weapon is not ready yet. */
const PRESS_KEEPS = 9;
/** How far beside a drawn enemy a shot still means him, px. */
const AIM_NEAR = 10;
const AUTO_RELOAD_MS = 250;

interface Charge {
  weapon: WeaponId;
  since: number;
  /** Thrown with the quick key: the weapon to take up again. */
  back: WeaponId | null;
}

export class Gunnery {
  ads = false;
  private tick = 0;
  private readonly readyAt = new Map<WeaponId, number>();
  private pressedAt = -100;
  private charge: Charge | null = null;
  private unconfirmed: { weapon: WeaponId; at: number }[] = [];
  private readonly reloadSent = new Map<WeaponId, number>();
  private emptySince = 0;
  private lastHeld: WeaponId | null = null;
  private previousHeld: WeaponId | null = null;
  private lastDry = -1e9;

  constructor(
    private readonly model: MatchModel,
    private readonly predictor: Predictor,
    private readonly hooks: GunneryHooks,
  ) {}

  reset(): void {
    this.ads = false;
    this.readyAt.clear();
    this.pressedAt = -100;
    this.charge = null;
    this.unconfirmed = [];
    this.reloadSent.clear();
    this.emptySince = 0;
    this.previousHeld = null;
  }

  /** The own shot came back from the server. */
  confirmed(weapon: WeaponId): void {
    const i = this.unconfirmed.findIndex((shot) => shot.weapon === weapon);
    if (i >= 0) this.unconfirmed.splice(i, 1);
  }

  /** Rounds in the magazine, less those just fired. */
  ammo(id: WeaponId): number {
    const weapon = this.model.self.weapons.get(id);
    if (!weapon) return 0;
    return Math.max(0, weapon.ammo - this.unconfirmed.filter((shot) => shot.weapon === id).length);
  }

  isReloading(id: WeaponId, now: number): boolean {
    return this.model.self.weapons.get(id)?.reloading === true || now - (this.reloadSent.get(id) ?? -1e9) < 150 + this.hooks.roundTrip();
  }

  /** 0..1 while the weapon reloads, else null. */
  reloadPart(id: WeaponId, now: number): number | null {
    if (!this.isReloading(id, now)) return null;
    const since = this.model.self.weapons.get(id)?.reloadSince || this.reloadSent.get(id) || now;
    return clamp((now - since) / Math.max(1, WEAPONS[id].reloadMs), 0, 1);
  }

  /** Weapon and level of a throw being wound up. */
  charging(now: number): { weapon: WeaponId; level: number; part: number } | null {
    if (!this.charge) return null;
    const { weapon, since } = this.charge;
    const most = weapon === "grenade" ? 5 : 1;
    return { weapon, level: Math.min(most, chargeLevel(now - since)), part: clamp((now - since) / 1000, 0, 1) };
  }

  trigger(down: boolean, now: number, mouse: Vec): void {
    if (!this.model.self.alive) return;
    const held = this.model.self.held;
    if (!down) {
      if (this.charge && this.charge.back === null) this.release(now, mouse);
      return;
    }
    this.pressedAt = this.tick;
    if (held && WEAPONS[held].thrown) this.windUp(held, now, null);
  }

  quickThrow(down: boolean, now: number, mouse: Vec): void {
    if (!down) {
      if (this.charge && this.charge.back !== null) this.release(now, mouse);
      return;
    }
    if (!this.model.self.alive) return;
    const held = this.model.self.held;
    const candidates = [...this.model.self.weapons.values()].filter((w) => WEAPONS[w.id].thrown && this.ammo(w.id) > 0);
    const choice = candidates.find((w) => w.id === held) ?? candidates[0];
    if (choice && held) this.windUp(choice.id, now, held);
  }

  reload(now: number): void {
    const held = this.model.self.held;
    if (!held || !this.model.self.alive) return;
    const weapon = this.model.self.weapons.get(held);
    if (!weapon || WEAPONS[held].thrown || weapon.reserve <= 0 || this.ammo(held) >= WEAPONS[held].magazine) return;
    if (this.isReloading(held, now)) return;
    this.reloadSent.set(held, now);
    this.hooks.emit("weapon:reload", { weaponType: held, timestamp: this.hooks.serverTime() });
    this.hooks.reloading(held);
  }

  /** Takes up a weapon. */
  take(id: WeaponId | undefined, now: number): void {
    const { self } = this.model;
    if (!id || id === self.held || !self.alive || !self.weapons.has(id)) return;
    if (self.weapons.get(id)!.reloading) {
      this.dry(now);
      return;
    }
    this.charge = null;
    this.hooks.emit("weapon:switch", { fromWeapon: self.held ?? "", toWeapon: id, timestamp: this.hooks.serverTime() });
    this.model.expectHeld(id, now + 300 + this.hooks.roundTrip());
  }

  /** The slot of the keys 1 to 5, or the next one in a direction. */
  slot(index: number, now: number): void {
    this.take(this.order()[index]?.id, now);
  }

  cycle(direction: number, now: number): void {
    const order = this.order();
    const at = order.findIndex((w) => w.id === this.model.self.held);
    for (let i = 1; i <= order.length; i++) {
      const next = order[(at + direction * i + order.length * 5) % order.length];
      if (next && !next.reloading && (next.ammo > 0 || next.reserve > 0)) return this.take(next.id, now);
    }
  }

  last(now: number): void {
    if (this.previousHeld) this.take(this.previousHeld, now);
  }

  setAds(on: boolean): void {
    if (on === this.ads || (on && !this.model.self.alive)) return;
    this.ads = on;
    this.hooks.emit("ads:toggle", { isADS: on, timestamp: this.hooks.serverTime() });
  }

  /** Carried weapons in the order of the keys. */
  order(): Carried[] {
    const rank = { primary: 0, secondary: 1, support: 2 };
    return [...this.model.self.weapons.values()].sort((a, b) => rank[WEAPONS[a.id].class] - rank[WEAPONS[b.id].class]);
  }

  /** One step of 1/60 s, after the movement of the same step. */
  step(now: number, triggerHeld: boolean, mouse: Vec): void {
    this.tick += 1;
    const { self } = this.model;
    this.unconfirmed = this.unconfirmed.filter((shot) => now - shot.at < 500 + this.hooks.roundTrip());
    if (!self.alive) {
      this.charge = null;
      this.ads = false;
      return;
    }
    if (self.held !== this.lastHeld) {
      this.previousHeld = this.lastHeld;
      this.lastHeld = self.held;
      this.emptySince = 0;
    }
    const held = self.held;
    if (!held || !self.weapons.has(held) || this.charge || WEAPONS[held].thrown) return;
    const wanted = WEAPONS[held].automatic ? triggerHeld : this.tick - this.pressedAt <= PRESS_KEEPS;
    const pressed = wanted || (triggerHeld && this.tick === this.pressedAt);
    if (this.ammo(held) === 0) {
      this.emptyMagazine(held, pressed, now);
      return;
    }
    this.emptySince = 0;
    if (!wanted || this.tick < (this.readyAt.get(held) ?? 0) || this.isReloading(held, now)) return;
    if (held === "machinegun" && self.overheated) {
      this.dry(now);
      return;
    }
    this.pressedAt = -100;
    this.shoot(held, 1, now, mouse);
  }

  private emptyMagazine(held: WeaponId, pressed: boolean, now: number): void {
    const reserve = this.model.self.weapons.get(held)?.reserve ?? 0;
    if (this.emptySince === 0) this.emptySince = now;
    if (reserve > 0 && (pressed || now - this.emptySince > AUTO_RELOAD_MS)) this.reload(now);
    else if (reserve === 0 && pressed) this.dry(now);
  }

  private dry(now: number): void {
    if (now - this.lastDry < 250) return;
    this.lastDry = now;
    this.hooks.dryClick();
  }

  private windUp(weapon: WeaponId, now: number, back: WeaponId | null): void {
    if (this.charge) return;
    if (this.ammo(weapon) <= 0 || this.tick < (this.readyAt.get(weapon) ?? 0)) {
      this.dry(now);
      return;
    }
    this.charge = { weapon, since: now, back };
  }

  private release(now: number, mouse: Vec): void {
    const charge = this.charge;
    this.charge = null;
    if (!charge || !this.model.self.alive) return;
    const level = charge.weapon === "grenade" ? chargeLevel(now - charge.since) : 1;
    this.shoot(charge.weapon, level, now, mouse);
    if (charge.back && charge.back !== charge.weapon) {
      this.model.expectHeld(charge.weapon, now + 1);
      this.take(charge.back, now);
    }
  }

  private shoot(weapon: WeaponId, level: number, now: number, mouse: Vec): void {
    const info = WEAPONS[weapon];
    this.readyAt.set(weapon, this.tick + info.cooldown);
    this.unconfirmed.push({ weapon, at: now });
    const sequence = this.predictor.takeSequence();
    const from = this.predictor.position;
    const aim = info.thrown ? mouse : this.translateAim(from, mouse, now);
    const direction = Math.atan2(aim.y - from.y, aim.x - from.x);
    this.hooks.emit("weapon:fire", {
      weaponType: weapon,
      position: from,
      targetPosition: aim,
      direction,
      isADS: this.ads,
      timestamp: this.hooks.serverTime(),
      sequence,
      ...(weapon === "shotgun" ? { pelletCount: 8 } : {}),
      ...(info.thrown ? { chargeLevel: level } : {}),
    });
    this.hooks.fired(from, direction, weapon);
  }

  /**
   * Others are drawn a little in the past, between two states, but the server judges a shot by the newest state this page
   * had (game rules, decision 5). So a shot at a drawn enemy is moved to where that state has him.
   */
  private translateAim(from: Vec, mouse: Vec, now: number): Vec {
    const { model } = this;
    const length = distance(from, mouse);
    if (length < 1) return mouse;
    const ux = (mouse.x - from.x) / length;
    const uy = (mouse.y - from.y) / length;
    let best: { away: number; drawn: Vec; newest: Vec; ahead: number } | null = null;
    for (const actor of model.actors.values()) {
      if (actor.id === model.selfId || !actor.alive || actor.team === model.self.team) continue;
      const drawn = actor.track.at(model.clock.drawTime(now))?.position;
      const newest = actor.track.at(Number.MAX_SAFE_INTEGER)?.position;
      if (!drawn || !newest) continue;
      const ahead = (drawn.x - from.x) * ux + (drawn.y - from.y) * uy;
      const away = Math.abs((drawn.x - from.x) * -uy + (drawn.y - from.y) * ux);
      if (ahead > 0 && away < AIM_NEAR && (!best || ahead < best.ahead)) best = { away, drawn, newest, ahead };
    }
    if (!best) return mouse;
    const scale = best.ahead / length;
    const at = { x: from.x + ux * best.ahead, y: from.y + uy * best.ahead };
    const moved = { x: at.x + best.newest.x - best.drawn.x, y: at.y + best.newest.y - best.drawn.y };
    return { x: from.x + (moved.x - from.x) / Math.max(scale, 0.01), y: from.y + (moved.y - from.y) / Math.max(scale, 0.01) };
  }
}
