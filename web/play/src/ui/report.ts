// Reporting a player from the table of results: a small button by his name, which opens the reasons.

import { button, h } from "./dom";
import type { Actions } from "./screen";

/** As the server knows them, and as they are shown. */
const REASONS = [
  ["cheating", "cheating"], ["abusive_chat", "chat"], ["offensive_name", "name"], ["griefing", "griefing"], ["afk", "away"], ["other", "other"],
] as const;

export interface Reporter {
  /** What stands in the row of that player; null: nothing can be said of him. */
  cell(id: string, name: string): HTMLElement | null;
}

/** Remembers who was reported, and whose reasons are open; `changed` draws the table again. */
export function reporter(actions: Actions, changed: () => void): Reporter {
  const reported = new Set<string>();
  let open: string | null = null;
  const choose = (id: string, reason: string): void => {
    reported.add(id);
    open = null;
    actions.report(id, reason);
    changed();
  };
  return {
    cell: (id, name) => {
      if (reported.has(id)) return h("div", { class: "report soft" }, "reported");
      if (open !== id) {
        return h("div", { class: "report" }, button("report", "quiet", () => {
          open = id;
          changed();
        }, { label: `Report ${name}`, data: { report: id } }));
      }
      return h("div", { class: "report open" },
        ...REASONS.map(([reason, label]) => button(label, "quiet", () => choose(id, reason), { data: { reason } })),
        button("x", "quiet", () => {
          open = null;
          changed();
        }, { label: "Do not report" }));
    },
  };
}
