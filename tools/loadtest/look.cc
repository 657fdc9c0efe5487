#include "loadtest/look.h"

#include <charconv>
#include <string>

namespace loadtest {
namespace {

// Where the server puts those one does not see (wire contract 5.7).
constexpr double kParked = -500;

// Goes forward through the packet.
class Search {
 public:
  explicit Search(std::string_view text) : rest_(text) {}

  // Moves behind the next `what`, if there is one.
  bool skip(std::string_view what) {
    const std::size_t at = rest_.find(what);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + what.size());
    return true;
  }
  bool number(double& out) {
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    if (parsed.ec != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest_.data()));
    return true;
  }
  bool spot(Spot& out) {
    return skip("\"position\":{\"x\":") && number(out.x) && skip("\"y\":") && number(out.y);
  }
  // The text up to the next quotation mark.
  std::string_view word() const { return rest_.substr(0, rest_.find('"')); }
  bool starts_with(std::string_view what) const { return rest_.starts_with(what); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

void read_weapon(Search search, Look& out) {
  std::string entry = "\"";
  entry += out.weapon;
  entry += "\":{\"currentAmmo\":";
  double ammo = 0;
  if (!search.skip(entry) || !search.number(ammo)) return;
  out.ammo = static_cast<int>(ammo);
  out.reloading = search.skip("\"isReloading\":") && search.starts_with("true");
}

double distance2(const Spot& a, const Spot& b) {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

}  // namespace

std::optional<Look> look_at(std::string_view packet, std::string_view id) {
  Search search(packet);
  Look look;
  // The own entry is the first one, and the only one with weapons.
  if (!search.skip("\"players\":{\"") || !search.starts_with(id)) return std::nullopt;
  if (!search.skip("\"team\":\"")) return std::nullopt;
  const std::string_view team = search.word();
  if (!search.spot(look.me) || !search.skip("\"isAlive\":")) return std::nullopt;
  look.alive = search.starts_with("true");
  if (!search.skip("\"weaponType\":\"")) return std::nullopt;
  look.weapon = search.word();
  read_weapon(search, look);
  if (!search.skip("\"visiblePlayers\":[")) return look;
  const std::size_t end = search.rest().find(']');
  Search seen(search.rest().substr(0, end));
  while (seen.skip("\"team\":\"")) {
    const bool mate = seen.word() == team;
    Spot at;
    if (!seen.spot(at) || !seen.skip("\"isAlive\":")) break;
    if (mate || at.x < kParked || !seen.starts_with("true")) continue;
    if (!look.enemy || distance2(look.me, at) < distance2(look.me, *look.enemy)) look.enemy = at;
  }
  return look;
}

}  // namespace loadtest
