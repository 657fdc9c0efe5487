// The list of lobbies one can walk into.

import type { LobbyInfo } from "@trespasser/common/protocol";
import { button, h } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

const REFRESH_MS = 3000;

export function browserScreen(state: PageState, actions: Actions): Screen {
  let asked = 0;
  let selected: LobbyInfo | null = null;
  let showFull = true;
  let showRunning = true;
  const rows = h("div", { class: "table-rows" });
  const password = h("input", { id: "browser-password", maxLength: 32, autocomplete: "off", placeholder: "password" });
  const join = button("JOIN", "primary", () => selected && actions.joinLobby(selected.id, password.value), { id: "browser-join" });
  const toggle = (text: string, get: () => boolean, set: (v: boolean) => void): HTMLButtonElement => {
    const b = button(text, "quiet", () => {
      set(!get());
      b.classList.toggle("on", get());
      update();
    });
    b.classList.toggle("on", get());
    return b;
  };
  const row = (lobby: LobbyInfo): HTMLElement => {
    const el = h("button", {
      type: "button", class: `table-row ${selected?.id === lobby.id ? "selected" : ""}`, data: { lobby: lobby.id },
      on: {
        click: () => {
          selected = lobby;
          actions.click();
          update();
        },
        dblclick: () => !lobby.passwordRequired && actions.joinLobby(lobby.id, ""),
      },
    },
    h("span", { class: "grow" }, lobby.mapName || "arena", lobby.passwordRequired ? " \u00b7 locked" : ""),
    h("span", {}, lobby.status === "playing" ? "in a match" : lobby.status === "finished" ? "results" : "waiting"),
    h("span", { class: "number" }, `${lobby.playerCount}/${lobby.maxPlayers}`));
    return el;
  };
  const update = (): void => {
    const all = state.lobbies;
    const list = (all ?? []).filter((l) => (showFull || l.playerCount < l.maxPlayers) && (showRunning || l.status === "waiting"));
    if (selected) selected = list.find((l) => l.id === selected!.id) ?? null;
    rows.replaceChildren(...list.map(row));
    if (list.length === 0) rows.append(h("p", { class: "empty" }, all === null ? "Asking the server\u2026" : "No open lobby. Quick play opens one."));
    join.disabled = !selected || state.seeking || !state.online;
    password.hidden = !selected?.passwordRequired;
  };
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel wide" },
      h("div", { class: "panel-head" }, h("h2", {}, "SERVER BROWSER"),
        toggle("full", () => showFull, (v) => (showFull = v)), toggle("in a match", () => showRunning, (v) => (showRunning = v))),
      h("div", { class: "table-head" }, h("span", { class: "grow" }, "MAP"), h("span", {}, "STATUS"), h("span", { class: "number" }, "PLAYERS")),
      rows,
      h("div", { class: "actions" }, button("BACK", "quiet", () => actions.go("menu"), { id: "back" }), password, join)));
  update();
  return {
    el,
    update,
    tick: (now) => {
      if (now - asked < REFRESH_MS || !state.online) return;
      asked = now;
      actions.refreshLobbies();
    },
  };
}
