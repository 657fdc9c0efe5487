// The account of the one who plays on this page: signing in and out, and what can be asked of the server about players.

import type { History, Leaderboard, Order, Profile, SignedIn } from "./api";
import { call, Problem } from "./api";
import type { Login, Tokens, Who } from "./keeper";
import { LoginOver, TokenKeeper } from "./keeper";
import { exclusively } from "./lock";

const KEY = "trespasser.account";

let unstored: Login | null = null;  // where storage is forbidden, a login lives as long as the page

function load(): Login | null {
  try {
    const login = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Login> | null;
    const whole = login && [login.id, login.name, login.refreshToken].every((part) => typeof part === "string");
    return whole ? (login as Login) : null;
  } catch {
    return unstored;
  }
}

function save(login: Login | null): void {
  unstored = login;
  try {
    if (login) localStorage.setItem(KEY, JSON.stringify(login));
    else localStorage.removeItem(KEY);
  } catch {
    // kept in `unstored`
  }
}

async function renew(refreshToken: string): Promise<Tokens> {
  try {
    return await call<Tokens>("POST", "/api/auth/refresh", { refreshToken });
  } catch (error) {
    if (error instanceof Problem && [400, 401, 403].includes(error.status)) throw new LoginOver(error.message);
    throw error;
  }
}

export class Account {
  private readonly keeper: TokenKeeper;

  /** `changed`: `who` is another one now. */
  constructor(changed: () => void) {
    this.keeper = new TokenKeeper({
      load,
      save,
      exclusively: (work) => exclusively(KEY, work),
      renew,
      now: () => Date.now(),
      later: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      changed,
    });
  }

  /** Null: a guest. */
  get who(): Who | null {
    return this.keeper.who;
  }

  token(): Promise<string | null> {
    return this.keeper.token();
  }

  replace(refused: string): Promise<string | null> {
    return this.keeper.replace(refused);
  }

  detach(): void {
    this.keeper.detach();
  }

  resume(): void {
    this.keeper.resume();
  }

  async login(email: string, password: string): Promise<void> {
    this.accept(await call<SignedIn>("POST", "/api/auth/login", { email, password }));
  }

  async register(email: string, password: string, displayName: string): Promise<void> {
    this.accept(await call<SignedIn>("POST", "/api/auth/register", { email, password, displayName }));
  }

  /** The login is forgotten here even if the server does not hear of it: its refresh token is gone with it. */
  async logout(): Promise<void> {
    try {
      await this.asked("POST", "/api/auth/logout");
    } finally {
      this.keeper.forget();
    }
  }

  async erase(): Promise<void> {
    await this.asked("DELETE", "/api/players/me");
    this.keeper.forget();
  }

  /** Everything the server keeps about this player. */
  export(): Promise<object> {
    return this.asked("GET", "/api/players/me/export");
  }

  requestReset(email: string): Promise<void> {
    return call("POST", "/api/auth/reset-request", { email });
  }

  reset(code: string, password: string): Promise<void> {
    return call("POST", "/api/auth/reset", { code, password });
  }

  profile(id: string): Promise<Profile> {
    return call("GET", `/api/players/${encodeURIComponent(id)}`);
  }

  history(id: string, cursor: string, size: number): Promise<History> {
    return call("GET", `/api/players/${encodeURIComponent(id)}/matches?size=${size}&cursor=${encodeURIComponent(cursor)}`);
  }

  leaderboard(by: Order, page: number, size: number): Promise<Leaderboard> {
    return call("GET", `/api/leaderboard?by=${by}&page=${page}&size=${size}`);
  }

  private accept(signed: SignedIn): void {
    this.keeper.accept(signed, { id: signed.player.id, name: signed.player.displayName });
  }

  /** A call as the player; once more with a new token if the server does not take this one. */
  private async asked<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
    const token = await this.keeper.token();
    if (!token) throw new Problem(401, "You are signed out.");
    try {
      return await call<T>(method, path, body, token);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
      const next = await this.keeper.replace(token);
      if (!next) throw new Problem(401, "You are signed out.");
      return call<T>(method, path, body, next);
    }
  }
}
