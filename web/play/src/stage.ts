// The stage: 480 x 270 pixels shown in whole device pixels, as large as the window allows, and everything of the menus
// measured in the same pixels (the CSS variable --px).

import type { Vec } from "@trespasser/common/geometry";
import { ARENA_HEIGHT, ARENA_WIDTH, clamp } from "@trespasser/common/geometry";

export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly ctx: CanvasRenderingContext2D;
  private scale = 1;
  private readonly root: HTMLElement;

  constructor() {
    this.root = document.getElementById("stage")!;
    this.canvas = document.getElementById("screen") as HTMLCanvasElement;
    this.canvas.width = ARENA_WIDTH;
    this.canvas.height = ARENA_HEIGHT;
    this.ctx = this.canvas.getContext("2d", { alpha: false })!;
    this.ctx.imageSmoothingEnabled = false;
    this.fit();
    window.addEventListener("resize", () => this.fit());
  }

  private fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const whole = Math.floor(Math.min((window.innerWidth * ratio) / ARENA_WIDTH, (window.innerHeight * ratio) / ARENA_HEIGHT));
    this.scale = Math.max(1, whole) / ratio;
    this.root.style.setProperty("--px", `${this.scale}px`);
  }

  /** A place of the window in arena pixels, held inside the arena; tenths are all a message carries. */
  toArena(clientX: number, clientY: number): Vec {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: Math.round(clamp((clientX - box.left) / this.scale, 0, ARENA_WIDTH) * 10) / 10,
      y: Math.round(clamp((clientY - box.top) / this.scale, 0, ARENA_HEIGHT) * 10) / 10,
    };
  }

  setAiming(on: boolean): void {
    this.root.classList.toggle("aiming", on);
  }
}
