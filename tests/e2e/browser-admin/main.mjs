// Staff on the dashboard, in Chromium, at one node while everything happens on another: issue 6 point 6, O5, O6, S7, S8.
// Tests run in the order in which their files stand here; the last one ends node n2.

import { finish, runAll } from '../lib/check.mjs';
import { end } from './world.mjs';

for (const part of ['start', 'player', 'lobby', 'day', 'roles', 'strangers', 'trouble', 'drain']) await import(`./${part}.mjs`);
const results = await runAll();
await end();
await finish(results);
