#pragma once

// What trespasserd does besides serving: `migrate`, `admin create <email>`,
// `admin reset-factor <email>`, `config check`,
// `drain [node]`.

#include <string>
#include <vector>

#include "base/config.h"

namespace app {

// How trespasserd is called, one line a command; ends with a line feed.
const char* command_usage();

// Runs the command; 0 when it was done, 1 when it failed, 2 when there is no such command. Speaks
// to standard output and error.
int run_command(const std::vector<std::string>& words, const base::Config& config);

}  // namespace app
