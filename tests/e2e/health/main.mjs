// O1: under every fault that we can bring about the node's health is told at once and is the truth, and when the fault is over the
// node says so by itself. Alive and ready it is all the time: neither does it help to restart it, nor has it nothing to offer.

import { rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { fillDisk, figure, kOthersFile, limitDescriptors, silentCrowd, withDatabase, withOwnClock, withRedis, withSmallDisk } from '../drill/starts.mjs';
import { holdThread, idleShard } from '../drill/threads.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { Server } from '../lib/server.mjs';

const bin = process.argv[2];
const settings = { SHARDS: '1', BCRYPT_COST: '4' };
const kPatience = 40_000;  // ms; the database may be silent for 15 s before it is called ill

// One connection that is kept: when there are no descriptors left a new one would wait. `undefined`: no answer, as of a shard that
// is stuck; then the next question goes over a new connection, and to another shard.
class Asker {
  constructor(server, timeout) {
    this.server = server;
    this.timeout = timeout;  // ms
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  ask(path) {
    return new Promise((done) => {
      const request = get(`${this.server.url}${path}`, { agent: this.agent, timeout: this.timeout }, (answer) => {
        let body = '';
        answer.on('data', (text) => { body += text; });
        answer.on('end', () => done({ status: answer.statusCode, body: body.startsWith('{') ? JSON.parse(body) : body }));
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', () => done(undefined));
    });
  }

  answer(path) {
    return until(`an answer of ${path}`, () => this.ask(path), kPatience);
  }
}

const illOf = ({ body }) => Object.entries(body.checks).filter(([, { status }]) => status !== 'healthy').map(([name]) => name);
// A machine that builds beside this is too busy for ticks, which is no fault of this test's.
const others = (health, check) => illOf(health).filter((name) => name !== check && name !== 'tick');

async function aliveAndReady(asker) {
  for (const path of ['/health/live', '/health/ready']) assert.equal((await asker.answer(path)).status, 200, path);
}

// `check` is what must be ill, none when nothing must; `strike` does it and `heal` undoes it.
async function goThrough(node, { check, strike, heal, besides = async () => {}, timeout = 15_000 }) {
  const asker = new Asker(node.server, timeout);
  const well = async () => {
    const health = await asker.ask('/health');
    return health !== undefined && others(health).length === 0 && (check !== 'tick' || !illOf(health).includes('tick'));
  };
  let ill = false;
  try {
    await until('it is well', well, kPatience);
    await aliveAndReady(asker);
    ill = true;
    await strike(node);
    if (check !== undefined) {
      const told = await until(`${check} is told to be ill`, async () => {
        const health = await asker.ask('/health');
        return health !== undefined && illOf(health).includes(check) && health;
      }, kPatience);
      assert.equal(told.status, 503);
      assert.equal(told.body.status, 'unhealthy');
    }
    // And nothing else is, for some seconds.
    for (let i = 0; i < 12; i += 1) {
      assert.deepEqual(others(await asker.answer('/health'), check), []);
      await sleep(250);
    }
    await aliveAndReady(asker);
    await besides(node, asker);
    ill = false;
    await heal(node);
    await until('it is well again', well, kPatience);
    assert.deepEqual(others(await asker.answer('/health')), []);
  } finally {
    try {
      if (ill) await heal(node);  // what hangs would not end
    } finally {
      asker.agent.destroy();
      await node.server.kill();
      node.server.forget();
      await node.stop?.();
    }
  }
}

// Begun one after the other; then they hardly compute but wait, so all go on at once.
async function underFault(name, fault) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) return;
  const started = fault.start();
  const outcome = started.then((node) => goThrough(node, fault)).then(() => undefined, (error) => error);
  await started.catch(() => {});  // told by the test
  test(`O1 ${name}: ${fault.check === undefined ? 'nothing is ill' : `${fault.check} is ill`}, and well again afterwards`, async () => {
    const error = await outcome;
    if (error) throw error;
  });
}

const plain = (more = {}) => async () => ({ server: await Server.start(bin, { ...settings, ...more }) });

await underFault('the database hangs', {
  start: () => withDatabase(bin, settings), check: 'database',
  strike: async ({ database }) => { database.signal('SIGSTOP'); },
  heal: async ({ database }) => { database.signal('SIGCONT'); },
});

await underFault('the database is gone', {
  start: () => withDatabase(bin, settings), check: 'database',
  strike: async ({ database }) => { await database.kill(); },
  heal: async ({ database }) => { await database.launch(); },
});

await underFault('Redis is gone', {
  start: () => withRedis(bin, settings), check: 'redis',
  strike: async ({ redis }) => { await redis.kill(); },
  besides: async ({ server }) => { assert.equal(await figure(server, 'redis_connected'), 0); },
  heal: async ({ redis }) => { await redis.launch(); },
});

await underFault('Redis hangs', {
  start: () => withRedis(bin, settings), check: 'redis',
  strike: async ({ redis }) => { redis.process.kill('SIGSTOP'); },
  heal: async ({ redis }) => { redis.process.kill('SIGCONT'); },
});

await underFault('the disk is full', {
  start: () => withSmallDisk(32)(bin, settings), check: 'disk',
  strike: async ({ data }) => { fillDisk(data); },
  heal: async ({ data }) => { rmSync(join(data, kOthersFile)); },
});

await underFault('a shard is stuck', {
  start: plain({ SHARDS: '2' }), check: 'tick', timeout: 2000,
  strike: async (node) => { node.letGo = await holdThread(idleShard(node.server.process, node.server.port)); },
  heal: async ({ letGo }) => { await letGo(); },
});

for (const jump of ['+86400', '-86400']) {
  await underFault(`the clock jumps by ${jump} s`, {
    start: () => withOwnClock(bin, settings),
    strike: async ({ folder }) => { writeFileSync(join(folder, 'clock'), jump); },
    besides: async (_, asker) => {
      const away = Date.parse((await asker.answer('/health')).body.timestamp) - Date.now();
      assert.ok(Math.abs(away - Number(jump) * 1000) < 3_600_000, `${away} ms away: it has jumped`);
    },
    heal: async ({ folder }) => { writeFileSync(join(folder, 'clock'), '+0'); },
  });
}

// Forty may be opened; sixty want to. Who has a connection is answered all the same.
await underFault('descriptors are used up', {
  start: plain({ CONNECTIONS_PER_ADDRESS: '0' }), check: 'descriptors',
  strike: async (node) => {
    await limitDescriptors(node.server, 40);
    node.disperse = silentCrowd(node.server, 60);
  },
  heal: ({ disperse }) => disperse(),
});

await finish(await runAll());
