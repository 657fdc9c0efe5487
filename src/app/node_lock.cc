#include "app/node_lock.h"

#include <fcntl.h>
#include <unistd.h>

namespace app {
namespace {

std::string path_in(const std::string& data_dir) { return data_dir + "/node.lock"; }

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

NodeLock::NodeLock(const std::string& data_dir)
    : file_(::open(path_in(data_dir).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  struct flock lock = whole_file();
  held_ = file_ >= 0 && ::fcntl(file_, F_SETLK, &lock) == 0;
}

NodeLock::~NodeLock() {
  if (file_ >= 0) ::close(file_);
}

base::Result<pid_t> serving_process(const std::string& data_dir) {
  const base::Error nobody{"not_found", "no server runs from " + data_dir};
  const int file = ::open(path_in(data_dir).c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return nobody;
  struct flock lock = whole_file();
  const int asked = ::fcntl(file, F_GETLK, &lock);
  ::close(file);
  if (asked != 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0) return nobody;
  return lock.l_pid;
}

}  // namespace app
