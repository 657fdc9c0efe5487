#include "loadtest/server_process.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace loadtest {

std::optional<ProcessUsage> process_usage(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  // The second field is the program's name in parentheses and may hold anything; the third follows
  // the last ')'.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;  // fields 14 and 15, in clock ticks
  for (int field = 16; field < 24; ++field) fields >> skipped;
  std::uint64_t pages = 0;
  fields >> pages;  // field 24
  if (!fields) return std::nullopt;
  ProcessUsage usage;
  usage.cpu_seconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.rss_bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return usage;
}

}  // namespace loadtest
