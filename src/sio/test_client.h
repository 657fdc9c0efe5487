#pragma once

// A blocking client for tests: plain HTTP and WebSocket over one TCP connection, no more than a
// test needs. Every wait ends after some seconds with an empty answer, so that a broken server
// fails a test instead of hanging it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sio::test {

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { drop(); }

  bool connected() const { return connected_; }

  void drop() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }

  // Body of the answer; `status` is its number, 0 when none came.
  std::string request(const std::string& method, const std::string& target,
                      const std::string& body = {}, const std::string& headers = {}) {
    write(method + " " + target + " HTTP/1.1\r\nHost: test.example\r\n" + headers +
          "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return answer(method == "HEAD");
  }

  std::string answer(bool head_only = false) {
    status = 0;
    head.clear();
    std::size_t end = std::string::npos;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return {};
    }
    head = held_.substr(0, end + 2);
    held_.erase(0, end + 4);
    status = std::stoi(head.substr(9, 3));
    const std::size_t length_at = head.find("Content-Length: ");
    const std::size_t length =
        head_only || length_at == std::string::npos ? 0 : std::stoul(head.substr(length_at + 16));
    while (held_.size() < length) {
      if (!more()) return {};
    }
    std::string body = held_.substr(0, length);
    held_.erase(0, length);
    return body;
  }

  // Becomes a WebSocket; false when it is refused.
  bool upgrade(const std::string& target, const std::string& headers = {}) {
    write("GET " + target +
          " HTTP/1.1\r\nHost: test.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
          headers + "\r\n");
    answer();
    return status == 101;
  }

  void send(std::string_view text) {
    std::string frame = "\x81";
    if (text.size() < 126) {
      frame += static_cast<char>(0x80 | text.size());
    } else {
      frame += static_cast<char>(0xfe);
      frame += static_cast<char>(text.size() >> 8);
      frame += static_cast<char>(text.size() & 255);
    }
    frame.append(4, '\0');  // a key of zeros leaves the payload as it is
    write(frame += text);
  }

  // Payload of the next frame; a close frame gives "close", the end of the connection "end".
  // Control pings are answered, as every WebSocket does, and passed over.
  std::string frame() {
    while (true) {
      while (held_.size() < 2 || held_.size() < frame_size()) {
        if (!more()) return "end";
      }
      const std::size_t size = frame_size();
      std::string payload = held_.substr(head_size(), size - head_size());
      const int opcode = held_[0] & 15;
      held_.erase(0, size);
      if (opcode == 8) return "close";
      if (opcode != 9) return payload;
      pong();
    }
  }

  // Answers a ping of ours, or none at all.
  void pong() { write(std::string_view("\x8a\x80\0\0\0\0", 6)); }

  // The next frame that is no heartbeat; heartbeats are answered.
  std::string message() {
    while (true) {
      std::string payload = frame();
      if (payload != "2") return payload;
      send("3");
    }
  }

  bool ended() {
    while (more()) {
    }
    return ended_;
  }

  int status = 0;
  std::string head;

 private:
  std::size_t head_size() const {
    const int length = held_[1] & 127;
    return length == 126 ? 4 : length == 127 ? 10 : 2;
  }
  std::size_t frame_size() const {
    const std::size_t head_bytes = head_size();
    if (held_.size() < head_bytes) return head_bytes;
    std::size_t length = held_[1] & 127;
    if (head_bytes > 2) {
      length = 0;
      for (std::size_t i = 2; i < head_bytes; ++i)
        length = (length << 8) | static_cast<unsigned char>(held_[i]);
    }
    return head_bytes + length;
  }

  bool more() {
    constexpr int kPatienceMs = 8000;
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) return false;
    char piece[16384];
    const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    held_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string held_;
};

}  // namespace sio::test
