#include "app/account_system.h"

#include <algorithm>
#include <thread>

#include "accounts/login_sessions.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/tally.h"
#include "moderation/words.h"

namespace app {
namespace {

accounts::Tokens make_tokens(const base::Config& config, const std::string& secret) {
  std::vector<accounts::TokenKey> keys;
  keys.emplace_back(secret);
  if (!config.jwt_previous_secret.empty()) keys.emplace_back(config.jwt_previous_secret);
  return accounts::Tokens(std::move(keys), "trespasser", "trespasser");
}

base::Result<std::unique_ptr<accounts::MailTransport>> make_transport(const base::Config& config) {
  if (config.smtp_url.empty()) return accounts::make_file_transport(config.data_dir + "/mail.txt");
  return accounts::make_smtp_transport(
      {.url = config.smtp_url, .from = config.smtp_from, .ca_file = {}});
}

// For calls that need a password hashed: one a core, and what waits longer than its patience is
// refused (A2). The hashing itself steps back behind the ticks (accounts::Service).
accounts::WorkPool::Options hashing_options() {
  accounts::WorkPool::Options options;
  options.name = "hashing";
  options.threads = std::max(1u, std::thread::hardware_concurrency());
  options.queue = 64;
  options.patience = std::chrono::milliseconds(2000);
  return options;
}

accounts::WorkPool::Options waiting_options() {
  accounts::WorkPool::Options options;
  options.name = "accounts";
  options.threads = 4;
  options.queue = 1024;
  options.patience = std::chrono::milliseconds(5000);
  return options;
}

// On a thread of the store's. What an ended session still blocks is its refresh tokens, and those
// are long dead when it expires.
void forget_expired(store::Store& store) {
  store.run<std::size_t>(
      [](store::Connection& db) { return accounts::forget_expired(db, store::now()); },
      [](std::function<void()> fn) { fn(); },
      [](base::Result<std::size_t> forgotten) {
        if (!forgotten.ok()) {
          base::log::warn("sessions_not_swept", {{"reason", forgotten.error().message}});
        } else if (*forgotten > 0) {
          base::log::info("sessions_swept", {{"sessions", *forgotten}});
        }
      });
}

}  // namespace

base::Result<std::unique_ptr<AccountSystem>> AccountSystem::make(
    const base::Config& config, store::Store& store, cluster::Sessions& sessions,
    cluster::Attempts& attempts, std::function<bool(std::string_view)> origin_allowed,
    std::chrono::milliseconds sweep_every) {
  auto secret = accounts::token_secret(config.jwt_secret, config.production(), config.data_dir);
  if (!secret) return secret.error();
  auto transport = make_transport(config);
  if (!transport) return transport.error();
  auto addresses = base::ClientAddress::make(config.trusted_proxies);
  if (!addresses) return addresses.error();

  std::unique_ptr<AccountSystem> made(new AccountSystem);
  made->secret_ = std::move(secret).value();
  made->tokens_ = std::make_unique<accounts::Tokens>(make_tokens(config, made->secret_));
  made->mails_ = std::make_unique<accounts::MailQueue>(std::move(transport).value());
  accounts::ServiceOptions options;
  options.bcrypt_cost = config.bcrypt_cost;
  options.access_life = config.token_life;
  options.reset_link = config.public_url + "/play/";
  options.region = config.region;
  options.address_key = made->secret_;
  options.appeals = config.appeals;
  options.name_allowed = [](const std::string& name) {
    if (moderation::Words::standard().is_clean(name)) return true;
    base::tally::count(base::tally::Event::name_refused);
    return false;
  };
  made->service_ = std::make_unique<accounts::Service>(store, sessions, attempts, *made->tokens_,
                                                       made->mails_.get(), std::move(options));
  made->hashing_ = std::make_unique<accounts::WorkPool>(hashing_options());
  made->waiting_ = std::make_unique<accounts::WorkPool>(waiting_options());
  api::AccountApi::Options http;
  http.client_address = std::move(addresses).value();
  http.origin_allowed = std::move(origin_allowed);
  made->api_ = std::make_unique<api::AccountApi>(*made->service_, store, *made->hashing_,
                                                 *made->waiting_, std::move(http));
  made->guest_bans_ = std::make_unique<accounts::GuestBans>(
      [&service = *made->service_, &waiting = *made->waiting_](const std::string& network,
                                                               accounts::GuestBans::Done done) {
        waiting.submit([&service, network, done] { done(service.guest_ban(network)); },
                       [done] { done(base::Error{"unavailable", "too many questions wait"}); });
      });
  made->sweep_ = std::make_unique<Periodic>(sweep_every, [&store] { forget_expired(store); });
  return made;
}

void AccountSystem::authenticate(const std::string& token,
                                 std::function<void(base::Result<session::Identity>)> done) {
  waiting_->submit(
      [this, token, done, since = base::steady_now()] {
        auto claims = service_->authenticate(token);
        base::tally::took(base::tally::Duration::authentication, base::steady_now() - since);
        if (!claims) return done(claims.error());
        done(session::Identity{claims->player_id, claims->name, claims->session_id});
      },
      [done] { done(base::Error{"unavailable", "The server is busy. Please try again."}); });
}

}  // namespace app
