// A match being played on this page: the server's events go into the model, the keys into the predictor, and both into
// the picture.

import type { Vec } from "@trespasser/common/geometry";
import { lerp } from "@trespasser/common/geometry";
import type { Spectacle } from "@trespasser/common/match_model";
import { MatchModel } from "@trespasser/common/match_model";
import { isMoving, isRunning, STEP_SECONDS } from "@trespasser/common/movement";
import { TEAM } from "@trespasser/common/palette";
import type { InputMessage } from "@trespasser/common/prediction";
import { Predictor } from "@trespasser/common/prediction";
import { KEY_A, KEY_CTRL, KEY_D, KEY_S, KEY_SHIFT, KEY_W } from "@trespasser/common/movement";
import type { WeaponFired } from "@trespasser/common/protocol";
import { Scene, sceneSpectacle } from "@trespasser/common/scene";
import type { Loadout, Team } from "@trespasser/common/weapons";
import type { Connection } from "./connection";
import { Controls } from "./controls";
import { Gunnery } from "./gunnery";
import { Hud } from "./hud";
import type { Sound } from "./sound";
import type { Stage } from "./stage";

/** A pause longer than this (a hidden tab) is not made up for: the server would not credit it either. */
const LONGEST_FRAME = 0.25;
const RESPAWN_GATE_MS = 3000;

export interface ArenaHooks {
  menu(): void;
  scoreboard(shown: boolean): void;
  chat(): void;
  loadout(): void;
  mute(): void;
}

export class Arena {
  readonly model: MatchModel;
  readonly scene: Scene;
  readonly predictor: Predictor;
  readonly gunnery: Gunnery;
  readonly hud: Hud;
  readonly controls: Controls;
  playing = false;
  frozen = false;
  frames = 0;
  private readonly spectacle: ReturnType<typeof sceneSpectacle>;
  private unstepped = 0;
  private lastFrame = 0;
  /** The next state says where to go on from: after joining, respawning, or a lost line. */
  private awaitingState = true;
  private respawnAsked = false;
  private wasAlive = false;
  private lastShotSound = 0;

  constructor(
    private readonly stage: Stage,
    private readonly link: Connection,
    private readonly sound: Sound,
    private readonly hooks: ArenaHooks,
  ) {
    this.model = new MatchModel(this.show());
    this.scene = new Scene(this.model);
    this.spectacle = sceneSpectacle(() => this.scene.effects);
    this.predictor = new Predictor((p) => this.model.walls.blocked(p), (m) => this.sendInput(m));
    this.gunnery = new Gunnery(this.model, this.predictor, {
      emit: (name, payload) => link.emit(name, payload),
      serverTime: () => Math.round(Date.now() + link.clockOffset),
      roundTrip: () => link.roundTrip,
      fired: (at, direction, weapon) => this.show().fired(at, direction, weapon, true),
      dryClick: () => sound.dry(),
      reloading: () => sound.reload(true),
    });
    this.hud = new Hud(this.model, this.gunnery);
    this.controls = new Controls(stage, {
      press: (code) => this.press(code),
      release: (code) => this.release(code),
      trigger: (down) => this.trigger(down),
      aim: (down) => this.gunnery.setAds(down),
      wheel: (direction) => this.gunnery.cycle(direction, performance.now()),
    });
    this.model.onState = (position, acknowledged) => this.stateArrived(position, acknowledged);
  }

  /** A match begins: everything is new. */
  begin(killTarget: number, timeLimit: number, elapsedMs: number): void {
    const now = performance.now();
    const id = this.model.selfId;
    this.model.reset(now - elapsedMs);
    this.model.selfId = this.link.id || id;
    this.model.killTarget = killTarget;
    this.model.timeLimit = timeLimit;
    this.scene.reset();
    this.gunnery.reset();
    this.hud.reset();
    this.playing = true;
    this.frozen = false;
    this.unstepped = 0;
    this.wasAlive = false;
  }

