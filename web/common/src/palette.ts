// One palette for canvas and menus (app.css names the same colours). Night blue for the unknown, warm bone for what is
// read, amber for what can be done; red and blue belong to the teams and to nothing else.

import type { Team } from "./weapons";
import type { Material } from "./walls";

export const INK = "#0b0d17";
export const NIGHT = "#141827";
export const SLATE = "#232941";
export const STEEL = "#3c4566";
export const FOG = "#6a7396";
export const MIST = "#a8b0cc";
export const BONE = "#eeead8";
export const WHITE = "#fffdf5";
export const AMBER = "#ffb84a";
export const EMBER = "#e0742e";
export const GREEN = "#7bd389";
export const WARN = "#f2545b";

export const TEAM: Record<Team, { light: string; base: string; dark: string; deep: string }> = {
  red: { light: "#ff9a86", base: "#e8504f", dark: "#96283a", deep: "#4c1626" },
  blue: { light: "#9fd0ff", base: "#4f8ff0", dark: "#2a4fa8", deep: "#16254f" },
};

/** Four tones of a material: edge in the light, top, grain, front in the shade. */
export const MATERIAL: Record<Material, { light: string; top: string; grain: string; front: string; dust: string[] }> = {
  concrete: { light: "#b3b8cc", top: "#8c92aa", grain: "#7a8098", front: "#4b5068", dust: ["#b3b8cc", "#8c92aa", "#666c85"] },
  wood: { light: "#dda565", top: "#b97b43", grain: "#9a6135", front: "#5d3823", dust: ["#dda565", "#b97b43", "#75482a"] },
  metal: { light: "#b9d7dc", top: "#6f95a3", grain: "#5b7e8d", front: "#2f4756", dust: ["#e8f6f4", "#ffd27a", "#6f95a3"] },
  glass: { light: "#e9fbff", top: "#8fd8ea", grain: "#b8ecf6", front: "#3f7f98", dust: ["#e9fbff", "#8fd8ea", "#b8ecf6"] },
};

export const FLOOR = { base: "#2a2e45", alt: "#2d324b", line: "#25293e", speck: "#343a56", dark: "#222539" };

/** "#rrggbb" as [r, g, b]. */
export function rgb(hex: string): [number, number, number] {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
