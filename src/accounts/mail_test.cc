#include "accounts/mail.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <thread>

namespace accounts {
namespace {

using testing::HasSubstr;
using testing::Not;

const Mail kMail{"ada@example.org", "Hello", "First line\n.a line with a dot\nlast"};

// A key and a certificate that it signs itself, for 127.0.0.1.
struct Certificate {
  Certificate() {
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* address =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, address, -1);
    X509_EXTENSION_free(address);
    X509_sign(certificate, key, EVP_sha256());
  }
  ~Certificate() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  void write(const std::string& path) const {
    FILE* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
  }
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
};

// A mail server for one connection: answers each command by a table, and keeps what it was told.
class FakeServer {
 public:
  struct Behaviour {
    std::string offers = "250 fake\r\n";
    std::string to_rcpt = "250 ok\r\n";
    const Certificate* certificate = nullptr;  // for STARTTLS
  };
  explicit FakeServer(Behaviour behaviour) : behaviour_(behaviour) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() { finish(); }

  std::string url(const std::string& login = "") const {
    return "smtp://" + login + "127.0.0.1:" + std::to_string(port_);
  }
  // Everything the client said, once it is gone.
  std::string heard() {
    finish();
    return heard_;
  }

 private:
  void finish() {
    if (thread_.joinable()) thread_.join();
    if (listener_ >= 0) ::close(std::exchange(listener_, -1));
  }
  void say(const std::string& text) {
    if (tls_) {
      SSL_write(tls_, text.data(), static_cast<int>(text.size()));
    } else {
      ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }
  bool hear_line(std::string& line) {
    line.clear();
    char c = 0;
    for (;;) {
      const auto count = tls_ ? SSL_read(tls_, &c, 1) : static_cast<int>(::recv(socket_, &c, 1, 0));
      if (count <= 0) return false;
      line += c;
      if (c == '\n') break;
    }
    heard_ += (tls_ ? "[tls] " : "") + line;
    return true;
  }
  bool begin_tls() {
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, behaviour_.certificate->certificate);
    SSL_CTX_use_PrivateKey(context_, behaviour_.certificate->key);
    SSL* session = SSL_new(context_);
    SSL_set_fd(session, socket_);
    if (SSL_accept(session) == 1) {
      tls_ = session;
      return true;
    }
    SSL_free(session);
    return false;
  }
  void serve() {
    socket_ = ::accept(listener_, nullptr, nullptr);
    if (socket_ < 0) return;
    say("220 fake ready\r\n");
    bool in_data = false;
    for (std::string line; hear_line(line);) {
      if (in_data) {
        if (line == ".\r\n") {
          in_data = false;
          say("250 taken\r\n");
        }
      } else if (line.starts_with("EHLO")) {
        say(tls_ ? "250-fake\r\n250 AUTH PLAIN\r\n" : behaviour_.offers);
      } else if (line.starts_with("STARTTLS")) {
        say("220 go on\r\n");
        if (!begin_tls()) break;
      } else if (line.starts_with("RCPT")) {
        say(behaviour_.to_rcpt);
      } else if (line.starts_with("DATA")) {
        say("354 go on\r\n");
        in_data = true;
      } else if (line.starts_with("QUIT")) {
        break;
      } else {
        say("250 ok\r\n");
      }
    }
    if (tls_) SSL_free(tls_);
    if (context_) SSL_CTX_free(context_);
    ::close(socket_);
  }

