// The page: one socket, one stage, and the screens between which the player and the server move.

import type * as wire from "@trespasser/common/protocol";
import { AMBER, BONE, TEAM } from "@trespasser/common/palette";
import { Arena } from "./arena";
import { Backdrop } from "./backdrop";
import type { LinkState } from "./connection";
import { Connection } from "./connection";
import { exposeDebug } from "./debug";
import { Membership } from "./membership";
import { Queue, type QueueNews } from "./queue";
import type { Seat } from "./seat";
import { leaveSeat, takeSeat } from "./seat";
import { loadSettings, saveSettings } from "./settings";
import { wantedTeam } from "./sides";
import { Sound } from "./sound";
import { Stage } from "./stage";
import { accountScreen, resetCode } from "./ui/account";
import { browserScreen } from "./ui/browser";
import type { ChatBox } from "./ui/chat";
import { chatBox, lineFrom } from "./ui/chat";
import { h } from "./ui/dom";
import { leaderboardScreen } from "./ui/leaderboard";
import { loadoutScreen } from "./ui/loadout";
import { lobbyScreen } from "./ui/lobby";
import { codeScreen, menuScreen, privateScreen } from "./ui/menu";
import { profileScreen } from "./ui/profile";
import { queueScreen } from "./ui/queue";
import { liveScores, resultsScreen } from "./ui/results";
import type { Actions, PageState, PrivateOptions, Screen, ScreenName } from "./ui/screen";
import { ownName } from "./ui/screen";
import { endedVeil, lostVeil, pauseVeil, showToast } from "./ui/veils";

const QUICK_PLAY_BOTS = 3;
const SEEK_PATIENCE_MS = 12000;
const JOIN_RETRIES = 3;
const CHAT_LINES = 40;

export class App {
  readonly stage = new Stage();
  readonly settings = loadSettings();
  readonly sound = new Sound(this.settings.muted, this.settings.volume);
  readonly membership: Membership;
  readonly queue: Queue;
  readonly link: Connection;
  readonly arena: Arena;
  readonly state: PageState;
  screenName: ScreenName = "menu";
  errors: string[] = [];
  private screen: Screen = { el: h("section") };
  private readonly ui = document.getElementById("ui")!;
  private readonly toasts = document.getElementById("toasts")!;
  private readonly backdrop = new Backdrop();
  private overlay: HTMLElement | null = null;
  private scores: HTMLElement | null = null;
  private reconnect: HTMLElement | null = null;
  private readonly matchChat: ChatBox;
  private joinAttempts = 0;
  private seekTimer = 0;
  private lastCount = -1;
  private chatUntil = 0;
  private lastPassword = "";
  private profileId = "";
  private profileBack: ScreenName = "menu";
  private resetCode = resetCode();
  /** The seat of the page before a reload, until it is known whether the server kept it. */
  private seat: Seat | null = takeSeat();
  private readonly actions: Actions;

  constructor(url: string) {
    this.state = {
      online: false, seeking: false, lobby: null, queue: null, party: null, countdownEnd: 0, lobbies: null, ended: null, scoreboard: null, vote: null,
      chat: [], settings: this.settings, selfId: "", who: null,
    };
    this.membership = this.makeMembership();
    this.state.who = this.membership.account.who;
    this.queue = new Queue(this.state, (name, payload) => this.link.emit(name, payload), (text, bad) => this.toast(text, bad), (news) => this.queueNews(news));
    this.actions = this.makeActions();
    this.matchChat = chatBox(this.state, this.actions, { closed: () => this.closeChat() });
    this.link = new Connection(url, {
      state: (s) => this.linkState(s),
      connected: (recovered, again) => this.connected(recovered, again),
      event: (name, payload) => this.event(name, payload),
      token: () => this.membership.token(),
      refused: (reason) => void this.membership.refused(reason),
    }, this.seat?.pid ?? null);
    this.arena = new Arena(this.stage, this.link, this.sound, {
      menu: () => this.toggleMenu(),
      scoreboard: (shown) => this.showScores(shown),
      chat: () => this.openChat(),
      loadout: () => this.openLoadout(),
      mute: () => this.actions.toggleMute(),
    });
    window.addEventListener("error", (e) => this.errors.push(String(e.message)));
    window.addEventListener("unhandledrejection", (e) => this.errors.push(String(e.reason)));
    window.addEventListener("keydown", (e) => this.pageKey(e));
    window.addEventListener("pagehide", () => this.pageGoes());
    exposeDebug(this);
    this.go(this.resetCode ? "account" : "menu");
    requestAnimationFrame((now) => this.frame(now));
  }

