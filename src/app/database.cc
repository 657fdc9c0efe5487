#include "app/database.h"

namespace app {

base::Result<std::unique_ptr<store::Store>> open_database(
    const base::Config& config, std::chrono::milliseconds statement_timeout) {
  store::Options options;
  options.url = config.database_url.empty() ? "sqlite:" + config.data_dir + "/trespasser.db"
                                            : config.database_url;
  options.pool = static_cast<std::size_t>(config.database_pool);
  options.statement_timeout = statement_timeout;
  return store::Store::open(options);
}

}  // namespace app