  Behaviour behaviour_;
  int listener_ = -1;
  int socket_ = -1;
  int port_ = 0;
  SSL_CTX* context_ = nullptr;
  SSL* tls_ = nullptr;
  std::string heard_;
  std::thread thread_;
};

class MailTest : public testing::Test {
 protected:
  MailTest() {
    ::signal(SIGPIPE, SIG_IGN);  // as the server does
    std::string pattern =
        (std::filesystem::temp_directory_path() / "trespasser-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~MailTest() override { std::filesystem::remove_all(folder_); }

  static base::Result<void> deliver(const std::string& url, const std::string& ca_file = "") {
    auto transport = make_smtp_transport({url, "noreply@example.org", ca_file});
    if (!transport.ok()) return transport.error();
    return (*transport)->deliver(kMail);
  }
  std::filesystem::path folder_;
};

TEST_F(MailTest, AFileKeepsMailsForTheOperatorAlone) {
  const std::string path = folder_ / "mail.log";
  auto transport = make_file_transport(path);
  EXPECT_TRUE(transport->deliver(kMail).ok());
  EXPECT_TRUE(transport->deliver(kMail).ok());
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(text, HasSubstr("To: ada@example.org\nSubject: Hello\n\nFirst line\n"));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(make_file_transport(folder_ / "missing" / "mail.log")->deliver(kMail).ok());
}

TEST_F(MailTest, SmtpHandsOverAMail) {
  FakeServer server({});
  const auto sent = deliver(server.url());
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  const std::string heard = server.heard();
  EXPECT_THAT(
      heard, HasSubstr("MAIL FROM:<noreply@example.org>\r\nRCPT TO:<ada@example.org>\r\nDATA\r\n"));
  EXPECT_THAT(heard, HasSubstr("\r\nSubject: Hello\r\n"));
  EXPECT_THAT(heard,
              HasSubstr("\r\n\r\nFirst line\r\n..a line with a dot\r\nlast\r\n.\r\nQUIT\r\n"));
}

TEST_F(MailTest, SmtpUnderTlsWithALogin) {
  const Certificate certificate;
  certificate.write(folder_ / "ca.pem");
  FakeServer server({"250-fake\r\n250 STARTTLS\r\n", "250 ok\r\n", &certificate});
  const auto sent = deliver(server.url("us%40er:pass@"), folder_ / "ca.pem");
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  const std::string heard = server.heard();
  EXPECT_THAT(heard, HasSubstr("[tls] AUTH PLAIN AHVzQGVyAHBhc3M=\r\n"));  // \0us@er\0pass
  EXPECT_THAT(heard, HasSubstr("[tls] RCPT TO"));
}

TEST_F(MailTest, SmtpToAServerThatCannotProveItsNameSendsNothing) {
  const Certificate certificate;
  FakeServer server({"250-fake\r\n250 STARTTLS\r\n", "250 ok\r\n", &certificate});
  const auto sent = deliver(server.url("user:pass@"));
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, "unavailable");
  EXPECT_THAT(sent.error().message, HasSubstr("certificate"));
  EXPECT_THAT(server.heard(), Not(HasSubstr("AUTH")));
}

TEST_F(MailTest, SmtpSendsNoPasswordWithoutTls) {
  FakeServer server({});
  const auto sent = deliver(server.url("user:pass@"));
  ASSERT_FALSE(sent.ok());
  EXPECT_THAT(sent.error().message, HasSubstr("no TLS"));
  EXPECT_THAT(server.heard(), Not(HasSubstr("AUTH")));
}

TEST_F(MailTest, SmtpTellsNeverFromNotNow) {
  FakeServer no_such({"250 fake\r\n", "550 no such user\r\n"});
  const auto never = deliver(no_such.url());
  ASSERT_FALSE(never.ok());
  EXPECT_EQ(never.error().code, "invalid");
  EXPECT_EQ(never.error().message, "mail server: 550 to RCPT");
  FakeServer busy({"250 fake\r\n", "451 try again\r\n"});
  EXPECT_EQ(deliver(busy.url()).error().code, "unavailable");
  FakeServer odd({"what?\r\n"});
  EXPECT_EQ(deliver(odd.url()).error().code, "unavailable");
  EXPECT_EQ(deliver("smtp://127.0.0.1:1").error().code, "unavailable");
}

TEST_F(MailTest, O3_what_a_server_says_is_not_told_on_for_it_repeats_addresses) {
  for (const auto& [reply, told] : std::vector<std::pair<std::string, std::string>>{
           {"550 5.1.1 <ada@example.org>: Recipient address rejected", "550 5.1.1 to RCPT"},
           {"451 4.7.1", "451 4.7.1 to RCPT"},
           {"550 ada@example.org", "550 to RCPT"},
           {"550 5.1.1.ada.lovelace no", "550 to RCPT"}}) {
    FakeServer server({"250 fake\r\n", reply + "\r\n"});
    EXPECT_EQ(deliver(server.url()).error().message, "mail server: " + told) << reply;
  }
  FakeServer odd({"RCPT TO:<ada@example.org>?\r\n"});
  EXPECT_THAT(deliver(odd.url()).error().message, Not(HasSubstr("ada")));
}

TEST_F(MailTest, MalformedServersAreRefusedAtStart) {
  for (const char* url :
       {"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://user@host",
        "smtp://:p@host", "smtp://host:port", "smtp://ho st", "smtp://host/x"}) {
    EXPECT_FALSE(make_smtp_transport({url, "noreply@example.org", ""}).ok()) << url;
  }
  EXPECT_FALSE(make_smtp_transport({"smtp://host", "nobody", ""}).ok());
  EXPECT_TRUE(make_smtp_transport({"smtps://user:p%40ss@host", "noreply@example.org", ""}).ok());
}

// Answers each delivery by a function.
class Scripted final : public MailTransport {
 public:
  explicit Scripted(std::function<base::Result<void>(const Mail&)> script)
      : script_(std::move(script)) {}
  base::Result<void> deliver(const Mail& mail) override { return script_(mail); }

 private:
  std::function<base::Result<void>(const Mail&)> script_;
};

TEST_F(MailTest, TheQueueTriesAgainAndGoesOn) {
  std::atomic<int> to_ada = 0;
  std::atomic<int> to_bob = 0;
  std::promise<void> to_cyd;
  MailQueue queue(std::make_unique<Scripted>([&](const Mail& mail) -> base::Result<void> {
                    if (mail.to == "ada") return ++to_ada, base::Error{"unavailable", "later"};
                    if (mail.to == "bob") return ++to_bob, base::Error{"invalid", "never"};
                    to_cyd.set_value();
                    return {};
                  }),
                  std::chrono::milliseconds(1));
  for (const char* to : {"ada", "bob", "cyd"}) EXPECT_TRUE(queue.send({to, "s", "t"}).ok());
  to_cyd.get_future().wait();
  EXPECT_EQ(to_ada, 3);
  EXPECT_EQ(to_bob, 1);
}

TEST_F(MailTest, TheQueueIsBoundedAndClosesWithMailsLeft) {
  std::promise<void> begun;
  std::promise<void> release;
  auto released = release.get_future().share();
  std::atomic<int> deliveries = 0;
  auto queue = std::make_unique<MailQueue>(
      std::make_unique<Scripted>([&](const Mail&) -> base::Result<void> {
        if (++deliveries == 1) begun.set_value();
        released.wait();
        return {};
      }));
  int taken = 0;
  for (int i = 0; i < 2000; ++i) taken += queue->send(kMail).ok() ? 1 : 0;
  EXPECT_EQ(taken, 1000);
  begun.get_future().wait();
  std::thread closing([&] { queue.reset(); });
  release.set_value();
  closing.join();
  EXPECT_GE(deliveries, 1) << "what was under way is done, the rest is dropped";
}

}  // namespace
}  // namespace accounts
