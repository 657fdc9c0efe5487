#include "store/postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace store {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct CloseLink {
  void operator()(PGconn* link) const { PQfinish(link); }
};
struct ClearAnswer {
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using Link = std::unique_ptr<PGconn, CloseLink>;
using Answer = std::unique_ptr<PGresult, ClearAnswer>;

constexpr auto kGrace =
    milliseconds(1000);  // for the server to say itself that a statement took too long

// libpq's messages end with a line feed and may have several lines.
std::string one_line(const char* message) {
  std::string text(message ? message : "");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// SQLSTATE -> our codes; the first two characters are the class.
std::string code_of(const std::string& state) {
  const std::string group = state.substr(0, 2);
  if (state == "23505") return "conflict";
  if (state == "40001" || state == "40P01")
    return std::string(kTryAgain);                       // serialization failure, deadlock
  if (group == "22" || group == "23") return "invalid";  // bad value, constraint
  // connection, resources, operator's intervention (with statement timeout), system, lock timeout,
  // read-only replica
  if (group == "08" || group == "53" || group == "57" || group == "58" || group == "55" ||
      state == "25006") {
    return "unavailable";
  }
  return "internal";
}

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(Link link, milliseconds timeout) : link_(std::move(link)), timeout_(timeout) {}

  base::Result<Rows> query(std::string_view sql, std::span<const Value> values) override {
    std::vector<std::string> texts;
    texts.reserve(values.size());
    std::vector<const char*> pointers;
    for (const Value& value : values) {
      texts.push_back(value.text());
      if (texts.back().find('\0') != std::string::npos)
        return base::Error{"invalid", "postgres: NUL in a text"};
      pointers.push_back(value.is_null() ? nullptr : texts.back().c_str());
    }
    const std::string statement(sql);
    const int count = static_cast<int>(values.size());
    if (!PQsendQueryParams(link_.get(), statement.c_str(), count, nullptr, pointers.data(), nullptr,
                           nullptr, 0)) {
      return lost(PQerrorMessage(link_.get()));
    }
    auto answer = last_answer();
    if (!answer.ok()) return answer.error();
    return rows_of(answer->get());
  }

  base::Result<void> script(const std::string& sql) override {
    if (!PQsendQuery(link_.get(), sql.c_str())) return lost(PQerrorMessage(link_.get()));
    auto answer = last_answer();
    return answer.ok() ? base::Result<void>() : base::Result<void>(answer.error());
  }

  Dialect dialect() const override { return Dialect::postgres; }
  bool broken() const override { return broken_ || PQstatus(link_.get()) != CONNECTION_OK; }

 private:
  base::Error lost(const char* why) {
    broken_ = true;
    return {"unavailable", "postgres: " + one_line(why)};
  }

  // Reads answers until the server is done with what was sent; the first failure, or the last
  // answer.
  base::Result<std::shared_ptr<const PGresult>> last_answer() {
    const auto deadline = Clock::now() + timeout_ + kGrace;
    std::shared_ptr<const PGresult> last;  // shared, because a Result is copied like any value
    std::optional<base::Error> failure;
    for (;;) {
      if (auto ready = wait_for_answer(deadline); !ready.ok()) return ready.error();
      Answer answer(PQgetResult(link_.get()));
      if (!answer) break;
      const ExecStatusType status = PQresultStatus(answer.get());
      const bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
      if (!good && !failure) failure = failure_of(answer.get());
      last = std::shared_ptr<PGresult>(std::move(answer));
    }
    if (failure) return *failure;
    if (!last) return lost(PQerrorMessage(link_.get()));
    return last;
  }

  base::Error failure_of(const PGresult* answer) {
    const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    if (state == nullptr) return lost(PQresultErrorMessage(answer));
    const char* message = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    return {code_of(state), "postgres: " + one_line(message) + " (" + state + ")"};
  }

  // Until PQgetResult does not block.
  base::Result<void> wait_for_answer(Clock::time_point deadline) {
    for (;;) {
      const int unsent = PQflush(link_.get());
      if (unsent < 0) return lost(PQerrorMessage(link_.get()));
      if (unsent == 0 && !PQisBusy(link_.get())) return {};
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return lost("no answer in time");
      pollfd socket{PQsocket(link_.get()), static_cast<short>(POLLIN | (unsent ? POLLOUT : 0)), 0};
      ::poll(&socket, 1, static_cast<int>(left.count()));
      if ((socket.revents & ~POLLOUT) != 0 && !PQconsumeInput(link_.get()))
        return lost(PQerrorMessage(link_.get()));
    }
  }

  static Rows rows_of(const PGresult* answer) {
    const int columns = PQnfields(answer);
    Rows rows(static_cast<std::size_t>(PQntuples(answer)));
    for (int r = 0; r < PQntuples(answer); ++r) {
      Row& row = rows[static_cast<std::size_t>(r)];
      row.reserve(static_cast<std::size_t>(columns));
      for (int c = 0; c < columns; ++c) {
        if (PQgetisnull(answer, r, c)) {
          row.emplace_back();
        } else {
          row.emplace_back(std::string(PQgetvalue(answer, r, c),
                                       static_cast<std::size_t>(PQgetlength(answer, r, c))));
        }
      }
    }
    return rows;
  }

  Link link_;
  milliseconds timeout_;
  bool broken_ = false;
};

void ignore_notice(void*, const PGresult*) {}

// An @, a / or a ? of a password that is not written %40, %2F, %3F: libpq would take a piece of the
// password for the host or port, and say so in its errors.
bool is_torn(const std::string& url) {
  const std::size_t begin = std::min(url.find("://"), url.size());
  const std::size_t at = url.find('@', begin);
  if (at == std::string::npos) return false;
  const std::size_t end = url.find_first_of("/?", std::min(begin + 3, url.size()));
  return end < at || url.find('@', at + 1) != std::string::npos;
}

}  // namespace