  go(name: ScreenName): void {
    const makers: Record<ScreenName, () => Screen> = {
      menu: () => menuScreen(this.state, this.actions),
      private: () => privateScreen(this.state, this.actions),
      code: () => codeScreen(this.state, this.actions),
      browser: () => browserScreen(this.state, this.actions),
      loadout: () => loadoutScreen(this.state, this.actions, false),
      lobby: () => lobbyScreen(this.state, this.actions),
      match: () => ({ el: h("section", { class: "screen match" }) }),
      results: () => resultsScreen(this.state, this.actions, this.arena.model),
      account: () => accountScreen(this.state, this.actions, this.resetCode, () => this.accountDone()),
      profile: () => profileScreen(this.state, this.actions, this.profileId, () => this.actions.go(this.profileBack)),
      queue: () => queueScreen(this.state, this.actions),
      leaderboard: () => leaderboardScreen(this.state, this.actions),
    };
    this.closeOverlay();
    this.showScores(false);
    this.screenName = name;
    this.screen = makers[name]();
    this.ui.replaceChildren(this.screen.el);
    if (name === "match") {
      this.screen.el.append(this.matchChat.el);
      this.matchChat.el.classList.remove("open");
    }
    this.arena.controls.setActive(name === "match");
  }

  private frame(now: number): void {
    requestAnimationFrame((next) => this.frame(next));
    if (this.screenName === "match" || this.screenName === "results") this.arena.frame(now);
    else this.backdrop.draw(this.stage.ctx, now);
    this.screen.tick?.(now);
    this.countdownSound(now);
    if (this.screenName === "match") this.matchChat.el.classList.toggle("fresh", now < this.chatUntil);
  }

  private countdownSound(now: number): void {
    const { countdownEnd } = this.state;
    const left = countdownEnd > now ? Math.ceil((countdownEnd - now) / 1000) : -1;
    if (left !== this.lastCount && left > 0 && left <= 5) this.sound.count(left === 1);
    this.lastCount = left;
  }

  private refresh(): void {
    this.screen.update?.();
  }

  private makeActions(): Actions {
    const emit = (name: string, ...args: unknown[]): void => this.link.emit(name, ...args);
    const { membership } = this;
    return {
      account: {
        login: (email, password) => membership.login(email, password),
        register: (email, password, name) => membership.register(email, password, name),
        logout: () => membership.logout(),
        erase: () => membership.erase(),
        ask: membership.account,
        show: (id) => this.showProfile(id),
      },
      queue: this.queue.actions,
      go: (screen) => {
        this.sound.click();
        this.go(screen);
      },
      rename: (name) => {
        this.settings.name = name;
        saveSettings(this.settings);
      },
      saveSettings: () => saveSettings(this.settings),
      quickPlay: () => {
        this.sound.click();
        this.seek();
        emit("find_match", { gameMode: "deathmatch", isPrivate: false, quickJoin: true, bots: QUICK_PLAY_BOTS, playerName: ownName(this.state) });
      },
      createPrivate: (options: PrivateOptions) => {
        this.sound.click();
        this.seek();
        this.lastPassword = options.password;
        emit("create_private_lobby", { gameMode: "deathmatch", ...options, playerName: ownName(this.state) });
      },
      joinLobby: (lobbyId, password) => {
        this.sound.click();
        this.seek();
        this.lastPassword = password;
        emit("join_lobby", { lobbyId, ...(password ? { password } : {}), playerName: ownName(this.state) });
      },
      refreshLobbies: () => emit("get_lobby_list", { showPrivate: false, showFull: true, showInProgress: true, gameMode: "deathmatch" }),
      leave: () => this.leave(),
      kick: (playerId) => emit("lobby:kick", { playerId }),
      makeHost: (playerId) => emit("lobby:host", { playerId }),
      start: () => emit("lobby:start", {}),
      changeSettings: (settings) => emit("lobby:settings", settings),
      vote: (option) => {
        this.sound.click();
        if (this.state.vote) this.state.vote.mine = option;
        emit("vote_cast", { option });
        this.refresh();
      },
      report: (targetId, reason) => emit("player:report", { targetId, reason }),
      say: (text, teamOnly) => emit("chat:message", { text, channel: teamOnly ? "team" : "lobby" }),
      toggleMute: () => {
        this.settings.muted = !this.settings.muted;
        this.sound.set(this.settings.muted, this.settings.volume);
        saveSettings(this.settings);
        if (this.screenName === "match") this.toast(this.settings.muted ? "Sound off" : "Sound on");
      },
      toast: (text, bad) => this.toast(text, bad),
      click: () => this.sound.click(),
      loadoutDone: () => {
        this.sound.click();
        this.go(this.state.lobby ? "lobby" : "menu");
      },
    };
  }

