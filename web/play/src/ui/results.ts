// After a match: who won, who did what, and what comes next. And the same table during the match, on Tab.

import type { MatchModel } from "@trespasser/common/match_model";
import type { Team } from "@trespasser/common/weapons";
import { button, h } from "./dom";
import { type Reporter, reporter } from "./report";
import type { Actions, PageState, Screen } from "./screen";

export interface ScoreRow {
  id: string;
  name: string;
  team: Team;
  kills: number;
  deaths: number;
  score: number;
  bot: boolean;
}

const REASONS: Record<string, string> = {
  score_limit: "kill limit reached", time_limit: "time is up", forfeit: "the other team left", aborted: "match ended",
};

function scoreRow(r: ScoreRow, selfId: string, reports?: Reporter): HTMLElement {
  const report = reports && !r.bot && r.id !== selfId ? reports.cell(r.id, r.name) : null;
  return h("div", { class: `score-row ${r.id === selfId ? "mine" : ""}` },
    h("span", { class: "grow" }, r.name, r.bot ? h("span", { class: "soft" }, " bot") : null), report,
    h("span", {}, r.kills), h("span", {}, r.deaths), h("span", { class: "wide-cell" }, r.score));
}

function teamTable(team: Team, rows: ScoreRow[], total: number, selfId: string, reports?: Reporter): HTMLElement {
  const sorted = [...rows].sort((a, b) => b.score - a.score || b.kills - a.kills);
  return h("div", { class: `team-table ${team}` },
    h("div", { class: "team-head" }, h("b", {}, team.toUpperCase()), h("span", { class: "team-total" }, total)),
    h("div", { class: "score-row head" }, h("span", { class: "grow" }, ""), h("span", {}, "K"), h("span", {}, "D"), h("span", { class: "wide-cell" }, "SCORE")),
    ...sorted.map((r) => scoreRow(r, selfId, reports)));
}

function tables(rows: ScoreRow[], red: number, blue: number, selfId: string, reports?: Reporter): HTMLElement {
  return h("div", { class: "team-tables" },
    teamTable("red", rows.filter((r) => r.team === "red"), red, selfId, reports),
    teamTable("blue", rows.filter((r) => r.team === "blue"), blue, selfId, reports));
}

export function liveScores(model: MatchModel): HTMLElement {
  const rows = [...model.actors.values()].map((a) => ({
    id: a.id, name: a.name || model.nameOf(a.id), team: a.team, kills: a.kills, deaths: a.deaths, score: 100 * a.kills - 50 * a.deaths, bot: a.bot,
  }));
  return h("div", { class: "panel scores over" }, tables(rows, model.scores.red, model.scores.blue, model.selfId));
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function resultsScreen(state: PageState, actions: Actions, model: MatchModel): Screen {
  const head = h("div", { class: "verdict" });
  const body = h("div", {});
  const vote = h("div", { class: "vote" });
  const left = h("span", { class: "soft", id: "vote-clock" });

  const reports = reporter(actions, () => update());
  const rows = (): ScoreRow[] => {
    const isBot = (id: string): boolean => model.isBot(id);
    if (state.scoreboard) {
      return state.scoreboard.playerStats.map((p) => ({ id: p.playerId, name: p.displayName, team: p.team, kills: p.kills, deaths: p.deaths, score: p.score, bot: isBot(p.playerId) }));
    }
    return (state.ended?.playerStats ?? []).map((p) => ({ id: p.playerId, name: p.playerName, team: p.team, kills: p.kills, deaths: p.deaths, score: 100 * p.kills - 50 * p.deaths, bot: isBot(p.playerId) }));
  };
  const update = (): void => {
    const { ended, scoreboard } = state;
    const winner = scoreboard ? scoreboard.results.winner : (ended?.winnerTeam ?? null);
    const team = winner === "red" || winner === "blue" ? winner : null;
    head.className = `verdict ${team ?? "draw"}`;
    const mine = team !== null && team === model.self.team;
    const reason = scoreboard ? REASONS[scoreboard.results.reason] ?? "" : "";
    const duration = scoreboard?.results.duration ?? ended?.duration ?? 0;
    head.replaceChildren(
      h("h2", { id: "verdict" }, team ? `${team.toUpperCase()} TEAM WINS` : "DRAW"),
      h("p", { class: "soft" }, [team ? (mine ? "Victory" : "Defeat") : "", reason, clock(duration)].filter(Boolean).join(" \u00b7 ")));
    const red = scoreboard?.results.finalScores.red ?? ended?.redKills ?? 0;
    const blue = scoreboard?.results.finalScores.blue ?? ended?.blueKills ?? 0;
    body.replaceChildren(tables(rows(), red, blue, state.selfId, reports));
    renderVote();
  };
  const renderVote = (): void => {
    const v = state.vote;
    if (!v) {
      vote.replaceChildren(h("span", { class: "soft" }, "The vote opens in a moment\u2026"));
      return;
    }
    if (v.result) {
      const label = v.options.find((o) => o.id === v.result)?.label ?? v.result;
      vote.replaceChildren(h("b", {}, `Next: ${label}`));
      return;
    }
    vote.replaceChildren(...v.options.map((o) => {
      const n = v.tallies[o.id] ?? 0;
      return h("button", {
        type: "button", class: `button ballot ${v.mine === o.id ? "on" : ""}`, data: { vote: o.id },
        on: { click: () => actions.vote(o.id) },
      }, o.label, h("span", { class: "tally" }, n > 0 ? String(n) : ""));
    }));
  };
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel results" }, head, body,
      h("div", { class: "vote-head" }, h("span", { class: "row-name" }, "WHAT NEXT?"), left), vote,
      h("div", { class: "actions" }, button("TO THE MENU", "quiet", actions.leave, { id: "leave" }))));
  update();
  return {
    el,
    update,
    tick: (now) => {
      const v = state.vote;
      const text = v && !v.result ? `${Math.max(0, Math.ceil((v.endsAt - now) / 1000))} s` : "";
      if (left.textContent !== text) left.textContent = text;
    },
  };
}
