// What an action of staff leaves in the audit log: one row, and no other row is touched.

import { assert, until } from '../lib/check.mjs';
import { call, expect, people, server } from './world.mjs';

export const logged = () => server.rows('SELECT * FROM audit_log ORDER BY entry_id');

let machines = 0;

// Calls `operation` ("POST /api/...") as `given` says: by (one of people), token (else that person's), id, body. The row must
// say who, with which role, from where, what (action), whom (target), why, and before and after, which differ where the action
// changed something that is kept (told: all but kicks of somebody who sits nowhere).
export async function leavesOneRow(operation, { action, target, told = true, ...given }) {
  const [method, path] = operation.split(' ');
  const by = given.by ?? people.admin;
  const address = `10.44.0.${machines += 1}`;
  const earlier = logged();
  const lines = () => server.logLines().filter((line) => line.event === 'admin_action' && line.action === action && line.target === target && line.actor === by.id);
  const linesBefore = lines().length;
  const answer = await call(method, path, { token: by.token, ...given, address });
  assert.ok(answer.status >= 200 && answer.status < 300, `${operation}: ${answer.status} ${JSON.stringify(answer.body)}`);
  const rows = logged();
  assert.deepEqual(rows.slice(0, earlier.length), earlier, `${operation} changed earlier rows`);
  assert.equal(rows.length, earlier.length + 1, `${operation}: ${JSON.stringify(rows.slice(earlier.length))}`);
  const row = rows.at(-1);
  assert.deepEqual([row.actor_id, row.actor, row.role, row.address, row.action, row.target, row.reason ?? undefined],
    [by.id, by.name, by.role, address, action, target, given.body?.reason], operation);
  assert.ok(Math.abs(Date.now() - Date.parse(row.done_at)) < 60_000, row.done_at);
  const [before, after] = [row.state_before, row.state_after].map((text) => (text === null ? null : JSON.parse(text)));
  if (told) assert.notDeepEqual(before, after, `${operation}: before and after are the same`);
  await until(`${operation} in the node's log`, () => lines().length === linesBefore + 1);
  return { answer, row, before, after };
}

// The newest entry as staff read it.
export async function newest() {
  return (await expect(200, 'GET', '/api/admin/audit', { token: people.admin.token, query: { size: 1 } })).body.entries[0];
}
