// docs/operations/first-day.md, typed block by block. Its absolute paths become folders of a place of its own, and what needs a
// machine of its own (systemd, users) has a stand-in that starts what the unit says; the program, the scripts and all checks are real.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, test } from '../lib/check.mjs';
import { freePorts } from '../lib/ports.mjs';
import { environmentFile, root, text } from './files.mjs';
import { run } from './program.mjs';

const kPage = 'docs/operations/first-day.md';

// Reads the unit as systemd does, as far as this one goes: its Environment, EnvironmentFile, ExecStartPre, ExecStart.
const systemctl = (unit, pid) => `#!/bin/bash
set -euo pipefail
stop() { [ ! -e '${pid}' ] || { kill "$(cat '${pid}')"; while kill -0 "$(cat '${pid}')" 2> /dev/null; do sleep 0.1; done; rm '${pid}'; }; }
start() {
  set -a
  eval "$(sed -n 's/^Environment=//p' '${unit}')"
  . "$(sed -n 's/^EnvironmentFile=//p' '${unit}')"
  set +a
  $(sed -n 's/^ExecStartPre=//p' '${unit}')
  setsid $(sed -n 's/^ExecStart=//p' '${unit}') > /dev/null 2>&1 < /dev/null &
  echo $! > '${pid}'
}
case "$*" in
  daemon-reload) test -e '${unit}' ;;
  "enable --now trespasser") start ;;
  "restart trespasser") stop; start ;;
  "stop trespasser") stop ;;
  *) echo "systemctl $*: not in the guide"; exit 1 ;;
esac
`;

// The blocks of a page that are marked with a word.
export const blocksOf = (page, mark) => [...text(page).matchAll(new RegExp(`^\`\`\`sh ${mark}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1]);

// As the guide makes it, from this source.
function makeRelease(bin, release) {
  const [block] = blocksOf(kPage, 'release');
  const script = block.replace('RELEASE=trespasser-release', `RELEASE='${release}'`).replaceAll('build/release/bin', bin);
  const made = run('bash', ['--norc', '-eu', '-c', script], {}, { cwd: root });
  assert.equal(made.code, 0, made.text);
  assert.ok(existsSync(`${release}.tar.gz`));
}

// The folder of a release, and beside it the machine's root.
function prepare(bin, port) {
  const place = mkdtempSync(join(tmpdir(), 'trespasser-first-day-'));
  const machine = join(place, 'machine');
  const here = (content) => content.replaceAll(/(?<![\w./])\/(usr\/bin|usr\/share|usr\/lib\/sysusers\.d|usr\/local\/bin|etc|var)(?=\/)/g, `${machine}/$1`)
    .replaceAll(/(?<=127\.0\.0\.1:|^PORT=)3000/gm, String(port));
  const release = join(place, 'release');
  const stands = join(place, 'stands');
  for (const folder of [machine, stands]) mkdirSync(folder, { recursive: true });
  makeRelease(bin, release);
  for (const file of ['trespasser.service', 'environment.example']) {
    writeFileSync(join(release, 'deploy/systemd', file), here(text(`deploy/systemd/${file}`)));
  }
  const stand = (name, script) => { writeFileSync(join(stands, name), script); chmodSync(join(stands, name), 0o755); };
  stand('systemctl', systemctl(join(machine, 'etc/systemd/system/trespasser.service'), join(place, 'pid')));
  stand('systemd-sysusers', `#!/bin/sh\ngrep -q "^u trespasser" '${machine}/usr/lib/sysusers.d/trespasser.conf'\n`);
  stand('runuser', '#!/bin/sh\n[ "$1 $2 $3" = "--user trespasser --" ] && shift 3 && exec "$@"\n');
  stand('chown', '#!/bin/sh\n[ "$1" = trespasser: ] && test -d "$2"\n');
  return { place, release, here, machine, path: `${stands}:${machine}/usr/local/bin:${process.env.PATH}`, stop: () => run(join(stands, 'systemctl'), ['stop', 'trespasser']) };
}

// A line of cron's: five times, a user, a command; its PATH is short.
function runAsCron(table, backups) {
  const command = /^(?:\S+ ){5}root (.*)$/m.exec(readFileSync(table, 'utf8'))[1];
  const before = readdirSync(backups).length;
  const done = run('/bin/sh', ['-c', command], { PATH: '/usr/bin:/bin' });
  assert.equal(done.code, 0, done.text);
  assert.equal(readdirSync(backups).length, before + 1);
}

export function firstDayTests(bin) {
  test('the first day: every command and every check of the guide', async () => {
    const [port] = await freePorts(1);
    const made = prepare(bin, port);
    const blocks = blocksOf(kPage, 'first-day');
    assert.ok(blocks.length > 12);
    const script = blocks.map((block, index) => `echo "-- block ${index + 1}"\n${made.here(block)}`).join('\n');
    assert.ok(!/(?<![\w./])\/(usr|etc|var)\//.test(script), 'nothing outside of the place is touched');
    writeFileSync(join(made.place, 'day.sh'), script);
    try {
      const done = run('bash', ['--norc', '-eu', join(made.place, 'day.sh')],
        { PATH: made.path, HOME: made.place, DRAIN_LIMIT: '5', BCRYPT_COST: '4' }, { cwd: made.release, timeout: 120_000 });
      assert.equal(done.code, 0, done.text.slice(-3000));
      assert.equal([...done.out.matchAll(/^-- block/gm)].length, blocks.length);
      assert.match(done.out, /all checks are well/);
      runAsCron(join(made.machine, 'etc/cron.d/trespasser-backup'), join(made.machine, 'var/backups/trespasser'));
      const settings = environmentFile('deploy/systemd/environment.example');
      const filled = readFileSync(join(made.machine, 'etc/trespasser/environment'), 'utf8');
      for (const name of Object.keys(settings)) assert.match(filled, new RegExp(`^${name}=`, 'm'));
      assert.match(filled, /^JWT_SECRET=[0-9a-f]{64}$/m);
    } finally {
      if (existsSync(join(made.place, 'pid'))) made.stop();
      rmSync(made.place, { recursive: true, force: true });
    }
  });

  test('the guide installs the packages that deploy.md names', () => {
    const packages = (page) => [...text(page).matchAll(/apt-get install (?:--yes )?((?:[a-z0-9.+-]+[ \n\\]+)+)/g)].flatMap((match) => match[1].split(/[\s\\]+/)).filter((word) => word.startsWith('lib'));
    assert.ok(packages('docs/operations/deploy.md').length > 10);
    assert.deepEqual(packages(kPage).sort(), packages('docs/operations/deploy.md').sort());
  });
}
