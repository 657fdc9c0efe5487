#include "store/migrate.h"

#include <string>
#include <utility>

namespace store {
namespace {

std::string replace_all(std::string text, std::string_view word, std::string_view with) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + with.size())) {
    text.replace(at, word.size(), with);
  }
  return text;
}

std::string in_dialect(std::string_view sql, Dialect dialect) {
  const bool postgres = dialect == Dialect::postgres;
  std::string text(sql);
  text = replace_all(std::move(text), "$UUID", postgres ? "uuid" : "text");
  text = replace_all(std::move(text), "$TIME", postgres ? "timestamptz" : "text");
  text = replace_all(std::move(text), "$BOOL", postgres ? "boolean" : "integer");
  text = replace_all(std::move(text), "$DAYS_AGO(40)",
                     postgres ? "now() - interval '40 days'" : "date('now', '-40 days')");
  return replace_all(std::move(text), "$SERIAL",
                     postgres ? "bigint generated always as identity primary key"
                              : "integer primary key autoincrement");
}

int newest() { return migrations().back().version; }

base::Error too_new(int found) {
  return {"conflict", "the database has schema version " + std::to_string(found) +
                          ", this program knows versions up to " + std::to_string(newest()) +
                          ": run a newer trespasserd"};
}

base::Result<int> current_version(Connection& db) {
  auto rows = db.query("select coalesce(max(version), 0) from schema_migrations");
  if (!rows.ok()) return rows.error();
  return static_cast<int>(rows->at(0).at(0).integer());
}

base::Result<bool> has_version_table(Connection& db) {
  auto rows = db.dialect() == Dialect::postgres
                  ? db.query("select 1 where to_regclass('schema_migrations') is not null")
                  : db.query("select 1 from sqlite_master where name = 'schema_migrations'");
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

// 0 = none yet.
base::Result<int> found_version(Connection& db) {
  auto known = has_version_table(db);
  if (!known.ok()) return known.error();
  if (!*known) return 0;
  return current_version(db);
}

// SQLite transactions are begun with the write lock; PostgreSQL needs one of its own against a
// second migrator.
base::Result<void> lock_schema(Connection& db) {
  if (db.dialect() == Dialect::sqlite) return {};
  constexpr auto kLock =
      "select pg_advisory_xact_lock(7472657370617373)";  // "trespass" in ASCII hex digits
  auto locked = db.query(kLock);
  return locked.ok() ? base::Result<void>() : base::Result<void>(locked.error());
}

}  // namespace

base::Result<Migrated> migrate(Connection& db, std::span<const Migration> steps) {
  if (auto locked = lock_schema(db); !locked.ok()) return locked.error();
  auto created = db.script(
      in_dialect("create table if not exists schema_migrations "
                 "(version integer primary key, name text not null, applied_at $TIME not null)",
                 db.dialect()));
  if (!created.ok()) return created.error();
  auto version = current_version(db);
  if (!version.ok()) return version.error();
  if (*version > newest()) return too_new(*version);

  Migrated report{*version, *version};
  for (const Migration& step : steps) {
    if (step.version <= *version) continue;
    auto applied = db.script(in_dialect(step.sql, db.dialect()));
    if (!applied.ok()) {
      return base::Error{applied.error().code,
                         "migration " + std::string(step.name) + ": " + applied.error().message};
    }
    auto noted =
        db.query("insert into schema_migrations (version, name, applied_at) values ($1, $2, $3)",
                 {step.version, step.name, now()});
    if (!noted.ok()) return noted.error();
    report.to = step.version;
  }
  return report;
}

base::Result<void> check_not_newer(Connection& db) {
  auto found = found_version(db);
  if (!found.ok()) return found.error();
  if (*found > newest()) return too_new(*found);
  return {};
}

base::Result<void> check_schema(Connection& db) {
  auto found = found_version(db);
  if (!found.ok()) return found.error();
  if (*found > newest()) return too_new(*found);
  if (*found < newest()) {
    return base::Error{"conflict", "the database has schema version " + std::to_string(*found) +
                                       ", this program needs " + std::to_string(newest()) +
                                       ": run `trespasserd migrate`"};
  }
  return {};
}

}  // namespace store
