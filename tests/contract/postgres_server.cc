#include "contract/postgres_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "store/postgres.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

// The newest of Debian's versions.
std::string find_programs() {
  std::string best;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const auto bin = version.path() / "bin";
    if (std::filesystem::exists(bin / "initdb") && bin.string() > best) best = bin.string();
  }
  if (best.empty())
    throw std::runtime_error("no PostgreSQL server: install the package postgresql");
  return best;
}

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

// PostgreSQL refuses to run as root; Debian's package brings a user for it. The signal ends the
// server with the tests.
std::vector<std::string> as_server_user() {
  if (::geteuid() != 0) return {"setpriv", "--pdeathsig", "INT"};
  return {"setpriv",  "--pdeathsig", "INT",      "--reuid",
          "postgres", "--regid",     "postgres", "--clear-groups"};
}

void give_to_server_user(const std::string& folder) {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr || ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot give " + folder + " to the user postgres");
  }
}

std::vector<std::string> join(std::vector<std::string> first,
                              const std::vector<std::string>& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

}  // namespace

PostgresServer& PostgresServer::instance() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() : programs_(find_programs()), port_(free_port()) {
  give_to_server_user(folder_.path(""));
  Child initdb(
      join(as_server_user(), {programs_ + "/initdb", "-D", folder_.path("data"), "-U", "trespasser",
                              "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}),
      folder_.path("initdb.log"));
  while (initdb.read_line()) {
  }
  if (initdb.wait() != 0) throw std::runtime_error("initdb failed");
  start();
}

// fsync is off: in these tests processes die, the machine does not.
bool PostgresServer::try_to_start() {
  server_ = std::make_unique<Child>(
      join(as_server_user(),
           {programs_ + "/postgres", "-D", folder_.path("data"), "-p", std::to_string(port_), "-c",
            "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c",
            "deadlock_timeout=100ms", "-c", "max_connections=60"}),
      folder_.path("server.log"));
  const std::string url =
      "postgresql://trespasser@127.0.0.1:" + std::to_string(port_) + "/postgres";
  while (!server_->has_ended()) {
    if (store::open_postgres(url, 3s, 5s).ok()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

// After a kill the orphans of the old server may hold its memory for a moment, and the new one
// refuses to start.
void PostgresServer::start() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (try_to_start()) return;
    std::this_thread::sleep_for(100ms);
  }
  throw std::runtime_error("the PostgreSQL server does not start");
}

void PostgresServer::kill_now() { server_->kill_now(); }

std::string PostgresServer::create_database() {
  const std::string base = "postgresql://trespasser@127.0.0.1:" + std::to_string(port_) + "/";
  const std::string name = "test" + std::to_string(++databases_);
  auto link = store::open_postgres(base + "postgres", 3s, 30s);
  if (!link.ok()) throw std::runtime_error(link.error().message);
  auto created = (*link)->script("create database " + name + " template template0");
  if (!created.ok()) throw std::runtime_error(created.error().message);
  return base + name;
}

}  // namespace contract
