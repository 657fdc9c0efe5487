#pragma once

// The targets a run is held against.

#include <string>
#include <vector>

#include "loadtest/report.h"

namespace loadtest {

struct Verdict {
  std::string what;
  std::string target;  // in words
  std::string found;   // in words
  bool passed = true;
};

// Those that the run has measured anything for.
std::vector<Verdict> verdicts(const Report& report);
// No player met an error, and every target was reached.
bool passed(const Report& report);

}  // namespace loadtest
