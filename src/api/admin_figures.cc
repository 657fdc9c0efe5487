#include "api/admin_figures.h"

#include "base/clock.h"

namespace api {

Figures::Figures(FigureSources sources)
    : sources_(std::move(sources)), thread_([this] { loop(); }) {}

Figures::~Figures() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Figures::loop() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    sample();
    wake_.wait_for(lock, kFigureEvery, [this] { return stop_; });
  }
}

void Figures::sample() {
  const lobby::DirectoryCounts counts = sources_.directory->counts();
  const std::uint64_t requests = sources_.requests();
  const std::uint64_t errors = sources_.errors();
  lobby::Lateness::Counts lateness{};
  for (const lobby::TickGauge* gauge : sources_.gauges) gauge->lateness->add_to(lateness);
  const lobby::LatenessSummary late = lobby::summarize(lateness_, lateness);
  const Figure figure{base::wall_ms(),
                      counts.players,
                      counts.lobbies,
                      counts.playing,
                      sources_.connections(),
                      requests - requests_,
                      errors - errors_,
                      late.count,
                      late.p50_ns,
                      late.p99_ns,
                      late.max_ns};
  requests_ = requests;
  errors_ = errors;
  lateness_ = lateness;
  if (ring_.size() < kFigures) {
    ring_.push_back(figure);
  } else {
    ring_[next_] = figure;
  }
  next_ = (next_ + 1) % kFigures;
}

std::vector<Figure> Figures::since(std::int64_t at_ms) const {
  const std::lock_guard lock(mutex_);
  const std::size_t first = ring_.size() < kFigures ? 0 : next_;
  std::vector<Figure> found;
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const Figure& figure = ring_[(first + i) % ring_.size()];
    if (figure.at_ms > at_ms) found.push_back(figure);
  }
  return found;
}

}  // namespace api
