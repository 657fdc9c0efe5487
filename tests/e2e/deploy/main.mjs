// C6: what is in deploy/ fits together, fits the server, and does what docs/operations/ says.

import { resolve } from 'node:path';
import { finish, runAll } from '../lib/check.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { composeTests } from './compose.mjs';
import { firstDayTests } from './first_day.mjs';
import { imageTests } from './image.mjs';
import { kubernetesTests } from './kubernetes.mjs';
import { operationsTests } from './operations.mjs';
import { recoveryTests } from './recovery.mjs';

const bin = resolve(process.argv[2]);
const postgres = await Postgres.start();
const newDatabase = () => postgres.url(postgres.createDatabase());

imageTests(bin);
composeTests(bin, newDatabase);
kubernetesTests(bin, newDatabase);
operationsTests(bin, newDatabase);
firstDayTests(bin);
recoveryTests(bin);

const results = await runAll();
await postgres.stop();
await finish(results);
