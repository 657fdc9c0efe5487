// LINK: base
// Settings files as an operator may mistype them: an error that names the file, or settings that
// come out the same when they are written down and read again.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/config.h"
#include "base/settings.h"

namespace {

base::Result<base::CommandLine> load(std::string_view text) {
  static const int file = memfd_create("settings", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (file < 0 || ftruncate(file, 0) != 0 ||
      pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    std::abort();
  }
  const std::array<std::string_view, 2> arguments{"--config", path};
  return base::load_config(arguments, [](const std::string&) { return std::nullopt; });
}

std::string written(const base::Config& config) {
  std::string text;
  for (const base::Setting& setting : base::settings())
    text += std::string(setting.key) + " = " + base::toml_value(config, setting) + "\n";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = load({reinterpret_cast<const char*>(data), size});
  if (!first) {
    if (first.error().message.empty()) std::abort();
    return 0;
  }
  const std::string text = written(first->config);
  const auto second = load(text);
  if (!second || written(second->config) != text) std::abort();
  return 0;
}
