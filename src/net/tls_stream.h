#pragma once

// The server's end of TLS on one connection: opens what the peer sent, seals what goes to it. Reads
// the socket itself, one system call a time; what is to be written gathers in sealed() for whoever
// owns the socket. Lives on its connection's shard and moves with it.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

struct bio_st;
struct bio_method_st;
struct ssl_ctx_st;
struct ssl_st;

namespace net {

class TlsStream {
 public:
  explicit TlsStream(ssl_ctx_st& context);  // throws std::bad_alloc
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Once for each context: lets streams see what they must limit.
  static void watch_messages(ssl_ctx_st& context);

  struct Input {
    std::size_t bytes = 0;     // of what the peer said, opened
    std::size_t received = 0;  // from the socket
    bool ended = false;        // the peer says no more
    bool failed = false;       // of no use any more; sealed() may hold the reason for the peer
  };
  // Opens what one recv from `fd` brings, and what fed it. `into` must hold 32 kB or more, so that
  // nothing stays behind that the socket's readiness would not tell of. May add to sealed().
  Input read(int fd, std::span<char> into);
  // Bytes that were read from the socket before the first read() here; 4 kB at most.
  void feed(std::string_view bytes) { fed_ = bytes; }

  // Adds records with all of `plain` to sealed(). Only once established. False: of no use any more.
  bool seal(std::string_view plain);
  // Adds that we say no more (close_notify), once, if there is anybody who could understand it.
  void say_goodbye();

  // The handshake is over.
  bool established() const;
  // From now on messages come and go steadily: 33 kB of buffers stay with the stream instead of
  // being taken and given back for each record. (OpenSSL still takes two or three pieces of some 40
  // bytes to put a record together.)
  void keep_buffers();

  // Bytes for the socket; the owner sends and removes them.
  std::string& sealed() { return sealed_; }
  const std::string& sealed() const { return sealed_; }

 private:
  static const bio_method_st* method();
  static int bio_read(bio_st* bio, char* into, int size);
  static int bio_write(bio_st* bio, const char* bytes, int size);
  static long bio_control(bio_st* bio, int command, long number, void* pointer);
  static void on_message(int written, int version, int type, const void* bytes, std::size_t size,
                         ssl_st* session, void* context);
  int receive(char* into, std::size_t size, bool& again);

  ssl_st* session_;
  std::string sealed_;
  std::string fed_;
  std::size_t received_ = 0;
  int fd_ = -1;
  int key_updates_ = 0;
  bool may_receive_ = false;
  bool at_end_ = false;  // of the socket's input
  bool broken_ = false;
  bool goodbye_said_ = false;
};

}  // namespace net
