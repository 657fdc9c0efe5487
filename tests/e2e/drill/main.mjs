// O4: faults on real nodes that a real Prometheus watches with the shipped rules. For each the right alert fires within 30 s and
// no other does, and the commands of its runbook page run while the fault is there. Some at once, each on a node of its own.
//   DRILL=all      every fault; else the few that CI has time for (bench/run_drill.sh)
//   REPORT=file    where the table of seconds goes

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { text, yaml } from '../deploy/files.mjs';
import { assert, finish, runAll, sleep, test, until } from '../lib/check.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { Server } from '../lib/server.mjs';
import { Prometheus } from '../metrics/prometheus.mjs';
import { faults as machineFaults } from './faults.mjs';
import { gameFaults } from './faults_game.mjs';
import { Ongoing } from './starts.mjs';

const bin = process.argv[2];
const kWithin = 30_000;
const everyFault = process.env.DRILL === 'all';
const only = process.env.ONLY;
const all = [...machineFaults, ...gameFaults];
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
    // --norc: bash takes node's pipe for a remote login and would read its start file.
    await promisify(execFile)('bash', ['--norc', '-euc', block], { env: environment, cwd: node.server.data, timeout: 40_000 })
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
  if (fault.prepare) await fault.prepare(node);
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
  // Nine nodes and their players share the machine, so late ticks are no news about any of them.
  const expected = [fault.alert, 'NodeUnhealthy', 'TicksLate', ...(fault.besides ?? [])];
  const others = (await prometheus.firing(node.instance)).filter((alert) => !expected.includes(alert));
  return { seconds, others };
}

async function end(node) {
  if (node.fault.mend) await node.fault.mend(node);
  await node.ongoing.end();
  await node.server.kill();
  node.server.forget();
  if (node.stop) await node.stop();
}

// Some faults at once; an outcome for each.
async function drillTogether(some) {
  const nodes = [];
  for (const fault of some) nodes.push(await start(fault));
  const prometheus = await Prometheus.start(nodes.map(({ instance }) => instance));
  await until('all nodes are watched', async () => (await prometheus.query('up == 1')).length === nodes.length, 30_000);
  const quiet = (await prometheus.get('/api/v1/alerts')).alerts.filter(({ state }) => state === 'firing');
  const outcomes = await Promise.all(nodes.map((node) => drill(node, prometheus).catch((error) => ({ error }))));
  for (const node of nodes) await end(node);
  await prometheus.stop();
  return outcomes.map((outcome) => ({ ...outcome, quiet }));
}

test('O4 every alert has a fault here', () => {
  const drilled = new Set(all.map(({ alert }) => alert));
  assert.deepEqual([...pages.keys()].filter((alert) => !drilled.has(alert)), []);
  assert.deepEqual([...drilled].filter((alert) => !pages.has(alert)), [], 'faults of no alert');
});

const rows = [];

// More nodes at once than this, and their machine is a fault of its own.
const kTogether = 9;
for (let first = 0; first < faults.length; first += kTogether) {
  const some = faults.slice(first, first + kTogether);
  const outcomes = await drillTogether(some);
  some.forEach((fault, index) => {
    test(`${fault.name}: ${fault.alert} fires within 30 s, and the commands of ${pages.get(fault.alert)} run`, () => {
      const { error, seconds, others, quiet } = outcomes[index];
      if (error) throw error;
      log(`${fault.alert} after ${seconds.toFixed(1)} s`);
      rows.push(`| ${fault.name} | ${fault.alert} | ${seconds.toFixed(1)} |`);
      assert.deepEqual(quiet, [], 'alerts before the fault');
      assert.deepEqual(others, [], 'alerts that say something else');
    });
  });
}

const results = await runAll();
if (process.env.REPORT) {
  writeFileSync(process.env.REPORT, `# Drill: faults on real nodes and the alert that fires

Seconds from the fault to the alert, as a real Prometheus with the shipped rules sees it (scrapes and evaluations every 5 s). Up to
${kTogether} faults at once, each on a node of its own; ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}. Again: \`bench/run_drill.sh\`.

| fault | alert | s |
|---|---|---|
${rows.join('\n')}

${results.passed} passed, ${results.failed} failed. No other alert fired on any of the nodes but those that the fault brings with it (a
database that is killed makes requests fail, for example), and the commands of each runbook page ran while the fault was there.
`);
}
await finish(results);