  private makeMembership(): Membership {
    return new Membership(() => this.link, {
      changed: (who) => {
        this.state.who = who;
        this.refresh();
      },
      toast: (text, bad) => this.toast(text, bad),
      outOfLobby: () => this.outOfLobby(),
      ended: (text, elsewhere) => this.sessionEnded(text, elsewhere),
      mustSignIn: () => {
        this.toast("This server asks you to sign in.", true);
        if (this.screenName !== "account") this.go("account");
      },
    });
  }

  private showProfile(id: string): void {
    this.sound.click();
    this.profileId = id;
    this.profileBack = this.screenName === "leaderboard" ? "leaderboard" : "menu";
    this.go("profile");
  }

  private accountDone(): void {
    this.resetCode = "";
    this.sound.click();
    this.go(this.state.lobby ? "lobby" : "menu");
  }

  /** The server closed the session: why, and what one can do now. */
  private sessionEnded(text: string, elsewhere: boolean): void {
    const connect = (): void => this.link.connect();
    this.ui.parentElement!.append(endedVeil(text, elsewhere ? () => this.membership.playHere() : null, () => {
      connect();
      this.go("account");
    }, connect));
  }

  private queueNews(news: QueueNews): void {
    if (news === "matched") this.sound.fanfare(true);
    if (news === "called" && this.screenName === "menu") this.go("queue");
    this.refresh();
  }

  private seek(): void {
    this.state.seeking = true;
    clearTimeout(this.seekTimer);
    this.seekTimer = window.setTimeout(() => {
      if (!this.state.seeking) return;
      this.found();
      this.toast("The server did not answer. Try again.", true);
    }, SEEK_PATIENCE_MS);
    this.refresh();
  }

  private found(): void {
    this.state.seeking = false;
    clearTimeout(this.seekTimer);
    this.refresh();
  }

  private leave(): void {
    this.sound.click();
    this.link.emit("leave_lobby");
    this.outOfLobby();
  }

  private outOfLobby(): void {
    this.arena.end();
    Object.assign(this.state, { lobby: null, countdownEnd: 0, ended: null, scoreboard: null, vote: null, chat: [] });
    if (this.screenName !== "menu") this.go("menu");
  }

  // --- the line ---

  private linkState(state: LinkState): void {
    this.state.online = state === "online";
    if (state === "online") this.hideReconnect();
    else if (state === "lost" && this.state.lobby) this.showReconnect();
    if (state !== "online") this.found();
    this.refresh();
  }

  private connected(recovered: boolean, again: boolean): void {
    this.state.selfId = this.link.id;
    this.membership.connected();
    const seat = this.seat;
    this.seat = null;
    if (recovered) {
      if (seat) this.resumeSeat(seat);
      else if (this.arena.playing) this.arena.resume();
      if (this.arena.playing) this.toast("Back in the match");
      return;
    }
    this.arena.model.selfId = this.link.id;
    if (again) this.queue.resume();
    if (!again || !this.state.lobby) return;
    const lobbyId = this.state.lobby.lobbyId;
    this.outOfLobby();
    this.toast("Your seat was given up. Asking for a new one.", true);
    this.actions.joinLobby(lobbyId, this.lastPassword);
  }

