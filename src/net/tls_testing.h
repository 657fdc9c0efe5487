#pragma once

// What the tests of TLS share: certificates made on the spot, and OpenSSL as the other side.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "net/tls.h"

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace net {

// A folder with a self-signed certificate (P-256) and its key; removed with the object.
class TestCertificate {
 public:
  explicit TestCertificate(const std::string& name);
  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  TlsFiles files() const;
  // Another certificate in the same files.
  void renew(const std::string& name);

 private:
  std::filesystem::path folder_;
};

// A TLS client over a socket of its own. Every wait ends after some seconds.
class TlsClient {
 public:
  struct Options {
    int version = 0;             // the only one, 0 = as the library likes
    std::string protocols = {};  // ALPN, e.g. "\x02h2"
    std::size_t piece = 0;       // bytes of each send, 0 = all at once
    std::string before = {};     // sent plain before the handshake
    ssl_session_st* resume = nullptr;
    int receive_buffer = 0;  // of the socket, bytes; 0 = as the kernel likes
  };
  explicit TlsClient(std::uint16_t port) : TlsClient(port, Options{}) {}
  TlsClient(std::uint16_t port, Options options);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool shake_hands();
  bool write(std::string_view text);
  // Reads until `count` bytes are there, or the end. What came, which is then forgotten.
  std::string read(std::size_t count);
  // Reads the head of an HTTP answer and its body, which is given back.
  std::string answer();
  // One more WebSocket message of the server, unmasked; its payload.
  std::string message();
  // Reads to the end. Whether the server said goodbye before it closed.
  bool ends_with_goodbye();
  bool say_goodbye();                       // close_notify; the socket stays open
  bool change_keys();                       // and asks the server to
  bool send_plain(std::string_view bytes);  // past TLS

  std::string protocol() const;     // of ALPN
  std::string server_name() const;  // CN of its certificate
  std::string version() const;      // "TLSv1.3"
  bool resumed() const;
  ssl_session_st* session();  // of this connection, with its ticket; the client owns it
  ssl_st* ssl() { return ssl_; }

 private:
  bool flush();
  bool fill();
  bool read_more();

  const Options options_;
  int fd_ = -1;
  std::shared_ptr<ssl_ctx_st> context_;
  ssl_st* ssl_ = nullptr;
  ssl_session_st* session_ = nullptr;
  std::string read_;
  bool goodbye_heard_ = false;
};

}  // namespace net
