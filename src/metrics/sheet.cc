#include "metrics/sheet.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

#include "base/json_writer.h"

namespace metrics {
namespace {

prometheus::MetricType type_of(Kind kind) {
  switch (kind) {
    case Kind::counter:
      return prometheus::MetricType::Counter;
    case Kind::gauge:
      return prometheus::MetricType::Gauge;
    case Kind::histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

std::uint64_t total(const Histogram& histogram) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : histogram.counts) sum += count;
  return sum;
}

prometheus::ClientMetric metric_of(const Value& value, Kind kind) {
  prometheus::ClientMetric metric;
  for (const auto& [name, text] : value.labels) metric.label.push_back({std::string(name), text});
  if (kind == Kind::counter) metric.counter.value = value.number;
  if (kind == Kind::gauge) metric.gauge.value = value.number;
  if (kind != Kind::histogram) return metric;
  metric.histogram.sample_count = total(value.histogram);
  metric.histogram.sample_sum = value.histogram.sum;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < value.histogram.ends.size(); ++i) {
    below += value.histogram.counts[i];
    metric.histogram.bucket.push_back({below, value.histogram.ends[i]});
  }
  return metric;
}

// All digits that a double has and no exponent, so that "le" is the very number the text gives.
void write_number(base::JsonWriter& json, double number) {
  std::array<char, 400> digits;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(),
                    std::isfinite(number) ? number : 0.0, std::chars_format::fixed);
  json.raw(std::string_view(digits.data(), end));
}

void write_labels(base::JsonWriter& json, const Labels& labels) {
  for (const auto& [name, text] : labels) json.key_text(name).text(text);
}

void write_histogram(base::JsonWriter& json, const Value& value) {
  json.begin_object();
  write_labels(json, value.labels);
  json.member("count", total(value.histogram));
  json.key("sum");
  write_number(json, value.histogram.sum);
  json.key("buckets").begin_array();
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < value.histogram.ends.size(); ++i) {
    below += value.histogram.counts[i];
    json.begin_object();
    json.key("le");
    write_number(json, value.histogram.ends[i]);
    json.member("count", below).end_object();
  }
  json.end_array().end_object();
}

void write_value(base::JsonWriter& json, const Family& family, const Value& value) {
  if (family.kind == Kind::histogram) return write_histogram(json, value);
  if (value.labels.empty()) return write_number(json, value.number);
  json.begin_object();
  write_labels(json, value.labels);
  json.key("value");
  write_number(json, value.number);
  json.end_object();
}

}  // namespace

Family& Sheet::family(std::string_view name, std::string_view help, Kind kind) {
  if (families_.empty() || families_.back().name != name)
    families_.push_back({name, help, kind, {}});
  return families_.back();
}

void Sheet::counter(std::string_view name, std::string_view help, double value, Labels labels) {
  family(name, help, Kind::counter).values.push_back({std::move(labels), value, {}});
}

void Sheet::gauge(std::string_view name, std::string_view help, double value, Labels labels) {
  family(name, help, Kind::gauge).values.push_back({std::move(labels), value, {}});
}

void Sheet::histogram(std::string_view name, std::string_view help, Histogram histogram,
                      Labels labels) {
  family(name, help, Kind::histogram)
      .values.push_back({std::move(labels), 0, std::move(histogram)});
}

std::string Sheet::text() const {
  std::vector<prometheus::MetricFamily> families;
  families.reserve(families_.size());
  for (const Family& family : families_) {
    prometheus::MetricFamily& made = families.emplace_back();
    made.name = family.name;
    made.help = family.help;
    made.type = type_of(family.kind);
    for (const Value& value : family.values) made.metric.push_back(metric_of(value, family.kind));
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

std::string Sheet::json() const {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  for (const Family& family : families_) {
    json.key_text(family.name);
    const bool alone = family.values.size() == 1 && family.values.front().labels.empty();
    if (!alone) json.begin_array();
    for (const Value& value : family.values) write_value(json, family, value);
    if (!alone) json.end_array();
  }
  json.end_object();
  return text;
}

}  // namespace metrics
