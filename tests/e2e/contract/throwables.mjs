// Recipe 8: what is thrown or launched, from the throw to the last of its effects, as the client hears it.

import { closeAll } from '../lib/player.mjs';
import { assert, sleep, test, until } from '../lib/check.mjs';
import { pairInMatch } from './remedies.mjs';

export function throwables(context) {
  // The host has the weapon in hand; both stand in the open hall and see each other.
  async function armed(weapon) {
    const match = await pairInMatch(context.server);
    const launched = weapon === 'rocket' || weapon === 'grenadelauncher';
    await match.host.enter({ team: 'red', primary: 'rifle', secondary: 'pistol', support: [weapon] });
    await match.guest.enter({ team: 'blue' });
    await until('both in the state', () => match.host.me && match.guest.me);
    await until('the weapon', () => match.host.me.weapons?.[weapon]);
    await approach(match);
    // Nobody is hurt in the first seconds after his spawn.
    await until('the guest can be hurt', () => !(match.guest.me.invulnerableUntil > Date.now()), 6000);
    match.host.input({}, rounded(match.guest.me.position));
    match.guest.input({}, rounded(match.host.me.position));
    const held = match.host.next('weapon:switched', (data) => data.toWeapon === weapon);
    match.host.emit('weapon:switch', { fromWeapon: 'rifle', toWeapon: weapon, timestamp: Date.now() });
    await held;
    await sleep(400);
    for (const player of [match.host, match.guest]) player.forget();
    return { ...match, charge: launched ? {} : { chargeLevel: 1 } };
  }

  // The host walks up to where a frag of the least charge rolls to the guest's feet (71 px).
  async function approach({ host, guest }) {
    const gap = () => ({ x: guest.me.position.x - host.me.position.x, y: guest.me.position.y - host.me.position.y });
    for (let steps = 0; steps < 60 && Math.hypot(gap().x, gap().y) > 75; steps += 1) {
      const { x, y } = gap();
      await host.hold({ a: x < -2, d: x > 2, w: y < -2, s: y > 2 }, 2, rounded(guest.me.position));
    }
    assert.ok(Math.hypot(gap().x, gap().y) <= 75, 'the host came near');
  }

  function rounded({ x, y }) {
    return { x: Math.round(x), y: Math.round(y) };
  }

  function order(player, names) {
    const found = names.map((name) => player.events.findIndex((event) => event.name === name));
    found.forEach((at, i) => assert.ok(at >= 0 && (i === 0 || at > found[i - 1]), `${names} came at ${found}`));
  }

  // Throws at the guest and waits for the end of the flight; what the host heard of it.
  async function thrown({ host, guest, charge }, weapon) {
    const created = host.next('projectile:created');
    const exploded = host.next('projectile:exploded', () => true, 8000);
    host.fire(guest.me.position, { weaponType: weapon, ...charge });
    const { id, type } = await created;
    assert.equal(type, weapon);
    assert.equal((await exploded).id, id);
    await sleep(200);
    return { id, updates: host.heard('projectile:updated').filter((data) => data.id === id) };
  }

  test('Recipe 8 a frag: fired, created, 20 to 30 updates a second, exploded and one explosion; it hurts', async () => {
    const match = await armed('grenade');
    const { id, updates } = await thrown(match, 'grenade');
    order(match.host, ['weapon:fired', 'projectile:created', 'projectile:updated', 'projectile:exploded']);
    assert.equal(match.host.heard('explosion:created').length, 1);
    const [begin] = match.host.times('projectile:created');
    const [end] = match.host.times('projectile:exploded');
    const rate = (updates.length * 1000) / (end - begin);
    assert.ok(rate >= 16 && rate <= 32, `${rate.toFixed(1)} updates a second`);
    assert.equal(new Set(match.host.heard('projectile:created').map((data) => data.id)).size, 1);
    assert.ok(match.guest.heard('projectile:exploded').some((data) => data.id === id), 'the one it was thrown at hears it');
    assert.equal(match.guest.heard('player:damaged').length, 1, 'one explosion hurts once');
    assert.ok(match.guest.me.health < 100);
    await closeAll([match.host, match.guest]);
  });

  test('Recipe 8 smoke: no explosion is shown, it stands in smokeZones of every state', async () => {
    const match = await armed('smokegrenade');
    await thrown(match, 'smokegrenade');
    assert.deepEqual(match.host.heard('explosion:created'), []);
    assert.deepEqual(match.host.heard('wall:damaged'), []);
    for (const player of [match.host, match.guest]) {
      const zones = await until('a cloud', () => player.state.smokeZones?.length && player.state.smokeZones);
      assert.ok(zones[0].position.x > 0 && zones[0].radius > 0 && zones[0].id);
    }
    await closeAll([match.host, match.guest]);
  });

  test('Recipe 8 a flashbang: each victim hears his own entry and nobody else\'s', async () => {
    const match = await armed('flashbang');
    await thrown(match, 'flashbang');
    assert.deepEqual(match.host.heard('explosion:created'), []);
    const blinded = match.guest.heard('FLASHBANG_EFFECT');
    assert.equal(blinded.length, 1);
    const [entry, ...others] = blinded[0].affectedPlayers;
    assert.deepEqual(others, []);
    assert.equal(entry.playerId, match.guest.id);
    assert.ok(entry.intensity > 0 && entry.intensity <= 1 && entry.duration > 0);
    for (const phase of ['blindDuration', 'disorientedDuration', 'recoveringDuration']) assert.ok(entry.phases[phase] >= 0, phase);
    for (const effect of match.host.heard('FLASHBANG_EFFECT')) {
      assert.deepEqual(effect.affectedPlayers.map((one) => one.playerId), [match.host.id]);
    }
    await closeAll([match.host, match.guest]);
  });

  for (const weapon of ['rocket', 'grenadelauncher']) {
    test(`Recipe 8 ${weapon}: a projectile that ends in one explosion and leaves nothing behind`, async () => {
      const match = await armed(weapon);
      await thrown(match, weapon);
      order(match.host, ['weapon:fired', 'projectile:created', 'projectile:exploded']);
      assert.equal(match.host.heard('explosion:created').length, 1);
      await until('no projectile is left', () => match.host.state.projectiles.length === 0);
      await closeAll([match.host, match.guest]);
    });
  }

  test('Recipe 8 one charge, one throw: the mouse button in the input stream throws nothing', async () => {
    const match = await armed('grenade');
    for (let frame = 0; frame < 20; frame += 1) {
      match.host.input({}, { ...rounded(match.guest.me.position), buttons: 1, leftPressed: frame === 0 });
      await sleep(17);
    }
    assert.deepEqual(match.host.heard('projectile:created'), []);
    match.host.fire(match.guest.me.position, { weaponType: 'grenade', chargeLevel: 3 });
    await match.host.next('projectile:exploded', () => true, 8000);
    assert.equal(match.host.heard('projectile:created').length, 1);
    await closeAll([match.host, match.guest]);
  });
}
