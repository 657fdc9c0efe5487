#pragma once

// The HTTP API for players (A1, D5): accounts, profiles, history, leaderboard. docs/http-api.json
// describes it.

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/service.h"
#include "accounts/work_pool.h"
#include "base/client_address.h"
#include "base/rate_limit.h"
#include "net/http.h"
#include "store/store.h"

namespace api {

// One a node; any thread may call handle(). All references outlive it.
class AccountApi {
 public:
  struct Options {
    base::ClientAddress client_address;
    std::function<bool(std::string_view origin)>
        origin_allowed;  // pages that may read the answers (S3)
    int requests_per_minute = 100;
  };

  // `hashing` is the bounded pool for bcrypt (A2); `waiting` is for calls that wait for the
  // database.
  AccountApi(accounts::Service& service, store::Store& store, accounts::WorkPool& hashing,
             accounts::WorkPool& waiting, Options options);

  // Is this path the API's?
  static bool owns(std::string_view path);

  // Answers through `reply`, once, now or later, on any thread.
  void handle(const net::HttpRequest& request, std::function<void(net::HttpResponse)> reply);

  struct Call;   // a request, copied, with what was found out about its caller
  struct Route;  // a line of the table in account_api.cc

 private:
  void run(const Route& route, std::shared_ptr<Call> call);
  net::HttpResponse answer(const Route& route, Call& call);
  void finish(const Call& call, net::HttpResponse response) const;

  accounts::Service& service_;
  store::Store& store_;
  accounts::WorkPool& hashing_;
  accounts::WorkPool& waiting_;
  const Options options_;
  base::RateLimit limit_;
};

}  // namespace api
