// The two databases behind one face: settings that lead to a new one, and SQL on it beside the server.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, root } from './command.mjs';

const migrationFolder = join(root, 'src/store/migrations');

export const migrationFiles = readdirSync(migrationFolder).filter((name) => name.endsWith('.sql')).sort();
export const newest = migrationFiles.length;

class Database {
  count(table, where = 'true') {
    return Number(this.sql(`select count(*) from ${table} where ${where}`));
  }

  // The schema as a program that knew only the first migration left it.
  makeOld() {
    let text = readFileSync(join(migrationFolder, migrationFiles[0]), 'utf8');
    for (const [word, type] of Object.entries(this.types)) text = text.replaceAll(word, type);
    this.sql(`create table schema_migrations (version integer primary key, name text not null, applied_at ${this.types.$TIME} not null);
      ${text};
      insert into schema_migrations values (1, '${migrationFiles[0].replace('.sql', '')}', '2026-01-01 00:00:00Z');`);
  }
}

export class Sqlite extends Database {
  name = 'SQLite';
  types = { $UUID: 'text', $TIME: 'text', $BOOL: 'integer', $SERIAL: 'integer primary key autoincrement' };

  // A database of a new data folder, without a file yet.
  fresh() {
    const database = new Sqlite();
    database.data = join(emptyFolder(), 'data');
    database.settings = { DATA_DIR: database.data };
    return database;
  }

  sql(text) {
    mkdirSync(this.data, { recursive: true });
    return execFileSync('sqlite3', ['-bail', '-cmd', '.timeout 5000', join(this.data, 'trespasser.db')], { input: text, stdio: 'pipe' })
      .toString().trim();
  }
}

export class PostgresDatabase extends Database {
  name = 'PostgreSQL';
  types = { $UUID: 'uuid', $TIME: 'timestamptz', $BOOL: 'boolean', $SERIAL: 'bigint generated always as identity primary key' };

  constructor(server) {
    super();
    this.server = server;
  }

  fresh() {
    const database = new PostgresDatabase(this.server);
    database.data = join(emptyFolder(), 'data');
    database.database = this.server.createDatabase();
    database.settings = { DATA_DIR: database.data, DATABASE_URL: this.server.url(database.database) };
    return database;
  }

  sql(text) {
    return this.server.sql(this.database, text);
  }
}
