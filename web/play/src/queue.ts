// Waiting for a match of one's own skill, alone or with friends: what the server tells of it, and what one asks for.

import type { PartyState, QueueStatus } from "@trespasser/common/protocol";
import type { PageState } from "./ui/screen";
import { ownName } from "./ui/screen";

/** Something to draw has changed; the party's leader has begun to wait for one; a match is found. */
export type QueueNews = "changed" | "called" | "matched";

export interface QueueActions {
  join(): void;
  leave(): void;
  createParty(): void;
  joinParty(code: string): void;
  leaveParty(): void;
}

export class Queue {
  /** Keeps the place on another connection; a secret. */
  private pass = "";

  constructor(
    private readonly state: PageState,
    private readonly emit: (name: string, payload?: unknown) => void,
    private readonly toast: (text: string, bad: boolean) => void,
    private readonly news: (news: QueueNews) => void,
  ) {}

  readonly actions: QueueActions = {
    join: () => this.emit("queue:join", this.wish()),
    leave: () => this.emit("queue:leave"),
    createParty: () => this.emit("party:create", { playerName: ownName(this.state) }),
    joinParty: (code) => this.emit("party:join", { code, playerName: ownName(this.state) }),
    leaveParty: () => this.emit("party:leave"),
  };

  readonly handlers: Record<string, (payload: never) => void> = {
    "queue:status": (status: QueueStatus) => this.status(status),
    "queue:matched": () => {
      this.state.queue = null;
      this.news("matched");
    },
    "queue:failed": (e: { reason?: string }) => {
      this.state.queue = null;
      this.toast(e.reason || "No longer in the queue", true);
      this.news("changed");
    },
    "party:state": (party: PartyState) => {
      this.state.party = party.code ? party : null;
      if (party.pass) this.pass = party.pass;
      this.news("changed");
    },
    "party:failed": (e: { reason?: string }) => this.toast(e.reason || "No such party", true),
  };

  /** On a new connection without the old session: takes the place, and the party, up again. */
  resume(): void {
    const { party, queue } = this.state;
    this.state.party = null;
    this.state.queue = null;
    if (party?.code) this.emit("party:join", { code: party.code, playerName: ownName(this.state), ...this.withPass() });
    if (queue) this.emit("queue:join", { ...this.wish(), ...this.withPass() });
  }

  private wish(): object {
    return { gameMode: "deathmatch", playerName: ownName(this.state) };
  }

  private withPass(): object {
    return this.pass ? { pass: this.pass } : {};
  }

  private status(status: QueueStatus): void {
    const waited = this.state.queue !== null;
    if (status.pass) this.pass = status.pass;
    this.state.queue = status.state === "idle" ? null : { ...status, since: performance.now() - (status.waitedMs ?? 0) };
    if (!waited && this.state.queue) this.news("called");
    this.news("changed");
  }
}
