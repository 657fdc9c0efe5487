#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/config.h"
#include "base/error.h"
#include "store/store.h"

namespace app {

// The database of the settings: PostgreSQL when database_url is set, else SQLite in data_dir. Not
// yet connected.
base::Result<std::unique_ptr<store::Store>> open_database(
    const base::Config& config, std::chrono::milliseconds statement_timeout);

// Sees to it that the schema is this program's: embedded (SQLite) it is migrated, on PostgreSQL,
// which others share, only looked at; the Error then says to migrate or to update. Blocks.
base::Result<void> settle_schema(const base::Config& config, store::Store& store);

// The same without changing anything.
base::Result<void> check_schema(store::Store& store);

// Where the embedded database lies.
std::string embedded_file(const base::Config& config);

}  // namespace app
