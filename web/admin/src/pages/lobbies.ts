// The lobbies of all nodes, and a look into one while it plays.

import { ARENA_HEIGHT, ARENA_WIDTH } from "@trespasser/common/geometry";
import type { FilmWall } from "@trespasser/common/film";
import { wholeWalls } from "@trespasser/common/film";
import type { Spectacle } from "@trespasser/common/match_model";
import { MatchModel } from "@trespasser/common/match_model";
import { Scene, sceneSpectacle } from "@trespasser/common/scene";
import { ban, kick, mute } from "../actions";
import { get, post, Problem } from "../api";
import type { LobbyRow, LobbyView, Me } from "../types";
import { ago, ask, button, every, field, h, link, named, redraw, table, tag, toast } from "../ui";
import type { Page } from "../ui";

const LOOK_MS = 250;
const TICK_MS = 1000 / 60;

function closeButton(lobby: { id: string }, done: () => void): HTMLElement {
  return button("Close", () => ask(`Close lobby ${lobby.id}`, "Close the lobby", { danger: true, about: "Its match ends without a result; its players are told, and free to go elsewhere.", reasons: ["Abuse", "Stuck"] }, async ({ reason }) => {
    await post(`lobbies/${encodeURIComponent(lobby.id)}/close`, { reason });
    toast(`${lobby.id} is closed; its players were told.`);
    done();
  }), "danger small");
}

function statusTag(status: string): HTMLElement {
  return tag(status, status === "playing" ? "good" : status === "finished" ? "" : "warn");
}

export function lobbiesPage(me: Me): Page {
  const place = h("div", {});
  const count = h("p", { class: "soft" });
  const input = h("input", { type: "search", maxlength: 64, placeholder: "id, code, mode, map or node", autocomplete: "off" });
  const status = h("select", {}, ...[["", "all"], ["waiting", "waiting"], ["playing", "playing"], ["finished", "finished"]].map(([value, name]) => h("option", { value }, name!)));
  const draw = async (): Promise<void> => {
    const { lobbies, found } = await get<{ lobbies: LobbyRow[]; found: number }>("lobbies", { search: input.value.trim(), status: status.value, size: 100 });
    count.textContent = found > lobbies.length ? `${lobbies.length} of ${found}` : `${found} found`;
    redraw(place, table("Lobbies", [
      { name: "Lobby", of: (row: LobbyRow) => link(row.id, `lobby/${row.id}`) },
      { name: "Status", of: (row) => statusTag(row.status) },
      { name: "Node", of: (row) => row.node }, { name: "Mode", of: (row) => row.mode }, { name: "Map", of: (row) => row.map },
      { name: "People", number: true, of: (row) => `${row.players} / ${row.maxPlayers}` }, { name: "Bots", number: true, of: (row) => row.bots },
      { name: "", of: (row) => h("span", { class: "tags" }, row.private && tag("private"), row.password && tag("password")) },
      { name: "Made", of: (row) => ago(row.createdAt) },
      ...(me.role === "admin" ? [{ name: "", of: (row: LobbyRow) => closeButton(row, () => undefined) }] : []),
    ], lobbies, "No lobby now.", { key: (row) => row.id }));
  };
  input.addEventListener("input", () => void draw());
  status.addEventListener("change", () => void draw());
  return { title: "Lobbies", element: h("div", { class: "stack" }, h("div", { class: "row" }, field("Search", input), field("Status", status), count), place), leave: every(2000, draw) };
}

/** A live match from above: looked at a few times a second, drawn smoothly in between. */
class Onlooker {
  readonly canvas = h("canvas", { width: ARENA_WIDTH, height: ARENA_HEIGHT, class: "arena", role: "img", "aria-label": "The match from above" });
  private readonly scene: Scene;
  readonly model: MatchModel;
  private match = "";
  private lastTick = -1;
  private running = true;
  private last = performance.now();

