// What is counted against a caller's requests (S1), whatever he asks for and however he calls
// himself.

#include "api/account_api.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cluster/memory_attempts.h"
#include "cluster/memory_sessions.h"

namespace api {
namespace {

class AccountApiTest : public testing::Test {
 protected:
  AccountApiTest() {
    store::Options where;
    where.url = "sqlite::memory:";
    store = store::Store::open(where).value();
    options.bcrypt_cost = 4;
    service.emplace(*store, *sessions, attempts, tokens, nullptr, options);
    AccountApi::Options http;
    http.client_address = base::ClientAddress::make({"127.0.0.1"}).value();
    http.origin_allowed = [](std::string_view) { return false; };
    http.requests_per_minute = 3;
    api.emplace(*service, *store, pool, pool, http);
  }

  net::HttpResponse ask(std::string_view method, std::string_view path,
                        std::string_view forged = "6.6.6.6") {
    net::HttpRequest request;
    request.method = method;
    request.target = request.path = path;
    request.remote_address = "127.0.0.1";
    request.headers = {{"X-Forwarded-For", forged}, {"X-Forwarded-For", "203.0.113.9"}};
    net::HttpResponse answer;
    answer.status = 0;
    api->handle(request, [&answer](net::HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  static bool has(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return true;
    }
    return false;
  }

  std::unique_ptr<store::Store> store;
  std::unique_ptr<cluster::Sessions> sessions = cluster::make_memory_sessions();
  accounts::Tokens tokens{
      {accounts::TokenKey("a secret of at least thirty-two bytes")}, "trespasser", "players"};
  cluster::MemoryAttempts attempts;
  accounts::ServiceOptions options;
  std::optional<accounts::Service> service;
  accounts::WorkPool pool{{}};
  std::optional<AccountApi> api;
};

TEST_F(AccountApiTest, S1_what_leads_nowhere_counts_too) {
  EXPECT_EQ(ask("GET", "/api/players/no/such/place").status, 404u);
  EXPECT_EQ(ask("PUT", "/api/leaderboard").status, 405u);
  const net::HttpResponse preflight = ask("OPTIONS", "/api/leaderboard");
  EXPECT_EQ(preflight.status, 204u);
  EXPECT_TRUE(has(preflight, "RateLimit-Remaining"));
  for (const auto& [method, path] : {std::pair{"GET", "/api/players/no/such/place"},
                                     {"PUT", "/api/leaderboard"},
                                     {"OPTIONS", "/api/leaderboard"},
                                     {"GET", "/api/leaderboard"}}) {
    const net::HttpResponse refused = ask(method, path);
    EXPECT_EQ(refused.status, 429u) << method << path;
    EXPECT_TRUE(has(refused, "Retry-After"));
  }
}

TEST_F(AccountApiTest, S1_a_forged_first_line_of_X_Forwarded_For_makes_nobody_else) {
  for (const char* forged : {"1.1.1.1", "2.2.2.2", "3.3.3.3"})
    EXPECT_EQ(ask("GET", "/api/players/no/such/place", forged).status, 404u);
  EXPECT_EQ(ask("GET", "/api/players/no/such/place", "4.4.4.4").status, 429u);
}

}  // namespace
}  // namespace api
