#include "moderation/mutes.h"

#include <utility>

#include "base/client_address.h"

namespace moderation {
namespace {

std::string account_key(const std::string& account_id) { return "account " + account_id; }
std::string network_key(const std::string& network) { return "network " + network; }

bool in_force(const store::Mute& mute, store::Time now) {
  return !mute.lifted_at && (!mute.ends_at || *mute.ends_at > now);
}

std::string words_of(const store::Mute& mute) {
  return mute.reason +
         (mute.ends_at ? " (until " + store::to_text(*mute.ends_at) + ")" : " (for good)");
}

}  // namespace

std::optional<std::string> Mutes::of(const std::string& account_id, const std::string& address,
                                     store::Time now) const {
  const std::lock_guard lock(mutex_);
  if (by_.empty()) return std::nullopt;
  const auto [first, last] = by_.equal_range(
      account_id.empty() ? network_key(base::network_of(address)) : account_key(account_id));
  const store::Mute* longest = nullptr;
  for (auto each = first; each != last; ++each) {
    const store::Mute& mute = known_.at(each->second).mute;
    if (!in_force(mute, now)) continue;
    const bool longer = longest == nullptr || !mute.ends_at ||
                        (longest->ends_at && *mute.ends_at > *longest->ends_at);
    if (longer) longest = &mute;
  }
  return longest == nullptr ? std::nullopt : std::optional(words_of(*longest));
}

void Mutes::apply(const store::Mute& mute) {
  const std::lock_guard lock(mutex_);
  Known& known = known_[mute.number];
  if (known.told != 0 && known.mute.lifted_at) return;  // its end overtook its beginning
  known = {mute, ++told_};
  index();
}

std::uint64_t Mutes::mark() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

void Mutes::replace(const std::vector<store::Mute>& in_force, std::uint64_t mark) {
  const std::lock_guard lock(mutex_);
  std::map<std::int64_t, Known> fresh;
  for (const store::Mute& mute : in_force) fresh[mute.number] = {mute, 0};
  for (auto& [number, known] : known_) {
    if (known.told > mark) fresh[number] = std::move(known);
  }
  known_ = std::move(fresh);
  index();
}

void Mutes::index() {
  by_.clear();
  for (const auto& [number, known] : known_) {
    const store::Mute& mute = known.mute;
    by_.emplace(
        mute.player_id ? account_key(*mute.player_id) : network_key(mute.address.value_or("")),
        number);
  }
}

}  // namespace moderation
