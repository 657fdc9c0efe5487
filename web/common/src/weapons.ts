// The weapons as a player needs to know them (game rules 4.1) and what a loadout may be (4.4).

export type Team = "red" | "blue";

export type WeaponId =
  | "rifle" | "smg" | "shotgun" | "battlerifle" | "sniperrifle"
  | "pistol" | "revolver" | "suppressedpistol"
  | "grenadelauncher" | "machinegun" | "antimaterialrifle"
  | "grenade" | "smokegrenade" | "flashbang" | "rocket";

export type WeaponClass = "primary" | "secondary" | "support";

export interface Weapon {
  id: WeaponId;
  name: string;
  short: string;
  class: WeaponClass;
  /** Support points it costs of the 3 there are. */
  cost: number;
  damage: number;
  rpm: number;
  /** 1/60 s between two shots: ceil(3600 / rpm). */
  cooldown: number;
  magazine: number;
  reserve: number;
  reloadMs: number;
  accuracy: number;
  range: number;
  automatic: boolean;
  thrown: boolean;
  pellets: number;
  hint: string;
}

type Row = [WeaponId, string, string, WeaponClass, number, number, number, number, number, number, number, number, string];

const ROWS: Row[] = [
  ["rifle", "Assault rifle", "RIFLE", "primary", 0, 25, 600, 30, 180, 2500, 0.9, 350, "Does everything well"],
  ["smg", "Submachine gun", "SMG", "primary", 0, 20, 900, 35, 210, 2000, 0.75, 250, "Fast, close, forgiving"],
  ["shotgun", "Shotgun", "SHOTGUN", "primary", 0, 120, 70, 8, 32, 3500, 0.6, 200, "Opens doors and arguments"],
  ["battlerifle", "Battle rifle", "BATTLE R.", "primary", 0, 35, 450, 20, 120, 2800, 0.95, 400, "Three hits at any range"],
  ["sniperrifle", "Sniper rifle", "SNIPER", "primary", 0, 90, 40, 5, 30, 3500, 0.98, 600, "Through six planks of wood"],
  ["pistol", "Pistol", "PISTOL", "secondary", 0, 25, 450, 12, 72, 1500, 0.8, 200, "Quick to reload"],
  ["revolver", "Revolver", "REVOLVER", "secondary", 0, 60, 150, 6, 36, 3000, 0.9, 250, "Two hits are enough"],
  ["suppressedpistol", "Silenced pistol", "SILENCED", "secondary", 0, 20, 450, 15, 90, 1800, 0.85, 150, "Steady and quiet"],
  ["grenade", "Frag grenade", "FRAG", "support", 1, 200, 60, 2, 0, 0, 1, 150, "Hold to throw farther"],
  ["smokegrenade", "Smoke grenade", "SMOKE", "support", 1, 0, 60, 2, 0, 0, 1, 150, "Blocks sight for 15 s"],
  ["flashbang", "Flashbang", "FLASH", "support", 1, 0, 60, 2, 0, 0, 1, 150, "Blinds who looks at it"],
  ["grenadelauncher", "Grenade launcher", "LAUNCHER", "support", 2, 100, 60, 6, 18, 4000, 0.9, 300, "Bursts on contact"],
  ["rocket", "Rocket launcher", "ROCKET", "support", 2, 200, 30, 1, 5, 3000, 0.95, 400, "Makes a door in any wall"],
  ["machinegun", "Machine gun", "MACHINE G.", "support", 3, 10, 1000, 200, 600, 8000, 0.7, 350, "Mind the heat"],
  ["antimaterialrifle", "Anti-material rifle", "ANTI-MAT.", "support", 3, 250, 30, 5, 20, 4500, 0.99, 800, "Pierces three of anything"],
];

const AUTOMATIC: readonly WeaponId[] = ["rifle", "smg", "machinegun"];
const THROWN: readonly WeaponId[] = ["grenade", "smokegrenade", "flashbang"];

