#pragma once

#include <memory>

#include "base/config.h"
#include "base/error.h"
#include "cluster/cluster.h"

namespace app {

// The cluster of the settings: Redis at redis_url, or memory when there is none. Not started yet.
// The Error names the setting.
base::Result<std::unique_ptr<cluster::Cluster>> open_cluster(const base::Config& config);

}  // namespace app
