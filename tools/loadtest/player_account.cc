// How a player gets its token: over one HTTP connection that is kept open between registering and
// signing in.

#include <charconv>

#include "base/json_writer.h"
#include "loadtest/http.h"
#include "loadtest/player.h"

namespace loadtest {
namespace {

constexpr double kPatience = 60;     // s; hashing has a queue
constexpr double kRetryAfter = 2;    // s, when the server does not say
constexpr double kRenewBefore = 30;  // s before its end a token is not used any more
constexpr int kTaken = 409;
constexpr int kMade = 201;
constexpr int kSignedIn = 200;
constexpr int kTooMany = 429;
constexpr int kBusy = 503;

double seconds_field(std::string_view body, std::string_view key) {
  const std::size_t at = body.find(key);
  double value = 0;
  if (at == std::string_view::npos) return value;
  const std::string_view rest = body.substr(at + key.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), value);
  return value;
}

}  // namespace

void Player::sign_in(Time now) {
  state_ = State::signing_in;
  ++sockets_;
  const auto opened = http_.open(target().address, source());
  begin_step(part_.account->made ? Step::login : Step::register_, now);
  if (!opened) return not_signed_in(0, 0, opened.error().message, now);
  send_credentials(now);
}

void Player::send_credentials(Time now) {
  const Account& account = *part_.account;
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().member("email", account.email).member("password", account.password);
  if (!account.made) json.member("displayName", account.name);
  json.end_object();
  const std::string_view path = account.made ? "/api/auth/login" : "/api/auth/register";
  http_.send(post_request(target().authority(), path, body));
  timer(Timer::step) = after(now, kPatience);
}

void Player::on_answer(std::string_view bytes, std::size_t& used, Time now) {
  const auto parsed = parse_response(bytes);
  if (!parsed) return not_signed_in(0, 0, parsed.error().message, now);
  if (!*parsed) return;
  const Response& response = **parsed;
  used = response.size;
  Account& account = *part_.account;
  if (!account.made && (response.status == kMade || response.status == kTaken)) {
    // Somebody who has registered is signed in already. Signing in all the same is what the next
    // visit would do, and what is measured.
    account.made = true;
    if (response.status == kMade) done(Step::register_, now);
    cancel(Step::register_);
    if (scene_.options.profile == Profile::accounts) return drop();
    begin_step(Step::login, now);
    return send_credentials(now);
  }
  if (account.made && response.status == kSignedIn) return signed_in(response.body, now);
  not_signed_in(response.status, response.retry_after, response.body, now);
}

void Player::signed_in(std::string_view body, Time now) {
  token_ = text_field(body, "token");
  if (token_.empty()) return not_signed_in(0, 0, "an answer without a token", now);
  token_until_ = after(now, seconds_field(body, "\"expiresIn\":") - kRenewBefore);
  done(Step::login, now);
  http_.close();
  connect(now);
}

// Status 0: there was no answer.
void Player::not_signed_in(int status, int retry_after, std::string_view body, Time now) {
  const std::string example(body.substr(0, 160));  // the bytes may belong to http_
  const Step step = part_.account->made ? Step::login : Step::register_;
  http_.close();
  if (status == kTooMany || status == kBusy) {
    // As it says, as often as it says it, and not all of them in the same moment.
    cancel(step);
    ++tries_left_;
    const double told = retry_after > 0 ? retry_after : kRetryAfter;
    return retry(now, told * (1 + 0.5 * scene_.roll_unit()));
  }
  const std::string what = part_.account->made ? "login" : "registration";
  failed(step,
         status == 0 ? what + " without answer" : what + " answered " + std::to_string(status),
         example);
  if (status != 0) return give_up();
  ++target_;
  retry(now, kRetryAfter * (0.5 + scene_.roll_unit()));
}

}  // namespace loadtest
