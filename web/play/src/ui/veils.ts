// Small panels over everything: the pause, a lost line, a session that was ended.

import { button, h } from "./dom";

function panel(title: string, text: string, ...rest: HTMLElement[]): HTMLElement {
  return h("div", { class: "veil" }, h("div", { class: "panel small" }, h("h2", {}, title), h("p", { class: "soft" }, text), ...rest));
}

const stack = (...buttons: HTMLElement[]): HTMLElement => h("div", { class: "stack" }, ...buttons);

export interface PauseActions {
  volume(part: number): void;
  back(): void;
  loadout(): void;
  /** Null: signed in already. */
  signIn: (() => void) | null;
  leave(): void;
}

export function pauseVeil(volume: number, actions: PauseActions): HTMLElement {
  const slider = h("input", { type: "range", label: "Volume", id: "volume" });
  slider.min = "0";
  slider.max = "100";
  slider.value = String(Math.round(volume * 100));
  slider.addEventListener("input", () => actions.volume(Number(slider.value) / 100));
  return panel("PAUSED", "The match goes on without you.",
    h("label", { class: "row" }, h("span", { class: "row-name" }, "Volume"), slider),
    stack(
      button("BACK TO THE MATCH", "primary", actions.back),
      button("LOADOUT", "plain", actions.loadout),
      ...(actions.signIn ? [button("SIGN IN", "plain", actions.signIn, { id: "pause-sign-in" })] : []),
      button("LEAVE MATCH", "danger", actions.leave, { id: "leave" })));
}

export function lostVeil(toMenu: () => void): HTMLElement {
  const veil = panel("CONNECTION LOST", "Reconnecting\u2026 your seat is kept for a minute.", h("div", { class: "busy" }),
    h("div", { class: "actions" }, button("TO THE MENU", "quiet", toMenu)));
  veil.id = "reconnect";
  return veil;
}

/** `takeBack`: another page of the same player has the seat, and this one can have it again. */
export function endedVeil(text: string, takeBack: (() => void) | null, signIn: () => void, asGuest: () => void): HTMLElement {
  const choice = (label: string, look: "primary" | "plain", act: () => void, id: string): HTMLElement =>
    button(label, look, () => {
      veil.remove();
      act();
    }, { id });
  const veil: HTMLElement = panel("SESSION ENDED", text, stack(
    takeBack ? choice("PLAY HERE", "primary", takeBack, "play-here") : choice("SIGN IN", "primary", signIn, "sign-in-again"),
    choice("PLAY AS A GUEST", "plain", asGuest, "play-as-guest")));
  veil.id = "session-ended";
  return veil;
}

const TOAST_MS = 4200;
const MOST_TOASTS = 4;

/** A line of news that goes away by itself. */
export function showToast(toasts: HTMLElement, text: string, bad: boolean): void {
  const el = h("div", { class: `toast ${bad ? "bad" : ""}` }, text);
  toasts.append(el);
  while (toasts.childElementCount > MOST_TOASTS) toasts.firstElementChild!.remove();
  setTimeout(() => el.remove(), TOAST_MS);
}
