// Who plays best, by four measures; a row leads to the player.

import type { Leaderboard, Order } from "../account/api";
import { words } from "../account/api";
import { button, h } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

const ROWS = 10;
const ORDERS: [Order, string][] = [["wins", "wins"], ["kills", "kills"], ["ratio", "ratio"], ["rating", "rating"]];

const NOBODY: Record<Order, string> = {
  wins: "Nobody has finished a match yet.", kills: "Nobody has finished a match yet.",
  ratio: "Nobody has played five matches yet.", rating: "Nobody has met another account in a match yet.",
};

/** What was looked at last, so that the way back from a player leads there. */
const place: { by: Order; page: number } = { by: "wins", page: 0 };

export function leaderboardScreen(state: PageState, actions: Actions): Screen {
  const rows = h("div", { class: "table-rows board" });
  const tabs = h("div", { class: "teams" });
  const position = h("span", { class: "soft" });
  const turn = (by: number): void => {
    actions.click();
    place.page += by;
    void load();
  };
  const before = button("<", "quiet", () => turn(-1), { id: "page-before", label: "page before" });
  const after = button(">", "quiet", () => turn(1), { id: "page-after", label: "next page" });
  const cell = (value: string | number, by: Order): HTMLElement => h("span", { class: `number ${place.by === by ? "lead" : ""}` }, value);
  const row = (p: Leaderboard["players"][number]): HTMLElement =>
    h("button", { type: "button", class: `table-row ${p.id === state.who?.id ? "selected" : ""}`, data: { player: p.id }, on: { click: () => actions.account.show(p.id) } },
      h("span", { class: "rank" }, p.rank), h("span", { class: "grow" }, p.displayName),
      cell(p.stats.wins, "wins"), cell(p.stats.kills, "kills"), cell(p.stats.killRatio.toFixed(2), "ratio"), cell(Math.round(p.stats.rating), "rating"));
  const note = (text: string): void => rows.replaceChildren(h("p", { class: "empty" }, text));

  const load = async (): Promise<void> => {
    const { by, page } = place;
    tabs.replaceChildren(...ORDERS.map(([order, text]) => button(text, "quiet", () => {
      Object.assign(place, { by: order, page: 0 });
      actions.click();
      void load();
    }, { class: order === by ? "on" : "", data: { order } })));
    before.disabled = after.disabled = true;
    try {
      const board = await actions.account.ask.leaderboard(by, page, ROWS);
      if (by !== place.by || page !== place.page) return;  // asked for another one meanwhile
      if (board.players.length > 0) rows.replaceChildren(...board.players.map(row));
      else note(NOBODY[by]);
      before.disabled = page === 0;
      after.disabled = !board.more;
      position.textContent = `page ${page + 1}`;
    } catch (error) {
      note(words(error));
    }
  };
  note("Asking the server\u2026");
  void load();
  const heads = ["WINS", "KILLS", "RATIO", "RATING"].map((text) => h("span", { class: "number" }, text));
  return {
    el: h("section", { class: "screen centered" },
      h("div", { class: "panel wide" },
        h("div", { class: "panel-head" }, h("h2", {}, "LEADERBOARD"), tabs),
        h("div", { class: "table-head" }, h("span", { class: "rank" }, "#"), h("span", { class: "grow" }, "PLAYER"), ...heads),
        rows,
        h("div", { class: "actions" }, button("BACK", "quiet", () => actions.go("menu"), { id: "back" }), h("span", { class: "pager" }, before, position, after)))),
  };
}
