#include "contract/redis_server_for_cluster.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

namespace contract {
namespace {

using namespace std::chrono_literals;

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool good = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!good) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

// A server that still loads its data answers with an error.
bool takes_connections(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  char answer[64] = {};
  const bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                    ::write(fd, "PING\r\n", 6) == 6 && ::read(fd, answer, sizeof answer - 1) > 0 &&
                    (answer[0] == '+' || std::string(answer).starts_with("-NOAUTH"));
  ::close(fd);
  return good;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> more)
    : port_(free_port()), more_(std::move(more)) {
  start();
}

void RedisServer::start() {
  std::vector<std::string> words{"setpriv",     "--pdeathsig",
                                 "KILL",        "redis-server",
                                 "--port",      std::to_string(port_),
                                 "--bind",      "127.0.0.1",
                                 "--dir",       folder_.path(""),
                                 "--save",      "",
                                 "--logfile",   folder_.path("redis.log"),
                                 "--daemonize", "no"};
  words.insert(words.end(), more_.begin(), more_.end());
  server_ = std::make_unique<Child>(words);
  for (int attempt = 0; attempt < 2'000; ++attempt) {
    if (takes_connections(port_)) return;
    if (server_->has_ended()) throw std::runtime_error("redis-server does not start");
    std::this_thread::sleep_for(10ms);
  }
  throw std::runtime_error("redis-server takes no connections");
}

void RedisServer::kill_now() { server_->kill_now(); }
void RedisServer::freeze() { server_->send(SIGSTOP); }
void RedisServer::thaw() { server_->send(SIGCONT); }

std::vector<std::string> RedisServer::command(const std::vector<std::string>& words) const {
  std::vector<std::string> line{"redis-cli", "-p", std::to_string(port_)};
  line.insert(line.end(), words.begin(), words.end());
  Child client(line);
  std::vector<std::string> output;
  while (auto each = client.read_line()) output.push_back(*each);
  client.wait();
  return output;
}

}  // namespace contract
