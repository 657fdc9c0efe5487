// The socket: opened as a WebSocket at once, by polling where that fails; recovers its session by itself (contract 1.6). Who
// plays is asked anew at every connection.

import type { Socket } from "socket.io-client";
import { io } from "socket.io-client";

export type LinkState = "connecting" | "online" | "lost";

export interface LinkEvents {
  state(state: LinkState): void;
  /** Connected. `recovered`: the server kept id, seat and everything; `again`: not the first time on this page. */
  connected(recovered: boolean, again: boolean): void;
  event(name: string, payload: unknown): void;
  /** The account's access token for a connection about to be made, or null for a guest. */
  token(): Promise<string | null>;
  /** The server does not want this connection; nothing more happens until connect(). */
  refused(reason: string): void;
}

const PING_EVERY_MS = 2000;

export class Connection {
  private readonly socket: Socket;
  private linkState: LinkState = "connecting";
  private everConnected = false;
  private connections = 0;
  /** Round trip of the last time:sync, ms. */
  roundTrip = 0;
  /** Server clock less this page's clock, ms. */
  clockOffset = 0;
  sent = 0;
  received = 0;
  connectErrors = 0;

  /** `pid` takes up the session of an earlier page, if the server still keeps it. */
  constructor(url: string, private readonly events: LinkEvents, pid: string | null) {
    this.socket = io(url, {
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 400,
      reconnectionDelayMax: 3000,
      timeout: 8000,
      withCredentials: false,
      auth: (tell) => void this.authorize(tell),
    });
    this.socket.on("connect", () => {
      const again = this.everConnected;
      this.everConnected = true;
      this.setState("online");
      this.emit("time:sync", Date.now());
      this.emit("client:ready", { timestamp: Date.now(), userAgent: navigator.userAgent });
      this.events.connected(this.socket.recovered, again);
    });
    this.socket.on("disconnect", () => this.setState("lost"));
    this.socket.on("connect_error", (error) => {
      this.connectErrors += 1;
      this.setState("lost");
      if (!this.socket.active) this.events.refused(error.message);
    });
    this.socket.onAny((name: string, payload: unknown) => {
      this.received += 1;
      if (name === "time:sync:response") this.timeSync(payload as { clientTime: number; serverTime: number });
      else this.events.event(name, payload);
    });
    if (pid) this.recovery._pid = pid;
    this.socket.connect();
    setInterval(() => {
      if (this.online) this.emit("time:sync", Date.now());
    }, PING_EVERY_MS);
  }

  get online(): boolean {
    return this.linkState === "online";
  }

  /** What a later page needs to go on with this session. */
  get pid(): string | null {
    return this.recovery._pid ?? null;
  }

  /** Connects after halt() or a refusal. */
  connect(): void {
    this.socket.connect();
  }

  /** Gives the session up and stays away. */
  halt(): void {
    this.recovery._pid = undefined;
    this.socket.disconnect();
    this.setState("lost");
  }

  private async authorize(tell: (auth: object) => void): Promise<void> {
    const connection = ++this.connections;
    const token = await this.events.token();
    if (connection === this.connections) tell(token ? { token } : {});
  }

  /** The library keeps it on the socket, but does not declare it. */
  private get recovery(): { _pid?: string | undefined } {
    return this.socket as unknown as { _pid?: string };
  }

  get id(): string {
    return this.socket.id ?? "";
  }

  get transport(): string {
    return this.socket.io.engine?.transport?.name ?? "";
  }

  /** Sends now or not at all: nothing piles up while the line is down. */
  emit(name: string, ...args: unknown[]): void {
    if (!this.socket.connected) return;
    this.sent += 1;
    this.socket.emit(name, ...args);
  }

  /** Cuts the transport below the session, as a bad network would; for tests of recovery. */
  cut(): void {
    this.socket.io.engine?.close();
  }

  private setState(state: LinkState): void {
    if (state === "lost" && !this.everConnected) state = "connecting";
    if (state === this.linkState) return;
    this.linkState = state;
    this.events.state(state);
  }

  private timeSync(answer: { clientTime: number; serverTime: number }): void {
    const now = Date.now();
    const trip = now - answer.clientTime;
    if (!(trip >= 0 && trip < 60000)) return;
    this.roundTrip = this.roundTrip === 0 ? trip : this.roundTrip * 0.7 + trip * 0.3;
    this.clockOffset = answer.serverTime + trip / 2 - now;
  }
}
