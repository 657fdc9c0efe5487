#include "app/commands.h"

#include <cstdio>
#include <filesystem>

#include "accounts/admin.h"
#include "app/database.h"
#include "lobby/map_pool.h"
#include "store/migrate.h"

namespace app {
namespace {

constexpr std::chrono::minutes kMigrationPatience{30};
constexpr std::chrono::seconds kCommandPatience{10};

int fail(const base::Error& error) {
  std::fprintf(stderr, "trespasserd: %s\n", error.message.c_str());
  return 1;
}

int migrate(const base::Config& config) {
  std::error_code
      ignored;  // a folder that cannot be made shows as a database that cannot be opened
  std::filesystem::create_directories(config.data_dir, ignored);
  auto store = open_database(config, kMigrationPatience);
  if (!store) return fail(store.error());
  const auto done = (*store)->transact([](store::Connection& db) { return store::migrate(db); });
  if (!done) return fail(done.error());
  if (done->from == done->to) {
    std::printf("The schema is at version %d already.\n", done->to);
  } else {
    std::printf("The schema went from version %d to %d.\n", done->from, done->to);
  }
  return 0;
}

int create_admin(const base::Config& config, const std::string& email) {
  auto store = open_database(config, kCommandPatience);
  if (!store) return fail(store.error());
  const auto made = (*store)->transact(
      [&](store::Connection& db) { return accounts::make_admin(db, email, config.bcrypt_cost); });
  if (!made) return fail(made.error());
  if (made->password) {
    std::printf("Made an administrator. Password, shown this once: %s\n", made->password->c_str());
  } else {
    std::printf("That account is an administrator now, from its next login on.\n");
  }
  return 0;
}

// The settings themselves were checked when they were read; here what they point to.
int check_config(const base::Config& config) {
  const auto maps = lobby::MapPool::load(config.maps_dir, config.default_map);
  if (!maps) return fail(maps.error());
  if (!config.database_url.empty()) {
    auto store = open_database(config, kCommandPatience);
    if (!store) return fail(store.error());
    const auto checked = (*store)->transact([](store::Connection& db) -> base::Result<int> {
      const auto current = store::check_schema(db);
      if (!current) return current.error();
      return 0;
    });
    if (!checked) return fail(checked.error());
  }
  std::printf("The settings are fine: %zu maps, %s.\n", maps->maps().size(),
              config.database_url.empty() ? "SQLite in data_dir"
                                          : "PostgreSQL answers with the right schema");
  return 0;
}

}  // namespace

int run_command(const std::vector<std::string>& words, const base::Config& config) {
  if (words.size() == 1 && words[0] == "migrate") return migrate(config);
  if (words.size() == 3 && words[0] == "admin" && words[1] == "create")
    return create_admin(config, words[2]);
  if (words.size() == 2 && words[0] == "config" && words[1] == "check") return check_config(config);
  std::fprintf(stderr,
               "trespasserd: unknown command. There are: migrate, admin create <email>, config "
               "check; none = serve.\n");
  return 2;
}

}  // namespace app
