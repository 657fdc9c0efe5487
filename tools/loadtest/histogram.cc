#include "loadtest/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/json_writer.h"

namespace loadtest {

void Histogram::make_buckets() {
  if (buckets_.empty()) buckets_.resize(static_cast<std::size_t>(kSteps) * kPowers);
}

std::size_t Histogram::bucket_of(std::uint64_t micros) {
  if (micros < kSteps) return micros;
  const int power = std::bit_width(micros) - 7;  // 64..127 is power 0
  const std::uint64_t step = (micros >> power) - kSteps;
  const std::size_t bucket = static_cast<std::size_t>(power + 1) * kSteps + step;
  return std::min(bucket, static_cast<std::size_t>(kSteps) * kPowers - 1);
}

std::int64_t Histogram::upper_edge(std::size_t bucket) {
  if (bucket < kSteps) return static_cast<std::int64_t>(bucket);
  const auto power = static_cast<int>(bucket / kSteps) - 1;
  const auto step = static_cast<std::int64_t>(bucket % kSteps);
  return ((kSteps + step + 1) << power) - 1;
}

void Histogram::add(std::int64_t micros) {
  micros = std::max<std::int64_t>(micros, 0);
  make_buckets();
  ++buckets_[bucket_of(static_cast<std::uint64_t>(micros))];
  ++count_;
  max_ = std::max(max_, micros);
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.empty()) return;
  make_buckets();
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::int64_t Histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::min(upper_edge(i), max_);
  }
  return max_;
}

void Histogram::append_json(std::string& out) const {
  const auto ms = [](std::int64_t micros) { return static_cast<double>(micros) / 1000.0; };
  base::JsonWriter json(out);
  json.begin_object().member("count", count_);
  json.member("p50", ms(quantile(0.5)), 3).member("p90", ms(quantile(0.9)), 3);
  json.member("p95", ms(quantile(0.95)), 3).member("p99", ms(quantile(0.99)), 3);
  json.member("p999", ms(quantile(0.999)), 3);
  json.member("max", ms(max_), 3).end_object();
}

}  // namespace loadtest
