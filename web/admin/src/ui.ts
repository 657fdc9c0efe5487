// Pieces of the dashboard: elements, tables, times, dialogs. No text becomes markup: everything is made of nodes.

import { words } from "./api";

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/** An element; functions are listeners ("click"), the rest are attributes. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  return element;
}

export function button(text: string, act: () => unknown, look = "", attributes: Attributes = {}): HTMLButtonElement {
  return h("button", { type: "button", class: look, ...attributes, click: () => void act() }, text);
}

export function link(text: string, to: string): HTMLAnchorElement {
  return h("a", { href: `#/${to}` }, text);
}

export function field(name: string, input: HTMLElement): HTMLLabelElement {
  return h("label", { class: "field" }, h("span", {}, name), input);
}

export interface Column<T> {
  name: string;
  of: (row: T) => Child;
  number?: boolean;
}

/** A table of rows; `open` makes each row a thing to click and to reach with the keyboard. */
export function table<T>(caption: string, columns: Column<T>[], rows: readonly T[], empty: string, open?: (row: T) => void): HTMLElement {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  const body = h("tbody", {}, ...rows.map((row) => {
    const line = h("tr", open ? { class: "open", tabindex: 0, click: () => open(row) } : {},
      ...columns.map((column) => h("td", { class: column.number ? "number" : "" }, column.of(row))));
    if (open) line.addEventListener("keydown", (event) => event.key === "Enter" && event.target === line && open(row));
    return line;
  }));
  return h("div", { class: "table" }, h("table", {}, h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col", class: column.number ? "number" : "" }, column.name)))), body));
}

export function tag(text: string, look = ""): HTMLElement {
  return h("span", { class: `tag ${look}` }, text);
}

const MINUTE = 60_000;

/** "4 min ago", with the exact time on hover. */
export function ago(time: string | null): HTMLElement | string {
  if (!time) return "never";
  const at = Date.parse(time);
  const gone = Math.abs(Date.now() - at);
  const [count, unit] = gone < MINUTE ? [gone / 1000, "s"] : gone < 60 * MINUTE ? [gone / MINUTE, "min"]
    : gone < 48 * 60 * MINUTE ? [gone / MINUTE / 60, "h"] : [gone / MINUTE / 1440, "days"];
  const text = `${Math.floor(count as number)} ${unit}`;
  return h("time", { datetime: time, title: time }, at > Date.now() ? `in ${text}` : `${text} ago`);
}

export function exact(time: string): HTMLElement {
  return h("time", { datetime: time, title: time }, time.replace("T", " ").slice(0, 19));
}

let toasts: HTMLElement | null = null;

/** A sentence at the edge that goes away by itself; screen readers say it. */
export function toast(text: string, bad = false): void {
  if (!toasts) document.body.append((toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" })));
  const one = h("p", { class: bad ? "bad" : "" }, text);
  toasts.append(one);
  setTimeout(() => one.remove(), bad ? 9000 : 5000);
}

/** Does something and tells of its failure. */
export async function attempt(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    toast(words(error), true);
    return false;
  }
}

export interface Asked {
  reason: string;
  /** Seconds; null = for good. */
  duration: number | null;
}

const DURATIONS: [string, number | null][] = [["1 hour", 3600], ["1 day", 86_400], ["7 days", 604_800], ["30 days", 2_592_000], ["For good", null]];

/** Asks for the reason that every action needs, and perhaps how long. `act` runs on "do it"; a failure is told in the dialog. */
export function ask(title: string, doIt: string, options: { durations?: boolean; reasons?: string[]; danger?: boolean }, act: (asked: Asked) => Promise<void>): void {
  const reason = h("input", { name: "reason", required: true, maxlength: 200, autocomplete: "off", list: "reasons" });
  const duration = h("select", { name: "duration" }, ...DURATIONS.map(([name], i) => h("option", { value: i, selected: i === 1 }, name)));
  const complaint = h("p", { class: "complaint", role: "alert" });
  const send = h("button", { type: "submit", class: options.danger ? "danger" : "primary" }, doIt);
  const dialog = h("dialog", { "aria-label": title });
  const form = h("form", { method: "dialog" },
    h("h2", {}, title), field("Reason (for the log, and shown to the player)", reason),
    h("datalist", { id: "reasons" }, ...(options.reasons ?? ["Cheating", "Abusive chat", "Offensive name", "Griefing"]).map((each) => h("option", { value: each }))),
    options.durations ? field("How long", duration) : null, complaint,
    h("div", { class: "row end" }, button("Cancel", () => dialog.close()), send));
  dialog.append(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send.disabled = true;
    act({ reason: reason.value.trim(), duration: DURATIONS[Number(duration.value)]![1] })
      .then(() => dialog.close(), (error: unknown) => {
        complaint.textContent = words(error);
        send.disabled = false;
      });
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  reason.focus();
}

/** Is somebody typing, or a dialog open? Then keys are not commands. */
export function busyWithText(): boolean {
  const at = document.activeElement;
  return document.querySelector("dialog[open]") !== null || at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement;
}

/** A page of the dashboard: what it shows and how it is left. */
export interface Page {
  title: string;
  element: HTMLElement;
  leave?: () => void;
}

/** Runs `work` now and every `ms`, one at a time and only while the page is looked at, until the returned function is called. */
export function every(ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  const loop = async (): Promise<void> => {
    if (stopped) return;
    if (!document.hidden) await work().catch(() => undefined);
    if (!stopped) setTimeout(() => void loop(), ms);
  };
  void loop();
  return () => (stopped = true);
}