  join(name: string, loadout: Loadout, team: Team): void {
    this.predictor.reset(this.predictor.position);
    this.awaitingState = true;
    this.link.emit("player:join", {
      loadout: { ...loadout, team },
      playerName: name,
      timestamp: Math.round(Date.now() + this.link.clockOffset),
    });
  }

  /** The line was lost and is back with the same seat: go on from the server's word. */
  resume(): void {
    this.awaitingState = true;
    this.link.emit("request_game_state", {});
  }

  end(): void {
    this.playing = false;
    this.controls.setActive(false);
  }

  apply(name: string, payload: unknown): void {
    const now = performance.now();
    if (name === "weapon:fired") {
      const shot = payload as WeaponFired;
      if (shot.playerId === this.model.selfId) this.gunnery.confirmed(shot.weaponType);
    }
    this.model.apply(name, payload, now);
  }

  frame(now: number): void {
    const seconds = Math.min(LONGEST_FRAME, Math.max(0, (now - this.lastFrame) / 1000));
    this.lastFrame = now;
    this.frames += 1;
    this.unstepped += seconds;
    while (this.unstepped >= STEP_SECONDS) {
      this.unstepped -= STEP_SECONDS;
      this.step(now);
    }
    this.predictor.fadeError(seconds);
    const { model, controls } = this;
    const position = this.drawnPosition();
    const keys = this.steering ? controls.keys : 0;
    const moving = isMoving(keys);
    const rotation = Math.atan2(controls.mouse.y - position.y, controls.mouse.x - position.x);
    this.sound.hearAt(position);
    this.scene.draw(this.stage.ctx, now, seconds, { position, rotation, moving, weapon: model.self.held });
    this.hud.draw(this.stage.ctx, {
      now, position, mouse: controls.mouse, moving, running: moving && isRunning(keys, position, controls.mouse),
      roundTrip: this.link.roundTrip, showNet: true, over: this.frozen,
    });
  }

  /** Where the own body is drawn: between two steps, with what is left of a correction. */
  drawnPosition(): Vec {
    const part = this.unstepped / STEP_SECONDS;
    const { previous, position, error } = this.predictor;
    return { x: lerp(previous.x, position.x, part) + error.x, y: lerp(previous.y, position.y, part) + error.y };
  }

  private get steering(): boolean {
    return this.playing && !this.frozen && this.model.self.alive && this.link.online && !this.awaitingState;
  }

  private step(now: number): void {
    this.noticeLife(now);
    if (!this.steering) return;
    const { controls } = this;
    this.predictor.step({ keys: controls.keys, mouse: controls.mouse });
    this.gunnery.step(now, controls.triggerHeld, controls.mouse);
  }

  private noticeLife(now: number): void {
    const { self } = this.model;
    if (self.alive !== this.wasAlive) {
      this.wasAlive = self.alive;
      this.respawnAsked = false;
      if (self.position) this.predictor.reset(self.position, this.predictor.sequence);
    }
    if (!self.alive && this.respawnAsked && now - self.diedAt > RESPAWN_GATE_MS + 2500) this.respawnAsked = false;
  }

  private stateArrived(position: Vec | null, acknowledged: number): void {
    if (!position) return;
    if (this.awaitingState) {
      this.awaitingState = false;
      this.predictor.reset(position, acknowledged);
      return;
    }
    if (this.model.self.alive && this.wasAlive) this.predictor.reconcile(position, acknowledged);
  }

  private sendInput(m: InputMessage): void {
    const { keys, mouse } = m.sample;
    this.link.emit("player:input", {
      keys: {
        w: (keys & KEY_W) !== 0, a: (keys & KEY_A) !== 0, s: (keys & KEY_S) !== 0, d: (keys & KEY_D) !== 0,
        shift: (keys & KEY_SHIFT) !== 0, ctrl: (keys & KEY_CTRL) !== 0,
        r: false, g: false, "1": false, "2": false, "3": false, "4": false,
      },
      mouse: {
        x: mouse.x, y: mouse.y, buttons: this.controls.triggerHeld ? 1 : 0,
        leftPressed: false, rightPressed: false, leftReleased: false, rightReleased: false,
      },
      sequence: m.sequence,
      timestamp: Math.round(Date.now() + this.link.clockOffset),
    });
  }

