#include "contract/backends.h"

#include <cstdlib>
#include <ostream>
#include <stdexcept>
#include <utility>

#include "contract/postgres_server.h"
#include "store/migrate.h"

namespace contract {
namespace {

class SqliteDatabase final : public Database {
 public:
  std::string url() const override { return "sqlite:" + folder_.path("store.db"); }

 private:
  TempFolder folder_;
};

std::unique_ptr<Database> create_sqlite() { return std::make_unique<SqliteDatabase>(); }

class PostgresDatabase final : public Database {
 public:
  std::string url() const override { return url_; }

 private:
  std::string url_ = PostgresServer::instance().create_database();
};

std::unique_ptr<Database> create_postgres() { return std::make_unique<PostgresDatabase>(); }

}  // namespace

TempFolder::TempFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "trespasser-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // a folder left behind in the system's temporary folder fails no test
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<Backend> all_backends() {
  return {{"sqlite", create_sqlite}, {"postgres", create_postgres}};
}

void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

std::unique_ptr<store::Store> open_store(const Database& database, bool migrated) {
  store::Options options;
  options.url = database.url();
  return open_store(std::move(options), migrated);
}

std::unique_ptr<store::Store> open_store(store::Options options, bool migrated) {
  auto opened = store::Store::open(std::move(options));
  if (!opened.ok()) throw std::runtime_error(opened.error().message);
  if (migrated) {
    auto done = (*opened)->transact([](store::Connection& db) { return store::migrate(db); });
    if (!done.ok()) throw std::runtime_error(done.error().message);
  }
  return std::move(*opened);
}

store::Rows ask(store::Store& store, const std::string& sql, std::vector<store::Value> values) {
  auto rows =
      store.transact([&](store::Connection& db) { return db.query(sql, std::span(values)); });
  if (!rows.ok()) throw std::runtime_error(rows.error().message);
  return std::move(*rows);
}

}  // namespace contract
