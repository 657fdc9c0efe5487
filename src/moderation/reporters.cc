#include "moderation/reporters.h"

#include <numeric>
#include <string>
#include <unordered_map>
#include <vector>

namespace moderation {
namespace {

// Reports that are known to come from one side point, by way of others, to one root.
class Sides {
 public:
  explicit Sides(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  std::size_t root(std::size_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }

  // Joins `one` with whoever had this mark before.
  void join(std::size_t one, const std::string& mark) {
    const auto [before, is_new] = marks_.emplace(mark, one);
    if (!is_new) parent_[root(one)] = root(before->second);
  }

  std::size_t count() {
    std::size_t roots = 0;
    for (std::size_t one = 0; one < parent_.size(); ++one) roots += root(one) == one ? 1 : 0;
    return roots;
  }

 private:
  std::vector<std::size_t> parent_;
  std::unordered_map<std::string, std::size_t> marks_;
};

}  // namespace

std::size_t different_reporters(std::span<const store::Report> reports) {
  Sides sides(reports.size());
  for (std::size_t one = 0; one < reports.size(); ++one) {
    const store::Report& report = reports[one];
    sides.join(one, "account " + report.reporter.key);
    if (report.reporter.address) sides.join(one, "network " + *report.reporter.address);
    // A party is named by its members, and means something within one match only.
    if (report.reporter_party)
      sides.join(one, "party " + report.match_id + " " + *report.reporter_party);
  }
  return sides.count();
}

}  // namespace moderation
