// What tls_testing.h declares.

#include "net/tls_testing.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace net {

namespace {

void put(const std::filesystem::path& path, const auto& write) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
  ASSERT_TRUE(file);
  ASSERT_EQ(write(file.get()), 1);
}

}  // namespace

TestCertificate::TestCertificate(const std::string& name) {
  std::string pattern = (std::filesystem::temp_directory_path() / "trespasser-tls-XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  renew(name);
}

TestCertificate::~TestCertificate() { std::filesystem::remove_all(folder_); }

TlsFiles TestCertificate::files() const {
  return {(folder_ / "cert.pem").string(), (folder_ / "secret-key.pem").string()};
}

void TestCertificate::renew(const std::string& name) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  ASSERT_GT(X509_sign(made.get(), key.get(), EVP_sha256()), 0);
  put(files().certificate, [&](FILE* file) { return PEM_write_X509(file, made.get()); });
  put(files().key, [&](FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

TlsClient::TlsClient(std::uint16_t port, Options options) : options_(std::move(options)) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{8, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (options_.receive_buffer != 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &options_.receive_buffer, sizeof(int));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  context_.reset(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (options_.version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), options_.version);
    SSL_CTX_set_max_proto_version(context_.get(), options_.version);
    SSL_CTX_set_cipher_list(context_.get(), "DEFAULT@SECLEVEL=0");
  }
  ssl_ = SSL_new(context_.get());
  SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl_);
  if (!options_.protocols.empty()) {
    SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(options_.protocols.data()),
                        static_cast<unsigned>(options_.protocols.size()));
  }
  if (options_.resume != nullptr) SSL_set_session(ssl_, options_.resume);
}

TlsClient::~TlsClient() {
  SSL_SESSION_free(session_);
  SSL_free(ssl_);
  ::close(fd_);
  ERR_clear_error();
}

bool TlsClient::send_plain(std::string_view bytes) {
  const std::size_t piece = options_.piece == 0 ? bytes.size() : options_.piece;
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd_, bytes.data(), std::min(piece, bytes.size()), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool TlsClient::flush() {
  char* data = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &data);
  const bool sent = send_plain({data, static_cast<std::size_t>(size)});
  (void)BIO_reset(SSL_get_wbio(ssl_));
  return sent;
}

bool TlsClient::fill() {
  char piece[16384];
  const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
  return got > 0 && BIO_write(SSL_get_rbio(ssl_), piece, static_cast<int>(got)) == got;
}

bool TlsClient::shake_hands() {
  if (!send_plain(options_.before)) return false;
  for (;;) {
    const int done = SSL_do_handshake(ssl_);
    const int why = SSL_get_error(ssl_, done);
    if (!flush() || (done != 1 && why != SSL_ERROR_WANT_READ)) return false;
    if (done == 1) return true;
    if (!fill()) return false;
  }
}

bool TlsClient::write(std::string_view text) {
  return SSL_write(ssl_, text.data(), static_cast<int>(text.size())) > 0 && flush();
}

bool TlsClient::read_more() {
  for (;;) {
    char piece[16384];
    const int got = SSL_read(ssl_, piece, sizeof piece);
    if (got > 0) {
      read_.append(piece, static_cast<std::size_t>(got));
      return true;
    }
    goodbye_heard_ = SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN;
    if (SSL_get_error(ssl_, got) != SSL_ERROR_WANT_READ || !flush() || !fill()) return false;
  }
}

std::string TlsClient::read(std::size_t count) {
  while (read_.size() < count && read_more()) {
  }
  std::string taken = read_.substr(0, count);
  read_.erase(0, taken.size());
  return taken;
}

std::string TlsClient::answer() {
  while (read_.find("\r\n\r\n") == std::string::npos) {
    if (!read_more()) return "nothing";
  }
  const std::string head = read(read_.find("\r\n\r\n") + 4);
  const std::size_t length = head.find("Content-Length: ");
  return length == std::string::npos ? "" : read(std::stoul(head.substr(length + 16)));
}

std::string TlsClient::message() {
  const std::string head = read(2);
  if (head.size() < 2) return "nothing";
  std::size_t size = static_cast<unsigned char>(head[1]);
  if (size > 125) {
    const std::string more = read(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : more) size = size * 256 + static_cast<unsigned char>(c);
  }
  return read(size);
}

bool TlsClient::ends_with_goodbye() {
  while (read_more()) {
  }
  return goodbye_heard_;
}

bool TlsClient::say_goodbye() { return SSL_shutdown(ssl_) >= 0 && flush(); }

bool TlsClient::change_keys() {
  return SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(ssl_) == 1 &&
         flush();
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsClient::server_name() const {
  char name[100] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(ssl_)), NID_commonName,
                            name, sizeof name);
  return name;
}

std::string TlsClient::version() const { return SSL_get_version(ssl_); }

bool TlsClient::resumed() const { return SSL_session_reused(ssl_) == 1; }

ssl_session_st* TlsClient::session() {
  SSL_SESSION_free(session_);
  return session_ = SSL_get1_session(ssl_);
}

}  // namespace net