  constructor() {
    const quiet = (): void => undefined;
    const show = sceneSpectacle(() => this.scene.effects);
    const spectacle: Spectacle = { ...show, fired: quiet, thrown: quiet, hitMarker: quiet, reloaded: quiet, blinded: quiet, wounded: quiet };
    this.model = new MatchModel(spectacle);
    this.scene = new Scene(this.model);
    const ctx = this.canvas.getContext("2d", { alpha: false })!;
    const frame = (now: number): void => {
      if (!this.running) return;
      this.scene.draw(ctx, now, Math.min(100, now - this.last) / 1000, null);
      this.last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  show(match: NonNullable<LobbyView["view"]["match"]>): void {
    const now = performance.now();
    const which = `${match.map}/${Object.keys(match.walls).length}`;
    if (which !== this.match || match.tick < this.lastTick) {
      this.match = which;
      this.model.reset(now);
      this.scene.reset();
      this.model.apply("game:state", { players: {}, walls: wholeWalls(match.walls as Record<string, FilmWall>), timestamp: 0 }, now);
    }
    this.lastTick = match.tick;
    this.model.apply("game:state", { players: match.players, walls: match.walls, smokeZones: match.smokeZones, timestamp: match.tick * TICK_MS, scores: { red: match.red, blue: match.blue } }, now);
    const flying = new Set(match.projectiles.map((each) => String(each.id)));
    for (const id of this.model.projectiles.keys()) if (!flying.has(id)) this.model.projectiles.delete(id);
    for (const { id, type, position } of match.projectiles) {
      this.model.apply(this.model.projectiles.has(String(id)) ? "projectile:updated" : "projectile:created", { id: String(id), type, position }, now);
    }
  }

  end(): void {
    this.running = false;
  }
}

export function watchPage(me: Me, part: string): Page {
  const [id = "", sought] = part.split("/");  // the lobby, and perhaps the account that is looked for
  const onlooker = new Onlooker();
  const facts = h("div", { class: "row" });
  const people = h("div", {});
  const words = h("p", { class: "soft", role: "status" }, "Looking…");
  const acts = me.role === "admin" ? h("div", { class: "row" }, closeButton({ id }, () => (location.hash = "#/lobbies"))) : null;
  const seatActs = (seat: LobbyView["view"]["seats"][number]): HTMLElement | "" => {
    if (seat.bot) return "";
    const who = { id: seat.id, name: seat.name, path: `lobbies/${encodeURIComponent(id)}`, extra: { player: seat.id } };
    const done = (): void => undefined;  // the next look shows it
    return h("span", { class: "acts" }, button("Kick", () => kick(who, done), "small"), button("Mute", () => mute(who, done), "small"), button("Ban", () => ban(who, done), "danger small"));
  };
  const stop = every(LOOK_MS, async () => {
    let told: LobbyView;
    try {
      told = await get<LobbyView>(`lobbies/${encodeURIComponent(id)}/view`);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      stop();
      words.replaceChildren("This lobby is over. ", link("All lobbies", "lobbies"));
      for (const part of [facts, people]) part.replaceChildren();
      acts?.remove();
      onlooker.canvas.hidden = true;
      return;
    }
    const { match, seats } = told.view;
    onlooker.canvas.hidden = !match;
    words.textContent = match ? "" : "No match is played here now.";
    if (match) onlooker.show(match);
    facts.replaceChildren(...[statusTag(told.lobby.status), h("span", {}, `${told.lobby.mode} on ${match?.map ?? told.lobby.map}`), h("span", { class: "soft" }, `at node ${told.lobby.node}`), told.lobby.private && tag("private"),
      h("strong", { class: "score" }, h("span", { class: "red" }, match?.red ?? 0), " : ", h("span", { class: "blue" }, match?.blue ?? 0))].filter((each) => each !== false));
    redraw(people, table("People", [
      { name: "Name", of: (seat: LobbyView["view"]["seats"][number]) => h("span", {}, seat.account ? link(seat.name, `player/${seat.account}`) : named(seat.name), " ", seat.bot ? tag("bot") : seat.account === null && tag("guest"), !seat.connected && !seat.bot && tag("line is down", "warn")) },
      { name: "Team", of: (seat) => { const team = match?.players[seat.id]?.team; return team ? tag(team, team) : ""; } },
      { name: "Health", number: true, of: (seat) => match?.players[seat.id]?.health ?? "" },
      { name: "Holds", of: (seat) => match?.players[seat.id]?.weaponType ?? "" },
      { name: "K/D", number: true, of: (seat) => { const p = match?.players[seat.id]; return p ? `${p.kills} / ${p.deaths}` : ""; } },
      ...(me.role === "viewer" ? [] : [{ name: "", of: seatActs }]),
    ], seats, "Nobody sits here.", { look: (seat) => (sought !== undefined && seat.account === sought ? "sought" : ""), key: (seat) => JSON.stringify([seat.id, seat.name]) }));
  });
  Object.defineProperty(window, "__onlooker", { value: onlooker, configurable: true });
  return {
    title: `Lobby ${id}`,
    element: h("div", { class: "stack" }, facts, acts, words, h("div", { class: "split watch" }, onlooker.canvas, people)),
    leave: () => {
      stop();
      onlooker.end();
    },
  };
}
