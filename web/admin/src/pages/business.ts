// How the game fares as a business: by day of UTC, the last 31, and what stands out of them.

import uPlot from "uplot";
import { get } from "../api";
import type { Business, BusinessDay, Me } from "../types";
import { ago, every, h, table } from "../ui";
import type { Page } from "../ui";

const REFRESH_MS = 60_000;

interface Line {
  name: string;
  color: string;
  /** null: not known (yet). */
  of: (day: BusinessDay) => number | null;
}

/** A chart of days, one point each. */
class DayChart {
  readonly element: HTMLElement;
  private readonly plot: uPlot;
  private readonly watcher: ResizeObserver;

  constructor(title: string, private readonly lines: Line[], unit: string, most?: number) {
    const place = h("div", { class: "plot" });
    this.element = h("figure", { class: "card chart" }, h("figcaption", {}, title), place);
    const axis = { stroke: "#a8b0cc", grid: { stroke: "#232941", width: 1 }, ticks: { stroke: "#3c4566", width: 1 }, font: "11px system-ui" };
    this.plot = new uPlot({
      width: 400, height: 170, cursor: { drag: { x: false, y: false } }, legend: { live: true }, tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
      scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, most ?? Math.max(1, (max ?? 0) * 1.1)] } },
      axes: [{ ...axis, size: 34, values: (_u, ticks) => ticks.map((tick) => new Date(tick * 1000).toISOString().slice(5, 10)) }, { ...axis, size: 58, values: (_u, ticks) => ticks.map((tick) => `${tick}${unit}`) }],
      series: [{ value: (_u, at) => (at ? new Date(at * 1000).toISOString().slice(0, 10) : "--") },
        ...lines.map((line) => ({ label: line.name, stroke: line.color, width: 1.5, points: { show: true, size: 4, fill: line.color }, value: (_u: uPlot, value: number | null) => (value === null || value === undefined ? "--" : `${Math.round(value * 10) / 10}${unit}`) }))],
    }, [[], ...lines.map(() => [])] as unknown as uPlot.AlignedData, place);
    this.watcher = new ResizeObserver(() => this.plot.setSize({ width: Math.max(200, place.clientWidth), height: 170 }));
    this.watcher.observe(place);
  }

  draw(days: readonly BusinessDay[]): void {
    this.plot.setData([days.map((day) => Date.parse(day.day) / 1000), ...this.lines.map((line) => days.map(line.of))] as uPlot.AlignedData);
    this.plot.setLegend({ idx: days.length - 1 });
  }

  end(): void {
    this.watcher.disconnect();
    this.plot.destroy();
  }
}

/** Of today those that are over, one at least. */
const hoursOf = (day: BusinessDay): number => Math.min(24, Math.max(1, (Date.now() - Date.parse(day.day)) / 3_600_000));
const share = (some: number | null, all: number): number | null => (some === null || all === 0 ? null : (100 * some) / all);
const returned1 = (day: BusinessDay): number | null => share(day.returned1, day.registered);
const returned7 = (day: BusinessDay): number | null => share(day.returned7, day.registered);
const completed = (day: BusinessDay): number | null => share(day.matches, day.matches + day.aborted);
const waited = (day: BusinessDay): number | null => (day.queueMatched === 0 ? null : day.queueWaitMs / day.queueMatched / 1000);
const text = (value: number | null, unit: string): string => (value === null ? "none yet" : `${value.toFixed(1)}${unit}`);

/** Of the newest day that has the figure. */
function newest(days: readonly BusinessDay[], of: (day: BusinessDay) => number | null): number | null {
  return [...days].reverse().map(of).find((value) => value !== null) ?? null;
}

export function businessPage(_me: Me): Page {
  const figures = h("dl", { class: "figures" });
  const days = h("div", {});
  const when = h("p", { class: "soft" }, "Working…");
  const charts = [
    new DayChart("Most players at a time", [{ name: "peak", color: "#7bd389", of: (day) => day.peakPlayers }], ""),
    new DayChart("Daily players", [{ name: "accounts", color: "#9fd0ff", of: (day) => day.accounts }, { name: "guests", color: "#ffb84a", of: (day) => day.guests }, { name: "registered", color: "#d3a6ff", of: (day) => day.registered }], ""),
    new DayChart("Retention of the registered", [{ name: "after 1 day", color: "#7bd389", of: returned1 }, { name: "after 7 days", color: "#9fd0ff", of: returned7 }], " %", 100),
    new DayChart("Matches an hour", [{ name: "played to the end", color: "#9fd0ff", of: (day) => day.matches / hoursOf(day) }, { name: "left by all", color: "#ff9a86", of: (day) => day.aborted / hoursOf(day) }], ""),
    new DayChart("Completion", [{ name: "completed", color: "#7bd389", of: completed }], " %", 100),
    new DayChart("Wait in the queue", [{ name: "mean", color: "#ffb84a", of: waited }], " s"),
  ];
  const stop = every(REFRESH_MS, async () => {
    let now: Business;
    try {
      now = await get<Business>("business");
    } catch (error) {
      when.textContent = (error as Error).message;
      return;
    }
    const today = now.days[now.days.length - 1]!;
    const most = now.days.reduce((best, day) => (day.peakPlayers > best.peakPlayers ? day : best));
    const entry = (name: string, value: string | number): HTMLElement => h("div", { class: "card figure" }, h("dt", {}, name), h("dd", {}, value));
    figures.replaceChildren(
      entry("Peak today", today.peakPlayers), entry(`Peak in 30 days (${most.day.slice(5)})`, most.peakPlayers), entry("Accounts today", today.accounts), entry("Guests today", today.guests),
      entry("Day-1 retention", text(newest(now.days, returned1), " %")), entry("Day-7 retention", text(newest(now.days, returned7), " %")),
      entry("Matches, last hour", now.matchesLastHour), entry("Completed today", text(completed(today), " %")), entry("Wait today", text(waited(today), " s")));
    when.replaceChildren("All nodes together, by day of UTC. Worked out ", ago(now.computedAt), ". Guests are counted by connection; nothing is kept of who they are.");
    for (const chart of charts) chart.draw(now.days);
    days.replaceChildren(table("By day", [
      { name: "Day", of: (day: BusinessDay) => h("span", { class: "nowrap" }, day.day) }, { name: "Peak", number: true, of: (day) => day.peakPlayers },
      { name: "Accounts", number: true, of: (day) => day.accounts }, { name: "Guests", number: true, of: (day) => day.guests },
      { name: "Registered", number: true, of: (day) => day.registered },
      { name: "Back after 1 day", number: true, of: (day) => (returned1(day) === null ? "" : text(returned1(day), " %")) },
      { name: "After 7 days", number: true, of: (day) => (returned7(day) === null ? "" : text(returned7(day), " %")) },
      { name: "Matches", number: true, of: (day) => day.matches }, { name: "Left by all", number: true, of: (day) => day.aborted },
      { name: "Queue, mean wait", number: true, of: (day) => (waited(day) === null ? "" : text(waited(day), " s")) },
      { name: "Left the queue", number: true, of: (day) => day.queueLeft },
    ], [...now.days].reverse(), "Nothing yet."));
  });
  return {
    title: "Business",
    element: h("div", { class: "stack" }, when, figures, h("div", { class: "charts" }, ...charts.map((chart) => chart.element)), h("section", {}, h("h2", {}, "By day"), days)),
    leave: () => {
      stop();
      for (const chart of charts) chart.end();
    },
  };
}
