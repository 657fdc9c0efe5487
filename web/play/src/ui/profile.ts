// A player: totals and matches. One's own profile also has the account: data, log out, delete.

import type { PlayedMatch, Profile } from "../account/api";
import { words } from "../account/api";
import { button, h } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

const MATCHES = 20;

function date(text: string): string {
  return text.slice(0, 10);
}

function figures({ stats }: Profile): HTMLElement[] {
  const percent = `${Math.round(stats.winRate * 100)}%`;
  const all: [string, string | number][] = [
    ["RATING", Math.round(stats.rating)], ["MATCHES", stats.matches], ["WINS", `${stats.wins} (${percent})`],
    ["KILLS", stats.kills], ["DEATHS", stats.deaths], ["RATIO", stats.killRatio.toFixed(2)],
  ];
  return all.map(([name, value]) => h("div", { class: "figure" }, h("span", { class: "row-name" }, name), h("b", {}, value)));
}

function matchRow(m: PlayedMatch): HTMLElement {
  const draw = m.winningTeam !== "red" && m.winningTeam !== "blue";
  return h("div", { class: `table-row played ${m.team}`, data: { match: m.matchId } },
    h("i", { class: "chip" }), h("span", { class: "day" }, date(m.completedAt)), h("span", { class: "grow" }, m.map || "arena"),
    h("span", { class: m.won ? "won" : "" }, m.won ? "won" : draw ? "draw" : "lost"),
    h("span", { class: "number" }, `${m.redScore}:${m.blueScore}`), h("span", { class: "number" }, `${m.kills} / ${m.deaths}`));
}

/** Offers a value as a file to keep. */
function download(value: object, name: string): void {
  const link = h("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function profileScreen(state: PageState, actions: Actions, id: string, back: () => void): Screen {
  const own = id === state.who?.id;
  const { account } = actions;
  const name = h("h2", { id: "profile-name" }, own ? state.who!.name : "\u2026");
  const since = h("span", { class: "soft" });
  const totals = h("div", { class: "figures" });
  const rows = h("div", { class: "table-rows" }, h("p", { class: "empty" }, "Asking the server\u2026"));
  const el = h("section", { class: "screen centered" });

  const failed = (error: unknown): void => actions.toast(words(error), true);
  const guarded = (work: () => Promise<void>) => (): void => {
    actions.click();
    work().catch(failed);
  };
  const more = async (cursor: string, before: HTMLElement[]): Promise<void> => {
    const page = await account.ask.history(id, cursor, MATCHES);
    const all = [...before, ...page.matches.map(matchRow)];
    rows.replaceChildren(...(all.length > 0 ? all : [h("p", { class: "empty" }, "No match yet.")]));
    if (page.next) rows.append(button("older matches", "quiet", guarded(() => more(page.next, all)), { id: "older" }));
  };
  const load = async (): Promise<void> => {
    const profile = await account.ask.profile(id);
    name.textContent = profile.displayName;
    since.textContent = `since ${date(profile.createdAt)}`;
    totals.replaceChildren(...figures(profile));
    await more("", []);
  };
  const confirmErase = (): void => {
    const erase = button("DELETE FOR GOOD", "danger", guarded(() => account.erase()), { id: "erase-now" });
    const veil = h("div", { class: "veil" }, h("div", { class: "panel small" },
      h("h2", {}, "DELETE ACCOUNT?"), h("p", { class: "soft" }, "Name, e-mail and statistics go. Your matches stay, without your name."),
      h("div", { class: "stack" }, erase, button("KEEP IT", "primary", () => veil.remove(), { id: "keep" }))));
    el.append(veil);
  };
  const ownButtons = [
    button("Delete account", "quiet", confirmErase, { id: "erase" }),
    button("My data", "quiet", guarded(async () => download(await account.ask.export(), "trespasser-player.json")), { id: "export" }),
    button("LOG OUT", "plain", guarded(() => account.logout()), { id: "logout" }),
  ];
  el.append(h("div", { class: "panel wide" },
    h("div", { class: "panel-head" }, name, since), totals,
    h("div", { class: "table-head played" }, h("i", { class: "chip none" }), h("span", { class: "day" }, "DAY"), h("span", { class: "grow" }, "MAP"), h("span", {}, "RESULT"),
      h("span", { class: "number" }, "SCORE"), h("span", { class: "number" }, "K / D")),
    rows, h("div", { class: "actions" }, button("BACK", "quiet", back, { id: "back" }), ...(own ? ownButtons : []))));
  load().catch((error) => rows.replaceChildren(h("p", { class: "empty" }, words(error))));
  return { el };
}
