// LINK: moderation
// Kicks and mutes as another node might tell them: what is taken names exactly whom it is about,
// and told on it says the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "moderation/notices.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const moderation::Kick& kick) {
  require(!kick.account_id.empty() || !kick.connection_id.empty() || !kick.network.empty());
  const auto again = moderation::decode_kick(moderation::encode(kick));
  require(again.ok() && again->account_id == kick.account_id &&
          again->connection_id == kick.connection_id && again->network == kick.network &&
          again->reason == kick.reason && again->at_ms == kick.at_ms);
}

void check(const store::Mute& mute) {
  require(mute.number > 0 && mute.player_id.has_value() != mute.address.has_value());
  const auto again = moderation::decode_mute(moderation::encode(mute));
  require(again.ok() && again->number == mute.number && again->player_id == mute.player_id &&
          again->address == mute.address && again->reason == mute.reason &&
          again->muted_by == mute.muted_by && again->created_at == mute.created_at &&
          again->ends_at == mute.ends_at && again->lifted_at == mute.lifted_at);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto kick = moderation::decode_kick(bytes);
  const auto mute = moderation::decode_mute(bytes);
  require(!(kick.ok() && mute.ok()));
  require(moderation::is_notice(bytes) || !(kick.ok() || mute.ok()));
  if (kick.ok()) check(*kick);
  if (mute.ok()) check(*mute);
  return 0;
}
