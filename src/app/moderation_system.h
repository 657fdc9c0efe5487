#pragma once

// Moderation put together: the word filter, mutes, reports, the chat log, what detectors find; what
// lobbies ask (lobby/moderator.h) and what staff do (moderation/moderation.h).

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "accounts/work_pool.h"
#include "app/periodic.h"
#include "base/config.h"
#include "cluster/channel.h"
#include "cluster/sessions.h"
#include "lobby/moderator.h"
#include "moderation/guest_findings.h"
#include "moderation/moderation.h"
#include "moderation/mutes.h"
#include "moderation/words.h"
#include "store/database_recorder.h"
#include "store/store.h"

namespace app {

// Made before the shards run, destroyed after they have ended. Any thread.
class ModerationSystem final : public lobby::Moderator {
 public:
  // All references outlive it.
  ModerationSystem(const base::Config& config, store::Store& store, cluster::Sessions& sessions,
                   cluster::Channel& channel, store::DatabaseRecorder& recorder);

  // What staff do; blocks, for a pool of the caller's.
  moderation::Moderation& staff() { return moderation_; }
  const moderation::Mutes& mutes() const { return mutes_; }
  const moderation::Words& words() const { return moderation::Words::standard(); }

  // A notice of the cluster. Mutes are taken note of; a kick is answered, for the shards to carry
  // out, unless it is too old to mean those who are here now.
  std::optional<moderation::Kick> hear(std::string_view notice);

  bool mask(std::string_view text, std::string& shown) override;
  bool may_be_called(std::string_view name) override;
  void said(lobby::Said line) override;
  void suspect(lobby::Suspect suspect) override;
  void accuse(lobby::Accusation accusation,
              std::function<void(const lobby::Judgement&)> done) override;

 private:
  void refresh_mutes();
  void sweep();

  store::Store& store_;
  store::DatabaseRecorder& recorder_;
  moderation::Moderation moderation_;
  moderation::Mutes mutes_;
  moderation::GuestFindings guest_findings_;
  // These go first: what runs on them uses all of the above.
  accounts::WorkPool pool_;
  Periodic refresh_;
  Periodic sweep_;
};

}  // namespace app
