#include "anticheat/finding.h"

#include <array>
#include <bit>

namespace anticheat {
namespace {

struct Row {
  std::string_view name;
  double weight;
};

// In the order of Kind.
constexpr std::array<Row, kKinds> kRows = {{
    {"input_flood", 1.0},
    {"movement", 1.0},
    {"fire_rate", 1.0},
    {"replayed_sequence", 1.0},
    {"input_pattern", 2.0},
    {"aim_precision", 2.0},
    {"aim_snap", 2.0},
    {"aim_reaction", 2.0},
    {"aim_trigger", 2.0},
}};

const Row& row(Kind kind) { return kRows[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view name_of(Kind kind) { return row(kind).name; }

double score_of(Kind kind, std::uint32_t count) {
  return row(kind).weight * static_cast<double>(std::bit_width(count));
}

}  // namespace anticheat
