#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

namespace net {

namespace {

// AES of 128 bits first: it is the cheapest where processors have it, and clients that do not say
// so by preferring ChaCha20, which SSL_OP_PRIORITIZE_CHACHA then gives them.
constexpr const char* kCiphers13 =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
constexpr const char* kCiphers12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr long kTicketSeconds = 7200;  // a player who comes back within an evening
constexpr std::string_view kProtocol = "\x08http/1.1";

// What OpenSSL says of the oldest failure of this thread, which is the one that led to the others.
std::string failure() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "cannot be used" : reason;
}

// Without this OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  unsigned char* found = nullptr;
  const int outcome =
      SSL_select_next_proto(&found, chosen_size, ours, kProtocol.size(), offered, offered_size);
  if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<SSL_CTX> make_context() {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX* const c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                             SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                             SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Until a stream asks to keep them (TlsStream::keep_buffers), silent connections hold no buffers.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  // tickets hold all there is to know
  SSL_CTX_set_timeout(c, kTicketSeconds);
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(c, no_passphrase);
  TlsStream::watch_messages(*c);
  if (SSL_CTX_set_ciphersuites(c, kCiphers13) != 1 || SSL_CTX_set_cipher_list(c, kCiphers12) != 1 ||
      SSL_CTX_set1_groups_list(c, kGroups) != 1) {
    throw std::bad_alloc();  // constants that this OpenSSL knows: only memory can be missing
  }
  return context;
}

base::Result<std::shared_ptr<SSL_CTX>> read(const TlsFiles& files) {
  ERR_clear_error();
  auto context = make_context();
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return base::Error{"certificate", files.certificate + ": " + failure()};
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return base::Error{"key", failure()};
  }
  return context;
}

}  // namespace

base::Result<std::unique_ptr<TlsContext>> TlsContext::load(TlsFiles files) {
  std::unique_ptr<TlsContext> made(new TlsContext(std::move(files)));
  if (const auto loaded = made->reload(); !loaded) return loaded.error();
  return made;
}

base::Result<void> TlsContext::reload() {
  auto fresh = read(files_);
  if (!fresh) return fresh.error();
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh).value();
  return {};
}

std::shared_ptr<ssl_ctx_st> TlsContext::current() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

std::unique_ptr<TlsStream> TlsContext::accept() const {
  return std::make_unique<TlsStream>(*current());
}

std::string TlsContext::description() const {
  const auto context = current();
  const X509* certificate = SSL_CTX_get0_certificate(context.get());
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  if (text == nullptr) throw std::bad_alloc();
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE);
  BIO_puts(text.get(), ", until ");
  ASN1_TIME_print(text.get(), X509_get0_notAfter(certificate));
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(std::max(0L, size))};
}

}  // namespace net
