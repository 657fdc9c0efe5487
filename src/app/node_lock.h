#pragma once

// Which process serves from a data folder: it holds a lock on <data_dir>/node.lock, which the
// kernel takes from it however it ends, so that nothing stale is ever believed.

#include <sys/types.h>

#include <string>

#include "base/error.h"

namespace app {

class NodeLock {
 public:
  // Not taken when another process has it; see is_held().
  explicit NodeLock(const std::string& data_dir);
  ~NodeLock();
  NodeLock(const NodeLock&) = delete;
  NodeLock& operator=(const NodeLock&) = delete;

  bool is_held() const { return held_; }

 private:
  int file_ = -1;
  bool held_ = false;
};

// The process that serves from this folder. Error: not_found.
base::Result<pid_t> serving_process(const std::string& data_dir);

}  // namespace app
