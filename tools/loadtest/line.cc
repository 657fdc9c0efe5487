#include "loadtest/line.h"

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

Line::~Line() { close(); }

void Line::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  connected_ = false;
  in_.clear();
  out_.clear();
  failure_.clear();
}

base::Result<void> Line::open(const sockaddr_in& to, std::uint32_t from) {
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

bool Line::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
  return false;
}

bool Line::on_writable() {
  if (!connected_) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(std::string("connect: ") + std::strerror(error));
    connected_ = true;
  }
  flush();
  return !failed();
}

void Line::send(std::string_view bytes) {
  if (fd_ < 0) return;
  out_ += bytes;
  flush();
}

void Line::flush() {
  if (fd_ < 0 || !connected_) return;
  while (!out_.empty()) {
    const ssize_t sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) fail(system_error("send"));
      return;
    }
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

std::string_view Line::receive(std::span<char> shared) {
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

}  // namespace loadtest
