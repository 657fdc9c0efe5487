// The page on which a recorded match is watched: a replay file as the server keeps it, or a film of one. Both are opened
// from the player's disk, by the picker or dropped; nothing is sent anywhere.

import type { FilmSource } from "@trespasser/common/film";
import { parseFilm, TICK_MS, WholeFilm } from "@trespasser/common/film";
import { isPng } from "@trespasser/common/png";
import { ReplayLink } from "./replay_link";
import { Viewer } from "./replay_viewer";
import { Stage } from "./stage";
import { h } from "./ui/dom";
import { isReplay } from "./unpack";

const LARGEST_FILE = 64 << 20;

const stage = new Stage();
const link = new ReplayLink();
let viewer: Viewer | null = null;
/** A replay whose map was not known; it is tried again when a map is opened. */
let stuck: File | Blob | null = null;
let opened = 0;

/** The text of a film, unpacked if it is gzip; no more than a film may be. */
async function textOf(blob: Blob, start: Uint8Array): Promise<string> {
  if (start[0] !== 0x1f || start[1] !== 0x8b) return blob.text();
  const reader = blob.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > LARGEST_FILE) throw new Error("it is too large");
  }
}

async function sourceOf(file: Blob): Promise<FilmSource> {
  if (file.size > LARGEST_FILE) throw new Error("it is too large");
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (isReplay(start)) return link.open(await file.arrayBuffer());
  if (start[0] === 0x7b || start[0] === 0x1f) return new WholeFilm(parseFilm(await textOf(file, start)));
  throw new Error("this is neither a replay nor a film");
}

/** Shows the opening form with a sentence; a film that runs goes on behind it only in memory, and is closed. */
function ask(message: string, bad = false): void {
  viewer?.close();
  viewer = null;
  const input = h("input", { type: "file", id: "film", label: "Replay file" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void open(file);
  });
  const text = h("p", { class: bad ? "complaint" : "soft", id: "message" }, message);
  text.setAttribute("role", bad ? "alert" : "status");
  document.getElementById("ui")!.replaceChildren(h("section", { class: "screen centered" },
    h("div", { class: "panel form" }, h("h2", {}, "WATCH A REPLAY"), text, input,
      h("p", { class: "soft" }, "Or drop the file here. It stays on this computer."),
      h("p", { class: "soft" }, "Space pauses, arrows skip and change the speed, 1-8 follow a player, 0 shows all."))));
}

async function open(file: Blob): Promise<void> {
  const mine = ++opened;
  ask("Opening…");
  link.onVerified = (verified) => viewer?.tell(verified);
  try {
    if (isPng(new Uint8Array(await file.slice(0, 8).arrayBuffer()))) return await openMap(file);
    const source = await sourceOf(file);
    if (mine !== opened) return;
    stuck = null;
    viewer = new Viewer(stage, source);
    Object.defineProperty(window, "__film", { value: viewer.player, configurable: true });
    Object.defineProperty(window, "__viewer", { value: viewer, configurable: true });
  } catch (error) {
    if (mine !== opened) return;
    const why = (error as Error).message;
    const unknownMap = /map that is not known/.test(why);
    if (unknownMap) stuck = file;
    ask(`This file cannot be shown: ${why}.${unknownMap ? " Open the map's PNG, too, if you have it." : ""}`, true);
  }
}

async function openMap(file: Blob): Promise<void> {
  if (file.size > LARGEST_FILE) throw new Error("it is too large");
  await link.addMap(file instanceof File ? file.name.replace(/\.png$/i, "") : "map", await file.arrayBuffer());
  if (stuck) return open(stuck);
  ask("The map is known now. Open a replay that was played on it.");
}

/** A film that the address names, on this server only. */
async function openAddress(path: string): Promise<void> {
  const answer = await fetch(path);
  if (!answer.ok) return ask(`The server has no film ${path}.`, true);
  await open(await answer.blob());
}

window.addEventListener("dragover", (e) => e.preventDefault());
window.addEventListener("drop", (e) => {
  e.preventDefault();
  const file = e.dataTransfer?.files[0];
  if (file) void open(file);
});

/** A page of this server opened this one and hands the file over, with the tick to begin at. */
function takeFromOpener(opener: Window): void {
  ask("Waiting for the replay…");
  window.addEventListener("message", (event: MessageEvent) => {
    const told = event.data as { replay?: string; file?: unknown; tick?: unknown } | null;
    if (event.origin !== location.origin || event.source !== opener || told?.replay !== "file" || !(told.file instanceof Blob)) return;
    const tick = Number(told.tick) || 0;
    void open(told.file).then(() => void viewer?.player.seek((tick - viewer.player.source.firstTick) * TICK_MS));
  });
  opener.postMessage({ replay: "ready" }, location.origin);
}

const query = new URLSearchParams(location.search);
const path = query.get("film");
if (query.get("from") === "opener" && window.opener) takeFromOpener(window.opener as Window);
else if (path && /^\/(?!\/)/.test(path)) void openAddress(path);
else ask("Open a replay file, or a film that trespasser-replay wrote.");
