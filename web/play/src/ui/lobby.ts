// The waiting room: who is here, when it starts, and the host's rights.

import type { LobbyPlayer } from "@trespasser/common/protocol";
import { button, h, stepper } from "./dom";
import type { Actions, PageState, Screen } from "./screen";
import { ownName } from "./screen";
import { chatBox } from "./chat";

export function lobbyScreen(state: PageState, actions: Actions): Screen {
  const title = h("h2", {}, "LOBBY");
  const count = h("span", { class: "count" });
  const people = h("div", { class: "people" });
  const side = h("div", { class: "lobby-side" });
  const status = h("div", { class: "countdown" });
  const start = button("START NOW", "primary", actions.start, { id: "start" });
  const chat = chatBox(state, actions);
  const join = button("SIGN IN", "plain", () => actions.go("account"), { id: "lobby-sign-in", title: "You keep your place" });
  let shape = "";

  const isHost = (): boolean => state.lobby?.isPrivate === true && state.lobby.hostId === state.selfId;
  const person = (p: LobbyPlayer, host: boolean): HTMLElement => {
    const mine = p.id === state.selfId;
    const rights = isHost() && !mine
      ? h("span", { class: "rights" },
          p.isBot ? null : button("host", "quiet", () => actions.makeHost(p.id), { title: `Make ${p.name} host` }),
          button("kick", "danger", () => actions.kick(p.id), { title: `Kick ${p.name}` }))
      : null;
    return h("div", { class: `person ${p.team ?? ""} ${mine ? "mine" : ""} ${p.connected === false ? "away" : ""}`, data: { player: p.id } },
      h("i", { class: "chip" }),
      h("span", { class: "grow" }, mine ? ownName(state) : p.name || "\u2026"),
      host ? h("span", { class: "mark", title: "host" }, "\u2605") : null,
      p.isBot ? h("span", { class: "mark soft" }, "bot") : null,
      p.connected === false ? h("span", { class: "mark soft" }, "away") : null,
      rights);
  };
  const code = (text: string): HTMLElement =>
    h("div", { class: "invite" }, h("span", { class: "row-name" }, "INVITE CODE"), h("b", { id: "invite-code" }, text),
      button("COPY", "plain", () => void copy(text), { id: "copy-code" }));
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      actions.toast("Code copied");
    } catch {
      const range = document.createRange();
      range.selectNodeContents(document.getElementById("invite-code")!);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
      actions.toast("Press Ctrl+C to copy the code");
    }
  };
  const fact = (name: string, value: string): HTMLElement => h("div", { class: "row" }, h("span", { class: "row-name" }, name), h("span", {}, value));
  const hostSettings = (): HTMLElement[] => {
    const lobby = state.lobby!;
    const minutes = Math.round((lobby.timeLimit ?? 0) / 60);
    return [
      stepper("Bots", [0, 1, 2, 3, 4, 5, 6, 7], lobby.bots ?? 0, (v) => (v === 0 ? "none" : String(v)), (bots) => actions.changeSettings({ bots })),
      stepper("Kills to win", withValue([5, 10, 20, 30, 50, 75, 100], lobby.killTarget ?? 50), lobby.killTarget ?? 50, String, (killLimit) => actions.changeSettings({ killLimit })),
      stepper("Time limit", withValue([0, 3, 5, 10, 15, 20], minutes), minutes, (v) => (v === 0 ? "none" : `${v} min`), (v) => actions.changeSettings({ timeLimit: v * 60 })),
      stepper("Friendly fire", [true, false], lobby.friendlyFire ?? true, (v) => (v ? "on" : "off"), (friendlyFire) => actions.changeSettings({ friendlyFire })),
    ];
  };
  const update = (): void => {
    const lobby = state.lobby;
    if (!lobby) return;
    title.textContent = lobby.isPrivate ? "PRIVATE LOBBY" : "LOBBY";
    const list = lobby.players ?? [];
    count.textContent = `${lobby.playerCount ?? list.length}/${lobby.maxPlayers ?? 8}`;
    people.replaceChildren(...list.map((p) => person(p, lobby.isPrivate === true && p.id === lobby.hostId)));
    for (let i = list.length; i < (lobby.maxPlayers ?? 8); i++) people.append(h("div", { class: "person free" }, h("i", { class: "chip" }), h("span", { class: "grow" }, "open")));
    start.hidden = !isHost();
    join.hidden = state.who !== null;
    chat.update();
    const nextShape = JSON.stringify([lobby.inviteCode, lobby.mapName, lobby.killTarget, lobby.timeLimit, lobby.friendlyFire, lobby.bots, lobby.isPrivate, isHost()]);
    if (nextShape === shape) return;
    shape = nextShape;
    const editable = isHost();
    side.replaceChildren(
      ...(lobby.inviteCode && lobby.isPrivate ? [code(lobby.inviteCode)] : []),
      fact("Map", lobby.mapName || "arena"),
      ...(editable ? hostSettings() : [
        fact("Kills to win", String(lobby.killTarget ?? 50)),
        fact("Time limit", lobby.timeLimit ? `${Math.round(lobby.timeLimit / 60)} min` : "none"),
        fact("Friendly fire", lobby.friendlyFire === false ? "off" : "on"),
      ]));
  };
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel lobby" },
      h("div", { class: "panel-head" }, title, count),
      h("div", { class: "lobby-body" }, people, h("div", { class: "lobby-right" }, side, chat.el)),
      h("div", { class: "actions" },
        button("LEAVE", "quiet", actions.leave, { id: "leave" }),
        button("LOADOUT", "plain", () => actions.go("loadout"), { id: "lobby-loadout" }),
        join,
        status, start)));
  update();
  return {
    el,
    update,
    tick: (now) => {
      const left = state.countdownEnd > 0 ? Math.max(0, Math.ceil((state.countdownEnd - now) / 1000)) : -1;
      const text = left >= 0 ? `STARTING IN ${left}` : "waiting for players\u2026";
      if (status.textContent !== text) status.textContent = text;
      status.classList.toggle("running", left >= 0);
      start.disabled = left >= 0 && left <= 3;
    },
  };
}

/** The list with the value in it, in order. */
function withValue(list: number[], value: number): number[] {
  return list.includes(value) ? list : [...list, value].sort((a, b) => a - b);
}
