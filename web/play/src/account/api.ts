// The server's HTTP API for players (docs/http-api.json), as this page uses it. Failures are Problem.

import type { Tokens } from "./keeper";

export interface Stats {
  kills: number;
  deaths: number;
  matches: number;
  wins: number;
  winRate: number;
  killRatio: number;
  rating: number;
  ratingDeviation: number;
}

export interface SignedIn extends Tokens {
  player: { id: string; displayName: string };
}

export interface Profile {
  id: string;
  displayName: string;
  createdAt: string;
  stats: Stats;
}

export interface PlayedMatch {
  matchId: string;
  map: string;
  team: "red" | "blue";
  kills: number;
  deaths: number;
  won: boolean;
  winningTeam: string;
  redScore: number;
  blueScore: number;
  completedAt: string;
}

export interface History {
  matches: PlayedMatch[];
  /** Cursor of the next page, "" at the end. */
  next: string;
}

export type Order = "wins" | "kills" | "ratio" | "rating";

export interface Leaderboard {
  players: (Profile & { rank: number })[];
  more: boolean;
}

export class Problem extends Error {
  /** 0: no answer at all. */
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

/** What a player is told of a failure. */
export function words(error: unknown): string {
  const text = error instanceof Problem ? error.message : "Something went wrong.";
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

const PATIENCE_MS = 15_000;

/** The answer's body: JSON as a value of that type, undefined for an empty one. */
export async function call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object, token?: string | null): Promise<T> {
  let answer: Response;
  let text: string;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    answer = await fetch(path, {
      method,
      headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: patience.signal,
    });
    text = await answer.text();
  } catch {
    throw new Problem(0, "The server does not answer. Try again.");
  } finally {
    clearTimeout(timer);
  }
  let value: unknown;
  try {
    value = text ? JSON.parse(text) : undefined;
  } catch {
    value = undefined;  // not from our server: a proxy's page
  }
  if (answer.ok && (value !== undefined || text === "")) return value as T;
  throw new Problem(answer.status, (value as { detail?: string } | undefined)?.detail || `The server refused (${answer.status}).`);
}
