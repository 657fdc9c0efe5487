#include "app/database.h"

#include "store/migrate.h"

namespace app {

base::Result<std::unique_ptr<store::Store>> open_database(
    const base::Config& config, std::chrono::milliseconds statement_timeout) {
  store::Options options;
  options.url =
      config.database_url.empty() ? "sqlite:" + embedded_file(config) : config.database_url;
  options.pool = static_cast<std::size_t>(config.database_pool);
  options.statement_timeout = statement_timeout;
  return store::Store::open(options);
}

base::Result<void> settle_schema(const base::Config& config, store::Store& store) {
  if (!config.database_url.empty()) return check_schema(store);
  const auto migrated = store.transact([](store::Connection& db) { return store::migrate(db); });
  if (!migrated) return migrated.error();
  return {};
}

base::Result<void> check_schema(store::Store& store) {
  return store.transact([](store::Connection& db) { return store::check_schema(db); });
}

std::string embedded_file(const base::Config& config) { return config.data_dir + "/trespasser.db"; }

}  // namespace app
