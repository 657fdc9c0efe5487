// The page that plays a film of a match (see common/src/film.ts): pause, speed, seek.

import type { Film } from "@trespasser/common/film";
import { FilmPlayer, parseFilm } from "@trespasser/common/film";
import type { Spectacle } from "@trespasser/common/match_model";
import { BONE, TEAM } from "@trespasser/common/palette";
import { Scene, sceneSpectacle } from "@trespasser/common/scene";
import { drawText } from "@trespasser/common/text";
import { drawKillLines } from "./kill_lines";
import { Stage } from "./stage";
import { button, h } from "./ui/dom";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SKIP_MS = 5000;

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The text of a film, unpacked if it is gzip. */
async function textOf(blob: Blob): Promise<string> {
  const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (start[0] !== 0x1f || start[1] !== 0x8b) return blob.text();
  return new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

class Viewer {
  private readonly stage = new Stage();
  private readonly player: FilmPlayer;
  private readonly scene: Scene;
  private readonly bar: HTMLElement;
  private readonly slider = h("input", { type: "range", label: "Time", id: "time" });
  private readonly shown = h("span", { class: "film-time", id: "film-time" });
  private readonly toggle: HTMLButtonElement;
  private playing = true;
  private speed = 2;
  private last = performance.now();

  constructor(private readonly film: Film) {
    const quiet = (): void => undefined;
    const show = sceneSpectacle(() => this.scene.effects);
    const spectacle: Spectacle = {
      ...show, fired: (at, direction, weapon) => show.muzzle(at, direction, weapon), thrown: quiet, blinded: quiet, hitMarker: quiet, reloaded: quiet,
      wounded: (at, _own, damage) => this.scene.effects.blood(at, "red", 3 + damage / 8),
    };
    this.player = new FilmPlayer(film, spectacle, () => this.scene?.reset());
    this.scene = new Scene(this.player.model);
    this.slider.min = "0";
    this.slider.max = String(Math.round(film.durationMs));
    this.slider.addEventListener("input", () => this.player.seek(Number(this.slider.value)));
    this.toggle = button("PAUSE", "plain", () => this.pause(), { id: "pause" });
    const speed = button("1×", "quiet", () => {
      this.speed = (this.speed + 1) % SPEEDS.length;
      speed.textContent = `${SPEEDS[this.speed]}×`;
    }, { id: "speed", label: "Speed" });
    this.bar = h("div", { class: "film-bar" }, this.toggle, this.slider, this.shown, speed);
    document.getElementById("ui")!.replaceChildren(this.bar);
    window.addEventListener("keydown", (e) => this.key(e));
    Object.defineProperty(window, "__film", { value: this.player, configurable: true });
    requestAnimationFrame((now) => this.frame(now));
  }

  private pause(): void {
    if (!this.playing && this.player.ended) this.player.seek(0);
    this.playing = !this.playing;
    this.toggle.textContent = this.playing ? "PAUSE" : "PLAY";
  }

  private key(e: KeyboardEvent): void {
    if (e.code === "Space") this.pause();
    else if (e.code === "ArrowLeft") this.player.seek(this.player.time - SKIP_MS);
    else if (e.code === "ArrowRight") this.player.seek(this.player.time + SKIP_MS);
    else return;
    e.preventDefault();
  }

  private frame(now: number): void {
    requestAnimationFrame((next) => this.frame(next));
    const passed = Math.min(100, now - this.last) * (this.playing ? SPEEDS[this.speed]! : 0);
    this.last = now;
    if (this.playing) this.player.advance(passed);
    if (this.playing && this.player.ended) this.pause();
    const { ctx } = this.stage;
    const { model, time } = this.player;
    this.scene.draw(ctx, time, passed / 1000, null);
    drawText(ctx, String(model.scores.red), 222, 5, TEAM.red.light, { align: "right", outline: "#0b0d17", scale: 2 });
    drawText(ctx, String(model.scores.blue), 258, 5, TEAM.blue.light, { align: "left", outline: "#0b0d17", scale: 2 });
    drawText(ctx, this.film.map.toUpperCase(), 240, 10, BONE, { face: "small", align: "center", outline: "#0b0d17" });
    drawKillLines(ctx, model.killLines, time);
    this.slider.value = String(Math.round(time));
    this.shown.textContent = `${clock(time)} / ${clock(this.film.durationMs)}`;
  }
}

function ask(message: string): void {
  const input = h("input", { type: "file", id: "film", label: "Film" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void open(file);
  });
  document.getElementById("ui")!.replaceChildren(h("section", { class: "screen centered" },
    h("div", { class: "panel form" }, h("h2", {}, "WATCH A REPLAY"), h("p", { class: "soft" }, message), input)));
}

async function open(source: Blob): Promise<void> {
  try {
    new Viewer(parseFilm(await textOf(source)));
  } catch (error) {
    ask(`This film cannot be shown: ${(error as Error).message}`);
  }
}

async function start(): Promise<void> {
  const path = new URLSearchParams(location.search).get("film");
  new Stage();
  if (!path || !/^\/(?!\/)/.test(path)) return ask("Open a film that trespasser-replay wrote.");
  const answer = await fetch(path);
  if (!answer.ok) return ask(`The server has no film ${path}.`);
  await open(await answer.blob());
}

void start();
