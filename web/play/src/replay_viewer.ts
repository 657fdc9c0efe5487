// A film being watched: picture, bar and keys. Where the film comes from is the source's business (film.ts).

import type { FilmSource } from "@trespasser/common/film";
import { FilmPlayer, TICK_MS } from "@trespasser/common/film";
import { ARENA_HEIGHT, ARENA_WIDTH } from "@trespasser/common/geometry";
import type { Actor, Blindness, Spectacle } from "@trespasser/common/match_model";
import { AMBER, BONE, INK, TEAM } from "@trespasser/common/palette";
import type { OwnView } from "@trespasser/common/scene";
import { Scene, sceneSpectacle } from "@trespasser/common/scene";
import { blockingRects, sightPolygon } from "@trespasser/common/sight";
import { drawText, textWidth } from "@trespasser/common/text";
import { drawKillLines } from "./kill_lines";
import type { Verified } from "./replay_engine";
import type { Stage } from "./stage";
import { button, h } from "./ui/dom";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SKIP_MS = 5000;
/** The bar steps back when the mouse has not moved for so long, ms. */
const IDLE_MS = 2500;
const MOST_MARKS = 500;
const VIEW_ANGLE = (2 * Math.PI) / 3;
const VIEW_DISTANCE = 160;

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class Viewer {
  readonly player: FilmPlayer;
  playing = true;
  /** What the worker said last; null for a film, which has no hashes. */
  verified: Verified | null = null;
  private readonly scene: Scene;
  private readonly slider = h("input", { type: "range", label: "Time", id: "time" });
  private readonly marks = h("div", { class: "film-marks" });
  private readonly shown = h("span", { class: "film-time", id: "film-time" });
  private readonly badge = h("span", { class: "film-badge", id: "verified" });
  private readonly complaint = h("p", { class: "complaint film-complaint", id: "film-complaint" });
  private readonly toggle: HTMLButtonElement;
  private readonly rate: HTMLButtonElement;
  private readonly eyes: HTMLButtonElement;
  private readonly bar: HTMLElement;
  private speed = 2;
  private last = performance.now();
  private moved = performance.now();
  private blind: Blindness | null = null;
  private readonly ended = new AbortController();

  constructor(private readonly stage: Stage, source: FilmSource) {
    const quiet = (): void => undefined;
    const show = sceneSpectacle(() => this.scene.effects);
    const spectacle: Spectacle = {
      ...show, fired: (at, direction, weapon) => show.muzzle(at, direction, weapon), thrown: quiet, hitMarker: quiet, reloaded: quiet,
      blinded: (flash) => (this.blind = flash),
      wounded: (at, _own, damage) => this.scene.effects.blood(at, "red", 3 + damage / 8),
    };
    this.player = new FilmPlayer(source, spectacle, () => this.clear(), (error) => this.fail(error));
    this.scene = new Scene(this.player.model);
    this.slider.min = "0";
    this.slider.max = String(Math.round(this.player.durationMs));
    this.slider.value = "0";
    this.slider.addEventListener("input", () => void this.player.seek(Number(this.slider.value)));
    this.toggle = button("PAUSE", "plain", () => this.pause(), { id: "pause" });
    this.rate = button("1×", "quiet", () => this.setSpeed((this.speed + 1) % SPEEDS.length), { id: "speed", label: "Speed" });
    this.eyes = button("ALL", "quiet", () => this.followNext(), { id: "follow", label: "Follow" });
    this.complaint.setAttribute("role", "alert");
    this.badge.setAttribute("role", "status");
    this.bar = h("div", { class: "film-bar" }, this.toggle, h("div", { class: "film-line" }, this.marks, this.slider), this.shown, this.rate, this.eyes, this.badge);
    // Whoever clicks goes on with the keys; whoever walks here with Tab keeps the place.
    this.bar.addEventListener("click", (e) => e.detail > 0 && (document.activeElement as HTMLElement | null)?.blur());
    document.getElementById("ui")!.replaceChildren(this.complaint, this.bar);
    const { signal } = this.ended;
    window.addEventListener("keydown", (e) => this.key(e), { signal });
    window.addEventListener("mousemove", () => (this.moved = performance.now()), { signal });
    void this.player.seek(0);
    requestAnimationFrame((now) => this.frame(now));
  }

  /** Another film takes the stage. */
  close(): void {
    this.ended.abort();
  }

  tell(verified: Verified): void {
    this.verified = verified;
    for (const [tick, , , team] of verified.deaths) this.mark(tick, team);
    const { firstTick, lastTick } = this.player.source;
    if (verified.differs !== null) {
      this.badge.textContent = `DIFFERS FROM ${clock(verified.differs * TICK_MS)}`;
      this.badge.title = "This page plays the match another way than it was recorded: what comes later did not happen so.";
    } else if (verified.done) {
      this.badge.textContent = "VERIFIED";
      this.badge.title = `${verified.compared} recorded states are the same here.`;
    } else {
      this.badge.textContent = `CHECKED ${Math.floor((100 * verified.tick) / Math.max(1, lastTick - firstTick))} %`;
    }
    this.badge.classList.toggle("good", verified.done && verified.differs === null);
    this.badge.classList.toggle("bad", verified.differs !== null);
  }

  setPlaying(on: boolean): void {
    this.playing = on;
    this.toggle.textContent = on ? "PAUSE" : "PLAY";
  }

  private clear(): void {
    this.scene?.reset();
    this.blind = null;
  }

  private fail(error: Error): void {
    this.setPlaying(false);
    this.complaint.textContent = `The replay cannot go on: ${error.message}.`;
  }

  private mark(tick: number, team: "red" | "blue"): void {
    if (this.marks.childElementCount >= MOST_MARKS) return;
    const mark = h("i", { class: team });
    mark.style.left = `${(100 * tick * TICK_MS) / Math.max(1, this.player.durationMs)}%`;
    this.marks.append(mark);
  }

  private pause(): void {
    if (!this.playing && this.player.ended) void this.player.seek(0);
    this.setPlaying(!this.playing);
  }

  private setSpeed(index: number): void {
    this.speed = Math.max(0, Math.min(SPEEDS.length - 1, index));
    this.rate.textContent = `${SPEEDS[this.speed]}×`;
  }

  private follow(id: string | null): void {
    const { model } = this.player;
    this.eyes.textContent = id === null ? "ALL" : model.nameOf(id).slice(0, 10);
    this.eyes.title = id === null ? "Everything is seen" : "Through this player's eyes";
    void this.player.follow(id);
  }

  private followNext(): void {
    const ids = [...this.player.model.actors.keys()].sort();
    const at = this.player.followed === null ? -1 : ids.indexOf(this.player.followed);
    this.follow(ids[at + 1] ?? null);
  }

  private key(e: KeyboardEvent): void {
    const { player } = this;
    const digit = /^Digit([0-8])$/.exec(e.code)?.[1];
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.code === "Space" && e.target instanceof HTMLButtonElement) return;  // presses that button
    if (e.code === "Space") this.pause();
    else if (e.code === "ArrowLeft") void player.seek(player.time - SKIP_MS);
    else if (e.code === "ArrowRight") void player.seek(player.time + SKIP_MS);
    else if (e.code === "ArrowUp") this.setSpeed(this.speed + 1);
    else if (e.code === "ArrowDown") this.setSpeed(this.speed - 1);
    else if (e.code === "Home") void player.seek(0);
    else if (e.code === "End") void player.seek(player.durationMs);
    else if (e.code === "KeyF") this.followNext();
    else if (digit === "0") this.follow(null);
    else if (digit !== undefined && player.model.actors.has(`p${Number(digit) - 1}`)) this.follow(`p${Number(digit) - 1}`);
    else return;
    this.moved = performance.now();
    e.preventDefault();
  }

  private frame(now: number): void {
    if (this.ended.signal.aborted) return;
    requestAnimationFrame((next) => this.frame(next));
    const { player } = this;
    const passed = Math.min(100, now - this.last) * (this.playing ? SPEEDS[this.speed]! : 0);
    this.last = now;
    if (this.playing) player.advance(passed);
    if (this.playing && player.ended && !player.waiting) this.setPlaying(false);
    this.draw(passed / 1000);
    this.slider.value = String(Math.round(player.time));
    this.shown.textContent = `${clock(player.time)} / ${clock(player.durationMs)}`;
    this.bar.classList.toggle("away", this.playing && now - this.moved > IDLE_MS);
  }

  private draw(seconds: number): void {
    const { ctx } = this.stage;
    const { model, time, source } = this.player;
    const followed = this.player.followed === null ? undefined : model.actors.get(this.player.followed);
    this.scene.draw(ctx, time, seconds, followed ? this.viewOf(followed) : null);
    if (followed) this.drawFollowed(ctx, followed);
    drawText(ctx, String(model.scores.red), 222, 5, TEAM.red.light, { align: "right", outline: INK, scale: 2 });
    drawText(ctx, String(model.scores.blue), 258, 5, TEAM.blue.light, { align: "left", outline: INK, scale: 2 });
    drawText(ctx, source.map.slice(0, 20).toUpperCase(), 240, 10, BONE, { face: "small", align: "center", outline: INK });
    drawKillLines(ctx, model.killLines, time);
    if (this.player.waiting) drawText(ctx, "LOADING", 240, 130, AMBER, { align: "center", outline: INK });
  }

  /** What the scene needs to look through a player's eyes. A corpse goes on seeing from where it lies. */
  private viewOf(actor: Actor): OwnView | null {
    const { model, time } = this.player;
    const pose = actor.track.at(model.clock.drawTime(time));
    if (!pose) return null;
    if (!actor.alive && model.vision) {
      const view = { position: pose.position, direction: pose.rotation, angle: VIEW_ANGLE, distance: VIEW_DISTANCE };
      model.vision.polygon = sightPolygon(view, blockingRects(model.walls.values()), model.smokes);
    }
    return { position: pose.position, rotation: pose.rotation, moving: pose.speed > 8, weapon: actor.weapon };
  }

  private drawFollowed(ctx: CanvasRenderingContext2D, actor: Actor): void {
    const { time } = this.player;
    if (this.blind) {
      const since = time - this.blind.start;
      const fading = this.blind.disoriented + this.blind.recovering;
      const white = since < this.blind.blind ? 1 : 1 - (since - this.blind.blind) / Math.max(1, fading);
      ctx.fillStyle = `rgba(255,253,245,${Math.max(0, Math.min(1, white * this.blind.intensity))})`;
      ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    }
    const text = `${actor.name.slice(0, 14)}  ${actor.alive ? Math.round(actor.health) : "DEAD"}  ${actor.kills}/${actor.deaths}`;
    ctx.fillStyle = "rgba(11,13,23,0.72)";
    ctx.fillRect(5, 5, textWidth(text, "small") + 8, 11);
    drawText(ctx, text, 9, 8, TEAM[actor.team].light, { face: "small" });
  }
}
