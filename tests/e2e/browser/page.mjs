// A Chromium page with a player in it, for the browser tests.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { sleep, until } from '../lib/check.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--mute-audio',
  '--disable-renderer-backgrounding', '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows'];

/** One page with a player, and what it complained of. */
export class Player {
  static async open(browser, base, pictures, name, loadout) {
    const player = new Player();
    player.pictures = pictures;
    mkdirSync(pictures, { recursive: true });
    player.name = name;
    player.complaints = [];
    const context = await browser.newContext({ viewport: { width: 960, height: 540 } });
    context.setDefaultTimeout(10_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
    await context.addInitScript((settings) => {
      if (!localStorage.getItem('trespasser.settings')) localStorage.setItem('trespasser.settings', settings);
    }, JSON.stringify({ name, loadout, team: 'auto', muted: true, volume: 0 }));
    player.context = context;
    player.page = await player.openPage(base);
    return player;
  }

  /** Another tab of the same browser; what it complains of is kept with the rest. */
  async openPage(address) {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    await page.goto(address);
    return page;
  }

  look(read) {
    return this.page.evaluate(read);
  }

  async see(what, condition, timeout = 30_000) {
    return until(`${this.name}: ${what}`, () => this.page.evaluate(condition), timeout);
  }

  async picture(name) {
    await this.page.screenshot({ path: join(this.pictures, `${name}-${this.name.toLowerCase()}.png`) });
  }

  /** Arena pixels to the page, which shows them doubled. */
  async aim(x, y) {
    const box = await this.page.locator('#screen').boundingBox();
    await this.page.mouse.move(box.x + (x / 480) * box.width, box.y + (y / 270) * box.height);
  }

  async hold(keys, ms) {
    for (const key of keys) await this.page.keyboard.down(key);
    await sleep(ms);
    for (const key of keys) await this.page.keyboard.up(key);
  }

  async alive() {
    await this.see('alive in a match', () => __trespasser.screen === 'match' && __trespasser.me.joined && __trespasser.me.alive);
  }
}

export async function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
