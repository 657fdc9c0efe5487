#pragma once

// The table behind Config: what each setting is called, what it may be and what it is for. Names
// follow from the key: max_payload is MAX_PAYLOAD in the environment and --max-payload on the
// command line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/config.h"
#include "base/error.h"

namespace base {

struct Setting {
  using Field = std::variant<int Config::*, bool Config::*, std::string Config::*,
                             std::chrono::seconds Config::*, std::vector<std::string> Config::*>;
  // What is wrong with a text or a list's item, in words that follow "is"; nothing when it is fine.
  using Check = std::optional<std::string> (*)(std::string_view text);

  std::string_view key;
  Field field;
  std::string_view doc;  // one line: what it does and why one would change it
  std::int64_t min = 0;  // of numbers and seconds, inclusive
  std::int64_t max = 0;
  std::string_view choices = {};  // "a|b|c" for a text that must be one of these
  Check check = nullptr;
  bool secret = false;  // never shown
};

// In the order of config/trespasser.toml.
std::span<const Setting> settings();
const Setting* find_setting(std::string_view key);

std::string environment_name(const Setting& setting);  // MAX_PAYLOAD
std::string flag_name(const Setting& setting);         // --max-payload

// A value as a settings file gives it; from flags and the environment always a text.
using RawValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

// Puts a value into its field. From text a list is split at commas. The Error says what the value
// should have been.
Result<void> assign(Config& config, const Setting& setting, const RawValue& value);

// The field as TOML: 3000, true, "text", ["a", "b"].
std::string toml_value(const Config& config, const Setting& setting);
// "1 to 65535", "true or false", "debug|info", "text", "list".
std::string expectation(const Setting& setting);

}  // namespace base
