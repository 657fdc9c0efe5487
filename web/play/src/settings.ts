// What this browser remembers: name, loadout, team wish, sound.

import type { Loadout, Team } from "@trespasser/common/weapons";
import { legalLoadout } from "@trespasser/common/weapons";

export interface Settings {
  name: string;
  loadout: Loadout;
  team: Team | "auto";
  muted: boolean;
  volume: number;
}

const KEY = "trespasser.settings";
export const NAME_LIMIT = 16;

const FIRST = ["Quiet", "Iron", "Amber", "Night", "Swift", "Grey", "Lucky", "Cold", "Bright", "Stray"];
const SECOND = ["Fox", "Heron", "Badger", "Wolf", "Moth", "Raven", "Lynx", "Adder", "Otter", "Hare"];

function randomName(): string {
  const pick = (list: string[]): string => list[Math.floor(Math.random() * list.length)]!;
  return `${pick(FIRST)} ${pick(SECOND)}`;
}

/** A name without control characters and double blanks, or "" if nothing is left. */
export function cleanName(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, "").replace(/\s+/g, " ").trim().slice(0, NAME_LIMIT).trim();
}

export function loadSettings(): Settings {
  let stored: Partial<Settings> = {};
  try {
    stored = (JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {}) as Partial<Settings>;
  } catch {
    stored = {};  // storage forbidden or not ours: start fresh
  }
  const volume = Number(stored.volume);
  return {
    name: cleanName(String(stored.name ?? "")) || randomName(),
    loadout: legalLoadout(stored.loadout),
    team: stored.team === "red" || stored.team === "blue" ? stored.team : "auto",
    muted: stored.muted === true,
    volume: Number.isFinite(volume) && stored.volume !== undefined ? Math.min(1, Math.max(0, volume)) : 0.6,
  };
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage forbidden: the settings live as long as the page.
  }
}
