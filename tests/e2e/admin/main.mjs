// O5 on the real server: every call of the admin API by everybody, the second factor, hostile input, the audit log. On SQLite,
// or with "postgres" as the second word on a real PostgreSQL and Redis, with a second node beside it. Tests run in the order
// in which their files stand here.

import { assert, finish, runAll, test } from '../lib/check.mjs';
import { api, operations, postgres, redis, second, server } from './world.mjs';

for (const part of ['start', 'callers', 'factor', 'sanctions', ...(second ? ['nodes'] : []), 'game', 'audit', 'end']) await import(`./${part}.mjs`);

test('O5 every answer of the document was seen above', () => {
  // Faults and full pools are provoked by other suites; every call counts against the same limit and body size.
  const elsewhere = ({ method, path, status }) => ['500', '503', '413'].includes(status) || (status === '429' && !['GET /api/admin/me', 'POST /api/admin/session'].includes(`${method} ${path}`))
    || (method === 'DELETE' && status === '404') || (path === '/api/admin/reports/next' && status === '409')
    || (path.endsWith('/drain') && status === '409');
  const missing = operations.flatMap(({ method, path, described }) => Object.keys(described.responses).map((status) => ({ method, path, status })))
    .filter((one) => !elsewhere(one)).map(({ method, path, status }) => `${method} ${path} ${status}`).filter((one) => !api.seen.has(one));
  assert.deepEqual(missing, []);
});

const results = await runAll();
await server.stop();
server.forget();
await second?.kill();
await redis?.kill();
await postgres?.stop();
await finish(results);