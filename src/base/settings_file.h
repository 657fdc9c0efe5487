#pragma once

// Reads a TOML settings file into plain values. Keys stand at the top level; a table is not a
// setting.

#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"

namespace base {

struct FileEntry {
  std::string key;
  RawValue value;
  unsigned line = 0;  // counted from 1
};

// In the order of the file. Fails when it cannot be read or is no TOML, or holds a value no setting
// can have (a table, a fraction, a date, a list of other than texts).
Result<std::vector<FileEntry>> read_settings_file(const std::string& path);

}  // namespace base
