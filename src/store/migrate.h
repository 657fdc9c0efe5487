#pragma once

// The schema and its versions (D3).

#include <span>
#include <string_view>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// One step of the schema. The text is SQL with the words $UUID, $TIME, $BOOL and $SERIAL in place
// of types that the two databases call differently, and $DAYS_AGO(40) for a time so long ago.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

// The steps this program knows, by rising version without gaps.
std::span<const Migration> migrations();

struct Migrated {
  int from = 0;  // 0 = the database was empty
  int to = 0;
};

// Brings the schema to the last of the steps (the first ones of migrations()), all in the caller's
// transaction; two callers at once are safe. Refuses ("conflict") a schema that is newer than this
// program.
base::Result<Migrated> migrate(Connection& db, std::span<const Migration> steps = migrations());

// Is the schema exactly what this program knows? The error says whether to migrate or to update the
// program.
base::Result<void> check_schema(Connection& db);

// Can this program work with it, be it after migrate()? Refuses only what is newer than the
// program.
base::Result<void> check_not_newer(Connection& db);

}  // namespace store
