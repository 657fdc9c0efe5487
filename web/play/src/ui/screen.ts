// What every screen of the page is made of, and what it may ask the page to do.

import type { LobbyInfo, LobbySettings, LobbyWire, MatchEnded, PartyState, QueueStatus, Scoreboard } from "@trespasser/common/protocol";
import type { Account } from "../account/account";
import type { Who } from "../account/keeper";
import type { QueueActions } from "../queue";
import type { Settings } from "../settings";

export interface Screen {
  el: HTMLElement;
  /** Something of the page's state changed. */
  update?(): void;
  /** Each frame, for clocks. */
  tick?(now: number): void;
}

export type ScreenName = "menu" | "private" | "code" | "browser" | "loadout" | "lobby" | "match" | "results" | "account" | "profile" | "leaderboard" | "queue";

export interface Vote {
  options: { id: string; label: string }[];
  tallies: Record<string, number>;
  mine: string | null;
  /** This page's clock, ms. */
  endsAt: number;
  result: string | null;
}

export interface ChatLine {
  name: string;
  team: "red" | "blue" | null;
  text: string;
  teamOnly: boolean;
  at: number;
}

/** What the screens show. */
export interface PageState {
  online: boolean;
  /** Waiting for an answer to find_match, join_lobby or create_private_lobby. */
  seeking: boolean;
  lobby: LobbyWire | null;
  /** How one waits for a match; since when by this page's clock. null: one does not. */
  queue: (QueueStatus & { since: number }) | null;
  party: PartyState | null;
  /** When the countdown ends, this page's clock; 0 = none. */
  countdownEnd: number;
  lobbies: LobbyInfo[] | null;
  ended: MatchEnded | null;
  scoreboard: Scoreboard | null;
  vote: Vote | null;
  chat: ChatLine[];
  settings: Settings;
  selfId: string;
  /** The account one is signed in with; null: a guest. */
  who: Who | null;
}

/** The name one plays under. */
export function ownName(state: PageState): string {
  return state.who?.name ?? state.settings.name;
}

export interface PrivateOptions extends LobbySettings {
  password: string;
}

/** What the account's screens can do; what fails is a rejection. */
export interface AccountActions {
  login(email: string, password: string): Promise<void>;
  register(email: string, password: string, name: string): Promise<void>;
  logout(): Promise<void>;
  erase(): Promise<void>;
  /** For what needs no more than a question to the server. */
  ask: Account;
  /** One's own profile, or another player's. */
  show(id: string): void;
}

/** What the screens can do. */
export interface Actions {
  account: AccountActions;
  queue: QueueActions;
  go(screen: ScreenName): void;
  rename(name: string): void;
  saveSettings(): void;
  quickPlay(): void;
  createPrivate(options: PrivateOptions): void;
  joinLobby(lobbyId: string, password: string): void;
  refreshLobbies(): void;
  leave(): void;
  kick(id: string): void;
  makeHost(id: string): void;
  start(): void;
  changeSettings(settings: LobbySettings): void;
  vote(option: string): void;
  say(text: string, teamOnly: boolean): void;
  /** `reason` is one of ui/report.ts. */
  report(targetId: string, reason: string): void;
  toggleMute(): void;
  toast(text: string, bad?: boolean): void;
  click(): void;
  loadoutDone(): void;
}
