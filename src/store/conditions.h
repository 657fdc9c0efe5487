#pragma once

// The conditions of a query that is put together by what the caller asks for.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// A value of one query; any thread.
class Conditions {
 public:
  // SQL of ours, never of a caller's; its one '$' becomes the placeholder of the value.
  void add(std::string_view sql, Value value);
  void add(std::string_view sql);

  // Runs "<select> <conditions> order by <key> desc limit <limit>"; `select` ends with "where".
  base::Result<Rows> newest_first(Connection& db, const std::string& select, std::string_view key,
                                  std::size_t limit);

 private:
  std::string sql_ = " true";
  std::vector<Value> values_;
};

}  // namespace store
