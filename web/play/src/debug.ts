// window.__trespasser: what the page knows, for end-to-end tests and for looking into a running page (see web/README.md).

import { blockingRects, castRay } from "@trespasser/common/sight";
import type { App } from "./app";

export function exposeDebug(app: App): void {
  const hook = {
    get screen() {
      return app.screenName;
    },
    get connected() {
      return app.link.online;
    },
    get transport() {
      return app.link.transport;
    },
    get id() {
      return app.link.id;
    },
    get account() {
      return app.state.who;
    },
    get lobby() {
      return app.state.lobby;
    },
    get queue() {
      return app.state.queue;
    },
    get party() {
      return app.state.party;
    },
    get countdown() {
      return app.state.countdownEnd > 0 ? Math.max(0, (app.state.countdownEnd - performance.now()) / 1000) : null;
    },
    get scores() {
      return { ...app.arena.model.scores };
    },
    get me() {
      const { self } = app.arena.model;
      return {
        team: self.team, alive: self.alive, joined: self.joined, health: self.health, held: self.held,
        position: { ...app.arena.predictor.position }, serverPosition: self.position,
        ammo: self.held ? app.arena.gunnery.ammo(self.held) : 0,
        reserve: self.held ? (self.weapons.get(self.held)?.reserve ?? 0) : 0,
        weapons: [...self.weapons.keys()],
      };
    },
    get players() {
      const { model } = app.arena;
      const time = model.clock.drawTime(performance.now());
      return [...model.actors.values()].map((a) => ({
        id: a.id, name: a.name, team: a.team, alive: a.alive, kills: a.kills, deaths: a.deaths, bot: a.bot,
        drawn: a.track.at(time)?.position ?? null,
      }));
    },
    get walls() {
      const all = [...app.arena.model.walls.values()];
      return { count: all.length, openSlices: all.reduce((n, w) => n + w.open.filter((open, i) => open && !w.phantom[i]).length, 0) };
    },
    get prediction() {
      return { ...app.arena.predictor.stats, unacknowledged: app.arena.predictor.unacknowledged };
    },
    get net() {
      const { link, arena } = app;
      return { roundTrip: link.roundTrip, sent: link.sent, received: link.received, connectErrors: link.connectErrors, states: arena.model.states, viewDelay: arena.model.clock.delay };
    },
    get frames() {
      return app.arena.frames;
    },
    get smokes() {
      return app.arena.model.smokes.length;
    },
    get projectiles() {
      return app.arena.model.projectiles.size;
    },
    get litArea() {
      return app.arena.scene.lit;
    },
    get serverLitArea() {
      return app.arena.model.vision?.polygon ?? [];
    },
    get ended() {
      return app.state.ended;
    },
    get scoreboard() {
      return app.state.scoreboard;
    },
    get vote() {
      return app.state.vote;
    },
    get errors() {
      return [...app.errors];
    },
    /** How white a flash makes the screen now, 0..1. */
    get blinded() {
      return app.arena.hud.white(performance.now());
    },
    get killLines() {
      return app.arena.model.killLines.map((k) => ({ killer: k.killer, victim: k.victim, weapon: k.weapon }));
    },
    get chat() {
      return app.state.chat.map((line) => ({ name: line.name, text: line.text }));
    },
    /** How far it is from the own body to the first wall in a direction, at most 200 px. */
    reach: (direction: number) => castRay(app.arena.predictor.position, direction, blockingRects(app.arena.model.walls.values()), [], 200),
    /** Sends an event as this page's player. */
    send: (name: string, payload?: unknown) => (payload === undefined ? app.link.emit(name) : app.link.emit(name, payload)),
    /** Cuts the transport, as a bad network would. */
    cut: () => app.link.cut(),
  };
  Object.defineProperty(window, "__trespasser", { value: hook });
}
