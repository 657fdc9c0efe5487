import { Server } from '../lib/server.mjs';
import { mapFolder, rangeRows } from '../lib/map.mjs';
import { finish, runAll } from '../lib/check.mjs';
import { remedies } from './remedies.mjs';
import { recipes } from './recipes.mjs';
import { hostile } from './hostile.mjs';
import { throwables } from './throwables.mjs';
import { trespass } from './trespass.mjs';
import { doors } from './doors.mjs';
import { limits } from './limits.mjs';
import { lines } from './lines.mjs';

const bin = process.argv[2];
const settings = {
  MAPS_DIR: mapFolder({ range: rangeRows() }), COUNTDOWN: '2', RESULTS_TIME: '4', VOTE_TIME: '2', RECONNECT_GRACE: '20', SHARDS: '2',
};
const context = {
  server: await Server.start(bin, { ...settings, TEST_HOOKS: 'true' }),
  plain: await Server.start(bin, settings),
  small: await Server.start(bin, { ...settings, MAX_LOBBIES_PER_NODE: '2' }),
};
remedies(context);
recipes(context);
hostile(context);
throwables(context);
trespass(context);
lines(bin, context);
doors(bin, settings);
limits(bin, settings);
const results = await runAll();
for (const server of Object.values(context)) {
  await server.stop();
  server.forget();
}
await finish(results);
