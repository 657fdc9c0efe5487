// How the game is doing now and in the last ten minutes.

import uPlot from "uplot";
import { get, Problem } from "../api";
import type { Me, NodeRow, Overview, Sample } from "../types";
import { every, field, h, link, redraw, table, tag } from "../ui";
import type { Page } from "../ui";

const SPAN_S = 600;
/** Ticks come every 16.7 ms. */
const LATE_MS = 8;

interface Line<T> {
  name: string;
  color: string;
  of: (sample: T) => number;
}

/** A chart of the last ten minutes. */
class Chart<T extends { at: number } = Sample> {
  readonly element: HTMLElement;
  private readonly plot: uPlot;
  private readonly watcher: ResizeObserver;

  constructor(title: string, private readonly lines: Line<T>[], unit: string) {
    const place = h("div", { class: "plot" });
    this.element = h("figure", { class: "card chart" }, h("figcaption", {}, title), place);
    const axis = { stroke: "#a8b0cc", grid: { stroke: "#232941", width: 1 }, ticks: { stroke: "#3c4566", width: 1 }, font: "11px system-ui" };
    this.plot = new uPlot({
      width: 400, height: 170, cursor: { drag: { x: false, y: false } }, legend: { live: true },
      scales: { x: { time: true, range: () => [Date.now() / 1000 - SPAN_S, Date.now() / 1000] }, y: { range: (_u, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
      axes: [{ ...axis, size: 34, values: (_u, ticks) => ticks.map((tick) => new Date(tick * 1000).toTimeString().slice(0, 5)) }, { ...axis, size: 58, values: (_u, ticks) => ticks.map((tick) => `${tick}${unit}`) }],
      series: [{ value: (_u, at) => (at ? new Date(at * 1000).toTimeString().slice(0, 8) : "--") }, ...lines.map((line) => ({ label: line.name, stroke: line.color, width: 1.5, points: { show: false } }))],
    }, [[], ...lines.map(() => [])] as unknown as uPlot.AlignedData, place);
    this.watcher = new ResizeObserver(() => this.plot.setSize({ width: Math.max(200, place.clientWidth), height: 170 }));
    this.watcher.observe(place);
  }

  draw(samples: readonly T[]): void {
    this.plot.setData([samples.map((each) => each.at / 1000), ...this.lines.map((line) => samples.map(line.of))] as uPlot.AlignedData);
    if (this.plot.cursor.idx === null || this.plot.cursor.idx === undefined) this.plot.setLegend({ idx: samples.length - 1 });
  }

  end(): void {
    this.watcher.disconnect();
    this.plot.destroy();
  }
}

interface NodeSample {
  at: number;
  players: Record<string, number>;
}

const NODE_COLORS = ["#7bd389", "#9fd0ff", "#ffb84a", "#ff9a86", "#d3a6ff", "#7fe0d8", "#f4e285", "#b4bbd4"];

/** Players by node, since the page was opened; made anew when a node comes or goes. */
class NodeChart {
  readonly element = h("div", {});
  private chart: Chart<NodeSample> | null = null;
  private known = "";
  private samples: NodeSample[] = [];

  draw(nodes: readonly NodeRow[]): void {
    const now = Date.now();
    this.samples = [...this.samples.filter((each) => each.at > now - SPAN_S * 1000), { at: now, players: Object.fromEntries(nodes.map((node) => [node.id, node.players])) }];
    const ids = nodes.map((node) => node.id).sort();
    if (ids.join() !== this.known || !this.chart) {
      this.end();
      this.known = ids.join();
      this.chart = new Chart<NodeSample>("Players by node", ids.map((id, i) => ({ name: id, color: NODE_COLORS[i % NODE_COLORS.length]!, of: (sample) => sample.players[id] ?? 0 })), "");
      this.element.replaceChildren(this.chart.element);
    }
    this.chart.draw(this.samples);
  }

  end(): void {
    this.chart?.end();
    this.chart = null;
  }
}

export function nodeTable(nodes: readonly NodeRow[], acts?: (node: NodeRow) => Node): HTMLElement {
  const load = (part: number, whole: number): HTMLElement => h("span", { class: "nowrap" }, h("meter", { min: 0, max: Math.max(1, whole), value: part, high: whole * 0.85 }), ` ${part} / ${whole}`);
  return table("Nodes", [
    { name: "Node", of: (node) => h("div", {}, h("span", { class: "nowrap" }, node.id + (node.self ? " (this one)" : "")), h("div", { class: "soft small nowrap" }, [node.region, node.address].filter((each) => each !== "").join(", ")), h("div", { class: "soft" }, h("code", {}, node.version))) },
    { name: "State", of: (node) => (!node.alive ? tag("not seen", "bad") : node.draining ? tag("draining", "warn") : tag("alive", "good")) },
    { name: "Players", of: (node) => load(node.players, node.maxPlayers) },
    { name: "Lobbies", of: (node) => load(node.lobbies, node.maxLobbies) },
    { name: "Playing", number: true, of: (node) => node.playing },
    { name: "Sockets", number: true, of: (node) => node.connections },
    { name: "Late, p99", number: true, of: (node) => h("span", { class: node.lateP99Ms > LATE_MS ? "warn" : "" }, `${node.lateP99Ms.toFixed(2)} ms`) },
    { name: "Seen", number: true, of: (node) => `${(node.unseenMs / 1000).toFixed(1)} s ago` },
    ...(acts ? [{ name: "", of: acts }] : []),
  ], nodes, "The registry of nodes is away.", { key: (node) => node.id });
}

export function overviewPage(_me: Me): Page {
  const figures = h("dl", { class: "figures" });
  const nodes = h("div", {});
  const perSecond = (of: (sample: Sample) => number) => (sample: Sample): number => of(sample) / 2;
  const charts = [
    new Chart("Players and sockets", [{ name: "players", color: "#7bd389", of: (s) => s.players }, { name: "sockets", color: "#9fd0ff", of: (s) => s.connections }], ""),
    new Chart("Lobbies", [{ name: "all", color: "#9fd0ff", of: (s) => s.lobbies }, { name: "playing", color: "#ffb84a", of: (s) => s.playing }], ""),
    new Chart("Lateness of ticks", [{ name: "p50", color: "#7bd389", of: (s) => s.lateP50Ms }, { name: "p99", color: "#ffb84a", of: (s) => s.lateP99Ms }, { name: "worst", color: "#ff9a86", of: (s) => s.lateMaxMs }], " ms"),
    new Chart("Requests and faults a second", [{ name: "requests", color: "#9fd0ff", of: perSecond((s) => s.requests) }, { name: "faults", color: "#f2545b", of: perSecond((s) => s.errors) }], ""),
  ];
  const byNode = new NodeChart();
  let samples: Sample[] = [];
  let shown = "";  // the node whose charts are drawn; "" = whichever answers
  const choice = h("select", {});
  const quiet = h("span", { class: "warn", role: "status" });
  const offer = (now: Overview): void => {
    const ids = now.nodes.filter((node) => node.alive).map((node) => node.id);
    if (!ids.includes(now.samplesOf)) ids.push(now.samplesOf);
    if (document.activeElement === choice || ids.join() === [...choice.options].map((option) => option.value).join()) return;
    choice.replaceChildren(...ids.map((id) => h("option", { value: id, selected: id === now.samplesOf }, id)));
  };
  choice.addEventListener("change", () => {
    shown = choice.value;
    samples = [];
    quiet.textContent = "";
    choice.blur();
  });
  const stop = every(2000, async () => {
    const asked = shown;
    let now: Overview;
    try {
      now = await get<Overview>("overview", { since: samples[samples.length - 1]?.at, node: asked });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      shown = "";  // that node is gone
      samples = [];
      return;
    }
    if (asked !== shown) return;
    if (now.silent) {  // each question to it holds up the next: back to the node that answers
      quiet.textContent = `${now.samplesOf} does not answer`;
      shown = now.node;
      samples = [];
    }
    offer(now);
    if (now.silent) choice.value = now.node;
    samples = [...samples, ...now.samples].filter((each) => each.at > Date.now() - SPAN_S * 1000);
    const late = samples.slice(-30).reduce((most, each) => Math.max(most, each.lateMaxMs), 0);
    const faults = samples.reduce((sum, each) => sum + each.errors, 0);
    const entry = (name: string, value: Node | string | number, look = ""): HTMLElement => h("div", { class: `card figure ${look}` }, h("dt", {}, name), h("dd", {}, value));
    figures.replaceChildren(
      entry("Players", `${now.players} / ${now.maxPlayers}`), entry("Nodes", now.nodes.filter((node) => node.alive).length), entry("Lobbies", now.lobbies), entry("Playing", now.playing),
      entry(`Worst tick of ${now.samplesOf}, 1 min`, now.silent ? "--" : `${late.toFixed(1)} ms`, late > 50 ? "bad" : ""), entry(`Faults of ${now.samplesOf}, 10 min`, now.silent ? "--" : faults, faults > 0 ? "bad" : ""),
      entry("Open reports", now.openReports > 0 ? link(String(now.openReports), "reports") : "0", now.openReports > 0 ? "warn" : ""));
    for (const chart of charts) chart.draw(samples);
    byNode.draw(now.nodes);
    redraw(nodes, nodeTable(now.nodes));
  });
  return {
    title: "Overview",
    element: h("div", { class: "stack" }, figures, h("div", { class: "row" }, field("Charts of the node", choice), quiet), h("div", { class: "charts" }, ...charts.map((chart) => chart.element), byNode.element), h("section", {}, h("h2", {}, "Nodes"), nodes)),
    leave: () => {
      stop();
      for (const chart of charts) chart.end();
      byNode.end();
    },
  };
}
