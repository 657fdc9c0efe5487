#include "base/settings_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace base {
namespace {

std::optional<RawValue> to_raw(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    items.push_back(text->get());
  }
  return items;
}

}  // namespace

Result<std::vector<FileEntry>> read_settings_file(const std::string& path) {
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    return Error{"invalid", path + (line > 0 ? " line " + std::to_string(line) : "") + ": " +
                                std::string(error.description())};
  }
  std::vector<FileEntry> entries;
  for (const auto& [key, node] : table) {
    const unsigned line = node.source().begin.line;
    auto raw = to_raw(node);
    if (!raw) {
      return Error{"invalid", "setting " + std::string(key.str()) + " (" + path + " line " +
                                  std::to_string(line) +
                                  "): neither text, whole number, true, false nor a list of texts"};
    }
    entries.push_back({std::string(key.str()), std::move(*raw), line});
  }
  std::sort(entries.begin(), entries.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.line < b.line; });
  return entries;
}

}  // namespace base
