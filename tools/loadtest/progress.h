#pragma once

#include <string>

#include "loadtest/stats.h"

namespace loadtest {

// One line about the run that goes on: on a terminal it is rewritten in its place, elsewhere it is
// a line each five seconds.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether a line is wanted at this second of the run.
  bool due(double seconds) const { return seconds >= next_; }
  void show(double seconds, const std::string& line);

 private:
  bool quiet_;
  bool terminal_;
  bool dirty_ = false;  // a line without an end is on the terminal
  double next_ = 0;
};

// `stage` is what the run is doing now.
std::string progress_line(const char* stage, double seconds, int connected, int playing,
                          int gave_up, const Stats& stats);

}  // namespace loadtest
