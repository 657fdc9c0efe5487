#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// Opens (and creates, readable by the owner only) an SQLite file in WAL mode. Every commit is on
// the disk when it is answered (synchronous = FULL). A statement that takes longer than the
// timeout, also because another process holds the lock, fails with "unavailable".
base::Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path,
                                                      std::chrono::milliseconds statement_timeout);

}  // namespace store
