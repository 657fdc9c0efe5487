#pragma once

#include <string>

#include "base/error.h"

namespace app {

// The name of this node when none is set: host name and random letters, made at the first start and
// kept in <data_dir>/node-id. It must outlive a crash, because the node then closes in the database
// what it left open.
base::Result<std::string> node_identity(const std::string& data_dir);

}  // namespace app
