// The account and the line together: a connection is made as the player who is signed in, a guest who signs in keeps the
// seat, and a login that ends closes the line with a reason.

import { Account } from "./account/account";
import { words } from "./account/api";
import type { Who } from "./account/keeper";
import type { Connection } from "./connection";

export interface MembershipHost {
  /** Another player, or a guest, from now on. */
  changed(who: Who | null): void;
  toast(text: string, bad?: boolean): void;
  /** Forget the lobby and the match; the server has, too. */
  outOfLobby(): void;
  /** The line is closed and stays so; `elsewhere`: because another page of the same player has the seat. */
  ended(text: string, elsewhere: boolean): void;
  /** The server takes no guests. */
  mustSignIn(): void;
}

const ELSEWHERE = "signed in on another device";
const REASONS: Record<string, string> = {
  [ELSEWHERE]: "You play on another device or page now. It has your seat.",
  logout: "You were logged out on another page or device.",
  password_changed: "The password was changed. Sign in with the new one.",
  erased: "The account was deleted.",
  refresh_token_reused: "The login was used in two places at once. It was ended to be safe.",
};

/** Tries to get a token for a connection, ms apart; after them the player goes on as a guest. */
const TRIES_MS = [500, 1500];
const JOIN_AGAIN_MS = 20_000;

export class Membership {
  readonly account: Account;
  private leaving = false;
  private renewed = false;
  private guest = true;

  constructor(private readonly link: () => Connection, private readonly host: MembershipHost) {
    this.account = new Account(() => host.changed(this.account.who));
  }

  /** The token of the next connection. */
  async token(): Promise<string | null> {
    for (const pause of [...TRIES_MS, 0]) {
      try {
        const token = await this.account.token();
        this.guest = token === null;
        return token;
      } catch {
        await new Promise((done) => setTimeout(done, pause));
      }
    }
    this.host.toast("Signing in does not work now. You play as a guest meanwhile.", true);
    this.guest = true;
    return null;
  }

  connected(): void {
    this.renewed = false;
    if (this.guest && this.account.who) void this.join();
  }

  async login(email: string, password: string): Promise<void> {
    await this.account.login(email, password);
    await this.join();
  }

  async register(email: string, password: string, name: string): Promise<void> {
    await this.account.register(email, password, name);
    await this.join();
  }

  async logout(): Promise<void> {
    await this.leave(() => this.account.logout().catch((error) => this.host.toast(words(error), true)));
  }

  async erase(): Promise<void> {
    await this.leave(() => this.account.erase());
  }

  /** The seat of another page of this player comes here. */
  playHere(): void {
    this.account.resume();
    this.link().connect();
  }

  /** The refusal of a connection: an old token is replaced once, then one plays as a guest. */
  async refused(reason: string): Promise<void> {
    if (reason !== "unauthorized") return this.host.toast(reason, true);
    if (!this.account.who) return this.host.mustSignIn();
    if (this.renewed || !(await this.another())) this.account.detach();
    this.renewed = true;
    this.link().connect();
  }

  readonly handlers: Record<string, (payload: never) => void> = {
    "account:linked": (e: { displayName: string }) => this.host.toast(`Signed in as ${e.displayName}`),
    "account:refused": () => void this.linkRefused(),
    "session:ended": (e: { reason: string }) => this.ended(e.reason),
  };

  /** Makes the guest of the open line the player who is signed in now. */
  private async join(): Promise<void> {
    this.guest = false;
    try {
      const token = await this.account.token();
      if (!token) return;
      if (this.link().online) this.link().emit("account:link", { token });
      else this.link().connect();
    } catch {
      setTimeout(() => void this.join(), JOIN_AGAIN_MS);
    }
  }

  private async linkRefused(): Promise<void> {
    const again = !this.renewed && (await this.another());
    this.renewed = true;
    if (again) await this.join();
    else this.host.toast("The server did not take the login.", true);
  }

  /** Whether there is another token than the one last shown, which was refused. */
  private async another(): Promise<boolean> {
    try {
      const refused = await this.account.token();
      return refused !== null && (await this.account.replace(refused)) !== null;
    } catch {
      return false;
    }
  }

  private async leave(work: () => Promise<void>): Promise<void> {
    this.leaving = true;
    try {
      await work();
      this.host.outOfLobby();
      this.link().halt();
      this.link().connect();
    } finally {
      this.leaving = false;
    }
  }

  private ended(reason: string): void {
    if (this.leaving) return;
    this.account.detach();
    this.host.outOfLobby();
    this.link().halt();
    this.host.ended(REASONS[reason] ?? reason, reason === ELSEWHERE);
  }
}
