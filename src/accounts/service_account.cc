// The members of Service for somebody who is signed in, and for who forgot the password.

#include "accounts/login_sessions.h"
#include "accounts/player_export.h"
#include "accounts/secret_code.h"
#include "accounts/service.h"
#include "accounts/validate.h"
#include "base/log.h"
#include "base/tally.h"

namespace accounts {
namespace {

using Ids = std::vector<std::string>;

std::string reset_key(const std::string& email) { return "reset " + email; }

base::Error no_account() { return {"not_found", "there is no such account"}; }

base::Result<Account> account_of(Connection& db, const std::string& player_id) {
  auto account = find_by_id(db, player_id);
  if (!account.ok()) return account.error();
  if (!*account) return no_account();
  return **account;
}

// Sets the password in place of the one that was checked, and ends all sessions and the links that
// could set another; answers the sessions' ids.
base::Result<Ids> replace_password(Connection& db, const Account& account, const std::string& hash,
                                   Time now) {
  auto replaced = replace_password_hash(db, account.player.id, account.password_hash, hash);
  if (!replaced.ok()) return replaced.error();
  if (!*replaced) return base::Error{"unauthorized", "the password was changed meanwhile"};
  auto voided =
      db.query("update password_resets set used_at = $2 where player_id = $1 and used_at is null",
               {account.player.id, now});
  if (!voided.ok()) return voided.error();
  return end_all_sessions(db, account.player.id, "password_changed", now);
}

}  // namespace

base::Result<void> Service::logout(const Claims& claims) {
  auto ended = store_.transact(
      [&](Connection& db) { return end_session(db, claims.session_id, "logout", options_.now()); });
  if (!ended.ok()) return ended.error();
  tell_ended(claims.player_id, {claims.session_id}, "logout");
  return {};
}

base::Result<void> Service::logout_all(const Claims& claims) {
  return end_sessions(claims.player_id, "logout");
}

base::Result<void> Service::end_sessions(const std::string& player_id, const std::string& reason) {
  auto ended = store_.transact(
      [&](Connection& db) { return end_all_sessions(db, player_id, reason, options_.now()); });
  if (!ended.ok()) return ended.error();
  tell_ended(player_id, *ended, reason);
  return {};
}

base::Result<SignedIn> Service::change_password(const Claims& claims,
                                                const std::string& old_password,
                                                const std::string& new_password,
                                                const std::string& address) {
  if (auto good = check_new_password(new_password); !good.ok()) return good.error();
  auto account = store_.transact([&](Connection& db) { return account_of(db, claims.player_id); });
  if (!account.ok()) return account.error();
  const auto admitted = admit(account->player.email, address);
  if (!admitted.ok()) return admitted.error();
  if (!fits(old_password, account->password_hash))
    return base::Error{"unauthorized", "the old password is wrong"};
  succeeded(*admitted, account->player.email, address);
  auto hashed = hash(new_password);
  if (!hashed.ok()) return hashed.error();
  auto ended = store_.transact(
      [&](Connection& db) { return replace_password(db, *account, *hashed, options_.now()); });
  if (!ended.ok()) return ended.error();
  tell_ended(claims.player_id, *ended, "password_changed");
  account->password_hash = *hashed;
  return sign_in(*account, address);
}

base::Result<void> Service::request_reset(const std::string& email, const std::string& address) {
  auto normal = normal_email(email);
  if (!normal.ok()) return normal.error();
  if (auto free = admit(reset_key(*normal), address); !free.ok()) return free.error();
  if (mailer_ == nullptr) return base::Error{"unavailable", "this server sends no mail"};
  const std::string code = new_secret_code();
  auto found = store_.transact([&](Connection& db) -> base::Result<bool> {
    auto account = find_by_email(db, *normal);
    if (!account.ok()) return account.error();
    if (!*account) return false;
    auto kept = db.query(
        "insert into password_resets (token_hash, player_id, expires_at) values ($1, $2, $3)",
        {hash_of_code(code), (*account)->player.id, options_.now() + options_.reset_life});
    if (!kept.ok()) return kept.error();
    return true;
  });
  if (!found.ok()) return found.error();
  if (!*found) return {};
  const auto sent = mailer_->send({*normal, "Set a new password",
                                   "Somebody, probably you, asked to set a new password for your "
                                   "account. This link works once, for an hour:\n\n" +
                                       options_.reset_link + "?code=" + code +
                                       "\n\nIf it was not you, do nothing.\n"});
  // The caller must not learn from an error that there is an account.
  if (!sent.ok()) base::log::error("mail_failed", {{"reason", sent.error().message}});
  return {};
}

std::chrono::seconds Service::reset_wait(const std::string& email, const std::string& address) {
  const auto normal = normal_email(email);
  return guard_.look(reset_key(normal.ok() ? *normal : ""), address).longest();
}

base::Result<void> Service::reset_password(const std::string& code,
                                           const std::string& new_password) {
  if (auto good = check_new_password(new_password); !good.ok()) return good.error();
  const Time now = options_.now();
  const auto invalid_link = base::Error{"unauthorized", "the link is not valid (any more)"};
  auto account =
      store_.transact([&](Connection& db) -> base::Result<Account> {  // before the costly hash
        auto rows = db.query(
            "select player_id from password_resets where token_hash = $1 and used_at is null and "
            "expires_at > $2",
            {hash_of_code(code), now});
        if (!rows.ok()) return rows.error();
        return rows->empty() ? invalid_link : account_of(db, rows->front()[0].text());
      });
  if (!account.ok()) return account.error();
  auto hashed = hash(new_password);
  if (!hashed.ok()) return hashed.error();
  auto ended = store_.transact([&](Connection& db) -> base::Result<Ids> {
    auto spent = db.query(
        "update password_resets set used_at = $2 where token_hash = $1 and used_at is null and "
        "expires_at > $2"
        " returning player_id",
        {hash_of_code(code), now});
    if (!spent.ok()) return spent.error();
    if (spent->empty()) return invalid_link;
    return replace_password(db, *account, *hashed, now);
  });
  if (!ended.ok()) return ended.error();
  tell_ended(account->player.id, *ended, "password_changed");
  guard_.succeeded(account->player.email, "");
  base::tally::count(base::tally::Event::password_reset);
  return {};
}

base::Result<Player> Service::me(const Claims& claims) {
  auto account = store_.transact([&](Connection& db) { return account_of(db, claims.player_id); });
  if (!account.ok()) return account.error();
  return account->player;
}

base::Result<std::string> Service::export_me(const Claims& claims) {
  return store_.transact([&](Connection& db) -> base::Result<std::string> {
    auto account = account_of(db, claims.player_id);
    if (!account.ok()) return account.error();
    return export_player(db, account->player);
  });
}

base::Result<void> Service::erase(const Claims& claims) {
  auto ended = store_.transact([&](Connection& db) -> base::Result<Ids> {
    auto account = account_of(db, claims.player_id);
    if (!account.ok()) return account.error();
    auto sessions = end_all_sessions(db, claims.player_id, "erased", options_.now());
    if (!sessions.ok()) return sessions;
    if (auto erased = erase_player(db, claims.player_id); !erased.ok()) return erased.error();
    return sessions;
  });
  if (!ended.ok()) return ended.error();
  tell_ended(claims.player_id, *ended, "erased");
  base::log::info("player_erased", {{"playerId", claims.player_id}});
  return {};
}

}  // namespace accounts
