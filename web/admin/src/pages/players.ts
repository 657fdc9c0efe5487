// Finding players, and one player's file: statistics, matches with replays, reports, suspicious actions, sanctions.

import { ban, kick, mute, unban, unmute } from "../actions";
import { get, post } from "../api";
import { watch } from "../clip";
import type { Me, Person, PersonFile, PlayedMatch, Report, RoleName, Suspicion, Whereabouts } from "../types";
import { ago, ask, button, every, exact, field, fill, h, isolated, link, named, table, tag, toast } from "../ui";
import type { Page } from "../ui";
import { sanctionColumns, suspicionColumns } from "./logs";

const WHERE_MS = 4000;

function states(person: Person): HTMLElement {
  return h("span", { class: "tags" }, person.role !== "none" && tag(person.role, person.role), person.banned && tag("banned", "bad"), person.muted && tag("muted", "warn"));
}

export function playersPage(_me: Me): Page {
  const place = h("div", {});
  const input = h("input", { type: "search", maxlength: 64, autocomplete: "off", placeholder: "part of a name, or an id" });
  const only = h("select", {}, ...[["", "all"], ["reported", "reported"], ["banned", "banned"]].map(([value, name]) => h("option", { value }, name!)));
  let asked = 0;
  const draw = (): Promise<boolean> => fill(place, async () => {
    const mine = ++asked;
    const { players } = await get<{ players: Person[] }>("players", { search: input.value.trim(), only: only.value });
    if (mine !== asked) return;
    place.replaceChildren(table("Players", [
      { name: "Name", of: (row: Person) => link(row.name, `player/${row.id}`) },
      { name: "", of: states },
      { name: "Open reports", number: true, of: (row) => row.openReports || "" },
      { name: "Suspicion", number: true, of: (row) => (row.suspicion ? row.suspicion.toFixed(1) : "") },
      { name: "Matches", number: true, of: (row) => row.matches },
      { name: "K/D", number: true, of: (row) => (row.kills / Math.max(1, row.deaths)).toFixed(2) },
      { name: "Last sign-in", of: (row) => ago(row.lastLogin) },
      { name: "Registered", of: (row) => ago(row.createdAt) },
    ], players, "Nobody is called so.", { open: (row) => (location.hash = `#/player/${row.id}`) }));
  });
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void draw(), 250);
  });
  only.addEventListener("change", () => void draw());
  const slash = (event: KeyboardEvent): void => {
    if (event.key !== "/" || document.activeElement === input) return;
    event.preventDefault();
    input.focus();
  };
  window.addEventListener("keydown", slash);
  void draw();
  return {
    title: "Players",
    element: h("div", { class: "stack" }, h("div", { class: "row" }, field("Search ( / )", input), field("Only", only)), place),
    leave: () => window.removeEventListener("keydown", slash),
  };
}

const ROLES: RoleName[] = ["none", "viewer", "moderator", "admin"];

function roleForm(person: Person, done: () => void): HTMLElement {
  const choice = h("select", {}, ...ROLES.map((role) => h("option", { value: role, selected: role === person.role }, role)));
  choice.addEventListener("change", () => {
    const role = choice.value;
    choice.value = person.role;
    ask(`Make ${isolated(person.name)} ${role === "none" ? "no staff" : role}`, "Change the role", { danger: true, reasons: ["Joined the team", "Left the team"] }, async ({ reason }) => {
      await post(`players/${person.id}/role`, { role, reason });
      toast(`${isolated(person.name)} is ${role === "none" ? "no staff" : role} now.`);
      done();
    });
  });
  return field("Role", choice);
}

/** Why this caller may not act on somebody; "" = he may. The server has the last word. */
function barred(me: Me, person: Person): string {
  if (person.id === me.id) return "Nobody acts on himself.";
  const rank = ROLES.indexOf(person.role);
  return rank > 0 && rank >= ROLES.indexOf(me.role) ? "Only somebody of a higher rank may do this." : "";
}

/** Where the player is just now, with the way to look. */
function whereabouts(place: HTMLElement, id: string): () => void {
  let told = "";
  return every(WHERE_MS, async () => {
    const { lobby, silent } = await get<Whereabouts>(`players/${encodeURIComponent(id)}/lobby`);
    const news = JSON.stringify([lobby?.id, lobby?.status, silent]);
    if (news === told) return;  // do not pull the button from under the keyboard
    told = news;
    const quiet = silent.length > 0 ? `${silent.join(", ")} does not answer: the player may be there.` : "";
    if (!lobby) place.replaceChildren(h("span", { class: "soft" }, quiet || "Not in a lobby now."));
    else place.replaceChildren(tag(lobby.status, lobby.status === "playing" ? "good" : "warn"), h("span", {}, `in a lobby: ${lobby.mode} on ${lobby.map}, node ${lobby.node}`), button("Watch", () => (location.hash = `#/lobby/${lobby.id}/${id}`), "primary"));
  });
}

