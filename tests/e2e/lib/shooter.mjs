// A player who stands and shoots at what he sees, thirty times a second, and asks to respawn when dead.

import { sleep } from './check.mjs';

export class Shooter {
  constructor(player) {
    this.player = player;
    this.running = false;
  }

  start() {
    this.running = true;
    this.loop = this.run();
  }

  async stop() {
    this.running = false;
    await this.loop;
  }

  target() {
    const { state, id, team } = this.player;
    const enemies = (state?.visiblePlayers ?? []).filter(
      (other) => other.id !== id && other.team !== team && other.isAlive && other.position?.x > -500);
    return enemies[0]?.position;
  }

  async run() {
    let frame = 0;
    while (this.running) {
      frame += 1;
      const me = this.player.me;
      if (me?.isAlive) {
        const target = this.target();
        const aim = target ?? { x: this.player.team === 'red' ? 480 : 0, y: me.position.y };
        this.player.input({}, { x: Math.round(aim.x), y: Math.round(aim.y) }, 2);
        const ammunition = me.weapons?.rifle;
        if (ammunition?.currentAmmo === 0 && !ammunition.isReloading) {
          this.player.emit('weapon:reload', { weaponType: 'rifle', timestamp: Date.now() });
        } else if (target && frame % 4 === 0) {
          this.player.fire(target);
        }
      } else if (me && frame % 30 === 0) {
        this.player.respawn();
      }
      await sleep(33);
    }
  }
}
