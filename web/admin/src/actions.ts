// What is done about a player, from wherever the player is shown.

import { post } from "./api";
import { ask, isolated, toast } from "./ui";

/** An account, or somebody known by where he sits or by what was reported of him: then `path` and `player` say so. */
interface Who {
  id: string;
  name: string;
  /** Where the acts are sent; of an account by itself players/{id}. */
  path?: string;
  /** Goes along with every act. */
  extra?: { player: string };
}

const WHAT_FOLLOWS = {
  ban: "Signed out and disconnected on all nodes within a second; no way back in until the ban is over.",
  mute: "Plays on, but nothing of what is typed in chat reaches anybody.",
  kick: "Disconnected once, and out of that lobby until its match has ended. A new connection is welcome.",
  unban: "All bans in force are lifted at once.",
  unmute: "All mutes in force are lifted at once.",
};

const pathOf = (who: Who): string => who.path ?? `players/${who.id}`;

function act(kind: "ban" | "mute", who: Who, done: () => void, reason?: string): void {
  const name = kind === "ban" ? "Ban" : "Mute";
  ask(`${name} ${isolated(who.name)}`, name, { durations: true, danger: true, told: true, about: WHAT_FOLLOWS[kind], ...(reason ? { reasons: [reason] } : {}) }, async (asked) => {
    await post(`${pathOf(who)}/${kind}`, { ...asked, ...who.extra });
    toast(`${isolated(who.name)} is ${kind === "ban" ? "banned" : "muted"}.`);
    done();
  });
}

function undo(kind: "unban" | "unmute" | "kick", who: Who, done: () => void): void {
  const name = kind[0]!.toUpperCase() + kind.slice(1);
  ask(`${name} ${isolated(who.name)}`, name, { told: kind === "kick", about: WHAT_FOLLOWS[kind], reasons: kind === "kick" ? ["Away for too long", "Disturbs others"] : ["Mistake", "Appeal granted"] }, async ({ reason }) => {
    await post(`${pathOf(who)}/${kind}`, { reason, ...who.extra });
    toast(kind === "kick" ? `${isolated(who.name)} was sent away.` : `${isolated(who.name)} may ${kind === "unban" ? "play" : "chat"} again.`);
    done();
  });
}

export const ban = (who: Who, done: () => void, reason?: string): void => act("ban", who, done, reason);
export const mute = (who: Who, done: () => void): void => act("mute", who, done);
export const unban = (who: Who, done: () => void): void => undo("unban", who, done);
export const unmute = (who: Who, done: () => void): void => undo("unmute", who, done);
export const kick = (who: Who, done: () => void): void => undo("kick", who, done);
