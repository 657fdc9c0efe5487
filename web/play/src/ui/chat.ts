// Chat: lines and a field. In a lobby it is part of the panel, in a match it lies over the arena.

import type { ChatMessage } from "@trespasser/common/protocol";
import type { Team } from "@trespasser/common/weapons";
import { h } from "./dom";
import type { Actions, ChatLine, PageState } from "./screen";

const TEXT_LIMIT = 200;

export interface ChatBox {
  el: HTMLElement;
  input: HTMLInputElement;
  update(): void;
}

export function lineFrom(e: ChatMessage, team: Team | undefined): ChatLine {
  const name = e.channel === "system" ? "" : (e.playerName ?? e.name ?? "?");
  return { name, team: e.team ?? team ?? null, text: e.text, teamOnly: e.channel === "team", at: performance.now() };
}

function lineOf(line: ChatLine): HTMLElement {
  if (line.name === "") return h("p", { class: "chat-line soft" }, line.text);
  return h("p", { class: "chat-line" },
    line.teamOnly ? h("span", { class: "soft" }, "[team] ") : null,
    h("b", { class: line.team ?? "" }, line.name), ` ${line.text}`);
}

export function chatBox(state: PageState, actions: Actions, inMatch?: { closed(): void }): ChatBox {
  const lines = h("div", { class: "chat-lines" });
  const input = h("input", { class: "chat-input", maxLength: TEXT_LIMIT, autocomplete: "off", placeholder: inMatch ? "to all \u00b7 /t to team" : "say something" });
  input.addEventListener("keydown", (e) => {
    e.stopPropagation();
    if (e.key === "Enter") {
      const text = input.value.trim();
      input.value = "";
      const team = /^\/t\s+/.test(text);
      const said = text.replace(/^\/t\s+/, "");
      if (said) actions.say(said, team);
      inMatch?.closed();
    }
    if (e.key === "Escape") {
      input.value = "";
      input.blur();
      inMatch?.closed();
    }
  });
  let shown: ChatLine | undefined;
  return {
    el: h("div", { class: inMatch ? "chat over" : "chat" }, lines, input),
    input,
    update: () => {
      const last = state.chat[state.chat.length - 1];
      if (last === shown) return;
      shown = last;
      lines.replaceChildren(...state.chat.slice(-8).map(lineOf));
      lines.scrollTop = lines.scrollHeight;
    },
  };
}
