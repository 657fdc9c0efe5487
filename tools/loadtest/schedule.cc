#include "loadtest/schedule.h"

namespace loadtest {

double begin_of(const Options& options, int player) {
  return options.ramp * player / options.players;
}

Player::Role role_of(Profile profile, std::uint64_t player) {
  using Role = Player::Role;
  if (profile == Profile::idle) return Role::idler;
  if (profile != Profile::mix) return Role::regular;
  switch (player % 10) {
    case 3:
    case 7:
      return Role::idler;
    case 5:
      return Role::dropper;
    case 9:
      return Role::leaver;
    default:
      return Role::regular;
  }
}

}  // namespace loadtest
