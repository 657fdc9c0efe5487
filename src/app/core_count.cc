#include "app/core_count.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>

namespace app {
namespace {

namespace fs = std::filesystem;

// Files of /proc and /sys tell no size. "" when there is none.
std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

unsigned cores_of_quota(std::string_view cpu_max, unsigned machine) {
  const char* const end = cpu_max.data() + cpu_max.size();
  std::uint64_t quota = 0, period = 0;
  const auto first = std::from_chars(cpu_max.data(), end, quota);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return machine;
  const auto second = std::from_chars(first.ptr + 1, end, period);
  if (second.ec != std::errc() || period == 0) return machine;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(quota / period, 1, machine));
}

std::string_view cgroup_path(std::string_view proc_self_cgroup) {
  constexpr std::string_view kSecondVersion = "0::";
  while (!proc_self_cgroup.empty()) {
    const std::size_t end = proc_self_cgroup.find('\n');
    const std::string_view line = proc_self_cgroup.substr(0, end);
    if (line.starts_with(kSecondVersion) && line.size() > kSecondVersion.size())
      return line.substr(kSecondVersion.size());
    if (end == std::string_view::npos) break;
    proc_self_cgroup.remove_prefix(end + 1);
  }
  return "/";
}

unsigned core_count() {
  const fs::path root = "/sys/fs/cgroup";
  unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const std::string own = text_of("/proc/self/cgroup");
  fs::path group = fs::path(cgroup_path(own)).relative_path().lexically_normal();
  for (; !group.empty(); group = group.parent_path())
    cores = cores_of_quota(text_of(root / group / "cpu.max"), cores);
  return cores_of_quota(text_of(root / "cpu.max"), cores);
}

}  // namespace app
