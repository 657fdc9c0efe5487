// What is not seen lies in the dark: one layer over the arena with the lit area cut out of it.

import { ARENA_HEIGHT, ARENA_WIDTH } from "./geometry";
import type { Vec } from "./geometry";
import { makeCanvas } from "./raster";

/** The light reaches so far into what stops it, so that a wall in sight is lit too. */
const INTO_WALLS = 9;

export class Fog {
  private readonly canvas: HTMLCanvasElement;
  private readonly ctx: CanvasRenderingContext2D;
  constructor(private readonly color = "rgba(9,11,24,0.56)") {
    [this.canvas, this.ctx] = makeCanvas(ARENA_WIDTH, ARENA_HEIGHT);
  }

  /** Darkens all but the polygon; around its first point (the viewer) a little is always lit. */
  draw(target: CanvasRenderingContext2D, polygon: readonly Vec[], reach: number): void {
    const { ctx } = this;
    ctx.globalCompositeOperation = "source-over";
    ctx.clearRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    ctx.fillStyle = this.color;
    ctx.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
    const eye = polygon[0];
    if (eye) {
      ctx.globalCompositeOperation = "destination-out";
      const halo = ctx.createRadialGradient(eye.x, eye.y, 6, eye.x, eye.y, 26);
      halo.addColorStop(0, "rgba(0,0,0,0.7)");
      halo.addColorStop(1, "rgba(0,0,0,0)");
      ctx.fillStyle = halo;
      ctx.fillRect(eye.x - 26, eye.y - 26, 52, 52);
      if (polygon.length >= 3) {
        const light = ctx.createRadialGradient(eye.x, eye.y, reach * 0.55, eye.x, eye.y, reach);
        light.addColorStop(0, "rgba(0,0,0,1)");
        light.addColorStop(1, "rgba(0,0,0,0.72)");
        ctx.fillStyle = light;
        ctx.beginPath();
        ctx.moveTo(eye.x, eye.y);
        for (let i = 1; i < polygon.length; i++) {
          const p = polygon[i]!;
          const away = Math.hypot(p.x - eye.x, p.y - eye.y) || 1;
          ctx.lineTo(p.x + ((p.x - eye.x) / away) * INTO_WALLS, p.y + ((p.y - eye.y) / away) * INTO_WALLS);
        }
        ctx.closePath();
        ctx.fill();
      }
    }
    target.drawImage(this.canvas, 0, 0);
  }
}
