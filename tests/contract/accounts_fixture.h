#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "accounts/login_sessions.h"
#include "accounts/service.h"
#include "cluster/memory_attempts.h"
#include "cluster/memory_sessions.h"
#include "contract/backends.h"

namespace contract {

// Keeps mail for the test to read.
class Mailbox final : public accounts::Mailer {
 public:
  base::Result<void> send(accounts::Mail mail) override {
    mails.push_back(std::move(mail));
    return {};
  }
  std::vector<accounts::Mail> mails;
};

// An accounts::Service on each database, with a clock that the test sets and the cheapest hashes.
class AccountsContract : public testing::TestWithParam<Backend> {
 protected:
  AccountsContract() {
    options_.bcrypt_cost = 4;
    options_.region = "eu";
    options_.address_key = "a secret of at least thirty-two bytes";
    options_.reset_link = "https://play.example.org/reset";
    options_.now = [this] { return now_; };
    sessions_->listen([this](const cluster::SessionEnd& end) { ended_.push_back(end); });
    restart();
  }

  // A service that begins anew on the same database, as after a restart of the node.
  void restart() {
    service_ = std::make_unique<accounts::Service>(*store_, *sessions_, tries_, tokens_, &mailbox_,
                                                   options_);
  }

  accounts::SignedIn sign_up(const std::string& name) {
    auto made = service_->register_player(name + "@example.org", "password of " + name, name, "");
    if (!made.ok()) throw std::runtime_error(made.error().message);
    return *made;
  }
  base::Result<accounts::SignedIn> log_in(const std::string& name) {
    return service_->login(name + "@example.org", "password of " + name, "");
  }
  accounts::Claims claims_of(const accounts::SignedIn& signed_in) {
    auto claims = service_->verify(signed_in.access_token);
    if (!claims.ok()) throw std::runtime_error(claims.error().message);
    return *claims;
  }
  // "ok" or the error's code.
  template <class T>
  static std::string code_of(const base::Result<T>& result) {
    return result.ok() ? "ok" : result.error().code;
  }
  std::string auth(const std::string& token) { return code_of(service_->authenticate(token)); }
  void ban(const std::string& player_id, std::optional<store::Time> ends_at) {
    auto number = store_->transact([&](store::Connection& db) {
      return store::insert_ban(
          db, {0, player_id, std::nullopt, "cheating", "system", now_, ends_at, std::nullopt});
    });
    if (!number.ok()) throw std::runtime_error(number.error().message);
  }

  store::Time now_ = store::now();
  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
  std::unique_ptr<cluster::Sessions> sessions_ = cluster::make_memory_sessions();
  // Moved by tests of locked accounts.
  cluster::MemoryAttempts::Clock::time_point tries_now_{};
  cluster::MemoryAttempts tries_{{}, [this] { return tries_now_; }};
  std::vector<cluster::SessionEnd> ended_;
  accounts::Tokens tokens_{
      {accounts::TokenKey("a secret of at least thirty-two bytes")}, "trespasser", "players"};
  Mailbox mailbox_;
  accounts::ServiceOptions options_;
  std::unique_ptr<accounts::Service> service_;
};

}  // namespace contract
