// Which team a player asks for.

import type { Team } from "@trespasser/common/weapons";
import type { PageState } from "./ui/screen";

/** The chosen team; for "either" the one with fewer people, on a tie by the place in the lobby's list. */
export function wantedTeam({ settings, lobby, selfId }: PageState): Team {
  if (settings.team !== "auto") return settings.team;
  const people = (lobby?.players ?? []).filter((p) => !p.isBot);
  const others = people.filter((p) => p.id !== selfId);
  const lead = others.filter((p) => p.team === "red").length - others.filter((p) => p.team === "blue").length;
  if (lead !== 0) return lead > 0 ? "blue" : "red";
  return people.findIndex((p) => p.id === selfId) % 2 === 1 ? "blue" : "red";
}
