#pragma once

#include <chrono>
#include <cstddef>

namespace net {

// What one connection may cost before it is refused or closed (S2). Copied into every shard; read
// only.
struct Limits {
  std::size_t head_bytes = 8 * 1024;   // request line and headers together
  std::size_t headers = 64;            // header fields of one request
  std::size_t body_bytes = 64 * 1024;  // of requests that are not Engine.IO's, which has its own
  std::size_t connections = 16'000;    // open at once on one shard; more are closed as they come

  // WebSocket frames of one connection, control frames and fragments too; a connection beyond is
  // closed. The shipped client sends at most some 250 a second, and 1,800 at once after a pause of
  // the line (session/session.h).
  double frames_per_second = 500;
  double frame_burst = 4'000;

  // Deadlines, kept by a coarse wheel: a quarter of a second late at most. Who holds a connection
  // and does not do his part is gone within 10 s (S2).
  std::chrono::milliseconds request_timeout{8'000};  // first byte of a request to its last
  std::chrono::milliseconds idle_timeout{
      65'000};  // between requests; above nginx's default of 60 s
  std::chrono::milliseconds write_timeout{8'000};   // a peer that takes nothing of an answer ...
  std::chrono::milliseconds reader_timeout{7'000};  // ... and nothing of a WebSocket's messages
  // Of a WebSocket in the kernel, which takes twice that: a second or two of a match, so that who
  // reads slowly gets no old states, and who does not read at all is soon known. Answers to
  // requests have what the kernel gives.
  int message_send_buffer = 32 * 1024;
  std::chrono::milliseconds linger{2'000};     // to take our last bytes and close its side
  std::size_t linger_bytes = 4 * 1024 * 1024;  // that it may still send meanwhile
};

}  // namespace net