  private trigger(down: boolean): void {
    const now = performance.now();
    if (!this.model.self.alive) {
      if (down) this.askRespawn();
      return;
    }
    if (!this.frozen) this.gunnery.trigger(down, now, this.controls.mouse);
  }

  private askRespawn(): void {
    if (!this.model.self.joined || this.model.self.alive || this.respawnAsked || this.frozen) return;
    this.respawnAsked = true;
    this.link.emit("player:respawn");
  }

  private press(code: string): void {
    const now = performance.now();
    const digit = /^Digit([1-5])$/.exec(code);
    if (digit) return this.gunnery.slot(Number(digit[1]) - 1, now);
    switch (code) {
      case "KeyR": return this.gunnery.reload(now);
      case "KeyG": return this.gunnery.quickThrow(true, now, this.controls.mouse);
      case "KeyQ": return this.gunnery.last(now);
      case "Tab": return this.hooks.scoreboard(true);
      case "Escape": return this.hooks.menu();
      case "Enter": return this.hooks.chat();
      case "KeyL": return this.hooks.loadout();
      case "KeyM": return this.hooks.mute();
      case "Space": return this.askRespawn();
    }
  }

  private release(code: string): void {
    if (code === "Tab") this.hooks.scoreboard(false);
    if (code === "KeyG") this.gunnery.quickThrow(false, performance.now(), this.controls.mouse);
  }

  private show(): Spectacle {
    const now = (): number => performance.now();
    return {
      fired: (at, direction, weapon, own) => {
        const actor = own ? this.model.actors.get(this.model.selfId) : undefined;
        if (actor) actor.shotAt = now();
        this.spectacle.muzzle(at, direction, weapon);
        if (own) this.scene.effects.shake(weapon === "antimaterialrifle" || weapon === "rocket" ? 2.5 : weapon === "shotgun" || weapon === "sniperrifle" ? 1.6 : 0.5);
        this.sound.shot(weapon, at, own);
      },
      trail: (from, to, weapon, hit) => this.spectacle.trail(from, to, weapon, hit),
      slice: (change, at) => {
        this.spectacle.slice(change, at);
        if (change.opened) this.sound.broken(change.wall.material, at);
        else if (now() - this.lastShotSound > 50) {
          this.lastShotSound = now();
          this.sound.chip(change.wall.material, at);
        }
      },
      wounded: (at, own, damage, from) => {
        const team = own ? this.model.self.team : this.model.self.team === "red" ? "blue" : "red";
        this.scene.effects.blood(at, team, 4 + Math.min(12, damage / 6));
        if (!own) return;
        const position = this.drawnPosition();
        this.hud.wounded(from ? Math.atan2(from.y - position.y, from.x - position.x) : null, damage, now());
        this.scene.effects.shake(1 + damage / 40);
        this.sound.wounded();
      },
      died: (at, team, rotation, own) => {
        this.spectacle.died(at, team, rotation, own);
        if (own) this.sound.death();
      },
      respawned: (at, team, own) => {
        this.spectacle.respawned(at, team, own);
        if (own) this.sound.spawn();
      },
      exploded: (at, radius) => {
        this.spectacle.exploded(at, radius);
        this.sound.explosion(at, radius);
      },
      popped: (at, kind) => {
        this.spectacle.popped(at, kind);
        this.sound.pop(at, kind);
      },
      thrown: (at) => this.sound.shot("grenade", at, false),
      blinded: (flash) => {
        this.hud.blinded(flash);
        this.sound.ringing(flash.intensity, flash.blind + flash.disoriented + flash.recovering);
      },
      hitMarker: (kind) => {
        this.hud.mark(kind, now());
        this.sound.hit(kind === "kill");
        if (kind === "kill") this.hud.announce("+1", TEAM[this.model.self.team].light, 700);
      },
      reloaded: () => this.sound.reload(false),
    };
  }
}
