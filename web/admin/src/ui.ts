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

/** A name of somebody's own making: of any length, and written in either direction. */
export function named(text: string): HTMLElement {
  return h("bdi", { class: "name", title: text }, text);
}

/** The same within a sentence. */
export function isolated(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `\u2068${text}\u2069`;
}

export function link(text: string, to: string): HTMLAnchorElement {
  return h("a", { href: `#/${to}` }, named(text));
}

export function field(name: string, input: HTMLElement): HTMLLabelElement {
  return h("label", { class: "field" }, h("span", {}, name), input);
}

export interface Column<T> {
  name: string;
  of: (row: T) => Child;
  number?: boolean;
}

interface Rows<T> {
  /** Makes each row a thing to click and to reach with the keyboard. */
  open?: (row: T) => void;
  /** A row's class. */
  look?: (row: T) => string;
  /** Who or what a row is, for redraw(): what its buttons know of it must not change while this stays. */
  key?: (row: T) => string;
}

export function table<T>(caption: string, columns: Column<T>[], rows: readonly T[], empty: string, { open, look, key }: Rows<T> = {}): HTMLElement {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  const body = h("tbody", {}, ...rows.map((row) => {
    const line = h("tr", { class: `${open ? "open " : ""}${look?.(row) ?? ""}`.trim() || undefined, "data-key": key?.(row), ...(open ? { tabindex: 0, click: () => open(row) } : {}) },
      ...columns.map((column) => h("td", { class: column.number ? "number" : "" }, column.of(row))));
    if (open) line.addEventListener("keydown", (event) => event.key === "Enter" && event.target === line && open(row));
    return line;
  }));
  return h("div", { class: "table" }, h("table", {}, h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col", class: column.number ? "number" : "" }, column.name)))), body));
}

let pressed = false;
for (const [event, now] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]] as const) window.addEventListener(event, () => (pressed = now), true);

/**
 * Shows a table that keeps itself fresh. Rows are known by their key, and of those that stay only the cells that differ are
 * touched: what is pointed at, or has the focus, is not pulled away. Not while a button is pressed or a decision is open.
 */
export function redraw(place: HTMLElement, fresh: HTMLElement): void {
  if (pressed || document.querySelector("dialog[open]")) return;
  const [old, now] = [place.querySelector("tbody"), fresh.querySelector("tbody")];
  if (!old || !now || !place.querySelector("thead")!.isEqualNode(fresh.querySelector("thead"))) return place.replaceChildren(fresh);
  const known = new Map([...old.rows].map((row) => [row.dataset["key"], row]));
  const rows = [...now.rows].map((row) => {
    const kept = row.dataset["key"] === undefined ? undefined : known.get(row.dataset["key"]);
    if (!kept) return row;
    kept.className = row.className;
    for (const [i, cell] of [...row.cells].entries()) if (!kept.cells[i]!.isEqualNode(cell)) kept.cells[i]!.replaceWith(cell);
    return kept;
  });
  // Moving a row takes its focus: only when the order is another one.
  if (rows.length !== old.rows.length || rows.some((row, i) => row !== old.rows[i])) old.replaceChildren(...rows);
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
  return h("time", { class: "stamp", datetime: time, title: time }, h("span", { class: "nowrap" }, time.slice(0, 10)), " ", h("span", { class: "nowrap" }, time.slice(11, 19)));
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

/** The same for what fills `place`: as long as it is empty, the failure stands there, with a way to try again. */
export async function fill(place: HTMLElement, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (place.childElementCount > 0 && !place.querySelector(".failed")) toast(words(error), true);
    else place.replaceChildren(h("div", { class: "failed row" }, h("p", {}, words(error)), button("Try again", () => fill(place, act))));
    return false;
  }
}

const alarm = h("p", { class: "alarm", role: "alert", hidden: true });

/** Where pages that keep themselves fresh say that they cannot. */
export function alarmPlace(): HTMLElement {
  alarm.hidden = true;
  return alarm;
}

export interface Asked {
  reason: string;
  /** Seconds; null = for good. */
  duration: number | null;
}

const DURATIONS: [string, number | null][] = [["1 hour", 3600], ["1 day", 86_400], ["7 days", 604_800], ["30 days", 2_592_000], ["For good", null]];

interface Question {
  durations?: boolean;
  reasons?: string[];
  danger?: boolean;
  /** The player reads the reason, too. */
  told?: boolean;
  /** What will follow. */
  about?: string;
}

/** Asks for the reason that every action needs, and perhaps how long. `act` runs on "do it"; a failure is told in the dialog. */
export function ask(title: string, doIt: string, options: Question, act: (asked: Asked) => Promise<void>): void {
  const reason = h("input", { name: "reason", required: true, maxlength: 200, autocomplete: "off", list: "reasons" });
  const duration = h("select", { name: "duration" }, ...DURATIONS.map(([name], i) => h("option", { value: i, selected: i === 1 }, name)));
  const complaint = h("p", { class: "complaint", role: "alert" });
  const send = h("button", { type: "submit", class: options.danger ? "danger" : "primary" }, doIt);
  const dialog = h("dialog", { "aria-label": title });
  const form = h("form", { method: "dialog" },
    h("h2", {}, title), options.about ? h("p", { class: "about" }, options.about) : null,
    field(options.told ? "Reason (for the log, and shown to the player)" : "Reason (for the log)", reason),
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

/**
 * Runs `work` now and every `ms`, one at a time and only while the page is looked at, until the returned function is called.
 * While it fails the page says so, and since when.
 */
export function every(ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let good = "";
  const tell = (text: string): void => {
    if (stopped || alarm.textContent === text) return;
    alarm.textContent = text;
    alarm.hidden = text === "";
  };
  const loop = async (): Promise<void> => {
    if (stopped) return;
    if (!document.hidden) {
      try {
        await work();
        good = new Date().toTimeString().slice(0, 8);
        tell("");
      } catch (error) {
        tell(`${words(error)} ${good ? `What you see is from ${good}.` : ""} Trying again.`.replace("  ", " "));
      }
    }
    if (!stopped) setTimeout(() => void loop(), ms);
  };
  void loop();
  return () => (stopped = true);
}
