#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// Can libpq read this address? The Error does not repeat it, as there may be a password in it.
base::Result<void> check_postgres_url(const std::string& url);

// Connects to PostgreSQL 13 or newer. `url` as libpq reads it. The server ends a statement after
// statement_timeout; when it does not even answer, the link is given up a second later, so no
// caller waits longer.
base::Result<std::unique_ptr<Connection>> open_postgres(
    const std::string& url, std::chrono::milliseconds connect_timeout,
    std::chrono::milliseconds statement_timeout);

}  // namespace store
