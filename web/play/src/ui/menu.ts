// The first screen, and the two small forms that lead into a lobby of one's own choice.

import { cleanName, NAME_LIMIT } from "../settings";
import { button, field, h, stepper } from "./dom";
import type { Actions, PageState, PrivateOptions, Screen } from "./screen";
import { ownName } from "./screen";

export function logo(): HTMLElement {
  return h("h1", { class: "logo", label: "Trespasser" }, h("span", { class: "logo-red" }, "TRES"), h("span", { class: "logo-blue" }, "PASSER"));
}

export function menuScreen(state: PageState, actions: Actions): Screen {
  const name = h("input", {
    id: "name", value: state.settings.name, maxLength: NAME_LIMIT, autocomplete: "off", label: "Your name",
    on: {
      change: () => {
        const cleaned = cleanName(name.value);
        if (cleaned) actions.rename(cleaned);
        name.value = ownName(state);
      },
    },
  });
  const member = h("span", { class: "member" });
  const account = button("", "plain", () => (state.who ? actions.account.show(state.who.id) : actions.go("account")), { id: "account" });
  const quick = button("QUICK PLAY", "primary", actions.quickPlay, { id: "quick-play", class: "big" });
  const needLine = [
    quick,
    button("RANKED QUEUE", "plain", () => actions.go("queue"), { id: "ranked" }),
    button("PRIVATE LOBBY", "plain", () => actions.go("private"), { id: "private-lobby" }),
    button("JOIN BY CODE", "plain", () => actions.go("code"), { id: "join-code" }),
    button("SERVER BROWSER", "plain", () => actions.go("browser"), { id: "browser" }),
  ];
  const light = h("span", { class: "light" });
  const line = h("span", {});
  const sound = button("", "quiet", () => {
    actions.toggleMute();
    update();
  }, { id: "mute" });
  const replay = button("Replays", "quiet", () => window.location.assign("/play/replay.html"), { id: "replays" });
  const update = (): void => {
    for (const b of needLine) b.disabled = !state.online || state.seeking;
    quick.textContent = state.seeking ? "SEARCHING\u2026" : "QUICK PLAY";
    light.className = `light ${state.online ? "on" : "off"}`;
    line.textContent = state.online ? "Connected" : "Connecting\u2026";
    name.value = document.activeElement === name ? name.value : ownName(state);
    name.disabled = state.who !== null;
    member.textContent = state.who ? "" : "Playing as a guest";
    account.textContent = state.who ? "PROFILE" : "SIGN IN";
    sound.textContent = state.settings.muted ? "Sound off" : "Sound on";
  };
  update();
  const el = h("section", { class: "screen menu" },
    h("nav", { class: "menu-corner" }, member, button("LEADERBOARD", "plain", () => actions.go("leaderboard"), { id: "leaderboard" }), account),
    h("div", { class: "menu-column" },
      logo(),
      h("p", { class: "tagline" }, "Red against blue. Nothing stays standing."),
      h("label", { class: "name-row" }, h("span", { class: "row-name" }, "NAME"), name),
      h("nav", { class: "menu-buttons" }, ...needLine, button("LOADOUT", "plain", () => actions.go("loadout"), { id: "loadout" })),
      h("p", { class: "line" }, light, line, replay, sound)),
    h("p", { class: "help" },
      ...([["WASD", "move"], ["SHIFT", "run where you aim"], ["R", "reload"], ["G", "throw"], ["Q", "last weapon"], ["TAB", "scores"]] as const)
        .flatMap(([key, what]) => [h("b", {}, key), ` ${what}   `])));
  return { el, update };
}

const MINUTES = [0, 3, 5, 10, 15, 20];
/** Maps that come with the server. */
const MAPS = ["depot", "foundry", "gardens"];
const KILLS = [5, 10, 20, 30, 50, 75, 100];

export function privateScreen(state: PageState, actions: Actions): Screen {
  const options: PrivateOptions = { password: "", maxPlayers: 8, killLimit: 50, timeLimit: 0, friendlyFire: true, bots: 0 };
  const password = h("input", { id: "new-password", maxLength: 32, autocomplete: "off", placeholder: "none" });
  const create = button("CREATE LOBBY", "primary", () => {
    actions.createPrivate({ ...options, password: password.value });
  }, { id: "create" });
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel form" },
      h("h2", {}, "PRIVATE LOBBY"),
      h("p", { class: "soft" }, "Only those with the code get in."),
      field("Password", password),
      stepper("Map", ["", ...MAPS], "", (v) => v || "any", (v) => {
        if (v) options.map = v;
        else delete options.map;
      }),
      stepper("Players", [2, 3, 4, 5, 6, 7, 8], 8, String, (v) => (options.maxPlayers = v)),
      stepper("Bots", [0, 1, 2, 3, 4, 5, 6, 7], 0, (v) => (v === 0 ? "none" : String(v)), (v) => (options.bots = v)),
      stepper("Kills to win", KILLS, 50, String, (v) => (options.killLimit = v)),
      stepper("Time limit", MINUTES, 0, (v) => (v === 0 ? "none" : `${v} min`), (v) => (options.timeLimit = v * 60)),
      stepper("Friendly fire", [true, false], true, (v) => (v ? "on" : "off"), (v) => (options.friendlyFire = v)),
      h("div", { class: "actions" }, button("BACK", "quiet", () => actions.go("menu"), { id: "back" }), create)));
  const update = (): void => void (create.disabled = !state.online || state.seeking);
  update();
  return { el, update };
}

export function codeScreen(state: PageState, actions: Actions): Screen {
  const code = h("input", { id: "code", maxLength: 64, autocomplete: "off", placeholder: "code" });
  const password = h("input", { id: "password", maxLength: 32, autocomplete: "off", placeholder: "if it has one" });
  const join = button("JOIN", "primary", () => enter(), { id: "join" });
  const enter = (): void => {
    if (code.value.trim()) actions.joinLobby(code.value.trim(), password.value);
    else code.focus();
  };
  const onEnter = (e: KeyboardEvent): void => {
    if (e.key === "Enter" && !join.disabled) enter();
  };
  const el = h("section", { class: "screen centered", on: { keydown: onEnter } },
    h("div", { class: "panel form" },
      h("h2", {}, "JOIN BY CODE"),
      field("Code", code),
      field("Password", password),
      h("div", { class: "actions" }, button("BACK", "quiet", () => actions.go("menu"), { id: "back" }), join)));
  const update = (): void => void (join.disabled = !state.online || state.seeking);
  update();
  requestAnimationFrame(() => code.focus());
  return { el, update };
}
