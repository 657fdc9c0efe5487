// The seat in a lobby survives a reload of the page: what is needed to go on is left in this tab when the page goes, and
// taken up when it comes again. It is there only in between, so a copied tab does not claim the same seat.

import type { LobbyWire } from "@trespasser/common/protocol";

export interface Seat {
  pid: string;
  lobby: LobbyWire;
  /** The match being played; `startedAt` in ms since the epoch. */
  match: { killTarget: number; timeLimit: number; startedAt: number } | null;
}

const KEY = "trespasser.seat";
/** The server keeps a seat for a minute. */
const KEPT_MS = 55_000;

export function leaveSeat(seat: Seat): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...seat, leftAt: Date.now() }));
  } catch {
    // Storage forbidden: a reload loses the seat.
  }
}

export function takeSeat(): Seat | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as (Seat & { leftAt: number }) | null;
    sessionStorage.removeItem(KEY);
    return stored && typeof stored.pid === "string" && stored.lobby && Date.now() - stored.leftAt < KEPT_MS ? stored : null;
  } catch {
    return null;  // storage forbidden or not ours
  }
}