export const WEAPONS: Record<WeaponId, Weapon> = Object.fromEntries(
  ROWS.map(([id, name, short, cls, cost, damage, rpm, magazine, reserve, reloadMs, accuracy, range, hint]) => [
    id,
    {
      id, name, short, class: cls, cost, damage, rpm, magazine, reserve, reloadMs, accuracy, range, hint,
      cooldown: Math.ceil(3600 / rpm),
      automatic: AUTOMATIC.includes(id),
      thrown: THROWN.includes(id),
      pellets: id === "shotgun" ? 8 : 1,
    },
  ]),
) as Record<WeaponId, Weapon>;

export const WEAPON_IDS = ROWS.map((row) => row[0]);

export function isWeaponId(value: unknown): value is WeaponId {
  return typeof value === "string" && Object.hasOwn(WEAPONS, value);
}

/** Machine gun: the heat at which it locks (decision 12). */
export const MAX_HEAT = 320;

/** How far a frag flies in a straight line until its fuse ends, by charge 1..5 (game rules 6.2). */
export const FRAG_REACH = [71.13, 113.81, 156.49, 199.17, 241.85];
export const SMOKE_REACH = 34.1;
export const FLASH_REACH = 26.59;

/** The charge after holding for a time: 1..5 (game rules 4.6). */
export function chargeLevel(heldMs: number): number {
  return Math.min(5, Math.floor(heldMs / 200) + 1);
}

export interface Loadout {
  primary: WeaponId | null;
  secondary: WeaponId | null;
  support: WeaponId[];
}

export const SUPPORT_BUDGET = 3;

export const DEFAULT_LOADOUT: Loadout = { primary: "rifle", secondary: "pistol", support: ["grenade", "rocket"] };

export function supportCost(support: readonly WeaponId[]): number {
  return support.reduce((sum, id) => sum + WEAPONS[id].cost, 0);
}

/** The loadout if it is legal, the default otherwise (from storage anything may come). */
export function legalLoadout(value: unknown): Loadout {
  const candidate = value as Partial<Loadout> | null;
  if (!candidate || !Array.isArray(candidate.support)) return structuredClone(DEFAULT_LOADOUT);
  const slotOk = (id: unknown, cls: WeaponClass): boolean =>
    id === null || (isWeaponId(id) && WEAPONS[id].class === cls);
  const support = candidate.support as unknown[];
  const ok =
    slotOk(candidate.primary ?? null, "primary") &&
    slotOk(candidate.secondary ?? null, "secondary") &&
    support.every((id) => isWeaponId(id) && WEAPONS[id].class === "support") &&
    new Set(support).size === support.length &&
    supportCost(support as WeaponId[]) <= SUPPORT_BUDGET;
  if (!ok) return structuredClone(DEFAULT_LOADOUT);
  return {
    primary: candidate.primary ?? null,
    secondary: candidate.secondary ?? null,
    support: [...(support as WeaponId[])],
  };
}

/** Puts a support weapon in or takes it out; what no longer fits the budget makes room, oldest first. */
export function toggleSupport(loadout: Loadout, id: WeaponId): Loadout {
  if (loadout.support.includes(id)) {
    return { ...loadout, support: loadout.support.filter((other) => other !== id) };
  }
  let support = [...loadout.support];
  while (support.length > 0 && supportCost(support) + WEAPONS[id].cost > SUPPORT_BUDGET) support = support.slice(1);
  return { ...loadout, support: [...support, id] };
}

/** What is carried, in the order of the keys 1 to 5. */
export function carried(loadout: Loadout): WeaponId[] {
  return [loadout.primary, loadout.secondary, ...loadout.support].filter((id): id is WeaponId => id !== null);
}

/** Half the angle within which a shot may leave, in radians (game rules 4.5). */
export function spread(id: WeaponId, moving: boolean, running: boolean, ads: boolean): number {
  const weapon = WEAPONS[id];
  const effective = weapon.accuracy + (ads ? 0.2 : 0) - (moving ? 0.3 : 0) - (running ? 0.2 : 0);
  return 0.1 * (1 - Math.min(1, Math.max(0.1, effective))) + (id === "shotgun" ? 0.075 : 0);
}
