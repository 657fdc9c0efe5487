// `trespasserd migrate`, `admin create <email>`, `admin reset-factor <email>` and `config check` as an operator runs them, on SQLite and on PostgreSQL.

import { finish, runAll } from '../lib/check.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { forgetFolders } from './command.mjs';
import { PostgresDatabase, Sqlite } from './databases.mjs';
import { schema } from './schema.mjs';
import { admins } from './admins.mjs';
import { settingsChecked } from './settings.mjs';

const postgres = await Postgres.start();
for (const database of [new Sqlite(), new PostgresDatabase(postgres)]) {
  schema(database);
  admins(database);
}
settingsChecked(postgres);
const results = await runAll();
await postgres.stop();
forgetFolders();
await finish(results);
