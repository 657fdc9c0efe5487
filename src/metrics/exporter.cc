#include "metrics/exporter.h"

#include <pthread.h>

#include <utility>

namespace metrics {
namespace {

// Scrapers are few and ask every few seconds.
constexpr std::size_t kMostWaiting = 16;

}  // namespace

Exporter::Exporter(std::vector<Source> sources)
    : sources_(std::move(sources)), thread_([this] { run(); }) {
  ::pthread_setname_np(thread_.native_handle(), "metrics");
}

Exporter::~Exporter() {
  std::deque<Question> left;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    left.swap(questions_);
  }
  asked_.notify_all();
  thread_.join();
  for (Question& question : left) question.done("");
}

void Exporter::ask(Format format, std::function<void(std::string)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_ && questions_.size() < kMostWaiting) {
      questions_.push_back({format, std::move(done)});
      asked_.notify_one();
      return;
    }
  }
  done("");
}

void Exporter::run() {
  for (;;) {
    Question question;
    {
      std::unique_lock lock(mutex_);
      asked_.wait(lock, [this] { return stop_ || !questions_.empty(); });
      if (stop_) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    Sheet sheet;
    for (const Source& source : sources_) source(sheet);
    question.done(question.format == Format::json ? sheet.json() : sheet.text());
  }
}

}  // namespace metrics
