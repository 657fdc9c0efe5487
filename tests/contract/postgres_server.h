#pragma once

#include <memory>
#include <string>

#include "contract/backends.h"
#include "contract/child.h"

namespace contract {

// A real PostgreSQL server of the tests' own: Debian's programs, a fresh data folder, a free port
// of the loopback address. Started on first use, one a test program; it dies with the program.
class PostgresServer {
 public:
  static PostgresServer& instance();

  // Creates a database and answers its URL.
  std::string create_database();

  void kill_now();  // SIGKILL to the server's main process; its sessions end with it
  void start();     // after kill_now(); returns when it takes connections

 private:
  PostgresServer();
  bool try_to_start();

  TempFolder folder_;
  std::string programs_;  // folder of initdb and postgres
  int port_ = 0;
  int databases_ = 0;
  std::unique_ptr<Child> server_;
};

}  // namespace contract
