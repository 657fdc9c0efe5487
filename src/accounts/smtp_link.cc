#include "accounts/smtp_link.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

namespace accounts {
namespace {

constexpr timeval kPatience{10, 0};

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

base::Error away(const std::string& what) { return {"unavailable", "mail server: " + what}; }

int open_socket(const addrinfo& address) {
  const int fd =
      ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
  if (fd < 0) return -1;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);  // for connect(), too
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

struct SmtpLink::Tls {
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::unique_ptr<SSL, FreeSession> session;
};

base::Result<std::unique_ptr<SmtpLink>> SmtpLink::connect(const std::string& host,
                                                          const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0)
    return away("unknown host " + host);
  int fd = -1;
  for (const addrinfo* address = found; address != nullptr && fd < 0; address = address->ai_next) {
    fd = open_socket(*address);
  }
  ::freeaddrinfo(found);
  if (fd < 0) return away("no connection to " + host + ":" + port);
  return std::unique_ptr<SmtpLink>(new SmtpLink(fd));
}

SmtpLink::SmtpLink(int fd) : fd_(fd) {}

SmtpLink::~SmtpLink() {
  tls_.reset();
  ::close(fd_);
}

bool SmtpLink::has_tls() const { return tls_ != nullptr; }

base::Result<void> SmtpLink::begin_tls(const std::string& host, const std::string& ca_file) {
  auto tls = std::make_unique<Tls>();
  tls->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = tls->context.get();
  if (context == nullptr) return away("no TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context)
                                      : SSL_CTX_load_verify_file(context, ca_file.c_str());
  if (trusted != 1) return away("cannot read the trusted certificates");

  tls->session.reset(SSL_new(context));
  SSL* session = tls->session.get();
  if (session == nullptr || SSL_set_fd(session, fd_) != 1) return away("no TLS");
  X509_VERIFY_PARAM* check = SSL_get0_param(session);
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str()) == 1;
  if (!is_address && (SSL_set1_host(session, host.c_str()) != 1 ||
                      SSL_set_tlsext_host_name(session, host.c_str()) != 1)) {
    return away("unusable host name");
  }
  ERR_clear_error();
  if (SSL_connect(session) != 1) {
    const long verdict = SSL_get_verify_result(session);
    return away(verdict == X509_V_OK
                    ? std::string("TLS failed")
                    : std::string("certificate: ") + X509_verify_cert_error_string(verdict));
  }
  replies_.forget();  // nothing that was said before TLS may pass for said under it
  tls_ = std::move(tls);
  return {};
}

base::Result<void> SmtpLink::write(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const char* data = bytes.data() + sent;
    const std::size_t left = bytes.size() - sent;
    const ssize_t count = tls_ ? SSL_write(tls_->session.get(), data, static_cast<int>(left))
                               : ::send(fd_, data, left, MSG_NOSIGNAL);
    if (count <= 0) return away("the connection broke");
    sent += static_cast<std::size_t>(count);
  }
  return {};
}

base::Result<SmtpReply> SmtpLink::read_reply() {
  for (;;) {
    auto reply = replies_.next();
    if (!reply.ok()) return reply.error();
    if (*reply) return std::move(**reply);
    char bytes[1024];
    const ssize_t count = tls_ ? SSL_read(tls_->session.get(), bytes, sizeof bytes)
                               : ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) return away("the connection broke");
    replies_.take({bytes, static_cast<std::size_t>(count)});
  }
}

}  // namespace accounts
