// The queue of reports, worked through with the keyboard: j and k move, Enter or w watches the clip, c claims, n is the next
// one, a accepts, b bans and accepts, m mutes, x kicks, r rejects, ? shows the keys.

import { kick, mute } from "../actions";
import { get, post } from "../api";
import { watch } from "../clip";
import type { Me, Report } from "../types";
import { ago, ask, attempt, busyWithText, button, h, isolated, link, named, tag, toast } from "../ui";
import type { Page } from "../ui";

const KEYS: [string, string][] = [["j / k", "next and last report in the list"], ["n", "take the one that waits longest"], ["w, Enter", "watch the clip"],
  ["c", "claim"], ["b", "ban the player and accept"], ["m", "mute the player"], ["x", "kick the player"], ["a", "accept without a ban"], ["r", "reject"], ["p", "the player's page"], ["?", "this list"]];

/** Guests have no name of their own: what is done about them is done to their network. */
const nameOf = (row: Report): string => (row.target.playerId ? isolated(row.target.name) : `${isolated(row.target.name)} (guests of the network)`);

export function reportsPage(me: Me): Page {
  const may = me.role !== "viewer";
  const list = h("div", { class: "queue", role: "listbox", "aria-label": "Reports", tabindex: 0 });
  const detail = h("section", { class: "card detail", "aria-live": "polite" });
  const count = h("span", { class: "soft" });
  let rows: Report[] = [];
  let at = 0;

  const current = (): Report | undefined => rows[at];
  const taken = (row: Report): boolean => row.claimedBy !== null && row.claimedBy !== me.id && Date.parse(row.claimedAt ?? "") > Date.now() - 15 * 60_000;

  const draw = (): void => {
    at = Math.max(0, Math.min(at, rows.length - 1));
    list.replaceChildren(...rows.map((row, i) => h("div", {
      role: "option", id: `report-${row.number}`, class: "item", "aria-selected": i === at ? "true" : "false",
      click: () => { at = i; draw(); list.focus(); },
    }, h("strong", {}, named(row.target.name)), tag(row.reason), row.credible && tag("credible", "good"), taken(row) && tag("somebody else's", "warn"),
      row.claimedBy === me.id && tag("yours", "good"), h("span", { class: "soft" }, ago(row.createdAt)))));
    if (rows.length === 0) list.replaceChildren(h("p", { class: "empty" }, "The queue is empty."));
    const row = current();
    if (row) list.setAttribute("aria-activedescendant", `report-${row.number}`);
    document.getElementById(`report-${row?.number}`)?.scrollIntoView({ block: "nearest" });
    detail.replaceChildren(...(row ? details(row) : [h("p", { class: "empty" }, "Nothing to judge.")]));
  };

  const details = (row: Report): Node[] => [
    h("h2", {}, row.target.playerId ? link(row.target.name, `player/${row.target.playerId}`) : h("span", {}, named(row.target.name), " (guest)")),
    h("dl", { class: "pairs" }, h("dt", {}, "Reason"), h("dd", {}, row.reason), h("dt", {}, "Note"), h("dd", {}, h("bdi", {}, row.note || "none")),
      h("dt", {}, "Reported by"), h("dd", {}, row.reporter.playerId ? link(row.reporter.name, `player/${row.reporter.playerId}`) : h("span", {}, named(row.reporter.name), " (guest)"), row.credible ? " (credible)" : ""),
      h("dt", {}, "When"), h("dd", {}, ago(row.createdAt)), h("dt", {}, "Chat of the lobby"), h("dd", {}, link(row.lobbyId || "none", `chat/lobby:${row.lobbyId}`)),
      h("dt", {}, "Clip"), h("dd", {}, `${((row.clip.toTick - row.clip.fromTick) / 60).toFixed(0)} s before it`)),
    h("div", { class: "row" }, button("Watch the clip (w)", () => clip()), ...(may ? [button("Claim (c)", () => claim()), button("Ban (b)", () => ban(), "danger"), button("Mute (m)", () => sanction(mute)), button("Kick (x)", () => sanction(kick)),
      button("Accept (a)", () => judge("accept")), button("Reject (r)", () => judge("reject"))] : [])),
  ];

  const load = (): Promise<boolean> => attempt(async () => {
    const told = await get<{ reports: Report[]; open: number }>("reports", { size: 100 });
    const kept = current()?.number;
    rows = told.reports.sort((a, b) => a.number - b.number);
    const again = rows.findIndex((row) => row.number === kept);
    if (again >= 0) at = again;
    count.textContent = `${told.open} open`;
    draw();
  });

  const replace = (row: Report): void => {
    rows = rows.map((each) => (each.number === row.number ? row : each));
    draw();
  };
  const claim = (): Promise<boolean> => attempt(async () => {
    const row = current();
    if (row) replace((await post<{ report: Report }>(`reports/${row.number}/claim`)).report);
  });
  const clip = (): void => {
    const row = current();
    if (row) void watch(row.matchId, row.clip.fromTick);
  };
  const judge = (verdict: "accept" | "reject"): void => {
    const row = current();
    if (!row) return;
    ask(`${verdict === "accept" ? "Accept" : "Reject"} the report about ${isolated(row.target.name)}`, verdict === "accept" ? "Accept" : "Reject",
      { reasons: verdict === "accept" ? ["Seen in the clip"] : ["Nothing to be seen", "Not against the rules"] }, async ({ reason }) => {
        await post(`reports/${row.number}/${verdict}`, { reason });
        toast(`Report ${verdict}ed.`);
        await load();
      });
  };
  const ban = (): void => {
    const row = current();
    if (!row) return;
    ask(`Ban ${nameOf(row)} and accept the report`, "Ban", { durations: true, danger: true, told: true, about: "Claims the report, bans, and accepts the report for the same reason." }, async ({ reason, duration }) => {
      await post(`reports/${row.number}/claim`);
      await post(`reports/${row.number}/ban`, { reason, duration });
      await post(`reports/${row.number}/accept`, { reason });
      toast(`${nameOf(row)} is banned.`);
      await load();
    });
  };
  const sanction = (what: typeof mute): void => {
    const row = current();
    if (row) what({ id: row.target.key, name: nameOf(row), path: `reports/${row.number}` }, () => undefined);
  };
  const next = (): Promise<boolean> => attempt(async () => {
    const { report } = await post<{ report: Report | null }>("reports/next");
    await load();
    const found = rows.findIndex((row) => row.number === report?.number);
    if (found >= 0) at = found;
    draw();
  });
  const help = (): void => {
    const dialog = h("dialog", { "aria-label": "Keys" });
    dialog.append(h("h2", {}, "Keys"), h("dl", { class: "pairs" }, ...KEYS.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
      h("div", { class: "row end" }, button("Close", () => dialog.close(), "primary")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  const key = (event: KeyboardEvent): void => {
    if (busyWithText() || event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = document.activeElement instanceof HTMLButtonElement || document.activeElement instanceof HTMLAnchorElement;
    const acts: Record<string, () => unknown> = {
      j: () => { at += 1; draw(); }, ArrowDown: () => { at += 1; draw(); }, k: () => { at -= 1; draw(); }, ArrowUp: () => { at -= 1; draw(); }, w: clip,
      ...(onButton ? {} : { Enter: clip }), ...(may ? { m: () => sanction(mute), x: () => sanction(kick), c: claim, n: next, b: ban, a: () => judge("accept"), r: () => judge("reject") } : {}),
      p: () => { if (current()?.target.playerId) location.hash = `#/player/${current()!.target.playerId}`; }, "?": help,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  window.addEventListener("keydown", key);
  void load();
  const timer = setInterval(() => !document.hidden && !busyWithText() && void load(), 15_000);
  return {
    title: "Reports",
    element: h("div", { class: "stack" }, h("div", { class: "row" }, count, may && button("Next (n)", next, "primary"), button("Keys (?)", help, "quiet")), h("div", { class: "split" }, list, detail)),
    leave: () => {
      window.removeEventListener("keydown", key);
      clearInterval(timer);
    },
  };
}
