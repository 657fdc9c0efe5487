// C6: what is in deploy/ fits together, fits the server, and does what docs/operations/ says.

import { resolve } from 'node:path';
import { finish, runAll } from '../lib/check.mjs';
import { composeTests } from './compose.mjs';
import { imageTests } from './image.mjs';
import { kubernetesTests } from './kubernetes.mjs';
import { operationsTests } from './operations.mjs';
import { Postgres } from './postgres.mjs';

const bin = resolve(process.argv[2]);
const postgres = await Postgres.start();

imageTests(bin);
composeTests(bin, () => postgres);
kubernetesTests(bin, () => postgres);
operationsTests(bin, () => postgres);

const results = await runAll();
await postgres.stop();
await finish(results);
