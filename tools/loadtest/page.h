#pragma once

#include <string>

#include "loadtest/report.h"

namespace loadtest {

// The report as one file of HTML that needs nothing else: no script, no font, no picture. Light or
// dark as the reader has it.
std::string page(const Report& report);

}  // namespace loadtest
