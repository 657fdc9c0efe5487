#include "loadtest/connection.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace loadtest {
namespace {

std::string system_error(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

}  // namespace

Connection::~Connection() { close(); }

void Connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

base::Result<void> Connection::open(const sockaddr_in& to, std::uint32_t from) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return base::Error{"unavailable", system_error("socket")};
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (from != 0) {
    // The port is chosen at connect(), so that each source address has its own 28,000.
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(from);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) {
      return base::Error{"unavailable", system_error("bind")};
    }
  }
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    return base::Error{"unavailable", system_error("connect")};
  }
  return {};
}

bool Connection::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
  return false;
}

bool Connection::on_writable(std::string_view host) {
  if (!connected_) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(std::string("connect: ") + std::strerror(error));
    connected_ = true;
    out_ = upgrade_request(host) + out_;
  }
  flush();
  return failure_.empty();
}

void Connection::send(Opcode opcode, std::string_view payload, std::uint32_t mask) {
  if (fd_ < 0) return;
  append_frame(out_, opcode, payload, mask);
  if (connected_) flush();
}

void Connection::flush() {
  while (!out_.empty()) {
    const ssize_t sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) fail(system_error("send"));
      return;
    }
    bytes_out_ += static_cast<std::uint64_t>(sent);
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

std::string_view Connection::receive(std::span<char> shared) {
  const std::size_t kept = in_.size();
  std::memcpy(shared.data(), in_.data(), kept);
  const ssize_t got = ::recv(fd_, shared.data() + kept, shared.size() - kept, 0);
  if (got > 0) return {shared.data(), kept + static_cast<std::size_t>(got)};
  if (got == 0) {
    fail("closed by the server");
  } else if (errno != EAGAIN && errno != EINTR) {
    fail(system_error("recv"));
  }
  return {shared.data(), kept};
}

bool Connection::take_upgrade(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!bytes.starts_with("HTTP/1.1 101 ")) {
    fail("upgrade refused: " + std::string(bytes.substr(0, bytes.find('\r'))));
    return false;
  }
  bytes.remove_prefix(end + 4);
  upgraded_ = true;
  return true;
}

bool Connection::on_control(const Frame& frame) {
  switch (frame.opcode) {
    case Opcode::ping:
      send(Opcode::pong, frame.payload, 0x6b6f7270);
      return true;
    case Opcode::pong:
      return true;
    case Opcode::close: {
      const bool has_code = frame.payload.size() >= 2;
      const int code = has_code ? (static_cast<unsigned char>(frame.payload[0]) << 8) |
                                      static_cast<unsigned char>(frame.payload[1])
                                : 0;
      return fail("websocket closed with " + std::to_string(code));
    }
    default:
      return fail("unexpected frame, opcode " + std::to_string(static_cast<int>(frame.opcode)));
  }
}

bool Connection::keep(std::string_view rest) {
  if (!failure_.empty()) return false;
  if (rest.size() > kMaxMessage) return fail("message too long");
  in_.assign(rest);
  return true;
}

}  // namespace loadtest
