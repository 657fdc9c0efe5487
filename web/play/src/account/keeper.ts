// Keeps a login alive. The access token lives here, in memory, for a quarter of an hour; the refresh token is in the browser's
// storage, good for one use and shared by all tabs. Using one twice ends the login, so only one tab at a time may renew, and
// it takes the token to renew from the storage, not from what it remembers.

export interface Who {
  id: string;
  name: string;
}

/** What is stored: the next refresh token, and whose it is. */
export interface Login extends Who {
  refreshToken: string;
}

export interface Tokens {
  token: string;
  refreshToken: string;
  /** Seconds the access token is good for. */
  expiresIn: number;
}

/** The server will never take this refresh token (any more); every other failure may pass. */
export class LoginOver extends Error {}

export interface KeeperHost {
  load(): Login | null;
  save(login: Login | null): void;
  /** Runs the work while no other tab runs such work. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  renew(refreshToken: string): Promise<Tokens>;
  /** ms; goes on while the machine sleeps. */
  now(): number;
  /** Runs the work once after so many ms; what it returns cancels. */
  later(ms: number, work: () => void): () => void;
  /** Who is signed in on this page changed. */
  changed(): void;
}

/** A token with less left than this is renewed before it is used. */
const MARGIN_MS = 15_000;
/** So long before its end a token is renewed unasked. */
const AHEAD_MS = 60_000;
const RETRY_MS = 20_000;

export class TokenKeeper {
  /** The player of this page; another tab may be signed in as somebody else. */
  who: Who | null;
  private access: { token: string; end: number } | null = null;
  private running: Promise<string | null> | null = null;
  private cancel = (): void => undefined;

  constructor(private readonly host: KeeperHost) {
    this.who = this.stored();
  }

  /** After login or registration. */
  accept(tokens: Tokens, who: Who): void {
    this.host.save({ ...who, refreshToken: tokens.refreshToken });
    this.who = who;
    this.take(tokens);
    this.host.changed();
  }

  /** A token that is good for a while yet, or null for a guest. Rejects when the server cannot be asked now. */
  async token(): Promise<string | null> {
    if (!this.who) return null;
    if (this.access && this.access.end - this.host.now() > MARGIN_MS) return this.access.token;
    return this.renew();
  }

  /** A new token in place of one the server refused. Null: the login is over. */
  async replace(refused: string): Promise<string | null> {
    if (this.access && this.access.token !== refused) return this.access.token;
    return this.renew();
  }

  /** Signs this page out and forgets the login for every tab. */
  forget(): void {
    if (this.who && this.host.load()?.id === this.who.id) this.host.save(null);
    this.detach();
  }

  /** This page goes on as a guest; the login stays for others, and for resume(). */
  detach(): void {
    const was = this.who;
    this.cancel();
    this.who = null;
    this.access = null;
    if (was) this.host.changed();
  }

  resume(): void {
    this.who = this.stored();
    this.host.changed();
  }

  private stored(): Who | null {
    const login = this.host.load();
    return login && { id: login.id, name: login.name };
  }

  private renew(): Promise<string | null> {
    this.running ??= this.host.exclusively(() => this.exchange()).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async exchange(): Promise<string | null> {
    const { who } = this;
    const login = this.host.load();
    if (!who) return null;
    if (login?.id !== who.id) {
      this.detach();  // another tab signed out, or in as somebody else
      return null;
    }
    // A login made by another tab while we wait for the answer is not overwritten.
    const untouched = (): boolean => this.host.load()?.refreshToken === login.refreshToken;
    let tokens: Tokens;
    try {
      tokens = await this.host.renew(login.refreshToken);
    } catch (error) {
      if (!(error instanceof LoginOver)) {
        this.schedule(RETRY_MS);
        throw error;
      }
      if (untouched()) this.host.save(null);
      if (this.who === who) this.detach();
      return null;
    }
    if (untouched()) this.host.save({ ...login, refreshToken: tokens.refreshToken });
    if (this.who !== who) return this.access?.token ?? null;
    this.take(tokens);
    return tokens.token;
  }

  private take(tokens: Tokens): void {
    const life = tokens.expiresIn * 1000;
    this.access = { token: tokens.token, end: this.host.now() + life };
    this.schedule(Math.max(life - AHEAD_MS, life / 2));
  }

  private schedule(ms: number): void {
    this.cancel();
    this.cancel = this.host.later(ms, () => {
      this.renew().catch(() => undefined);  // exchange() has set the next try
    });
  }
}
