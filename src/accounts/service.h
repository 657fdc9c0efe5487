#pragma once

// What players do with their accounts (A1-A6), independent of HTTP.
//
// Every member but verify() blocks: on the database, some for the length of a bcrypt hash (marked
// [hash]). Callers run them on a WorkPool, those marked on the bounded hashing pool. Thread safe.
//
// Error codes: "invalid" (words for the player), "unauthorized" (says nothing more), "banned"
// (reason and end), "conflict" (e-mail taken), "limited" (ask login_wait()), "not_found",
// "unavailable", "internal".

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/login_guard.h"
#include "accounts/mail.h"
#include "accounts/password.h"
#include "accounts/players.h"
#include "accounts/token.h"
#include "accounts/work_pool.h"
#include "base/error.h"
#include "base/hourly_share.h"
#include "cluster/attempts.h"
#include "cluster/sessions.h"
#include "store/bans.h"
#include "store/store.h"

namespace accounts {

struct ServiceOptions {
  int bcrypt_cost = kDefaultCost;
  std::chrono::seconds access_life{15 * 60};  // at most 24 h (A3)
  std::chrono::seconds refresh_life{30 * 24 * 60 *
                                    60};     // of a session, however often it is refreshed (A4)
  std::chrono::seconds reset_life{60 * 60};  // of a link to set a forgotten password
  std::string reset_link;                    // the page such a link opens; "?code=..." is added
  std::string region;                        // of new players
  std::string appeals;                       // where bans can be contested; "" = not said
  LoginGuard::Limits limits;
  std::string address_key;  // of all nodes, for hashes of addresses and accounts (LoginGuard)
  std::function<bool(const std::string&)> name_allowed;  // the word filter (S6); empty = all are
  std::function<Time()> now = store::now;
};

struct SignedIn {
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{0};  // of the access token
  std::string session_id;
  Player player;
};

struct Renewed {
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{0};
};

class Service {
 public:
  // All references must outlive the service. `mailer` may be null: then nobody is sent a reset
  // link.
  Service(store::Store& store, cluster::Sessions& sessions, cluster::Attempts& attempts,
          const Tokens& tokens, Mailer* mailer, ServiceOptions options);

  // `address` is the caller's, "" when it shall not count against the limits.
  base::Result<SignedIn> register_player(const std::string& email, const std::string& password,
                                         const std::string& display_name,
                                         const std::string& address);  // [hash]
  // One answer, at one cost, for an unknown e-mail and a wrong password. Makes a new hash when the
  // cost went up.
  base::Result<SignedIn> login(const std::string& email, const std::string& password,
                               const std::string& address);  // [hash]
  // A spent token ends its session, but for a moment of leeway (exchange_token). "banned" also when
  // the ban has ended the session.
  base::Result<Renewed> refresh(const std::string& refresh_token);
  base::Result<void> logout(const Claims& claims);
  base::Result<void> logout_all(const Claims& claims);
  // Ends all sessions and begins a new one for the caller.
  base::Result<SignedIn> change_password(const Claims& claims, const std::string& old_password,
                                         const std::string& new_password,
                                         const std::string& address);  // [hash]

  // Mails a link to set a new password. The answer does not tell whether there is such an account.
  base::Result<void> request_reset(const std::string& email, const std::string& address);
  // Takes the code of such a link, once; ends all sessions, and the account is not locked any more:
  // who reads its mail is its owner.
  base::Result<void> reset_password(const std::string& code,
                                    const std::string& new_password);  // [hash]

  // Is this one of our tokens, and not expired? Pure; does not know of sessions that ended since.
  base::Result<Claims> verify(std::string_view access_token) const;
  // verify(), and the session is alive and the player not banned: what a request or a socket must
  // pass. Whose session was ended by a ban hears of the ban.
  base::Result<Claims> authenticate(std::string_view access_token);

  // The ban in force of guests of an address, as words for the guest: why and until when; none =
  // not banned.
  base::Result<std::optional<std::string>> guest_ban(const std::string& address);

  base::Result<Player> me(const Claims& claims);
  // Everything kept about the player, as JSON text.
  base::Result<std::string> export_me(const Claims& claims);
  // The account is gone for good; its matches stay, without a name.
  base::Result<void> erase(const Claims& claims);

  // Ends all sessions of a player on all nodes, sockets included; for bans.
  base::Result<void> end_sessions(const std::string& player_id, const std::string& reason);
  // Seconds until a caller that was "limited" may try again; 0 = now.
  std::chrono::seconds login_wait(const std::string& email, const std::string& address);
  // The same for request_reset(), which is counted apart.
  std::chrono::seconds reset_wait(const std::string& email, const std::string& address);

  // Passwords hashed or compared since the start.
  std::uint64_t hashes() const { return hashes_; }

 private:
  // By which count a try was let in.
  enum class Admitted : std::uint8_t { as_anybody, from_known_address };
  base::Result<Admitted> admit(const std::string& account, const std::string& address);
  void succeeded(Admitted how, const std::string& account, const std::string& address);
  bool is_known(const std::string& account, const std::string& address);
  base::Result<SignedIn> sign_in(const Account& account, const std::string& address);
  std::string access_token(const Player& player, const std::string& session_id) const;
  template <class Fn>
  auto in_background(Fn fn);
  bool fits(const std::string& password, const std::string& hash);
  base::Result<std::string> hash(const std::string& password);
  void tell_ended(const std::string& player_id, const std::vector<std::string>& session_ids,
                  const std::string& reason);

  store::Store& store_;
  cluster::Sessions& sessions_;
  const Tokens& tokens_;
  Mailer* const mailer_;
  const ServiceOptions options_;
  LoginGuard guard_;
  // Of tokens brought twice so many an hour and account are warned of, of so many accounts; the
  // others are counted only.
  base::HourlyShare reuses_told_{3, 10'000};
  std::atomic<std::uint64_t> hashes_ = 0;
  std::string nobodys_hash_;  // compared with where there is no account
  WorkPool background_;       // where the hashing is done
};

}  // namespace accounts
