#pragma once

#include <memory>

#include "base/config.h"
#include "base/error.h"
#include "store/store.h"

namespace app {

// The database of the settings: PostgreSQL when database_url is set, else SQLite in data_dir. Not
// yet connected.
base::Result<std::unique_ptr<store::Store>> open_database(
    const base::Config& config, std::chrono::milliseconds statement_timeout);

}  // namespace app
