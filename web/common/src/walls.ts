// The walls as the server last told them: strips of five slices that open one by one (game rules 2.2, 7).

import type { Vec } from "./geometry";
import { ARENA_HEIGHT, ARENA_WIDTH } from "./geometry";
import type { WallWire } from "./protocol";

export const SLICES = 5;

export type Material = "concrete" | "wood" | "metal" | "glass";

/** Health of an intact slice (game rules 7). */
export const SLICE_HEALTH: Record<Material, number> = { concrete: 675, wood: 80, metal: 200, glass: 30 };

export interface Wall {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  horizontal: boolean;
  material: Material;
  maxHealth: number;
  health: number[];
  open: boolean[];
  /** Slices that never existed: a run shorter than five cells is padded with them. */
  phantom: boolean[];
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function sliceRect(wall: Wall, slice: number): Rect {
  const step = (wall.horizontal ? wall.width : wall.height) / SLICES;
  return wall.horizontal
    ? { x: wall.x + slice * step, y: wall.y, width: step, height: wall.height }
    : { x: wall.x, y: wall.y + slice * step, width: wall.width, height: step };
}

/** Walls wholly outside the arena (a boundary) hold nobody and are not drawn (contract 5.4). */
function outsideArena(w: { x: number; y: number; width: number; height: number }): boolean {
  return w.x + w.width <= 0 || w.y + w.height <= 0 || w.x >= ARENA_WIDTH || w.y >= ARENA_HEIGHT;
}

function maskOf(mask: unknown): boolean[] {
  const bits: ArrayLike<unknown> = typeof mask === "string" || Array.isArray(mask) ? mask : [];
  return Array.from({ length: SLICES }, (_, i) => Number(bits[i] ?? 0) === 1);
}

export function wallFromWire(wire: WallWire): Wall {
  const horizontal = wire.width > wire.height;
  const open = maskOf(wire.destructionMask);
  const health = Array.from({ length: SLICES }, (_, i) => Number(wire.sliceHealth[i] ?? 0));
  return {
    id: wire.id,
    x: wire.position.x,
    y: wire.position.y,
    width: wire.width,
    height: wire.height,
    horizontal,
    material: wire.material in SLICE_HEALTH ? wire.material : "concrete",
    maxHealth: wire.maxHealth || SLICE_HEALTH[wire.material] || 100,
    health,
    open,
    phantom: open.map(() => false),
  };
}

/** What happened to a slice when a set of walls was updated. */
export interface SliceChange {
  wall: Wall;
  slice: number;
  opened: boolean;
}

export class WallSet {
  private readonly byId = new Map<string, Wall>();
  /** Grows whenever a slice changes, so that pictures of the walls know when they are old. */
  version = 0;

  get size(): number {
    return this.byId.size;
  }

  values(): IterableIterator<Wall> {
    return this.byId.values();
  }

  get(id: string): Wall | undefined {
    return this.byId.get(id);
  }

  clear(): void {
    this.byId.clear();
    this.version++;
  }

  /** Takes a complete set from a state: walls it does not name are gone. Returns the slices that changed. */
  replace(wires: Record<string, WallWire>): SliceChange[] {
    const changes: SliceChange[] = [];
    let reshaped = false;
    for (const id of [...this.byId.keys()]) {
      if (!(id in wires)) {
        this.byId.delete(id);
        reshaped = true;
      }
    }
    for (const [id, wire] of Object.entries(wires)) {
      const next = wallFromWire({ ...wire, id });
      if (outsideArena(next)) continue;
      const old = this.byId.get(id);
      if (!old || old.x !== next.x || old.y !== next.y || old.width !== next.width) {
        next.phantom = next.open.map((open, i) => open && trailingOpen(next, i));
        this.byId.set(id, next);
        reshaped = true;
        continue;
      }
      next.phantom = old.phantom;
      for (let i = 0; i < SLICES; i++) {
        if (old.health[i] !== next.health[i] || old.open[i] !== next.open[i]) {
          changes.push({ wall: next, slice: i, opened: !old.open[i] && next.open[i]! });
        }
      }
      this.byId.set(id, next);
    }
    if (reshaped || changes.length > 0) this.version++;
    return changes;
  }

  /** One slice, from a wall event. Returns null when nothing changed. */
  damage(id: string, slice: number, newHealth: number, open: boolean): SliceChange | null {
    const wall = this.byId.get(id);
    if (!wall || slice < 0 || slice >= SLICES || wall.open[slice]) return null;
    if (wall.health[slice] === newHealth && !open) return null;
    wall.health[slice] = newHealth;
    wall.open[slice] = open;
    this.version++;
    return { wall, slice, opened: open };
  }

  /** Whether a body centre may not be at the point (game rules 3.5, literally). */
  blocked(p: Vec): boolean {
    for (const w of this.byId.values()) {
      if (p.x < w.x - 5 || p.x > w.x + w.width + 5 || p.y < w.y - 5 || p.y > w.y + w.height + 5) continue;
      const i = w.horizontal
        ? Math.floor((p.x - w.x) / (w.width / SLICES))
        : Math.floor((p.y - w.y) / (w.height / SLICES));
      if (i < 0 || i >= SLICES || !w.open[i]) return true;
    }
    return false;
  }
}

/**
 * A wall seen for the first time: its last slices with no health at all are padding, unless the wall has no slice left
 * (then nobody can tell, and rubble is drawn for all of them).
 */
function trailingOpen(wall: Wall, slice: number): boolean {
  if (wall.health.every((h) => h <= 0)) return false;
  for (let i = slice; i < SLICES; i++) if (!wall.open[i] || wall.health[i]! > 0) return false;
  return true;
}
