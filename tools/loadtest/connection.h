#pragma once

// One WebSocket to the server: connects without blocking from a given source address, upgrades, and
// then hands over whole text messages. Lives on its loop's thread; whoever owns it watches fd()
// level-triggered, for writing while wants_write().

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "loadtest/frames.h"

namespace loadtest {

class Connection {
 public:
  // Longer messages end the connection; the scratch for reading has to be larger than this.
  static constexpr std::size_t kMaxMessage = 512 * 1024;

  Connection() = default;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `from` 0 = any address of this machine, else one of it in host byte order.
  base::Result<void> open(const sockaddr_in& to, std::uint32_t from);
  void close();
  int fd() const { return fd_; }

  // Queues a text message and writes what the kernel takes. `mask` should differ from message to
  // message.
  void send_text(std::string_view message, std::uint32_t mask) {
    send(Opcode::text, message, mask);
  }

  // The socket may be written again. False when the connection has failed.
  bool on_writable(std::string_view host);

  // Reads once into `shared` (scratch of the loop, a megabyte or so) and calls on_message(text,
  // frame_size) for each message. Returns false when the connection is over; failure() says why.
  template <class OnMessage>
  bool on_readable(std::span<char> shared, OnMessage on_message) {
    std::string_view bytes = receive(shared);
    if (!upgraded_ && !take_upgrade(bytes)) return keep(bytes);
    while (const auto frame = next_frame(bytes)) {
      bytes.remove_prefix(frame->size);
      if (frame->opcode == Opcode::text && frame->last) {
        on_message(frame->payload, frame->size);
      } else if (!on_control(*frame)) {
        return false;
      }
    }
    return keep(bytes);
  }

  bool wants_write() const { return !connected_ || !out_.empty(); }
  bool upgraded() const { return upgraded_; }
  const std::string& failure() const { return failure_; }
  std::uint64_t bytes_out() const { return bytes_out_; }

 private:
  void send(Opcode opcode, std::string_view payload, std::uint32_t mask);
  void flush();
  bool fail(std::string why);
  // What was kept, followed by what the socket has now, in `shared`.
  std::string_view receive(std::span<char> shared);
  bool take_upgrade(std::string_view& bytes);
  bool on_control(const Frame& frame);
  bool keep(std::string_view rest);

  int fd_ = -1;
  bool connected_ = false;
  bool upgraded_ = false;
  std::string in_;   // the beginning of a message whose end has not come
  std::string out_;  // what the kernel did not take
  std::string failure_;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace loadtest
