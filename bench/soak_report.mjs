// What a soak's samples say: the verdicts, and the page.

const kWarm = 1 / 3;  // of the run: caches, arenas and buffers fill
const kSlope = 2e6;  // bytes an hour that are called flat
const kUnsaved = 1000;  // ms before a node's death: a match that began so late may not have been saved yet (four times a second)
const kCompletion = 0.99;
const kLeft = 9;  // descriptors: the eight connections of database_pool open when they are needed, and one asks
const kDrift = 2;  // descriptors or timers an hour that are called flat
const kHoursToJudge = 1;  // in less, the allocator's highest moments are all that is seen

// How the matches ended, each once. `matches`: those that began, id -> { node, at, left }; `rows`: id -> reason, of the database;
// `deaths`: nodes that were killed. A match with people in it survives its node (docs/cluster.md) but for its first moments.
export function endsOf({ matches, rows, deaths }) {
  const ends = { begun: matches.size, completed: 0, left: 0, unsaved: 0, lost: [] };
  for (const [id, { node, at, left, lobby }] of matches) {
    const reason = rows.get(id);
    if (left || reason === 'aborted') ends.left += 1;
    else if (reason !== undefined) ends.completed += 1;
    else if (deaths.some((death) => death.node === node && at > death.at - kUnsaved && at <= death.at)) ends.unsaved += 1;
    else ends.lost.push({ match: id, lobby, node, at: new Date(at).toISOString() });
  }
  return ends;
}

// Least squares of y = a + b * time + c * load over [time, y, load]: b, what grows at the same load. 0 for too few points.
export function slope(points) {
  if (points.length < 4) return 0;
  const middle = [0, 1, 2].map((index) => points.reduce((sum, point) => sum + point[index], 0) / points.length);
  const product = (i, j) => points.reduce((sum, point) => sum + (point[i] - middle[i]) * (point[j] - middle[j]), 0);
  const [tt, tl, ll] = [product(0, 0), product(0, 2), product(2, 2)];
  if (ll === 0) return tt === 0 ? 0 : product(0, 1) / tt;
  const apart = tt * ll - tl * tl;
  return apart === 0 ? 0 : (product(0, 1) * ll - product(1, 2) * tl) / apart;
}

// Of the node that was never restarted: [hours, value, lobbies or whatever else it has to do] after the warm-up.
function course({ samples, hours }, key, load = 'lobbies') {
  return samples.filter(({ seconds }) => seconds > hours * 3600 * kWarm)
    .map(({ seconds, nodes: [first] }) => [seconds / 3600, first[key], first[load]]).filter(([, value]) => value !== undefined);
}

const largest = (points) => Math.max(0, ...points.map(([, value]) => value));

// Kinds of Redis' keys that are left of the play: more of them than before it.
function leftKeys({ before, after }) {
  return Object.entries(after.redisKeys).filter(([kind, count]) => count > (before.redisKeys[kind] ?? 0)).map(([kind, count]) => `${kind}: ${count}`);
}

