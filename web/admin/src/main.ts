// The dashboard: signing in, the bar at the side, and one page at a time, named by the address behind the #.

import { logout, onSignedOut, remove } from "./api";
import { signIn } from "./login";
import { businessPage } from "./pages/business";
import { auditPage, bansPage, chatPage, suspiciousPage } from "./pages/logs";
import { lobbiesPage, watchPage } from "./pages/lobbies";
import { nodesPage } from "./pages/nodes";
import { overviewPage } from "./pages/overview";
import { playerPage, playersPage } from "./pages/players";
import { reportsPage } from "./pages/reports";
import { staffPage } from "./pages/staff";
import type { Me } from "./types";
import { alarmPlace, button, busyWithText, h, named, tag } from "./ui";
import type { Page } from "./ui";

type Make = (me: Me, part: string) => Page;

const PAGES: { path: string; name?: string; key?: string; make: Make }[] = [
  { path: "overview", name: "Overview", key: "1", make: overviewPage },
  { path: "lobbies", name: "Lobbies", key: "2", make: lobbiesPage },
  { path: "lobby", make: watchPage },
  { path: "players", name: "Players", key: "3", make: playersPage },
  { path: "player", make: playerPage },
  { path: "reports", name: "Reports", key: "4", make: reportsPage },
  { path: "suspicious", name: "Suspicious", make: suspiciousPage },
  { path: "bans", name: "Bans and mutes", key: "5", make: bansPage },
  { path: "chat", name: "Chat", key: "6", make: chatPage },
  { path: "audit", name: "Audit log", key: "7", make: auditPage },
  { path: "nodes", name: "Nodes", key: "8", make: nodesPage },
  { path: "staff", name: "Staff", key: "9", make: staffPage },
  { path: "business", name: "Business", key: "0", make: businessPage },
];

const root = document.getElementById("app")!;

function run(me: Me): void {
  const links = PAGES.filter((page) => page.name).map((page) => ({ page, element: h("a", { href: `#/${page.path}` }, page.name!, page.key !== undefined && h("kbd", {}, page.key)) }));
  const content = h("main", { id: "content", tabindex: -1 });
  let shown: Page | null = null;
  const show = (): void => {
    const [path = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
    const page = PAGES.find((each) => each.path === path) ?? PAGES[0]!;
    shown?.leave?.();
    shown = page.make(me, decodeURIComponent(rest.join("/")));
    document.title = `${shown.title} - Trespasser staff`;
    content.replaceChildren(h("h1", {}, h("bdi", {}, shown.title)), alarmPlace(), shown.element);
    for (const each of links) {
      const here = each.page === page || (page.path === "lobby" && each.page.path === "lobbies") || (page.path === "player" && each.page.path === "players");
      if (here) each.element.setAttribute("aria-current", "page");
      else each.element.removeAttribute("aria-current");
    }
  };
  const ended = new AbortController();
  window.addEventListener("hashchange", show, { signal: ended.signal });
  window.addEventListener("keydown", (event) => {
    if (busyWithText() || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = PAGES.find((each) => each.key === event.key);
    if (page) location.hash = `#/${page.path}`;
  }, { signal: ended.signal });
  const over = (why: string): void => {
    onSignedOut.call = () => undefined;
    shown?.leave?.();
    ended.abort();
    start(why);
  };
  onSignedOut.call = over;
  const leave = async (): Promise<void> => {
    onSignedOut.call = () => undefined;
    await remove("session").catch(() => undefined);
    await logout();
    over("");
  };
  root.replaceChildren(
    h("a", { class: "skip", href: "#content", click: (event: Event) => { event.preventDefault(); content.focus(); } }, "Skip to the page"),
    h("nav", { "aria-label": "Pages" }, h("p", { class: "brand" }, "TRESPASSER", h("span", {}, "staff")), ...links.map((each) => each.element),
      h("div", { class: "whoami" }, named(me.name), tag(me.role, me.role), button("Sign out", leave, "quiet"))),
    content);
  show();
}

function start(why: string): void {
  void signIn(root, why).then(run);
}

start("");
