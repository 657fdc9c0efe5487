#pragma once

// Everything about accounts, put together: keys, sessions, mail, pools, the HTTP API.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "accounts/guest_bans.h"
#include "accounts/mail.h"
#include "accounts/service.h"
#include "accounts/token.h"
#include "accounts/work_pool.h"
#include "api/account_api.h"
#include "app/periodic.h"
#include "base/config.h"
#include "base/error.h"
#include "cluster/sessions.h"
#include "session/gateway.h"
#include "store/store.h"

namespace app {

// Made before the shards run, destroyed after they have ended. Any thread.
class AccountSystem {
 public:
  // `origin_allowed`: pages that may read the API's answers (S3). Store, sessions and attempts
  // outlive it. Errors name the setting at fault. Every `sweep_every` or so, sessions that expired
  // are forgotten.
  static base::Result<std::unique_ptr<AccountSystem>> make(
      const base::Config& config, store::Store& store, cluster::Sessions& sessions,
      cluster::Attempts& attempts, std::function<bool(std::string_view)> origin_allowed,
      std::chrono::milliseconds sweep_every = std::chrono::hours(1));

  api::AccountApi& http() { return *api_; }
  accounts::Service& service() { return *service_; }

  // Checks a token on the pool; `done` is called there.
  void authenticate(const std::string& token,
                    std::function<void(base::Result<session::Identity>)> done);
  // Calls that hash a password, and all others.
  accounts::WorkPool::Stats hashing() const { return hashing_->stats(); }
  accounts::WorkPool::Stats waiting() const { return waiting_->stats(); }
  // What the tokens are signed with, to derive other keys from.
  const std::string& secret() const { return secret_; }
  // Bans of guests' addresses, looked up on the pool.
  accounts::GuestBans& guest_bans() { return *guest_bans_; }

 private:
  AccountSystem() = default;

  std::string secret_;
  std::unique_ptr<accounts::Tokens> tokens_;
  std::unique_ptr<accounts::MailQueue> mails_;
  std::unique_ptr<accounts::Service> service_;
  std::unique_ptr<api::AccountApi> api_;
  std::unique_ptr<accounts::GuestBans> guest_bans_;
  // The pools go first: what runs on them uses all of the above.
  std::unique_ptr<accounts::WorkPool> hashing_;
  std::unique_ptr<accounts::WorkPool> waiting_;
  std::unique_ptr<Periodic> sweep_;
};

}  // namespace app
