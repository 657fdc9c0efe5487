// Mail by SMTP (RFC 5321): one mail a connection.

#include <openssl/evp.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <utility>

#include "accounts/mail.h"
#include "accounts/smtp_link.h"
#include "accounts/validate.h"
#include "base/clock.h"
#include "base/random.h"

namespace accounts {
namespace {

struct Server {
  bool tls_first = false;
  std::string user;
  std::string password;
  std::string host;
  std::string port;
};

// url := ("smtp" | "smtps") "://" [ user ":" password "@" ] host [ ":" port ]; user and password
// may be %-encoded.
std::string percent_decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::sscanf(text.c_str() + i + 1, "%2x", &value) == 1) {
      plain += static_cast<char>(value);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

base::Result<Server> parse_url(const std::string& url) {
  const base::Error wrong{"invalid",
                          "the mail server must be given as smtp://[user:password@]host[:port]"};
  Server server;
  server.tls_first = url.starts_with("smtps://");
  if (!server.tls_first && !url.starts_with("smtp://")) return wrong;
  std::string rest = url.substr(server.tls_first ? 8 : 7);
  if (const auto at = rest.rfind('@'); at != std::string::npos) {
    const std::string login = rest.substr(0, at);
    const auto colon = login.find(':');
    if (colon == std::string::npos || colon == 0) return wrong;
    server.user = percent_decoded(login.substr(0, colon));
    server.password = percent_decoded(login.substr(colon + 1));
    rest = rest.substr(at + 1);
  }
  const auto colon = rest.rfind(':');
  server.host = rest.substr(0, colon);
  server.port = colon == std::string::npos ? (server.tls_first      ? "465"
                                              : server.user.empty() ? "25"
                                                                    : "587")
                                           : rest.substr(colon + 1);
  if (server.host.empty() || server.port.empty()) return wrong;
  if (server.port.find_first_not_of("0123456789") != std::string::npos) return wrong;
  if (server.host.find_first_of("/ \r\n") != std::string::npos) return wrong;
  return server;
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// Lines end with CRLF, and a leading dot is doubled (RFC 5321 4.5.2).
std::string as_data(const std::string& text) {
  std::string data;
  bool line_start = true;
  for (const char c : text) {
    if (c == '\r') continue;
    if (line_start && c == '.') data += '.';
    if (c == '\n') data += '\r';
    data += c;
    line_start = c == '\n';
  }
  return data + (line_start ? ".\r\n" : "\r\n.\r\n");
}

std::string date_header() {
  const std::time_t now = static_cast<std::time_t>(base::wall_ms() / 1000);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text;
}

class SmtpTransport final : public MailTransport {
 public:
  SmtpTransport(Server server, SmtpOptions options)
      : server_(std::move(server)), options_(std::move(options)) {}

  base::Result<void> deliver(const Mail& mail) override {
    auto link = SmtpLink::connect(server_.host, server_.port);
    if (!link.ok()) return link.error();
    if (auto ready = greet(**link); !ready.ok()) return ready;
    return hand_over(**link, mail);
  }

 private:
  // Sends a line and expects a reply of that kind (its first digit). 5xx means never, anything else
  // later.
  static base::Result<SmtpReply> ask(SmtpLink& link, const std::string& line, int kind) {
    if (auto sent = link.write(line); !sent.ok()) return sent.error();
    return expect(link, kind, " to " + line.substr(0, line.find_first_of(" \r")));
  }

  // The words of a reply often repeat the player's address or what was sent, so only its codes are
  // told (O3).
  static base::Result<SmtpReply> expect(SmtpLink& link, int kind, const std::string& to) {
    auto reply = link.read_reply();
    if (!reply.ok() || reply->code / 100 == kind) return reply;
    const bool never = reply->code / 100 == 5;
    return base::Error{never ? "invalid" : "unavailable", "mail server: " + codes_of(*reply) + to};
  }

  // Up to the point where mail may be handed over.
  base::Result<void> greet(SmtpLink& link) {
    if (server_.tls_first) {
      if (auto begun = link.begin_tls(server_.host, options_.ca_file); !begun.ok()) return begun;
    }
    if (auto welcome = expect(link, 2, " on connecting"); !welcome.ok()) return welcome.error();
    auto offers = ask(link, "EHLO localhost\r\n", 2);
    if (!offers.ok()) return offers.error();
    if (!link.has_tls() && offers->text.find("STARTTLS") != std::string::npos) {
      if (auto agreed = ask(link, "STARTTLS\r\n", 2); !agreed.ok()) return agreed.error();
      if (auto begun = link.begin_tls(server_.host, options_.ca_file); !begun.ok()) return begun;
      if (auto again = ask(link, "EHLO localhost\r\n", 2); !again.ok()) return again.error();
    }
    if (server_.user.empty()) return {};
    if (!link.has_tls())
      return base::Error{"unavailable", "mail server: no TLS, the password is not sent"};
    const std::string login =
        base64(std::string(1, '\0') + server_.user + std::string(1, '\0') + server_.password);
    auto accepted = ask(link, "AUTH PLAIN " + login + "\r\n", 2);
    // A refused login is the operator's to mend, not this mail's fault.
    return accepted.ok() ? base::Result<void>()
                         : base::Error{"unavailable", accepted.error().message};
  }

  base::Result<void> hand_over(SmtpLink& link, const Mail& mail) {
    if (auto from = ask(link, "MAIL FROM:<" + options_.from + ">\r\n", 2); !from.ok())
      return from.error();
    if (auto to = ask(link, "RCPT TO:<" + mail.to + ">\r\n", 2); !to.ok()) return to.error();
    if (auto data = ask(link, "DATA\r\n", 3); !data.ok()) return data.error();
    const std::string domain = options_.from.substr(options_.from.find('@'));
    const std::string message = "From: " + options_.from + "\nTo: " + mail.to +
                                "\nSubject: " + mail.subject + "\nDate: " + date_header() +
                                "\nMessage-ID: <" + base::secure_id() + domain +
                                ">\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                                "Content-Transfer-Encoding: 8bit\n\n" +
                                mail.text;
    if (auto sent = link.write(as_data(message)); !sent.ok()) return sent.error();
    if (auto taken = expect(link, 2, " to the mail itself"); !taken.ok()) return taken.error();
    // The mail is theirs now, whatever becomes of the farewell.
    static_cast<void>(link.write("QUIT\r\n").ok());
    return {};
  }

  const Server server_;
  const SmtpOptions options_;
};

}  // namespace

base::Result<std::unique_ptr<MailTransport>> make_smtp_transport(SmtpOptions options) {
  auto server = parse_url(options.url);
  if (!server.ok()) return server.error();
  auto from = normal_email(options.from);
  if (!from.ok()) return base::Error{"invalid", "setting smtp_from: " + from.error().message};
  options.from = *from;
  return std::unique_ptr<MailTransport>(
      std::make_unique<SmtpTransport>(std::move(*server), std::move(options)));
}

}  // namespace accounts
