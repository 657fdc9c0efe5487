#pragma once

// Collects the node's figures and writes them out on a thread of its own: no shard spends time on a
// scrape, and nothing that hangs elsewhere holds one up.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "metrics/sheet.h"

namespace metrics {

enum class Format { text, json };

// Thread safe.
class Exporter {
 public:
  // Puts a room's figures on the sheet. Called on the exporter's thread at every scrape; must
  // neither wait for anything that may hang nor throw.
  using Source = std::function<void(Sheet&)>;

  // The order of the sources is the order of the figures.
  explicit Exporter(std::vector<Source> sources);
  ~Exporter();  // questions that wait are answered ""
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // Calls `done` once with the figures of now: on the exporter's thread; here, and with "", when
  // too many wait already.
  void ask(Format format, std::function<void(std::string)> done);

 private:
  struct Question {
    Format format;
    std::function<void(std::string)> done;
  };
  void run();

  const std::vector<Source> sources_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<Question> questions_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace metrics
