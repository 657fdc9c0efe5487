// A4 from the client's side: a refresh token is used once, by one tab, and a login survives everything but its end.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeeperHost, Login, Tokens } from "./keeper";
import { LoginOver, TokenKeeper } from "./keeper";

/** A server that ends the login when a refresh token comes twice, a browser's storage, and a clock. */
class World {
  stored: Login | null = null;
  time = 0;
  renewals = 0;
  down = false;
  delay: Promise<void> = Promise.resolve();
  private good = new Set<string>();
  private issued = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private timers: { at: number; work: () => void }[] = [];

  issue(expiresIn = 900): Tokens {
    this.issued += 1;
    this.good.add(`r${this.issued}`);
    return { token: `a${this.issued}`, refreshToken: `r${this.issued}`, expiresIn };
  }

  end(): void {
    this.good.clear();
  }

  tab(): { keeper: TokenKeeper; changes: () => number } {
    let changes = 0;
    const host: KeeperHost = {
      load: () => this.stored,
      save: (login) => (this.stored = login),
      exclusively: (work) => {
        const turn = this.queue.then(work);
        this.queue = turn.catch(() => undefined);
        return turn;
      },
      renew: async (refreshToken) => {
        this.renewals += 1;
        await this.delay;
        if (this.down) throw new Error("no connection");
        if (!this.good.delete(refreshToken)) {
          this.end();
          throw new LoginOver();
        }
        return this.issue();
      },
      now: () => this.time,
      later: (ms, work) => {
        const timer = { at: this.time + ms, work };
        this.timers.push(timer);
        return () => (this.timers = this.timers.filter((t) => t !== timer));
      },
      changed: () => (changes += 1),
    };
    return { keeper: new TokenKeeper(host), changes: () => changes };
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter((t) => t.at <= this.time);
    this.timers = this.timers.filter((t) => t.at > this.time);
    for (const { work } of due) work();
    await new Promise((done) => setImmediate(done));
  }
}

const ADA = { id: "1", name: "Ada" };

test("a guest has no token and asks for none", async () => {
  const world = new World();
  const { keeper } = world.tab();
  assert.equal(await keeper.token(), null);
  assert.equal(world.renewals, 0);
});

test("the access token is reused while it lasts, and never stored", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  assert.equal(await keeper.token(), "a1");
  await world.pass(600_000);
  assert.equal(await keeper.token(), "a1");
  assert.equal(world.renewals, 0);
  assert.deepEqual(world.stored, { ...ADA, refreshToken: "r1" });
});

test("it is renewed ahead of its end, unasked, again and again", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  for (let hour = 0; hour < 4; hour++) await world.pass(845_000);
  assert.equal(world.renewals, 4);
  assert.equal(await keeper.token(), "a5");
  assert.equal(world.stored?.refreshToken, "r5");
});

test("a page that slept past the end renews before it uses a token", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  world.time += 5_000_000;
  assert.equal(await keeper.token(), "a2");
});

test("a reloaded page is signed in from what is stored", async () => {
  const world = new World();
  world.tab().keeper.accept(world.issue(), ADA);
  const { keeper } = world.tab();
  assert.deepEqual(keeper.who, ADA);
  assert.equal(await keeper.token(), "a2");
});

test("many askers at once make one renewal", async () => {
  const world = new World();
  world.tab().keeper.accept(world.issue(), ADA);
  const { keeper } = world.tab();
  assert.deepEqual(await Promise.all([keeper.token(), keeper.token(), keeper.replace("a1")]), ["a2", "a2", "a2"]);
  assert.equal(world.renewals, 1);
});

test("two tabs renewing at once do not use one token twice", async () => {
  const world = new World();
  const first = world.tab();
  first.keeper.accept(world.issue(), ADA);
  const second = world.tab();
  const tokens = await Promise.all([first.keeper.replace("a1"), second.keeper.token()]);
  assert.deepEqual(tokens, ["a2", "a3"]);
  assert.deepEqual([first.keeper.who, second.keeper.who], [ADA, ADA]);
  assert.equal(world.stored?.refreshToken, "r3");
});

test("a refused token that was replaced meanwhile is not replaced again", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  assert.equal(await keeper.replace("a1"), "a2");
  assert.equal(await keeper.replace("a1"), "a2");
  assert.equal(world.renewals, 1);
});

test("an ended login is forgotten, and told once", async () => {
  const world = new World();
  const { keeper, changes } = world.tab();
  keeper.accept(world.issue(), ADA);
  world.end();
  assert.equal(await keeper.replace("a1"), null);
  assert.equal(keeper.who, null);
  assert.equal(world.stored, null);
  assert.equal(changes(), 2);
});

test("a server out of reach ends nothing: it is asked again later", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  world.down = true;
  await assert.rejects(keeper.replace("a1"), /no connection/);
  assert.deepEqual(keeper.who, ADA);
  world.down = false;
  await world.pass(20_000);
  assert.equal(await keeper.token(), "a2");
});

test("signing out during a renewal stays signed out", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  let answer = (): void => undefined;
  world.delay = new Promise((done) => (answer = done));
  const renewal = keeper.replace("a1");
  keeper.forget();
  answer();
  assert.equal(await renewal, null);
  assert.equal(world.stored, null);
  assert.equal(keeper.who, null);
});

test("a login in another tab during a renewal is not overwritten, nor taken for one's own", async () => {
  const world = new World();
  const first = world.tab();
  const second = world.tab();
  first.keeper.accept(world.issue(), ADA);
  let answer = (): void => undefined;
  world.delay = new Promise((done) => (answer = done));
  const renewal = first.keeper.replace("a1");
  second.keeper.accept(world.issue(), { id: "2", name: "Bob" });
  answer();
  await renewal;
  assert.deepEqual(world.stored, { id: "2", name: "Bob", refreshToken: "r2" });
  assert.equal(await first.keeper.replace("a3"), null);
  assert.equal(first.keeper.who, null);
  assert.equal(await second.keeper.token(), "a2");
});

test("a detached page is a guest; the login stays and can be taken up again", async () => {
  const world = new World();
  const { keeper } = world.tab();
  keeper.accept(world.issue(), ADA);
  keeper.detach();
  assert.equal(await keeper.token(), null);
  await world.pass(2_000_000);
  assert.equal(world.renewals, 0);
  keeper.resume();
  assert.equal(await keeper.token(), "a2");
});
