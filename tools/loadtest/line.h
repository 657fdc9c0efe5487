#pragma once

// A TCP connection without a protocol: opens without blocking, keeps what the kernel does not take.
// Lives on its loop's thread; whoever owns it watches fd() level-triggered, for writing while
// wants_write().

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace loadtest {

class Line {
 public:
  Line() = default;
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // `from` 0 = any address of this machine, else one of it in host byte order. An open line must be
  // closed first.
  base::Result<void> open(const sockaddr_in& to, std::uint32_t from);
  // Forgets everything; open() may follow.
  void close();
  int fd() const { return fd_; }

  // Queues bytes and writes what the kernel takes.
  void send(std::string_view bytes);
  // What send() appends to, for those who build bytes in place; follow it with flush().
  std::string& out() { return out_; }
  void flush();

  // The socket may be written again. False when the connection has failed.
  bool on_writable();
  // What was kept, followed by what the socket has now, all of it in `shared`. See failed().
  std::string_view receive(std::span<char> shared);
  // What of receive()'s bytes is to come again with the next ones.
  void keep(std::string_view rest) { in_.assign(rest); }

  bool wants_write() const { return fd_ >= 0 && (!connected_ || !out_.empty()); }
  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  bool fail(std::string why);  // false, always

 private:
  int fd_ = -1;
  bool connected_ = false;
  std::string in_;   // the beginning of a message whose end has not come
  std::string out_;  // what the kernel did not take
  std::string failure_;
};

}  // namespace loadtest
