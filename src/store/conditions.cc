#include "store/conditions.h"

#include <cstdint>
#include <utility>

namespace store {

void Conditions::add(std::string_view sql, Value value) {
  values_.push_back(std::move(value));
  const auto place = sql.find('$');
  sql_ += " and ";
  sql_ += sql.substr(0, place);
  sql_ += '$' + std::to_string(values_.size());
  sql_ += sql.substr(place + 1);
}

void Conditions::add(std::string_view sql) {
  sql_ += " and ";
  sql_ += sql;
}

base::Result<Rows> Conditions::newest_first(Connection& db, const std::string& select,
                                            std::string_view key, std::size_t limit) {
  values_.emplace_back(static_cast<std::int64_t>(limit));
  const std::string sql = select + sql_ + " order by " + std::string(key) + " desc limit $" +
                          std::to_string(values_.size());
  return db.query(sql, std::span<const Value>(values_));
}

}  // namespace store
