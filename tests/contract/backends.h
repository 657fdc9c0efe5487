#pragma once

// What the contract tests run on: an empty, migrated database of each kind. The tests themselves
// know no kind.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace contract {

// A folder that goes away with its owner.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

// A database of its own for one test, empty at first.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::string url() const = 0;
};

struct Backend {
  const char* name;
  std::unique_ptr<Database> (*create)();
};
std::vector<Backend> all_backends();
void PrintTo(const Backend& backend, std::ostream* out);

// Opens the store; migrate()s it when asked. Throws when that fails: no test can go on.
std::unique_ptr<store::Store> open_store(const Database& database, bool migrated = true);
std::unique_ptr<store::Store> open_store(store::Options options, bool migrated);

// Rows of one query in a transaction of its own; throws on an error.
store::Rows ask(store::Store& store, const std::string& sql, std::vector<store::Value> values = {});

}  // namespace contract
