// The queue: how long one has waited, who is before one, what keeps one waiting, and the friends who wait along.

import { button, h } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

const BLOCKS: Record<string, string> = {
  players: "Too few players are waiting. Matches start small after a while.",
  skill: "Those waiting are of other skill. The range widens while you wait.",
  region: "Those waiting are in other regions. They count after a while.",
};

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function estimate(ms: number | null): string {
  if (ms === null) return "not known yet";
  if (ms < 1500) return "any moment";
  return ms < 90_000 ? `about ${Math.ceil(ms / 5000) * 5} s` : `about ${Math.round(ms / 60_000)} min`;
}

export function queueScreen(state: PageState, actions: Actions): Screen {
  const { queue } = actions;
  const row = (name: string, id: string): [HTMLElement, HTMLElement] => {
    const value = h("span", { id });
    return [h("div", { class: "row" }, h("span", { class: "row-name" }, name), value), value];
  };
  const time = h("div", { class: "queue-clock", id: "queue-clock" });
  const busy = h("div", { class: "busy" });
  const [placeRow, place] = row("Place in the queue", "queue-place");
  const [estimateRow, guess] = row("Expected wait", "queue-estimate");
  const [regionRow, regions] = row("Regions", "queue-regions");
  const blocks = h("p", { class: "soft queue-blocks", id: "queue-blocks" });
  const facts = h("div", {}, placeRow, estimateRow, regionRow);
  const find = button("FIND A MATCH", "primary", () => {
    actions.click();
    queue.join();
  }, { id: "queue-join" });
  const cancel = button("CANCEL", "danger", () => {
    actions.click();
    queue.leave();
  }, { id: "queue-leave" });
  const party = h("div", { class: "queue-party" });
  const code = h("input", { id: "party-code", maxLength: 16, autocomplete: "off", placeholder: "code", label: "Party code" });
  const enter = (): void => {
    if (code.value.trim()) queue.joinParty(code.value.trim());
    else code.focus();
  };
  code.addEventListener("keydown", (e) => {
    if (e.key === "Enter") enter();
  });
  const alone = h("div", {},
    h("h3", {}, "WITH FRIENDS"),
    h("p", { class: "soft" }, "A party stays together, wherever its members are connected."),
    h("div", { class: "stack" },
      button("OPEN A PARTY", "plain", queue.createParty, { id: "party-create" }),
      h("div", { class: "row" }, code, button("JOIN", "plain", enter, { id: "party-join" }))));
  let shape = "";

  const together = (): HTMLElement => {
    const { code: text, leaderId, members } = state.party!;
    return h("div", {},
      h("div", { class: "invite" }, h("span", { class: "row-name" }, "PARTY CODE"), h("b", { id: "party-shown" }, text ?? ""),
        button("COPY", "plain", () => {
          navigator.clipboard.writeText(text ?? "").then(() => actions.toast("Code copied"), () => actions.toast("Mark the code and copy it"));
        }, { id: "party-copy" })),
      h("div", { class: "people" }, ...members.map((member) =>
        h("div", { class: `person ${member.id === state.selfId ? "mine" : ""}` }, h("i", { class: "chip" }), h("span", { class: "grow" }, member.name),
          member.id === leaderId ? h("span", { class: "mark", title: "leads the party" }, "\u2605") : null))),
      h("div", { class: "stack" }, button("LEAVE THE PARTY", "quiet", queue.leaveParty, { id: "party-leave" })));
  };

  const update = (): void => {
    const waits = state.queue;
    const follows = state.party !== null && state.party.leaderId !== state.selfId;
    find.hidden = waits !== null;
    find.disabled = !state.online || follows;
    find.textContent = follows ? "THE LEADER STARTS" : "FIND A MATCH";
    cancel.hidden = waits === null;
    busy.classList.toggle("still", waits === null);
    facts.hidden = waits === null;
    blocks.classList.toggle("waits", waits !== null);
    if (waits) {
      const { position, waiting, state: stage } = waits;
      place.textContent = stage === "waiting" && position > 0 ? `${position} of ${waiting}` : "match is being made";
      guess.textContent = estimate(waits.estimateMs);
      regions.textContent = (waits.regions ?? []).join(", ");
      blocks.textContent = waits.reach === "node" ? "The other servers are out of reach: looking on this one alone." : (BLOCKS[waits.blocks ?? ""] ?? "");
    } else {
      blocks.textContent = "Matches of players of your own skill. You can bring friends.";
    }
    const next = JSON.stringify([state.party, state.selfId]);
    if (next === shape) return;
    shape = next;
    party.replaceChildren(state.party ? together() : alone);
  };
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel queue" },
      h("h2", {}, "RANKED QUEUE"),
      h("div", { class: "queue-body" }, h("div", {}, time, busy, facts, blocks), party),
      h("div", { class: "actions" },
        button("BACK", "quiet", () => {
          queue.leave();
          actions.go("menu");
        }, { id: "back" }),
        cancel, find)));
  update();
  return {
    el,
    update,
    tick: (now) => {
      const text = state.queue ? clock(now - state.queue.since) : "0:00";
      if (time.textContent !== text) time.textContent = text;
    },
  };
}
