#include "accounts/service.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

#include "accounts/ban_words.h"
#include "accounts/login_addresses.h"
#include "accounts/login_sessions.h"
#include "accounts/validate.h"
#include "base/log.h"
#include "base/random.h"
#include "base/tally.h"

namespace accounts {
namespace {

base::Error unauthorized() { return {"unauthorized", "e-mail or password is wrong"}; }

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

base::Error limited(std::chrono::seconds wait) {
  return {"limited", "too many tries, wait " + std::to_string(wait.count()) + " seconds"};
}

base::Error banned(const store::Ban& ban, const std::string& appeals) {
  return {"banned", words_of(ban, appeals)};
}

// As many callers wait as the pool of the API has threads, so nothing queues here.
WorkPool::Options hashing_options() {
  WorkPool::Options options;
  options.name = "bcrypt";
  options.threads = std::max(1u, std::thread::hardware_concurrency());
  options.patience = std::chrono::minutes(1);
  options.background = true;
  return options;
}

}  // namespace

Service::Service(store::Store& store, cluster::Sessions& sessions, cluster::Attempts& attempts,
                 const Tokens& tokens, Mailer* mailer, ServiceOptions options)
    : store_(store),
      sessions_(sessions),
      tokens_(tokens),
      mailer_(mailer),
      options_(std::move(options)),
      guard_(attempts, options_.limits, options_.address_key),
      background_(hashing_options()) {
  auto made = hash_password(base::secure_id(), options_.bcrypt_cost);
  if (!made.ok()) throw std::runtime_error(made.error().message);
  nobodys_hash_ = *made;
}

base::Result<SignedIn> Service::register_player(const std::string& email,
                                                const std::string& password,
                                                const std::string& display_name,
                                                const std::string& address) {
  auto normal = normal_email(email);
  if (!normal.ok()) return normal.error();
  auto name = normal_display_name(display_name);
  if (!name.ok()) return name.error();
  if (options_.name_allowed && !options_.name_allowed(*name)) {
    return base::Error{"invalid", "displayName is not allowed"};
  }
  if (auto good = check_new_password(password); !good.ok()) return good.error();
  if (auto free = admit("", address); !free.ok()) return free.error();

  Account account;
  auto hashed = hash(password);
  if (!hashed.ok()) return hashed.error();
  account.password_hash = *hashed;
  account.player.id = base::uuid_v4();
  account.player.email = *normal;
  account.player.display_name = *name;
  account.player.region = options_.region;
  account.player.created_at = options_.now();
  auto inserted = store_.transact([&](Connection& db) { return insert_player(db, account); });
  if (!inserted.ok()) {
    const bool taken = inserted.error().code == "conflict";
    return taken ? base::Error{"conflict", "this e-mail has an account already"} : inserted.error();
  }
  base::tally::count(base::tally::Event::registration);
  base::log::info("player_registered", {{"playerId", account.player.id}});
  return sign_in(account, address);
}

base::Result<SignedIn> Service::login(const std::string& email, const std::string& password,
                                      const std::string& address) {
  const auto normal = normal_email(email);
  const std::string key = normal.ok() ? *normal : email.substr(0, 64);
  const auto admitted = admit(key, address);
  if (!admitted.ok()) {
    base::tally::count(base::tally::Event::login_limited);
    return admitted.error();
  }

  std::optional<Account> account;
  if (normal.ok()) {
    auto found = store_.transact([&](Connection& db) { return find_by_email(db, *normal); });
    if (!found.ok()) return found.error();
    account = std::move(*found);
  }
  const bool has_password = account && !account->password_hash.empty();
  const bool good = fits(password, has_password ? account->password_hash : nobodys_hash_);
  if (!good || !has_password) {
    base::tally::count(base::tally::Event::login_failed);
    return unauthorized();
  }
  succeeded(*admitted, key, address);
  base::tally::count(base::tally::Event::login);

  if (cost_of(account->password_hash) < options_.bcrypt_cost) {
    auto stronger = hash(password);
    if (!stronger.ok()) return stronger.error();
    const auto kept = store_.transact([&](Connection& db) {
      return replace_password_hash(db, account->player.id, account->password_hash, *stronger);
    });
    if (!kept.ok()) return kept.error();
    if (*kept) account->password_hash = *stronger;
  }
  return sign_in(*account, address);
}

// The session and what is written of a login, for somebody who proved to be the account's owner.
base::Result<SignedIn> Service::sign_in(const Account& account, const std::string& address) {
  const Time now = options_.now();
  const std::string& id = account.player.id;
  auto session = store_.transact([&](Connection& db) -> base::Result<NewSession> {
    auto ban = store::ban_of_player(db, id, now);
    if (!ban.ok()) return ban.error();
    if (*ban) return banned(**ban, options_.appeals);
    auto noted = note_login(db, id, account.password_hash, now);
    if (!noted.ok()) return noted.error();
    if (!*noted)
      return unauthorized();  // the password was changed, or the account erased, since we looked
    if (!address.empty()) {
      const auto kept =
          note_login_address(db, id, guard_.fingerprint(account.player.email, address), now);
      if (!kept.ok()) return kept.error();
    }
    return insert_session(db, id, now, now + options_.refresh_life);
  });
  if (!session.ok()) return session.error();
  sessions_.started(id, session->session_id);
  SignedIn answer;
  answer.access_token = access_token(account.player, session->session_id);
  answer.refresh_token = session->refresh_token;
  answer.expires_in = options_.access_life;
  answer.session_id = session->session_id;
  answer.player = account.player;
  answer.player.last_login = now;
  return answer;
}

std::string Service::access_token(const Player& player, const std::string& session_id) const {
  Claims claims;
  claims.player_id = player.id;
  claims.name = player.display_name;
  claims.region = player.region;
  claims.permissions = player.permissions;
  claims.session_id = session_id;
  claims.issued_at = seconds_of(options_.now());
  claims.expires_at = claims.issued_at + options_.access_life.count();
  return tokens_.sign(claims);
}

base::Result<Renewed> Service::refresh(const std::string& refresh_token) {
  const Time now = options_.now();
  Player player;
  base::Error refusal{"unauthorized", "refresh token is not valid"};
  auto exchanged = store_.transact([&](Connection& db) -> base::Result<Exchange> {
    auto exchange = exchange_token(db, refresh_token, now);
    if (!exchange.ok() || exchange->player_id.empty()) return exchange;
    auto ban = store::ban_of_player(db, exchange->player_id, now);
    if (!ban.ok()) return ban.error();
    if (*ban) refusal = banned(**ban, options_.appeals);
    // Of a reuse the end of the session must be kept, so that is no error here.
    if (exchange->outcome != Exchange::Outcome::renewed) return exchange;
    if (*ban) return refusal;
    auto account = find_by_id(db, exchange->player_id);
    if (!account.ok()) return account.error();
    if (!*account) return refusal;
    player = (*account)->player;
    return exchange;
  });
  if (!exchanged.ok()) return exchanged.error();
  if (exchanged->outcome == Exchange::Outcome::reused) {
    base::tally::count(base::tally::Suspicion::refresh_token_reused);
    // Anybody can do it to an account of his own as often as he likes.
    const bool told = reuses_told_.take(exchanged->player_id, now.time_since_epoch());
    base::log::write(told ? base::log::Level::warn : base::log::Level::debug, "suspicious",
                     {{"kind", "refresh_token_reused"}, {"playerId", exchanged->player_id}});
    tell_ended(exchanged->player_id, {exchanged->session_id}, "refresh_token_reused");
  }
  if (exchanged->outcome != Exchange::Outcome::renewed) return refusal;
  sessions_.started(player.id, exchanged->session_id);
  return Renewed{access_token(player, exchanged->session_id), exchanged->refresh_token,
                 options_.access_life};
}

base::Result<Claims> Service::verify(std::string_view access_token) const {
  return tokens_.verify(access_token, seconds_of(options_.now()));
}

// A session that nobody here heard of (the node was restarted, Redis was away) is looked up where
// it is written.
base::Result<Claims> Service::authenticate(std::string_view access_token) {
  auto claims = verify(access_token);
  if (!claims.ok()) return claims;
  const auto state = sessions_.state(claims->player_id, claims->session_id);
  if (state == cluster::SessionState::live) return claims;
  const Time now = options_.now();
  auto live = store_.transact([&](Connection& db) -> base::Result<bool> {
    auto ban = store::ban_of_player(db, claims->player_id, now);
    if (!ban.ok()) return ban.error();
    if (*ban) return banned(**ban, options_.appeals);
    if (state == cluster::SessionState::ended) return false;
    return is_session_live(db, claims->player_id, claims->session_id, now);
  });
  if (!live.ok()) return live.error();
  if (!*live) return base::Error{"unauthorized", "the session has ended"};
  sessions_.started(claims->player_id, claims->session_id);
  return claims;
}

base::Result<std::optional<std::string>> Service::guest_ban(const std::string& address) {
  auto ban = store_.transact(
      [&](Connection& db) { return store::ban_of_address(db, address, options_.now()); });
  if (!ban.ok()) return ban.error();
  return *ban ? std::optional(words_of(**ban, options_.appeals)) : std::nullopt;
}

std::chrono::seconds Service::login_wait(const std::string& email, const std::string& address) {
  const auto normal = normal_email(email);
  const std::string account = normal.ok() ? *normal : email.substr(0, 64);
  const auto wait = guard_.look(account, address);
  if (!wait.locked() || !is_known(account, address)) return wait.longest();
  return guard_.look_known(account, address).longest();
}

base::Result<Service::Admitted> Service::admit(const std::string& account,
                                               const std::string& address) {
  const auto wait = guard_.admit(account, address);
  if (wait.longest().count() == 0) return Admitted::as_anybody;
  if (!wait.locked() || !is_known(account, address)) return limited(wait.longest());
  const auto own = guard_.admit_known(account, address).longest();
  if (own.count() > 0) return limited(own);
  return Admitted::from_known_address;
}

// The lock that strangers' failures have put on the account stays on for them.
void Service::succeeded(Admitted how, const std::string& account, const std::string& address) {
  if (how == Admitted::as_anybody) {
    guard_.succeeded(account, address);
  } else {
    guard_.succeeded_known(account, address);
  }
}

// Has the owner signed in from there? Without an answer of the database: no.
bool Service::is_known(const std::string& account, const std::string& address) {
  if (account.empty() || address.empty()) return false;
  const auto known = store_.transact([&](Connection& db) {
    return is_login_address(db, guard_.fingerprint(account, address), options_.now());
  });
  return known.ok() && *known;
}

// Only the hashing itself steps back behind the ticks: whoever waits for a core must not hold the
// database's connection meanwhile.
template <class Fn>
auto Service::in_background(Fn fn) {
  ++hashes_;
  std::promise<decltype(fn())> done;
  const auto work = [&] { done.set_value(fn()); };
  background_.submit(work, work);
  return done.get_future().get();
}

bool Service::fits(const std::string& password, const std::string& hash) {
  return in_background([&] { return password_fits(password, hash); });
}

base::Result<std::string> Service::hash(const std::string& password) {
  return in_background([&] { return hash_password(password, options_.bcrypt_cost); });
}

void Service::tell_ended(const std::string& player_id, const std::vector<std::string>& session_ids,
                         const std::string& reason) {
  for (const std::string& session_id : session_ids)
    sessions_.ended({player_id, session_id, reason});
}

}  // namespace accounts
