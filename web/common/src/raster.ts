// Small pictures computed pixel by pixel, so that everything keeps hard edges at any angle.

import { rgb } from "./palette";

export type Shade = (x: number, y: number) => string | null;

export function makeCanvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d")!;
  ctx.imageSmoothingEnabled = false;
  return [canvas, ctx];
}

/** A picture of which every pixel's colour is asked for; null is clear. With `rim`, clear pixels next to ink get it. */
export function paint(width: number, height: number, shade: Shade, rim?: string): HTMLCanvasElement {
  const [canvas, ctx] = makeCanvas(width, height);
  const image = ctx.createImageData(width, height);
  const ink = new Uint8Array(width * height);
  const put = (i: number, color: string): void => {
    const [r, g, b] = rgb(color);
    image.data.set([r, g, b, 255], i * 4);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = shade(x, y);
      if (!color) continue;
      put(y * width + x, color);
      ink[y * width + x] = 1;
    }
  }
  if (rim) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (ink[i]) continue;
        const touches = (x > 0 && ink[i - 1]) || (x + 1 < width && ink[i + 1]) || (y > 0 && ink[i - width]) || (y + 1 < height && ink[i + width]);
        if (touches) put(i, rim);
      }
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}
