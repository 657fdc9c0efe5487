#include "app/open_cluster.h"

#include "cluster/memory_cluster.h"
#include "cluster/redis_cluster.h"

namespace app {

base::Result<std::unique_ptr<cluster::Cluster>> open_cluster(const base::Config& config) {
  if (config.redis_url.empty()) return cluster::make_memory_cluster(config.node_id);
  auto address = cluster::parse_redis_url(config.redis_url);
  if (!address) return base::Error{address.error().code, "redis_url: " + address.error().message};
  cluster::RedisOptions options;
  options.address = std::move(address).value();
  options.node_id = config.node_id;
  return cluster::make_redis_cluster(std::move(options));
}

}  // namespace app
