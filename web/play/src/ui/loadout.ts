// What one carries: one primary, one secondary, three points of support.

import { weaponIcon } from "@trespasser/common/icons";
import { AMBER, BONE, MIST } from "@trespasser/common/palette";
import type { Team, Weapon, WeaponClass, WeaponId } from "@trespasser/common/weapons";
import { SUPPORT_BUDGET, supportCost, toggleSupport, WEAPONS } from "@trespasser/common/weapons";
import { button, h, picture } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

const TITLES: Record<WeaponClass, string> = { primary: "PRIMARY", secondary: "SECONDARY", support: "SUPPORT" };

function bar(name: string, part: number): HTMLElement {
  const fill = h("i", { class: "bar-fill" });
  fill.style.setProperty("--part", String(Math.max(0.03, Math.min(1, part))));
  return h("div", { class: "stat" }, h("span", {}, name), h("span", { class: "bar" }, fill));
}

function details(weapon: Weapon): HTMLElement {
  const stats = weapon.thrown
    ? [bar("damage", weapon.damage / 250), bar("carried", weapon.magazine / 4)]
    : [
        bar("damage", weapon.damage / 250),
        bar("rate", Math.sqrt(weapon.rpm / 1000)),
        bar("aim", (weapon.accuracy - 0.5) / 0.5),
        bar("range", weapon.range / 800),
        bar("magazine", Math.sqrt(weapon.magazine / 200)),
        bar("reload", 1 - weapon.reloadMs / 9000),
      ];
  return h("div", { class: "details" },
    h("div", { class: "details-head" }, picture(weaponIcon(weapon.id, BONE), "double"), h("div", {}, h("b", {}, weapon.name), h("p", { class: "soft" }, weapon.hint))),
    h("div", { class: "stats" }, ...stats));
}

export function loadoutScreen(state: PageState, actions: Actions, inMatch: boolean): Screen {
  let shown: WeaponId = state.settings.loadout.primary ?? "rifle";
  const columns = h("div", { class: "loadout-columns" });
  const detail = h("div", { class: "loadout-detail" });
  const teams = h("div", { class: "teams" });

  const chosen = (w: Weapon): boolean => {
    const { primary, secondary, support } = state.settings.loadout;
    return w.class === "primary" ? primary === w.id : w.class === "secondary" ? secondary === w.id : support.includes(w.id);
  };
  const choose = (w: Weapon): void => {
    const { settings } = state;
    if (w.class === "support") settings.loadout = toggleSupport(settings.loadout, w.id);
    else settings.loadout = { ...settings.loadout, [w.class]: w.id };
    shown = w.id;
    actions.click();
    actions.saveSettings();
    render();
  };
  const card = (w: Weapon): HTMLElement =>
    h("button", {
      type: "button", class: `card ${chosen(w) ? "chosen" : ""}`, data: { weapon: w.id },
      on: {
        click: () => choose(w),
        mouseenter: () => {
          shown = w.id;
          detail.replaceChildren(details(w));
        },
      },
    },
    picture(weaponIcon(w.id, chosen(w) ? AMBER : MIST)),
    h("span", { class: "card-name" }, w.name),
    w.cost > 0 ? h("span", { class: "pips" }, ...Array.from({ length: w.cost }, () => h("i", { class: "pip" }))) : null);
  const column = (cls: WeaponClass): HTMLElement => {
    const left = SUPPORT_BUDGET - supportCost(state.settings.loadout.support);
    const budget = cls === "support"
      ? h("span", { class: "pips budget" }, ...Array.from({ length: SUPPORT_BUDGET }, (_, i) => h("i", { class: `pip ${i < SUPPORT_BUDGET - left ? "used" : ""}` })))
      : null;
    return h("div", { class: "loadout-column" }, h("h3", {}, TITLES[cls], budget), ...Object.values(WEAPONS).filter((w) => w.class === cls).map(card));
  };
  const teamButton = (team: Team | "auto", text: string): HTMLElement =>
    button(text, "quiet", () => {
      state.settings.team = team;
      actions.saveSettings();
      render();
    }, { class: `team-${team} ${state.settings.team === team ? "on" : ""}` });
  const render = (): void => {
    columns.replaceChildren(column("primary"), column("secondary"), column("support"));
    detail.replaceChildren(details(WEAPONS[shown]));
    teams.replaceChildren(h("span", { class: "row-name" }, "TEAM"), teamButton("auto", "either"), teamButton("red", "red"), teamButton("blue", "blue"));
  };
  render();
  const el = h("section", { class: "screen centered" },
    h("div", { class: "panel loadout" },
      h("div", { class: "panel-head" }, h("h2", {}, "LOADOUT"), inMatch ? h("span", { class: "soft" }, "from the next spawn on") : teams),
      columns, detail,
      h("div", { class: "actions" }, button("DONE", "primary", actions.loadoutDone, { id: "loadout-done" }))));
  return { el };
}
