// Bans and mutes, chat, suspicious actions, the audit log: lists that go backwards a page at a time.

import { get, post } from "../api";
import { watch } from "../clip";
import type { AuditEntry, ChatLine, Me, NamedSuspicion, Sanction, Suspicion } from "../types";
import { ago, ask, attempt, button, exact, field, fill, h, isolated, link, named, table, tag, toast } from "../ui";
import type { Child, Column, Page } from "../ui";

const SIZE = 50;

/** A list of numbered rows, newest first, with a button for older ones. */
function backwards<T extends { number: number }>(caption: string, columns: Column<T>[], empty: string, fetchRows: (before: number | undefined) => Promise<T[]>): { element: HTMLElement; reload: () => void } {
  const place = h("div", {});
  let rows: T[] = [];
  let run = 0;
  const more = async (): Promise<void> => {
    const mine = run;
    const next = await fetchRows(rows[rows.length - 1]?.number);
    if (mine !== run) return;
    rows = [...rows, ...next];
    place.replaceChildren(table(caption, columns, rows, empty), ...(next.length === SIZE ? [button("Older", () => attempt(more))] : []));
  };
  const reload = (): void => {
    run += 1;
    rows = [];
    void fill(place, more);
  };
  reload();
  return { element: place, reload };
}

function search(name: string, changed: (text: string) => void, placeholder: string): HTMLElement {
  const input = h("input", { type: "search", placeholder, maxlength: 64, autocomplete: "off" });
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => changed(input.value.trim()), 250);
  });
  return field(name, input);
}

export function sanctionColumns(lift?: (row: Sanction) => Child): Column<Sanction>[] {
  return [
    { name: "Who", of: (row) => (row.playerId ? link(row.name ?? row.playerId, `player/${row.playerId}`) : h("span", {}, "guests of ", h("code", {}, row.address ?? ""))) },
    { name: "Reason", of: (row) => h("bdi", {}, row.reason) },
    { name: "By", of: (row) => named(row.byName ?? row.by) },
    { name: "Since", of: (row) => ago(row.createdAt) },
    { name: "Until", of: (row) => (row.endsAt ? ago(row.endsAt) : "for good") },
    { name: "State", of: (row) => (row.inForce ? tag("in force", "bad") : tag(row.liftedAt ? "lifted" : "over")) },
    ...(lift ? [{ name: "", of: lift }] : []),
  ];
}

export function bansPage(me: Me): Page {
  let state = "active";
  const may = me.role !== "viewer";
  const list = (kind: "bans" | "mutes"): ReturnType<typeof backwards<Sanction>> => {
    const lift = (row: Sanction): Child => row.inForce && button("Lift", () => ask(`Lift the ${kind.slice(0, -1)} of ${isolated(row.name ?? row.address ?? "this player")}`, "Lift", { reasons: ["Mistake", "Appeal granted"] }, async ({ reason }) => {
      await post(`${kind}/${row.number}/lift`, { reason });
      toast("Lifted.");
      lists.forEach((each) => each.reload());
    }), "small");
    return backwards<Sanction>(kind, sanctionColumns(may ? lift : undefined), `No ${kind}.`,
      async (before) => (await get<Record<string, Sanction[]>>(kind, { before, size: SIZE, state }))[kind]!);
  };
  const lists = [list("bans"), list("mutes")];
  const all = h("input", { type: "checkbox" });
  all.addEventListener("change", () => {
    state = all.checked ? "all" : "active";
    lists.forEach((each) => each.reload());
  });
  return {
    title: "Bans and mutes",
    element: h("div", { class: "stack" }, h("label", { class: "check" }, all, "Also those that are over"),
      h("section", {}, h("h2", {}, "Bans"), lists[0]!.element), h("section", {}, h("h2", {}, "Mutes"), lists[1]!.element)),
  };
}

/** What is known of a suspicious action, whoever it was. */
export function suspicionColumns(): Column<Suspicion>[] {
  return [
    { name: "When", of: (row) => ago(row.happenedAt) }, { name: "Kind", of: (row) => row.kind },
    { name: "Times", number: true, of: (row) => row.found }, { name: "Score", number: true, of: (row) => row.score.toFixed(1) },
    { name: "Evidence", of: (row) => h("code", {}, JSON.stringify(row.evidence)) },
    { name: "", of: (row) => row.matchId !== null && button("Watch", () => watch(row.matchId!, Math.max(0, (row.replayTick ?? 0) - 300)), "small") },
  ];
}

function guest(name: string): HTMLElement {
  return h("span", {}, named(name), " (guest)");
}

