#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contract/backends.h"
#include "contract/child.h"

namespace contract {

// A real Redis server of a test's own: Debian's program, a fresh folder, a free port of the
// loopback address. It dies with its owner.
class RedisServer {
 public:
  // `more` are further arguments, e.g. {"--appendonly", "yes"}; by default nothing is kept on disk.
  explicit RedisServer(std::vector<std::string> more = {});

  int port() const { return port_; }
  std::string folder(const std::string& file) const { return folder_.path(file); }
  void start();     // returns when it takes connections
  void kill_now();  // SIGKILL
  void freeze();    // SIGSTOP: connections stay, answers do not come
  void thaw();
  // Runs redis-cli with these words and answers its output lines.
  std::vector<std::string> command(const std::vector<std::string>& words) const;

 private:
  TempFolder folder_;
  int port_ = 0;
  std::vector<std::string> more_;
  std::unique_ptr<Child> server_;
};

}  // namespace contract
