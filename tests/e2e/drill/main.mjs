// O4: faults on real nodes that a real Prometheus watches with the shipped rules. For each the right alert fires within 30 s and
// no other does, and the commands of its runbook page run while the fault is there. All at once, each on a node of its own.
//   DRILL=all   every fault; else the few that CI has time for (bench/run_drill.sh)

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { text, yaml } from '../deploy/files.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Server } from '../lib/server.mjs';
import { Prometheus } from '../metrics/prometheus.mjs';
import { Ongoing, faults as all } from './faults.mjs';

const bin = process.argv[2];
const kWithin = 30_000;
const everyFault = process.env.DRILL === 'all';
const only = process.env.ONLY;
const faults = all.filter(({ name, short }) => (only ? name.includes(only) : everyFault || short));
const settings = { MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', BCRYPT_COST: '4', SHARDS: '1', WEB_DIR: '.' };
const pages = new Map(yaml('deploy/prometheus/alerts.yml').groups.flatMap(({ rules }) => rules)
  .map(({ alert, annotations }) => [alert, annotations.runbook_url]));
const log = (words) => console.log(`     ${words}`);

// The blocks of a page that are marked for the drill.
const commandsOf = (page) => [...text(page).matchAll(/^```sh drill\n(.*?)^```$/gms)].map((match) => match[1]);

async function runCommands(page, node) {
  const blocks = commandsOf(page);
  assert.ok(blocks.length > 0, page);
  const environment = { PATH: process.env.PATH, NODE: node.server.url, PID: String(node.server.process.pid), DATA_DIR: node.data ?? node.server.data,
    ...node.environment };
  for (const block of blocks) {
    await promisify(execFile)('bash', ['-euc', block], { env: environment, cwd: node.server.data, timeout: 40_000 })
      .catch((error) => { throw new Error(`${page}:\n${block}\n${error.stdout}${error.stderr}${error.message}`); });
  }
}

async function start(fault) {
  const its = { ...settings, ...fault.settings };
  const node = fault.start ? await fault.start(bin, its) : { server: await Server.start(bin, its) };
  return { ...node, fault, instance: `127.0.0.1:${node.server.port}`, ongoing: new Ongoing() };
}

// O1: the health of a node is told at once whatever hangs. A question may land on a shard that is stuck: then another one is asked.
async function isIll(server, check) {
  const answer = await fetch(`${server.url}/health`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  return answer?.status === 503 && (await answer.json()).checks[check].status === 'unhealthy';
}

// What came of one fault: seconds until its alert fired, and which others fired.
async function drill(node, prometheus) {
  const { fault } = node;
  const begun = Date.now();
  await fault.strike(node);
  await until(`${fault.alert} fires`, async () => {
    await sleep(250);
    return (await prometheus.firing(node.instance)).includes(fault.alert);
  }, kWithin - (Date.now() - begun));
  const seconds = (Date.now() - begun) / 1000;
  if (fault.ill) await until(`/health says that ${fault.ill} is unhealthy`, () => isIll(node.server, fault.ill), 20_000);
  await runCommands(pages.get(fault.alert), node);
  if (fault.check) await fault.check(node);
  const expected = [fault.alert, 'NodeUnhealthy', ...(fault.besides ?? [])];
  const others = (await prometheus.firing(node.instance)).filter((alert) => !expected.includes(alert));
  return { seconds, others };
}

const nodes = [];
for (const fault of faults) nodes.push(await start(fault));
const prometheus = await Prometheus.start(nodes.map(({ instance }) => instance));
await until('all nodes are watched', async () => {
  const up = await prometheus.query('up == 1');
  return up.length === nodes.length;
}, 30_000);
const quiet = await prometheus.get('/api/v1/alerts');
test('before the faults nothing fires', () => { assert.deepEqual(quiet.alerts.filter(({ state }) => state === 'firing'), []); });

const outcomes = await Promise.all(nodes.map(async (node) => {
  try {
    return await drill(node, prometheus);
  } catch (error) {
    return { error };
  }
}));
nodes.forEach(({ fault }, index) => {
  test(`${fault.name}: ${fault.alert} fires within 30 s, and the commands of ${pages.get(fault.alert)} run`, () => {
    const { error, seconds, others } = outcomes[index];
    if (error) throw error;
    log(`${fault.alert} after ${seconds.toFixed(1)} s`);
    assert.deepEqual(others, [], 'alerts that say something else');
  });
});

const results = await runAll();
for (const node of nodes) {
  if (node.fault.mend) await node.fault.mend(node);
  await node.ongoing.end();
}
await prometheus.stop();
for (const node of nodes) {
  await node.server.kill();
  node.server.forget();
  if (node.stop) await node.stop();
}
await finish(results);
