#include "net/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace net {

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  std::uint16_t port() const {
    return ntohs(storage.ss_family == AF_INET
                     ? reinterpret_cast<const sockaddr_in&>(storage).sin_port
                     : reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
  }
};

bool parse(const std::string& host, std::uint16_t port, Address& address) {
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
    return true;
  }
  address.storage = {};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return false;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  address.size = sizeof v6;
  return true;
}

base::Error failed(const char* what, const std::string& host, std::uint16_t port) {
  return {"unavailable", std::string(what) + " " + host + " port " + std::to_string(port) + ": " +
                             std::system_category().message(errno)};
}

// -1 with errno on failure.
int open_bound(Address& address, bool shared) {
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared) ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(fd, address.get(), address.size) == 0) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

}  // namespace

base::Result<Listening> listen_on(const std::string& host, std::uint16_t port, unsigned count) {
  Address address;
  if (!parse(host, port, address))
    return base::Error{"invalid", "not an IP address to listen on: " + host};

  // Without SO_REUSEPORT first: fails when another server has the port, and finds a free one when
  // it is 0.
  const int probe = open_bound(address, false);
  if (probe < 0) return failed("cannot bind", host, port);
  ::getsockname(probe, address.get(), &address.size);
  ::close(probe);

  Listening listening;
  listening.port = address.port();
  for (unsigned i = 0; i < count; ++i) {
    const int fd = open_bound(address, true);
    if (fd < 0 || ::listen(fd, SOMAXCONN) < 0) {
      const base::Error error = failed("cannot listen on", host, listening.port);
      if (fd >= 0) ::close(fd);
      for (const int other : listening.sockets) ::close(other);
      return error;
    }
    listening.sockets.push_back(fd);
  }
  return listening;
}

std::string peer_address(const void* socket_address) {
  char text[INET6_ADDRSTRLEN] = "";
  sa_family_t family = 0;
  std::memcpy(&family, static_cast<const char*>(socket_address) + offsetof(sockaddr, sa_family),
              sizeof family);
  if (family == AF_INET) {
    inet_ntop(AF_INET, &static_cast<const sockaddr_in*>(socket_address)->sin_addr, text,
              sizeof text);
  } else if (family == AF_INET6) {
    const in6_addr& v6 = static_cast<const sockaddr_in6*>(socket_address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      inet_ntop(AF_INET, reinterpret_cast<const char*>(&v6) + 12, text, sizeof text);
    } else {
      inet_ntop(AF_INET6, &v6, text, sizeof text);
    }
  }
  return text;
}

}  // namespace net
