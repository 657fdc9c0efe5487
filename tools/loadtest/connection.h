#pragma once

// One WebSocket to the server: upgrades, and then hands over whole text messages. Lives on its
// loop's thread, see Line.

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "loadtest/frames.h"
#include "loadtest/line.h"

namespace loadtest {

class Connection {
 public:
  // Longer messages end the connection; the scratch for reading has to be larger than this.
  static constexpr std::size_t kMaxMessage = 512 * 1024;

  // `host` is what the Host header says.
  base::Result<void> open(const sockaddr_in& to, std::uint32_t from, std::string_view host);
  // open() may follow.
  void close();
  int fd() const { return line_.fd(); }

  // Queues a text message and writes what the kernel takes. `mask` should differ from message to
  // message.
  void send_text(std::string_view message, std::uint32_t mask) {
    send(Opcode::text, message, mask);
  }

  // The socket may be written again. False when the connection has failed.
  bool on_writable() { return line_.on_writable(); }

  // Reads once into `shared` (scratch of the loop, a megabyte or so) and calls on_message(text,
  // frame_size) for each message, until one of them closes this. Returns false when the connection
  // is over; failure() says why.
  template <class OnMessage>
  bool on_readable(std::span<char> shared, OnMessage on_message) {
    std::string_view bytes = line_.receive(shared);
    if (!upgraded_ && !take_upgrade(bytes)) return keep(bytes);
    while (const auto frame = next_frame(bytes)) {
      bytes.remove_prefix(frame->size);
      if (frame->opcode == Opcode::text && frame->last) {
        on_message(frame->payload, frame->size);
        if (fd() < 0) return true;
      } else if (!on_control(*frame)) {
        return false;
      }
    }
    return keep(bytes);
  }

  bool wants_write() const { return line_.wants_write(); }
  const std::string& failure() const { return line_.failure(); }

 private:
  void send(Opcode opcode, std::string_view payload, std::uint32_t mask);
  bool take_upgrade(std::string_view& bytes);
  bool on_control(const Frame& frame);
  bool keep(std::string_view rest);

  Line line_;
  bool upgraded_ = false;
};

}  // namespace loadtest
