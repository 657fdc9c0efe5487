// What is done about a player, from wherever the player is shown.

import { post } from "./api";
import type { Person } from "./types";
import { ask, toast } from "./ui";

type Who = Pick<Person, "id" | "name">;

function act(kind: "ban" | "mute", who: Who, done: () => void, reason?: string): void {
  const name = kind === "ban" ? "Ban" : "Mute";
  ask(`${name} ${who.name}`, name, { durations: true, danger: true, ...(reason ? { reasons: [reason] } : {}) }, async (asked) => {
    await post(`players/${who.id}/${kind}`, asked);
    toast(`${who.name} is ${kind === "ban" ? "banned" : "muted"}.`);
    done();
  });
}

function undo(kind: "unban" | "unmute" | "kick", who: Who, done: () => void): void {
  const name = kind[0]!.toUpperCase() + kind.slice(1);
  ask(`${name} ${who.name}`, name, { reasons: kind === "kick" ? ["Away for too long", "Disturbs others"] : ["Mistake", "Appeal granted"] }, async ({ reason }) => {
    await post(`players/${who.id}/${kind}`, { reason });
    toast(kind === "kick" ? `${who.name} was sent away.` : `${who.name} may ${kind === "unban" ? "play" : "chat"} again.`);
    done();
  });
}

export const ban = (who: Who, done: () => void, reason?: string): void => act("ban", who, done, reason);
export const mute = (who: Who, done: () => void): void => act("mute", who, done);
export const unban = (who: Who, done: () => void): void => undo("unban", who, done);
export const unmute = (who: Who, done: () => void): void => undo("unmute", who, done);
export const kick = (who: Who, done: () => void): void => undo("kick", who, done);
