#include "cluster/party_check.h"

#include <cmath>
#include <string_view>

namespace cluster {
namespace {

constexpr std::size_t kMaxText = 128;

bool is_line(std::string_view text) {
  return text.size() <= kMaxText && text.find('\n') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> what_is_wrong(const std::string& code, const PartyMember& member) {
  if (code.empty() || !is_line(code)) return "A party needs a code of 1 to 128 bytes.";
  if (member.player.empty() || !is_line(member.player)) return "A member needs a player.";
  if (member.node.empty() || !is_line(member.node)) return "A member needs a node.";
  if (!is_line(member.id) || !is_line(member.name)) return "A member's id and name are lines.";
  if (!std::isfinite(member.skill)) return "A member's skill is a number.";
  return std::nullopt;
}

}  // namespace cluster
