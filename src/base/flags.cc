#include "base/flags.h"

#include <algorithm>
#include <charconv>

namespace base {
namespace {

struct Setter {
  std::string_view text;

  bool operator()(std::string* field) const {
    *field = text;
    return true;
  }
  template <class Number>
  bool operator()(Number* field) const {
    Number value{};
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc() || end != text.data() + text.size()) return false;
    *field = value;
    return true;
  }
};

}  // namespace

Result<void> read_flags(int argc, const char* const* argv, std::initializer_list<Flag> flags) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    const auto* flag =
        std::find_if(flags.begin(), flags.end(), [&](const Flag& one) { return one.name == name; });
    if (flag == flags.end()) return Error{"invalid", "unknown option " + name};
    if (i + 1 == argc) return Error{"invalid", name + " has no value"};
    if (!std::visit(Setter{argv[i + 1]}, flag->field))
      return Error{"invalid", name + ": \"" + argv[i + 1] + "\" is no number in its range"};
  }
  return {};
}

}  // namespace base
