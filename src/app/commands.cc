#include "app/commands.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "accounts/admin.h"
#include "accounts/mail.h"
#include "accounts/players.h"
#include "accounts/validate.h"
#include "api/admin_staff.h"
#include "app/database.h"
#include "app/doors.h"
#include "app/drain_command.h"
#include "cluster/redis_url.h"
#include "lobby/map_pool.h"
#include "moderation/trail.h"
#include "store/migrate.h"
#include "store/store.h"

namespace app {
namespace {

constexpr std::chrono::minutes kMigrationPatience{30};
constexpr std::chrono::seconds kCommandPatience{10};

int fail(const base::Error& error) {
  std::fprintf(stderr, "trespasserd: %s\n", error.message.c_str());
  return 1;
}

base::Error bad_data_dir(const base::Config& config, const std::string& why) {
  return {"unavailable", "setting data_dir: " + config.data_dir + ": " + why};
}

base::Result<void> make_data_dir(const base::Config& config) {
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error) return bad_data_dir(config, error.message());
  return {};
}

int migrate(const base::Config& config) {
  if (const auto made = make_data_dir(config); !made) return fail(made.error());
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

// Who may run this is nobody that the database knows: the audit log says "system".
base::Result<void> note(store::Connection& db, const moderation::Action& action) {
  return moderation::write_down(db, moderation::Actor{}, action, store::now());
}

int create_admin(const base::Config& config, const std::string& email) {
  if (const auto made = make_data_dir(config); !made) return fail(made.error());
  auto store = open_database(config, kCommandPatience);
  if (!store) return fail(store.error());
  if (const auto settled = settle_schema(config, **store); !settled) return fail(settled.error());
  const auto made =
      (*store)->transact([&](store::Connection& db) -> base::Result<accounts::MadeAdmin> {
        auto admin = accounts::make_admin(db, email, config.bcrypt_cost);
        if (!admin || admin->already) return admin;
        const auto noted = note(db, {"role", "player " + admin->player_id,
                                     "trespasserd admin create", "", R"({"role":"admin"})"});
        if (!noted) return noted.error();
        return admin;
      });
  if (!made) return fail(made.error());
  if (made->password) {
    std::printf("Made an administrator. Password, shown this once: %s\n", made->password->c_str());
  } else if (made->already) {
    std::printf("That account is an administrator already.\n");
  } else {
    std::printf("That account is an administrator now, from its next login on.\n");
  }
  return 0;
}

// For a member of staff who has lost the authenticator app and the recovery codes, when there is no
// administrator to help: whoever may run this may write to the database anyway.
base::Result<std::string> forget_factor(store::Connection& db, const std::string& email) {
  const auto normal = accounts::normal_email(email);
  if (!normal) return normal.error();
  const auto account = accounts::find_by_email(db, *normal);
  if (!account) return account.error();
  if (!*account) return base::Error{"not_found", "there is no account with that e-mail"};
  const accounts::Player& player = (*account)->player;
  const auto reset = api::reset_factor(db, player.id);
  if (!reset) return reset.error();
  if (!*reset) return base::Error{"conflict", "that account has no second factor"};
  const auto noted =
      note(db, {"factor_reset", "player " + player.id, "trespasserd admin reset-factor",
                R"({"enrolled":true})", R"({"enrolled":false})"});
  if (!noted) return noted.error();
  return player.display_name;
}

int reset_factor(const base::Config& config, const std::string& email) {
  auto store = open_database(config, kCommandPatience);
  if (!store) return fail(store.error());
  if (const auto usable = (*store)->transact(store::check_schema); !usable)
    return fail(usable.error());
  const auto done =
      (*store)->transact([&](store::Connection& db) { return forget_factor(db, email); });
  if (!done) return fail(done.error());
  std::printf("%s has to set up the second factor anew at the next sign-in.\n", done->c_str());
  return 0;
}

// The nearest folder that is there must let us write; making the rest is the start's business.
base::Result<void> check_data_dir(const base::Config& config) {
  std::error_code error;
  std::filesystem::path there = std::filesystem::absolute(config.data_dir, error);
  if (error) return bad_data_dir(config, error.message());
  while (!std::filesystem::exists(there, error) && there.has_relative_path())
    there = there.parent_path();
  if (!std::filesystem::is_directory(there, error)) return bad_data_dir(config, "not a folder");
  if (::access(there.c_str(), W_OK | X_OK) != 0)
    return bad_data_dir(config, "must not be written to by this user");
  return {};
}

// An embedded database is migrated by the server's start, so only one from the future is wrong.
base::Result<void> check_database(const base::Config& config) {
  const bool embedded = config.database_url.empty();
  std::error_code error;
  if (embedded && !std::filesystem::exists(embedded_file(config), error)) return {};
  auto store = open_database(config, kCommandPatience);
  if (!store) return store.error();
  return embedded ? (*store)->transact(store::check_not_newer) : check_schema(**store);
}

// Their form alone: both may be away for a while.
base::Result<void> check_addresses(const base::Config& config) {
  if (!config.redis_url.empty()) {
    const auto redis = cluster::parse_redis_url(config.redis_url);
    if (!redis) return base::Error{redis.error().code, "redis_url: " + redis.error().message};
  }
  if (config.smtp_url.empty()) return {};
  const auto mail = accounts::make_smtp_transport(
      {.url = config.smtp_url, .from = config.smtp_from, .ca_file = {}});
  return mail.ok() ? base::Result<void>() : base::Result<void>(mail.error());
}

// The settings themselves were checked when they were read; here what they point to.
int check_config(const base::Config& config) {
  const auto maps = lobby::MapPool::load(config.maps_dir, config.default_map);
  if (!maps) return fail(maps.error());
  if (const auto tls = open_tls(config); !tls) return fail(tls.error());
  if (const auto usable = check_addresses(config); !usable) return fail(usable.error());
  if (const auto usable = check_data_dir(config); !usable) return fail(usable.error());
  if (const auto usable = check_database(config); !usable) return fail(usable.error());
  std::printf("The settings are fine: %zu maps, %s.\n", maps->maps().size(),
              config.database_url.empty() ? "SQLite in data_dir"
                                          : "PostgreSQL answers with the right schema");
  return 0;
}

}  // namespace

const char* command_usage() {
  return "Usage: trespasserd [settings]                      serve\n"
         "       trespasserd [settings] migrate              bring the database's schema up to "
         "date\n"
         "       trespasserd [settings] admin create <email> make an administrator\n"
         "       trespasserd [settings] admin reset-factor <email> take a lost second factor away\n"
         "       trespasserd [settings] drain [node]         let a node's matches finish, then end "
         "it\n"
         "       trespasserd [settings] config check         look at the settings, change nothing\n"
         "       trespasserd --help                          list the settings\n";
}

int run_command(const std::vector<std::string>& words, const base::Config& config) {
  if (words.size() == 1 && words[0] == "migrate") return migrate(config);
  if (words.size() == 3 && words[0] == "admin" && words[1] == "create")
    return create_admin(config, words[2]);
  if (words.size() == 3 && words[0] == "admin" && words[1] == "reset-factor")
    return reset_factor(config, words[2]);
  if (words.size() == 2 && words[0] == "config" && words[1] == "check") return check_config(config);
  if ((words.size() == 1 || words.size() == 2) && words[0] == "drain")
    return drain_command(config, words.size() == 2 ? words[1] : "");
  std::string said;
  for (const std::string& word : words) said += " " + word;
  std::fprintf(stderr, "trespasserd: unknown command%s\n%s", said.c_str(), command_usage());
  return 2;
}

}  // namespace app
