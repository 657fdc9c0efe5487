// What the admin API answers (docs/http-api.json).

import type { PlayerWire, SmokeWire } from "@trespasser/common/protocol";
import type { FilmWall } from "@trespasser/common/film";

export type RoleName = "none" | "viewer" | "moderator" | "admin";

export interface Me { id: string; name: string; role: RoleName; enrolled: boolean; verified: boolean; verifiedUntil: string | null }
export interface StaffEntry { id: string; name: string; role: RoleName; enrolled: boolean; lastLogin: string | null }

export interface NodeRow {
  id: string; self: boolean; alive: boolean; unseenMs: number; address: string; region: string;
  version: string; players: number; maxPlayers: number; lobbies: number; playing: number; maxLobbies: number; connections: number;
  lateP99Ms: number; draining: boolean;
}

export interface Sample {
  at: number; players: number; lobbies: number; playing: number; connections: number; requests: number; errors: number;
  ticks: number; lateP50Ms: number; lateP99Ms: number; lateMaxMs: number;
}

export interface Overview {
  node: string; players: number; maxPlayers: number; lobbies: number; playing: number; waiting: number; openReports: number;
  nodes: NodeRow[]; samplesOf: string; samples: Sample[];
  /** The node of the charts is alive but did not answer in time: no samples. */
  silent: boolean;
}

export interface BusinessDay {
  day: string; peakPlayers: number; accounts: number; guests: number; registered: number; returned1: number | null; returned7: number | null;
  matches: number; aborted: number; queueMatched: number; queueLeft: number; queueWaitMs: number;
}

export interface Business { computedAt: string; matchesLastHour: number; days: BusinessDay[] }

export interface LobbyRow {
  id: string; node: string; mode: string; map: string; status: string; private: boolean; password: boolean; players: number; bots: number;
  maxPlayers: number; createdAt: string; activeAt: string;
}

export interface LobbyView {
  lobby: LobbyRow;
  at: number;
  view: {
    seats: { slot: number; id: string; name: string; bot: boolean; connected: boolean; account: string | null }[];
    match: null | {
      tick: number; map: string; phase: string; red: number; blue: number; players: Record<string, PlayerWire>;
      projectiles: { id: number; type: string; position: { x: number; y: number } }[];
      smokeZones: SmokeWire[]; walls: Record<string, FilmWall>;
    };
  };
}

/** Where a player sits; nodes that did not answer may have him. */
export interface Whereabouts { lobby: LobbyRow | null; silent: string[] }

export interface Person {
  id: string; name: string; region: string; role: RoleName; createdAt: string; lastLogin: string | null; kills: number; deaths: number;
  matches: number; wins: number; openReports: number; suspicion: number; banned: boolean; muted: boolean;
}

export interface Sanction {
  number: number; playerId: string | null; address: string | null; reason: string; by: string; createdAt: string; endsAt: string | null;
  liftedAt: string | null; inForce: boolean; name?: string | null; byName?: string | null;
}

export interface PersonFile { player: Person; bans: Sanction[]; mutes: Sanction[] }

export interface PlayedMatch {
  matchId: string; mode: string; map: string; team: string; kills: number; deaths: number; won: boolean; redScore: number;
  blueScore: number; durationSeconds: number; completedAt: string; replay: boolean;
}

export interface Suspicion { number: number; matchId: string | null; kind: string; score: number; found: number; evidence: unknown; replayTick: number | null; happenedAt: string }

export interface NamedSuspicion extends Suspicion { playerId: string | null; name: string }

export interface Report {
  number: number; reporter: { playerId: string | null; key: string; name: string }; target: { playerId: string | null; key: string; name: string };
  matchId: string; lobbyId: string; reason: string; note: string; credible: boolean; clip: { fromTick: number; toTick: number };
  createdAt: string; claimedBy: string | null; claimedAt: string | null; closedAt: string | null; closedBy: string; verdict: string;
}

export interface ChatLine {
  number: number; lobbyId: string; matchId: string | null; playerId: string | null; speaker: string; channel: string; text: string;
  filtered: boolean; saidAt: string;
}

export interface AuditEntry {
  number: number; actorId: string | null; actor: string; role: RoleName | ""; action: string; target: string; reason: string; before: unknown; after: unknown;
  address: string; doneAt: string;
}
