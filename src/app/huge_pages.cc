#include "app/huge_pages.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace app {

void restart_with_huge_pages(char** arguments) {
  // With rights of its file (setcap) the library drops the setting at each start.
  if (::getauxval(AT_SECURE) != 0) return;
  constexpr const char* kVariable = "GLIBC_TUNABLES";
  const char* const given = std::getenv(kVariable);
  std::string settings = given == nullptr ? "" : given;
  if (settings.find("glibc.malloc.hugetlb=") != std::string::npos)
    return;  // also: the second start
  // First, because the library cuts what it has read at the first colon.
  settings = "glibc.malloc.hugetlb=1" + (settings.empty() ? "" : ":" + settings);
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error || ::setenv(kVariable, settings.c_str(), 1) != 0) return;
  ::execv(program.c_str(), arguments);  // comes back only when it fails
}

}  // namespace app
