#pragma once

// The figures of one scrape as plain values, and the two forms in which they are handed out: the
// text that Prometheus reads, and JSON with the same figures (O2).

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace metrics {

// A value's labels. The values come from a closed list in the code or the settings, never from
// players: every new value is a new series for Prometheus to keep.
using Labels = std::vector<std::pair<std::string_view, std::string>>;

enum class Kind { counter, gauge, histogram };

// Not cumulative; `counts` has one more than `ends`, for what is past the last end.
struct Histogram {
  std::vector<double> ends;  // seconds, rising; an end belongs to its bucket
  std::vector<std::uint64_t> counts;
  double sum = 0;  // seconds
};

struct Value {
  Labels labels;
  double number = 0;
  Histogram histogram;  // of that kind only
};

struct Family {
  std::string_view name;  // [a-z_]+; counters end in _total, units are in the name
  std::string_view help;
  Kind kind = Kind::gauge;
  std::vector<Value> values;
};

// Filled by one thread, then written. Names and helps are literals. Values of one name are given
// one after the other.
class Sheet {
 public:
  // Only ever grows while the process lives.
  void counter(std::string_view name, std::string_view help, double value, Labels labels = {});
  void gauge(std::string_view name, std::string_view help, double value, Labels labels = {});
  void histogram(std::string_view name, std::string_view help, Histogram histogram,
                 Labels labels = {});

  const std::vector<Family>& families() const { return families_; }

  std::string text() const;  // Prometheus' text format 0.0.4
  // {"name": 12, "name": [{"label": "x", "value": 3}, ...],
  //  "name": {"count": 9, "sum": 0.5, "buckets": [{"le": 0.001, "count": 7}, ...]}}
  // with cumulative buckets as in the text; a histogram with labels is a list as well.
  std::string json() const;

 private:
  Family& family(std::string_view name, std::string_view help, Kind kind);

  std::vector<Family> families_;
};

}  // namespace metrics