export function judge(report) {
  const { counters, after, before, counts } = report;
  const growth = slope(course(report, 'rss'));
  const left = (key) => after.nodes.reduce((sum, node) => sum + (node[key] ?? 0), 0);
  const more = (key) => Math.max(...after.nodes.map((node, index) => (node[key] ?? Infinity) - before.nodes[index][key]));
  const { ends, surprises } = report;
  const short = report.hours < kHoursToJudge;
  // A running match has a file of its replay open, and every connection a timer.
  const drift = [slope(course(report, 'files')), slope(course(report, 'timers', 'connections'))];
  const rate = ends.completed / (ends.completed + ends.lost.length);
  const keys = leftKeys(report);
  const verdict = (what, found, good) => ({ what, found, good });  // good undefined = too short a run to say
  return [
    verdict('memory of the node that was never restarted, slope at the same number of lobbies after the first third', `${(growth / 1e6).toFixed(2)} MB an hour`,
      short ? undefined : growth < kSlope),
    verdict('its descriptors but for connections, at the same number of lobbies, and its timers, at the same number of connections: slopes', `${drift.map((each) => each.toFixed(2)).join(', ')} an hour`,
      short ? undefined : drift.every((each) => Math.abs(each) < kDrift)),
    verdict('file descriptors open when all have left, more than before', String(more('descriptors')), more('descriptors') <= kLeft),
    verdict('timers left when all have left, more than before', String(more('timers')), more('timers') <= 4),
    verdict('lobbies, players, connections left', [left('lobbies'), left('players'), left('connections')].join(', '),
      left('lobbies') + left('players') + left('connections') === 0),
    verdict('keys of Redis left of the play', keys.join(', ') || 'none', keys.length === 0),
    verdict('results in outboxes or held', String(left('outbox') + left('held')), left('outbox') + left('held') === 0),
    verdict('results in the database; matches that were counted as completed', `${report.results}; ${counters.matches_completed_total}`,
      report.results >= counters.matches_completed_total && report.results > 0),
    verdict('results that are there twice', String(report.resultsTwice), report.resultsTwice === 0),
    verdict('lobbies that the database holds for open', String(report.openLobbies), report.openLobbies === 0),
    verdict('results refused, faults', `${counters.results_rejected_total}, ${counters['errors_total{kind="fault"}']}`,
      counters.results_rejected_total + counters['errors_total{kind="fault"}'] === 0),
    verdict('completion: of the matches that began and were not left by all, those that came to their end', `${(rate * 100).toFixed(2)} % `
      + `(${ends.completed} of ${ends.completed + ends.lost.length})`, rate > kCompletion),
    verdict('nodes that ended when nobody had told them to', surprises.map(({ node, code, signal }) => `${node} (${signal ?? code})`).join(', ') || 'none',
      surprises.length === 0),
    verdict('waves of players that ended with errors, of all', `${counts.wavesBroken} of ${counts.waves}`, counts.wavesBroken <= counts.waves / 100),
  ];
}

export function reportText(report) {
  const { complaints, counts, counters, ends, verdicts, waveErrors } = report;
  const listed = (all) => Object.entries(all).map(([what, count]) => `${what}: ${count}`).join(', ') || 'none';
  const hoursOf = course(report, 'rss');
  const words = new Map([[true, 'good'], [false, '**bad**'], [undefined, 'too short a run to say']]);
  const megabytes = (value) => (value / 1e6).toFixed(1);
  return [
    `# Soak: ${report.hours} h of ${report.lobbies} lobbies on three nodes`, '',
    `Three nodes, Redis and PostgreSQL on one machine of ${report.cores} cores (${report.cpu}) with the clients, load average before the run `
    + `${report.loadBefore.toFixed(2)}, ${report.date}. Waves of the load client, ${counts.players} players in all, come, play and leave; official clients `
    + `lose their line ${counts.cuts} times; the second and third node are drained ${counts.drains} and killed ${counts.kills} times. The first one stays. `
    + 'Again: `bench/run_soak.sh --hours H`.', '',
    '| what must hold | found | |', '|---|---|---|',
    ...verdicts.map(({ what, found, good }) => `| ${what} | ${found} | ${words.get(good)} |`), '',
    '| | |', '|---|---|',
    `| memory of the first node after the first third, least and most MB | ${megabytes(Math.min(...hoursOf.map(([, value]) => value)))}, ${megabytes(largest(hoursOf))} |`,
    `| its descriptors, most | ${largest(course(report, 'descriptors'))} |`,
    `| its timers, most | ${largest(course(report, 'timers'))} |`,
    `| Redis, most keys and MB | ${Math.max(...report.samples.map(({ redisKeys }) => Object.values(redisKeys).reduce((a, b) => a + b, 0)))}, ${megabytes(Math.max(...report.samples.map(({ redisBytes }) => redisBytes)))} |`,
    `| matches begun, completed, left by all, begun in the second before their node was killed, lost | ${[ends.begun, ends.completed, ends.left, ends.unsaved, ends.lost.length].join(', ')} |`,
    `| lines that came back as the same player, as somebody new | ${counts.returns}, ${counts.newcomers} |`,
    `| what waves of players called an error | ${listed(waveErrors)} |`,
    `| log lines of level warn and error | ${listed(complaints)} |`,
    `| ticks dropped | ${counters.ticks_dropped_total} |`,
    `| saves dropped by nodes, by Redis | ${counters['lobby_saves_dropped_total{by="node"}']}, ${counters['lobby_saves_dropped_total{by="redis"}']} |`, '',
  ].join('\n');
}