export function playerPage(me: Me, id: string): Page {
  const place = h("div", { class: "stack" });
  const now = h("div", { class: "row", id: "now", role: "status" });
  const may = me.role !== "viewer";
  let stop: (() => void) | null = null;
  let left = false;
  const draw = (): Promise<boolean> => fill(place, async () => {
    const path = `players/${encodeURIComponent(id)}`;
    const [file, { matches }, { events }, { reports }] = await Promise.all([
      get<PersonFile>(path), get<{ matches: PlayedMatch[] }>(`${path}/matches`, { size: 20 }),
      get<{ events: Suspicion[] }>(`${path}/suspicious`), get<{ reports: Report[] }>("reports", { player: id, state: "all" }),
    ]);
    if (left) return;
    const { player } = file;
    document.querySelector("#content > h1 > bdi")!.textContent = player.name;
    const why = barred(me, player);
    const only = why ? { disabled: true, title: why } : {};
    stop ??= whereabouts(now, id);
    const again = (): void => void draw();
    const fact = (name: string, value: Node | string | number): HTMLElement => h("div", { class: "card figure" }, h("dt", {}, name), h("dd", {}, value));
    place.replaceChildren(
      h("div", { class: "row" }, states(player), h("code", { class: "soft" }, player.id), link("Chat", `chat/${player.id}`), link("Done to this player", `audit/player ${player.id}`), player.role !== "none" && link("Done by this player", `audit/by:${player.id}`)),
      now,
      may ? h("div", { class: "row", id: "actions" },
        player.banned ? button("Unban", () => unban(player, again), "", only) : button("Ban", () => ban(player, again), "danger", only),
        player.muted ? button("Unmute", () => unmute(player, again), "", only) : button("Mute", () => mute(player, again), "", only),
        button("Kick", () => kick(player, again), "", only), why && h("span", { class: "soft" }, why), me.role === "admin" && player.id !== me.id ? roleForm(player, again) : null) : "",
      h("dl", { class: "figures" }, fact("Matches", player.matches), fact("Wins", player.wins), fact("Kills", player.kills), fact("Deaths", player.deaths),
        fact("Kills a death", (player.kills / Math.max(1, player.deaths)).toFixed(2)), fact("Suspicion, 30 days", player.suspicion.toFixed(1)),
        fact("Registered", ago(player.createdAt)), fact("Last sign-in", ago(player.lastLogin))),
      h("section", {}, h("h2", {}, "Reports about this player"), table("Reports", [
        { name: "When", of: (row: Report) => ago(row.createdAt) }, { name: "Reason", of: (row) => row.reason }, { name: "Note", of: (row) => h("bdi", {}, row.note) },
        { name: "By", of: (row) => (row.reporter.playerId ? link(row.reporter.name, `player/${row.reporter.playerId}`) : named(row.reporter.name)) },
        { name: "State", of: (row) => tag(row.verdict || "open", row.verdict ? "" : "warn") },
        { name: "", of: (row) => button("Watch the clip", () => watch(row.matchId, row.clip.fromTick), "small") },
      ], reports, "None.")),
      h("section", {}, h("h2", {}, "Suspicious actions"), table("Suspicious actions", suspicionColumns(), events, "None.")),
      h("section", {}, h("h2", {}, "Matches"), table("Matches", [
        { name: "Ended", of: (row: PlayedMatch) => exact(row.completedAt) }, { name: "Mode", of: (row) => row.mode }, { name: "Map", of: (row) => row.map },
        { name: "Team", of: (row) => tag(row.team, row.team) }, { name: "Score", of: (row) => `${row.redScore} : ${row.blueScore}` },
        { name: "K/D", number: true, of: (row) => `${row.kills} / ${row.deaths}` }, { name: "", of: (row) => (row.won ? tag("won", "good") : "") },
        { name: "", of: (row) => row.replay && button("Watch the replay", () => watch(row.matchId, 0), "small") },
      ], matches, "None yet.")),
      h("section", {}, h("h2", {}, "Bans"), table("Bans", sanctionColumns().slice(1), file.bans, "None.")),
      h("section", {}, h("h2", {}, "Mutes"), table("Mutes", sanctionColumns().slice(1), file.mutes, "None.")));
  });
  void draw();
  return { title: "Player", element: place, leave: () => {
    left = true;
    stop?.();
  } };
}
