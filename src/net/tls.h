#pragma once

// TLS of a listening port: certificate, key, and what all its connections have in common. TLS 1.2
// and 1.3, ALPN http/1.1, no renegotiation, no early data. Sessions are resumed by tickets, whose
// keys every shard shares and which live as long as the certificate stays loaded.

#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"
#include "net/tls_stream.h"

struct ssl_ctx_st;

namespace net {

struct TlsFiles {
  std::string certificate;  // PEM: the server's certificate, then its chain
  std::string key;          // PEM, without a passphrase
};

// Any thread may call any member.
class TlsContext {
 public:
  // Errors: code "certificate" or "key", after the file at fault; the message does not say where
  // the key lies.
  static base::Result<std::unique_ptr<TlsContext>> load(TlsFiles files);

  // Reads both files again for the connections to come. On an error the old certificate stays.
  base::Result<void> reload();

  // What operators ask of the certificate: "CN = play.example.org, until Nov 22 10:00:00 2027 GMT".
  std::string description() const;

  // The server's end of one connection. Throws std::bad_alloc.
  std::unique_ptr<TlsStream> accept() const;

 private:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}
  std::shared_ptr<ssl_ctx_st> current() const;

  const TlsFiles files_;
  mutable std::mutex mutex_;  // held to copy the pointer
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace net
