// What travels between the page and the server (docs of the wire contract). Only the fields that a page of ours reads
// or writes; all of them come off the wire, so optional means optional.

import type { Vec } from "./geometry";
import type { Loadout, Team, WeaponId } from "./weapons";
import type { Material } from "./walls";

export interface WallWire {
  id: string;
  position: Vec;
  width: number;
  height: number;
  material: Material;
  maxHealth?: number;
  sliceHealth: number[];
  destructionMask?: number[] | string;
}

export interface WeaponWire {
  currentAmmo: number;
  reserveAmmo: number;
  isReloading: boolean;
  heatLevel?: number;
  isOverheated?: boolean;
}

export interface PlayerWire {
  id: string;
  name?: string;
  team?: Team;
  position?: Vec;
  rotation?: number;
  velocity?: Vec;
  health?: number;
  isAlive?: boolean;
  isADS?: boolean;
  kills?: number;
  deaths?: number;
  lastProcessedInput?: number;
  weaponType?: WeaponId;
  weapons?: Record<string, WeaponWire>;
  invulnerableUntil?: number;
}

export interface SmokeWire {
  id: string;
  position: Vec;
  radius: number;
  density: number;
}

export interface VisionWire {
  polygon?: Vec[];
  viewAngle?: number;
  viewDirection?: number;
  viewDistance?: number;
  position?: Vec;
}

export interface StateWire {
  players: Record<string, PlayerWire>;
  visiblePlayers?: PlayerWire[];
  walls?: Record<string, WallWire>;
  smokeZones?: SmokeWire[];
  vision?: VisionWire;
  timestamp: number;
  scores?: { red: number; blue: number };
}

export interface LobbyPlayer {
  id: string;
  name: string;
  team?: Team;
  isHost?: boolean;
  isBot?: boolean;
  connected?: boolean;
}

export interface LobbySettings {
  map?: string;
  maxPlayers?: number;
  killLimit?: number;
  timeLimit?: number;
  friendlyFire?: boolean;
  bots?: number;
}

export interface LobbyWire {
  lobbyId: string;
  playerCount?: number;
  maxPlayers?: number;
  status?: string;
  gameMode?: string;
  isPrivate?: boolean;
  killTarget?: number;
  timeLimit?: number;
  mapName?: string;
  hostId?: string;
  countdown?: number;
  inviteCode?: string;
  players?: LobbyPlayer[];
  bots?: number;
  friendlyFire?: boolean;
}

export interface LobbyInfo {
  id: string;
  playerCount: number;
  maxPlayers: number;
  gameMode: string;
  mapName: string;
  isPrivate: boolean;
  passwordRequired: boolean;
  status: string;
}

export interface WeaponFired {
  playerId: string;
  weaponType: WeaponId;
  position: Vec;
  direction: number;
  ammoRemaining?: number;
  sequence?: number;
  isGrenade?: boolean;
}

export interface WeaponHit {
  playerId: string;
  weaponType: WeaponId;
  position: Vec;
  startPosition?: Vec;
  targetType: "player" | "wall";
  targetId?: string;
  pelletIndex?: number;
}

export interface WeaponMiss {
  playerId: string;
  weaponType: WeaponId;
  position: Vec;
  startPosition?: Vec;
  direction: number;
  pelletIndex?: number;
}

export interface WallDamaged {
  wallId: string;
  position: Vec;
  sliceIndex: number;
  newHealth: number;
  isDestroyed: boolean;
  damage?: number;
  playerId?: string;
  material?: Material;
}

export interface PlayerDamaged {
  playerId: string;
  damage: number;
  newHealth: number;
  damageType?: string;
  sourcePlayerId?: string;
  attackerId?: string;
  position?: Vec;
  isKilled?: boolean;
}

export interface PlayerDied {
  playerId: string;
  killerId?: string | null;
  killerTeam?: string;
  victimTeam?: string;
  weaponType?: string;
  isTeamKill?: boolean;
  position?: Vec;
  damageType?: string;
}

export interface PlayerRespawned {
  playerId: string;
  position?: Vec;
  health: number;
  team?: Team;
  invulnerableUntil?: number;
  timestamp?: number;
}

export interface ProjectileCreated {
  id: string;
  type: WeaponId;
  playerId?: string;
  position: Vec;
  velocity?: Vec;
}

export interface ProjectileExploded {
  id: string;
  type?: string;
  position: Vec;
  radius: number;
}

export interface ExplosionCreated {
  position: Vec;
  radius: number;
  damage?: number;
  sourcePlayerId?: string;
}

export interface FlashEffect {
  id: string;
  position: Vec;
  affectedPlayers: {
    playerId: string;
    intensity: number;
    duration: number;
    phases: { blindDuration: number; disorientedDuration: number; recoveringDuration: number };
  }[];
}

export interface HeatUpdate {
  heatLevel: number;
  isOverheated: boolean;
}

export interface MatchEnded {
  winnerTeam?: string;
  redKills: number;
  blueKills: number;
  duration: number;
  killTarget?: number;
  playerStats: { playerId: string; playerName: string; team: Team; kills: number; deaths: number }[];
}

export interface Scoreboard {
  type: string;
  results: { winner: string | null; finalScores: { red: number; blue: number }; duration: number; reason: string };
  playerStats: { playerId: string; displayName: string; team: Team; kills: number; deaths: number; score: number }[];
  displayTime: number;
}

export type VoteOption = string | { id: string; label?: string; map?: string };

export interface VoteStarted {
  options: VoteOption[];
  endsAt: number;
}

export interface ChatMessage {
  playerId?: string;
  playerName?: string;
  name?: string;
  team?: Team;
  text: string;
  /** "system": the server itself speaks, without a name. */
  channel?: "lobby" | "team" | "system";
}

/** How one waits for a match; of those who do not, only the first four are told. */
export interface QueueStatus {
  position: number;
  waiting: number;
  estimateMs: number | null;
  state: "idle" | "waiting" | "forming" | "matched";
  blocks?: "players" | "skill" | "region" | null;
  waitedMs?: number;
  reach?: "cluster" | "node";
  gameMode?: string;
  regions?: string[];
  party?: number;
  pass?: string;
}

export interface PartyState {
  code: string | null;
  leaderId: string;
  queued: boolean;
  members: { id: string; name: string }[];
  pass?: string;
}

export interface JoinMessage {
  loadout: Loadout & { team: Team };
  playerName: string;
  timestamp: number;
}