base::Result<void> check_postgres_url(const std::string& url) {
  if (is_torn(url))
    return base::Error{
        "invalid",
        "postgres: DATABASE_URL: user and password end with the only @; in them @ is "
        "written %40, / %2F and ? %3F"};
  char* why = nullptr;
  PQconninfoOption* parts = PQconninfoParse(url.c_str(), &why);
  PQfreemem(why);  // not told: it quotes the address with its password
  if (parts == nullptr)
    return base::Error{"invalid",
                       "postgres: DATABASE_URL is no address of the form "
                       "postgresql://user:password@host:port/name?key=value"};
  PQconninfoFree(parts);
  return {};
}

base::Result<std::unique_ptr<Connection>> open_postgres(const std::string& url,
                                                        milliseconds connect_timeout,
                                                        milliseconds statement_timeout) {
  const std::string seconds =
      std::to_string(std::max<std::int64_t>(2, connect_timeout.count() / 1000));  // libpq's least
  const char* const keys[] = {"dbname",
                              "connect_timeout",
                              "client_encoding",
                              "fallback_application_name",
                              "tcp_user_timeout",
                              "keepalives_idle",
                              nullptr};
  const char* const values[] = {url.c_str(), seconds.c_str(), "UTF8", "trespasser", "10000",
                                "30",        nullptr};
  Link link(PQconnectdbParams(keys, values, 1));
  if (!link) return base::Error{"unavailable", "postgres: out of memory"};
  if (PQstatus(link.get()) != CONNECTION_OK) {
    return base::Error{"unavailable", "postgres: " + one_line(PQerrorMessage(link.get()))};
  }
  PQsetNoticeReceiver(link.get(), ignore_notice, nullptr);
  auto connection = std::make_unique<PostgresConnection>(std::move(link), statement_timeout);
  // A transaction whose node hangs gives its locks back to the others.
  const std::string timeout = std::to_string(statement_timeout.count());
  auto ready = connection->script("set time zone 'UTC'; set statement_timeout = " + timeout +
                                  "; set idle_in_transaction_session_timeout = " +
                                  std::to_string(statement_timeout.count() * 3));
  if (!ready.ok()) return ready.error();
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace store