  /** A reloaded page goes on where the one before was. */
  private resumeSeat(seat: Seat): void {
    this.state.lobby = seat.lobby;
    this.arena.model.selfId = this.link.id;
    if (!seat.match) return this.go("lobby");
    this.arena.begin(seat.match.killTarget, seat.match.timeLimit, Math.max(0, Date.now() - seat.match.startedAt));
    this.arena.model.self.joined = true;
    this.arena.model.learnPlayers(seat.lobby.players ?? []);
    this.arena.resume();
    this.go("match");
  }

  private pageGoes(): void {
    const { lobby } = this.state;
    const pid = this.link.pid;
    if (!lobby || !pid || !this.link.online) return;
    const { model, playing, frozen } = this.arena;
    const match = playing && !frozen
      ? { killTarget: model.killTarget, timeLimit: model.timeLimit, startedAt: Date.now() - (performance.now() - model.startedAt) }
      : null;
    leaveSeat({ pid, lobby, match });
  }

  private showReconnect(): void {
    if (this.reconnect) return;
    this.reconnect = lostVeil(() => {
      this.hideReconnect();
      this.outOfLobby();
    });
    this.ui.parentElement!.append(this.reconnect);
  }

  private hideReconnect(): void {
    this.reconnect?.remove();
    this.reconnect = null;
  }

  // --- events of the server ---

  private event(name: string, payload: unknown): void {
    const handler = this.handlers[name] ?? this.queue.handlers[name] ?? this.membership.handlers[name];
    if (handler) handler((payload ?? {}) as never);
    if (this.arena.model.handles(name)) this.arena.apply(name, payload);
  }

  private readonly handlers: Record<string, (payload: never) => void> = {
    lobby_joined: (lobby: wire.LobbyWire) => this.enteredLobby(lobby),
    private_lobby_created: (lobby: wire.LobbyWire) => this.enteredLobby({ ...lobby, isPrivate: true }),
    matchmaking_failed: (e: { reason?: string }) => this.refused(e.reason),
    lobby_creation_failed: (e: { reason?: string }) => this.refused(e.reason),
    lobby_join_failed: (e: { reason?: string }) => this.refused(e.reason),
    lobby_list: (e: { lobbies: wire.LobbyInfo[] }) => {
      this.state.lobbies = e.lobbies ?? [];
      this.refresh();
    },
    "lobby:state": (lobby: wire.LobbyWire) => this.lobbyState(lobby),
    player_joined_lobby: (e: { playerCount: number }) => this.lobbyCount(e.playerCount),
    player_left_lobby: (e: { playerCount: number }) => this.lobbyCount(e.playerCount),
    match_starting: (e: { countdown: number }) => this.countdown(e.countdown),
    match_start_cancelled: () => this.countdown(null),
    match_started: (e: { killTarget?: number; timeLimit?: number; startTime?: number; mapName?: string }) => this.matchStarted(e),
    "player:join:success": () => {
      this.joinAttempts = 0;
    },
    "player:join:failed": (e: { reason?: string }) => this.joinFailed(e.reason),
    match_ended: (e: wire.MatchEnded) => this.matchEnded(e),
    scoreboard: (e: wire.Scoreboard) => {
      this.state.scoreboard = e;
      this.refresh();
    },
    vote_started: (e: wire.VoteStarted) => this.voteStarted(e),
    vote_update: (e: { tallies: Record<string, number> }) => {
      if (this.state.vote) this.state.vote.tallies = e.tallies;
      this.refresh();
    },
    vote_result: (e: { option: string }) => {
      if (this.state.vote) this.state.vote.result = e.option;
      this.refresh();
    },
    left_lobby: () => {
      if (this.state.lobby && !this.state.seeking) this.outOfLobby();
    },
    lobby_error: (e: { reason?: string }) => {
      this.toast(e.reason || "The lobby was closed", true);
      this.outOfLobby();
    },
    "lobby:kicked": (e: { reason?: string }) => {
      this.toast(e.reason || "The host removed you from the lobby", true);
      this.outOfLobby();
    },
    "lobby:refused": (e: { reason?: string }) => this.toast(e.reason || "Refused", true),
    "chat:message": (e: wire.ChatMessage) => this.chatLine(e),
    "chat:refused": (e: { reason?: string }) => this.toast(e.reason || "Message not sent", true),
    "report:received": () => this.toast("Reported. Thank you."),
    "report:failed": (e: { reason?: string }) => this.toast(e.reason || "The report was not taken", true),
  };

