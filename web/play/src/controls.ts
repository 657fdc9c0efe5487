// Keyboard and mouse of a match. Keys by place on the keyboard (event.code), so WASD is where it should be everywhere.
// Sneaking is C, not Ctrl: Ctrl+W closes the page and no page can forbid it.

import type { Vec } from "@trespasser/common/geometry";
import { KEY_A, KEY_CTRL, KEY_D, KEY_S, KEY_SHIFT, KEY_W } from "@trespasser/common/movement";
import type { Stage } from "./stage";

const MOVEMENT: Record<string, number> = {
  KeyW: KEY_W, ArrowUp: KEY_W,
  KeyA: KEY_A, ArrowLeft: KEY_A,
  KeyS: KEY_S, ArrowDown: KEY_S,
  KeyD: KEY_D, ArrowRight: KEY_D,
  ShiftLeft: KEY_SHIFT, ShiftRight: KEY_SHIFT,
  KeyC: KEY_CTRL,
};

export interface ControlEvents {
  press(code: string): void;
  release(code: string): void;
  trigger(down: boolean): void;
  aim(down: boolean): void;
  wheel(direction: number): void;
}

export class Controls {
  /** Where the mouse points, arena pixels. */
  mouse: Vec = { x: 240, y: 135 };
  triggerHeld = false;
  private readonly held = new Set<string>();
  private active = false;

  constructor(private readonly stage: Stage, private readonly events: ControlEvents) {
    window.addEventListener("keydown", (e) => this.keyDown(e));
    window.addEventListener("keyup", (e) => this.keyUp(e));
    window.addEventListener("mousemove", (e) => (this.mouse = stage.toArena(e.clientX, e.clientY)));
    window.addEventListener("mousedown", (e) => this.mouseButton(e, true));
    window.addEventListener("mouseup", (e) => this.mouseButton(e, false));
    window.addEventListener("wheel", (e) => this.active && e.deltaY !== 0 && this.events.wheel(Math.sign(e.deltaY)), { passive: true });
    window.addEventListener("contextmenu", (e) => this.active && e.preventDefault());
    window.addEventListener("blur", () => this.letGo());
  }

  /** On in a match, off in menus and while typing. */
  setActive(on: boolean): void {
    this.active = on;
    this.stage.setAiming(on);
    if (!on) this.letGo();
  }

  /** Movement keys held, as bits. */
  get keys(): number {
    let bits = 0;
    for (const code of this.held) bits |= MOVEMENT[code] ?? 0;
    return bits;
  }

  isHeld(code: string): boolean {
    return this.held.has(code);
  }

  private letGo(): void {
    for (const code of [...this.held]) {
      this.held.delete(code);
      this.events.release(code);
    }
    if (this.triggerHeld) {
      this.triggerHeld = false;
      this.events.trigger(false);
    }
    this.events.aim(false);
  }

  private keyDown(e: KeyboardEvent): void {
    if (!this.active || e.metaKey || e.altKey) return;
    if (e.target instanceof HTMLInputElement) return;
    e.preventDefault();
    if (e.repeat || this.held.has(e.code)) return;
    this.held.add(e.code);
    this.events.press(e.code);
  }

  private keyUp(e: KeyboardEvent): void {
    if (!this.held.delete(e.code)) return;
    if (this.active) e.preventDefault();
    this.events.release(e.code);
  }

  private mouseButton(e: MouseEvent, down: boolean): void {
    if (!this.active) return;
    if (down && e.target instanceof HTMLElement && e.target.closest("button, input, .panel")) return;
    this.mouse = this.stage.toArena(e.clientX, e.clientY);
    if (e.button === 0 && down !== this.triggerHeld) {
      this.triggerHeld = down;
      this.events.trigger(down);
    }
    if (e.button === 2) this.events.aim(down);
  }
}
