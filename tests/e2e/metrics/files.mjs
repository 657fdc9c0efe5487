// The files beside the server: alert rules, runbook pages, dashboards. `names()` are the metrics that a real node gives.

import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists, root, text, yaml } from '../deploy/files.mjs';
import { assert, test } from '../lib/check.mjs';

const SECTIONS = ['What you see', 'What it means', 'What to do now', 'How to confirm', 'How to prevent'];
const DASHBOARDS = ['overview', 'node', 'lobby-health', 'matchmaking', 'security', 'business'];

const rules = () => yaml('deploy/prometheus/alerts.yml').groups.flatMap((group) => group.rules);
const dashboard = (name) => JSON.parse(text(`deploy/grafana/dashboards/${name}.json`));

function promtool(...words) {
  return execFileSync('promtool', words, { cwd: join(root, 'deploy/prometheus'), stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

// Names that could be metrics: words of an expression that are neither functions, keywords, labels nor in quotes.
export function metricsOf(expression) {
  const bare = expression.replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]/g, ' ').replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  const words = [...bare.matchAll(/\b[a-z][a-z0-9_]*\b(?!\s*\()/g)].map((match) => match[0]);
  return words.filter((word) => !['and', 'or', 'unless', 'bool', 'offset', 'by', 'e9', 'sum', 'max', 'min'].includes(word) && !/^e\d+$/.test(word));
}

// Expressions of a dashboard's panels, with Grafana's own variables filled in.
function expressionsOf(board) {
  return board.panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => expr
    .replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h').replaceAll('$instance', '.*')));
}

// The alternatives of '^(a|b_(c|d)|e)', each as a pattern of its own.
function alternatives(pattern) {
  const inner = pattern.startsWith('^(') ? pattern.slice(2, -1) : pattern.replace(/^\^/, '');
  const found = [''];
  let depth = 0;
  for (const sign of inner) {
    depth += (sign === '(') - (sign === ')');
    if (sign === '|' && depth === 0) found.push('');
    else found[found.length - 1] += sign;
  }
  return found;
}

function checkAlerts(names) {
  test('O4 promtool takes the rules, and each fires when it should and only then', () => {
    promtool('check', 'rules', 'alerts.yml');
    const said = promtool('test', 'rules', 'alerts_test.yml');
    assert.match(said, /SUCCESS/);
    const tested = new Set(yaml('deploy/prometheus/alerts_test.yml').tests.flatMap((one) => one.alert_rule_test.map(({ alertname }) => alertname)));
    assert.deepEqual(rules().map(({ alert }) => alert).filter((alert) => !tested.has(alert)), [], 'a rule without a test');
    promtool('check', 'config', '--syntax-only', 'prometheus.yml');
  });

  test('O4 every alert has a severity, a summary, and a runbook page with all its sections', () => {
    for (const { alert, labels, annotations } of rules()) {
      assert.ok(['critical', 'warning', 'info'].includes(labels.severity), alert);
      assert.ok(annotations.summary.length > 10, alert);
      assert.ok(exists(annotations.runbook_url), `${alert}: ${annotations.runbook_url}`);
      const page = text(annotations.runbook_url);
      assert.match(page.split('\n')[0], new RegExp(`\\b${alert}\\b`), `${annotations.runbook_url} is about ${alert}`);
      const found = [...page.matchAll(/^## (.+)\n\n(?=\S)/gm)].map((match) => match[1]);
      assert.deepEqual(found, SECTIONS, annotations.runbook_url);
      assert.match(page, /^```sh drill$/m, `${annotations.runbook_url} has commands that the drill runs`);
    }
    const used = new Set(rules().map(({ annotations }) => annotations.runbook_url.split('/').at(-1)));
    const pages = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
    assert.deepEqual(pages.filter((name) => !used.has(name)), [], 'pages that no alert names');
  });

  test('O4 every metric that an alert or a runbook reads is one of a real node', () => {
    const known = names();
    for (const { alert, expr } of rules()) {
      for (const name of metricsOf(expr)) assert.ok(known.has(name) || name === 'up', `${alert}: ${name}`);
    }
    for (const page of new Set(rules().map(({ annotations }) => annotations.runbook_url))) {
      for (const [, pattern] of text(page).matchAll(/\/metrics" \| grep -E '([^']+)'/g)) {
        for (const one of alternatives(pattern)) {
          assert.ok([...known].some((name) => new RegExp(`^${one}`).test(name)), `${page}: ${one}`);
        }
      }
    }
  });
}

function checkDashboards(names) {
  test('O4 six dashboards, provisioned, of panels with ids of their own that do not overlap', () => {
    assert.deepEqual(readdirSync(join(root, 'deploy/grafana/dashboards')).sort(), DASHBOARDS.map((name) => `${name}.json`).sort());
    const uids = new Set();
    for (const name of DASHBOARDS) {
      const board = dashboard(name);
      assert.ok(board.title && board.uid && Number.isInteger(board.schemaVersion), name);
      assert.ok(!uids.has(board.uid), `${name}: uid`);
      uids.add(board.uid);
      const ids = board.panels.map((panel) => panel.id);
      assert.equal(new Set(ids).size, ids.length, `${name}: panel ids`);
      const cells = new Set();
      for (const panel of board.panels) {
        assert.ok(panel.title && ['timeseries', 'stat', 'heatmap', 'table', 'alertlist', 'bargauge'].includes(panel.type), `${name}: ${panel.title}`);
        const { x, y, w, h } = panel.gridPos;
        assert.ok(x >= 0 && x + w <= 24, `${name}: ${panel.title} is on the grid`);
        for (let column = x; column < x + w; column += 1) {
          for (let row = y; row < y + h; row += 1) {
            assert.ok(!cells.has(`${column},${row}`), `${name}: ${panel.title} overlaps`);
            cells.add(`${column},${row}`);
          }
        }
        if (panel.type !== 'alertlist') assert.ok(panel.targets?.length && panel.datasource?.uid === 'prometheus', `${name}: ${panel.title}`);
      }
    }
    const [provider] = yaml('deploy/grafana/provisioning/dashboards/trespasser.yaml').providers;
    const mounts = yaml('deploy/compose.yaml').services.grafana.volumes;
    assert.ok(mounts.some((mount) => mount === `./grafana/dashboards:${provider.options.path}:ro`), 'compose mounts them there');
    const watched = yaml('deploy/compose.yaml').services.prometheus.volumes;
    for (const file of ['prometheus.yml', 'alerts.yml']) {
      assert.ok(watched.includes(`./prometheus/${file}:/etc/prometheus/${file}:ro`), `compose mounts ${file}`);
    }
  });

  test('O4 every expression of the dashboards parses, and reads metrics of a real node', () => {
    const known = names();
    const folder = mkdtempSync(join(tmpdir(), 'trespasser-dashboards-'));
    const all = DASHBOARDS.flatMap((name) => expressionsOf(dashboard(name)).map((expr) => ({ name, expr })));
    assert.ok(all.length > 40);
    const recorded = all.map(({ expr }, index) => ({ record: `panel:${index}`, expr }));
    writeFileSync(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules: recorded }] }));
    promtool('check', 'rules', join(folder, 'panels.yml'));
    rmSync(folder, { recursive: true, force: true });
    for (const { name, expr } of all) {
      for (const metric of metricsOf(expr)) assert.ok(known.has(metric) || metric === 'up', `${name}: ${metric} of ${expr}`);
    }
  });
}

export function fileTests(names) {
  checkAlerts(names);
  checkDashboards(names);
}
