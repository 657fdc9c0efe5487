#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace contract {

// A program run by a test, its standard output read line by line. Killed and waited for by its
// owner.
class Child {
 public:
  // `errors` is the file its standard error goes to; "" = the test's own.
  explicit Child(const std::vector<std::string>& command, const std::string& errors = "");
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next full line without its end; nothing when the program has ended. Waits.
  std::optional<std::string> read_line();
  void kill_now();  // SIGKILL, and waits for the end
  void send(int signal);
  int wait();  // the wait status
  bool has_ended();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  bool ended_ = false;
  int status_ = 0;
  std::string buffer_;
};

}  // namespace contract