  private enteredLobby(lobby: wire.LobbyWire): void {
    const known = this.state.lobby?.lobbyId === lobby.lobbyId ? this.state.lobby : null;
    this.state.lobby = { ...known, ...lobby };
    this.state.countdownEnd = 0;
    this.state.chat = [];
    this.arena.end();
    this.found();
    this.go("lobby");
  }

  private refused(reason?: string): void {
    this.found();
    this.toast(reason || "Refused", true);
  }

  private lobbyState(lobby: wire.LobbyWire): void {
    if (!this.state.lobby || this.state.lobby.lobbyId !== lobby.lobbyId) return;
    this.state.lobby = { ...this.state.lobby, ...lobby };
    this.arena.model.learnPlayers(lobby.players ?? []);
    if (lobby.status === "starting" && lobby.countdown !== undefined) this.countdown(lobby.countdown);
    else if (lobby.status === "waiting") {
      this.countdown(null);
      if (this.screenName === "results" || (this.screenName === "match" && this.arena.frozen)) this.go("lobby");
    }
    this.refresh();
  }

  private lobbyCount(count: number): void {
    if (this.state.lobby) this.state.lobby.playerCount = count;
    this.refresh();
  }

  private countdown(seconds: number | null): void {
    const end = seconds === null ? 0 : performance.now() + seconds * 1000;
    // Said twice (match_starting and lobby:state): the same countdown does not jump.
    if (end === 0 || Math.abs(end - this.state.countdownEnd) > 700) this.state.countdownEnd = end;
  }

  private matchStarted(e: { killTarget?: number; timeLimit?: number; startTime?: number; mapName?: string }): void {
    if (!this.state.lobby) return;
    Object.assign(this.state, { countdownEnd: 0, ended: null, scoreboard: null, vote: null });
    if (e.mapName) this.state.lobby.mapName = e.mapName;
    const serverNow = Date.now() + this.link.clockOffset;
    const elapsed = e.startTime ? Math.max(0, serverNow - e.startTime) : 0;
    this.arena.begin(e.killTarget ?? this.state.lobby.killTarget ?? 50, e.timeLimit ?? this.state.lobby.timeLimit ?? 0, elapsed);
    this.arena.model.learnPlayers(this.state.lobby.players ?? []);
    this.joinAttempts = 0;
    this.joinWorld();
    this.go("match");
    if (elapsed < 3000) this.arena.hud.announce("BREACH!", AMBER, 1600);
  }

  private joinWorld(): void {
    this.arena.join(ownName(this.state), this.settings.loadout, wantedTeam(this.state));
  }

  private joinFailed(reason?: string): void {
    this.joinAttempts += 1;
    if (this.joinAttempts > JOIN_RETRIES) {
      this.toast(reason || "Could not join the match", true);
      return;
    }
    setTimeout(() => {
      if (this.arena.playing) this.joinWorld();
    }, 1000 * this.joinAttempts);
  }

  private matchEnded(e: wire.MatchEnded): void {
    this.state.ended = e;
    this.arena.frozen = true;
    const { model, hud } = this.arena;
    model.scores = { red: e.redKills, blue: e.blueKills };
    const team = e.winnerTeam === "red" || e.winnerTeam === "blue" ? e.winnerTeam : null;
    hud.announce(team ? `${team.toUpperCase()} WINS` : "DRAW", team ? TEAM[team].light : BONE, 2600);
    this.sound.fanfare(team === model.self.team);
    setTimeout(() => {
      if (this.state.ended === e && this.screenName === "match") this.go("results");
    }, 1800);
  }