export function suspiciousPage(): Page {
  const list = backwards<NamedSuspicion>("Suspicious actions", [
    { name: "Who", of: (row) => (row.playerId ? link(row.name || row.playerId, `player/${row.playerId}`) : guest(row.name)) },
    ...suspicionColumns(),
  ], "Nothing was found.", async (before) => (await get<{ events: NamedSuspicion[] }>("suspicious", { before, size: SIZE })).events);
  return {
    title: "Suspicious actions",
    element: h("div", { class: "stack" }, h("p", { class: "soft" }, "What detectors found, of guests for 30 days, of accounts for 90."), list.element),
  };
}

export function chatPage(_me: Me, part: string): Page {
  let text = "";
  const list = backwards<ChatLine>("Chat", [
    { name: "When", of: (row) => exact(row.saidAt) },
    { name: "Who", of: (row) => (row.playerId ? link(row.speaker, `player/${row.playerId}`) : guest(row.speaker)) },
    { name: "Said", of: (row) => h("span", { class: "said" }, h("bdi", {}, row.text), " ", row.filtered && tag("filtered", "warn")) },
    { name: "Channel", of: (row) => row.channel },
    { name: "Lobby", of: (row) => link(row.lobbyId, `chat/lobby:${row.lobbyId}`) },
  ], "Nothing was said.", async (before) => (await get<{ lines: ChatLine[] }>("chat", {
    before, size: SIZE, search: text, ...(part.startsWith("lobby:") ? { lobby: part.slice(6) } : part ? { player: part } : {}),
  })).lines);
  const what = part.startsWith("lobby:") ? `Of lobby ${part.slice(6)}. ` : part ? "Of one player. " : "";
  return {
    title: "Chat",
    element: h("div", { class: "stack" }, h("div", { class: "row" }, search("Text", (wanted) => { text = wanted; list.reload(); }, "part of what was said")),
      h("p", { class: "soft" }, `${what}As it was typed; kept for 30 days. `, part ? link("All chat", "chat") : ""), list.element),
  };
}

type State = Record<string, unknown>;
const stateOf = (value: unknown): State => (value !== null && typeof value === "object" ? (value as State) : {});
const shown = (value: unknown): string => (value === undefined || value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value));

/** What changed, by name; opened, from what to what, and what stayed as it was. */
function difference(row: AuditEntry): Child {
  if (row.before === null && row.after === null) return "";
  const [before, after] = [stateOf(row.before), stateOf(row.after)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null));
  const summary = row.before === null ? "made" : row.after === null ? "gone" : changed.join(", ") || "nothing";
  const line = (key: string): HTMLElement => h("tr", { class: changed.includes(key) ? "changed" : undefined }, h("th", { scope: "row" }, key), h("td", {}, h("bdi", {}, shown(before[key]))), h("td", {}, h("bdi", {}, shown(after[key]))));
  return h("details", {}, h("summary", {}, summary),
    h("table", { class: "difference" }, h("thead", {}, h("tr", {}, h("th", {}), h("th", { scope: "col" }, "before"), h("th", { scope: "col" }, "after"))), h("tbody", {}, ...keys.map(line))));
}

function target(text: string): Child {
  const [kind, id = ""] = text.split(" ");
  return kind === "player" ? link(`player ${id.slice(0, 8)}`, `player/${id}`) : text;
}

export function auditPage(_me: Me, part: string): Page {
  let action = "";
  const [actor, about] = part.startsWith("by:") ? [part.slice(3), ""] : ["", part];
  const list = backwards<AuditEntry>("Audit log", [
    { name: "When", of: (row) => exact(row.doneAt) },
    { name: "Who", of: (row) => h("span", { class: "tags" }, row.actorId ? link(row.actor, `player/${row.actorId}`) : named(row.actor), row.role && tag(row.role, row.role)) },
    { name: "What", of: (row) => tag(row.action, row.action) },
    { name: "To whom", of: (row) => target(row.target) },
    { name: "Why", of: (row) => h("bdi", {}, row.reason) },
    { name: "From", of: (row) => h("code", {}, row.address) },
    { name: "Change", of: difference },
  ], "Nothing was done.", async (before) => (await get<{ entries: AuditEntry[] }>("audit", { before, size: SIZE, action, actor, target: about })).entries);
  const actions = ["", "ban", "unban", "mute", "unmute", "kick", "claim_report", "close_report", "role", "close_lobby", "drain", "factor_begin", "factor_enrol", "factor_reset", "sign_in", "sign_in_recovery", "sign_in_refused", "sign_out"];
  const choice = h("select", {}, ...actions.map((each) => h("option", { value: each }, each || "everything")));
  choice.addEventListener("change", () => {
    action = choice.value;
    list.reload();
  });
  return { title: "Audit log", element: h("div", { class: "stack" }, h("div", { class: "row" }, field("Action", choice), part ? h("p", { class: "soft" }, actor ? "Done by one player. " : `About ${about}. `, link("Everything", "audit")) : null), list.element) };
}
