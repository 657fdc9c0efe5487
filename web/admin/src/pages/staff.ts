// Who is staff. Roles are given on a player's page.

import { get, post } from "../api";
import type { Me, StaffEntry } from "../types";
import { ago, ask, button, fill, h, isolated, link, table, tag, toast } from "../ui";
import type { Page } from "../ui";

export function staffPage(me: Me): Page {
  const place = h("div", {});
  const draw = (): Promise<boolean> => fill(place, async () => {
    const { staff } = await get<{ staff: StaffEntry[] }>("staff");
    place.replaceChildren(table("Staff", [
      { name: "Name", of: (row: StaffEntry) => link(row.name, `player/${row.id}`) },
      { name: "Role", of: (row) => tag(row.role, row.role) },
      { name: "Second factor", of: (row) => (row.enrolled ? tag("set up", "good") : tag("missing", "warn")) },
      { name: "Last sign-in", of: (row) => ago(row.lastLogin) },
      ...(me.role === "admin" ? [{ name: "", of: (row: StaffEntry) => row.enrolled && button("Reset second factor", () => ask(`Reset the second factor of ${isolated(row.name)}`, "Reset", { danger: true, about: "Signed out of the dashboard now; a new factor is set up at the next sign-in.", reasons: ["Lost the phone"] }, async ({ reason }) => {
        await post(`players/${row.id}/factor-reset`, { reason });
        toast(`${isolated(row.name)} has to set it up anew.`);
        await draw();
      }), "danger small") }] : []),
    ], staff, "Nobody."));
  });
  void draw();
  return { title: "Staff", element: h("div", { class: "stack" }, h("p", { class: "soft" }, "To give somebody a role, open the player. Roles: viewer reads; moderator acts on players and judges reports; admin does all."), place) };
}