  private voteStarted(e: wire.VoteStarted): void {
    const options = e.options.map((option) => {
      const id = typeof option === "string" ? option : option.id;
      const label = id === "rematch" ? "Rematch" : id === "leave" ? "Leave" : id.startsWith("map:") ? `Map ${id.slice(4)}` : id;
      return { id, label: typeof option === "string" ? label : (option.label ?? label) };
    });
    const left = e.endsAt - (Date.now() + this.link.clockOffset);
    this.state.vote = { options, tallies: {}, mine: null, endsAt: performance.now() + Math.max(0, Math.min(60000, left)), result: null };
    this.refresh();
  }

  // --- over the match ---

  private chatLine(e: wire.ChatMessage): void {
    this.state.chat.push(lineFrom(e, this.arena.model.actors.get(e.playerId ?? "")?.team));
    if (this.state.chat.length > CHAT_LINES) this.state.chat.shift();
    this.chatUntil = performance.now() + 7000;
    this.matchChat.update();
    this.refresh();
  }

  private openChat(): void {
    this.arena.controls.setActive(false);
    this.matchChat.el.classList.add("open");
    this.matchChat.input.focus();
  }

  private closeChat(): void {
    this.matchChat.el.classList.remove("open");
    this.matchChat.input.blur();
    if (this.screenName === "match" && !this.overlay) this.arena.controls.setActive(true);
  }

  private showScores(shown: boolean): void {
    this.scores?.remove();
    this.scores = null;
    if (!shown || this.screenName !== "match") return;
    this.scores = liveScores(this.arena.model);
    this.screen.el.append(this.scores);
  }

  private toggleMenu(): void {
    if (this.overlay) return this.closeOverlay();
    this.openOverlay(pauseVeil(this.settings.volume, {
      volume: (part) => {
        this.settings.volume = part;
        this.settings.muted = part === 0;
        this.sound.set(this.settings.muted, part);
        saveSettings(this.settings);
      },
      back: () => this.closeOverlay(),
      loadout: () => this.openLoadout(),
      signIn: this.state.who ? null : () => this.openAccount(),
      leave: () => this.leave(),
    }));
  }

  private openLoadout(): void {
    const before = JSON.stringify(this.settings.loadout);
    const actions = {
      ...this.actions,
      loadoutDone: () => {
        this.closeOverlay();
        if (JSON.stringify(this.settings.loadout) !== before && !this.arena.model.self.alive) {
          this.arena.join(ownName(this.state), this.settings.loadout, this.arena.model.self.team);
        }
      },
    };
    this.openOverlay(h("div", { class: "veil" }, loadoutScreen(this.state, actions, true).el));
  }

  private openAccount(): void {
    this.openOverlay(h("div", { class: "veil" }, accountScreen(this.state, this.actions, "", () => this.closeOverlay()).el));
  }

  private openOverlay(el: HTMLElement): void {
    this.overlay?.remove();
    this.overlay = el;
    this.arena.controls.setActive(false);
    this.screen.el.append(el);
  }

  private closeOverlay(): void {
    if (!this.overlay) return;
    this.overlay.remove();
    this.overlay = null;
    if (this.screenName === "match") this.arena.controls.setActive(true);
  }

  private pageKey(e: KeyboardEvent): void {
    if (e.key !== "Escape" || e.defaultPrevented) return;
    if (this.overlay) return this.closeOverlay();
    if (this.screenName === "queue") this.queue.actions.leave();
    if (["private", "code", "browser", "leaderboard", "queue"].includes(this.screenName)) this.go("menu");
    else if (this.screenName === "profile") this.go(this.profileBack);
    else if (this.screenName === "account") this.accountDone();
    else if (this.screenName === "loadout") this.actions.loadoutDone();
  }

  private toast(text: string, bad = false): void {
    showToast(this.toasts, text, bad);
  }
}
