// The nodes and their load; an administrator can drain one.

import { get, post } from "../api";
import type { Me, NodeRow } from "../types";
import { ask, button, every, h, redraw, toast } from "../ui";
import type { Page } from "../ui";
import { nodeTable } from "./overview";

function consequences(node: NodeRow): string {
  const now = node.playing === 0 ? "No match is played there now." : `Now ${node.playing === 1 ? "one match is" : `${node.playing} matches are`} played there.`;
  return `${node.id} takes no new lobbies, lets its matches finish, then its process ends: this cannot be taken back. ${now}`;
}

export function nodesPage(me: Me): Page {
  const place = h("div", {});
  let nodes: NodeRow[] = [];
  const draw = async (): Promise<void> => {
    ({ nodes } = await get<{ nodes: NodeRow[] }>("nodes"));
    const acts = (node: NodeRow): Node => button("Drain", () => ask(`Drain ${node.id}`, "Drain", { danger: true, about: consequences(nodes.find((each) => each.id === node.id) ?? node), reasons: ["Upgrade", "Maintenance"] }, async ({ reason }) => {
      await post(`nodes/${encodeURIComponent(node.id)}/drain`, { reason });
      toast(`${node.id} takes no new lobbies and ends when its matches have.`);
    }), "danger small", { disabled: node.draining || !node.alive });
    redraw(place, nodeTable(nodes, me.role === "admin" ? acts : undefined));
  };
  return { title: "Nodes", element: h("div", { class: "stack" }, h("p", { class: "soft" }, "A node that drains takes no new lobbies, lets its matches finish, then ends."), place), leave: every(2000, draw) };
}
