#include "api/machine_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>

#include "base/clock.h"

namespace api {
namespace {

// Half a minute of a busy node's log and replays: with less, results are about to be lost.
constexpr std::uint64_t kLeastFree = 8'000'000;
constexpr std::int64_t kDiskSilenceMs = 10'000;
constexpr std::uint64_t kFullPercent = 95;

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long long pages = 0;
  unsigned long long resident = 0;
  const int fields = std::fscanf(file, "%llu %llu", &pages, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

// Newer kernels give the number as the folder's size, which takes no descriptor and does not list
// thousands; `otherwise` when neither way is open, which is when there are none left.
std::uint64_t open_descriptors(std::uint64_t otherwise) {
  struct stat folder{};
  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0)
    return static_cast<std::uint64_t>(folder.st_size);
  DIR* list = ::opendir("/proc/self/fd");
  if (list == nullptr) return otherwise;
  std::uint64_t count = 0;
  while (const dirent* entry = ::readdir(list)) count += entry->d_name[0] != '.' ? 1 : 0;
  ::closedir(list);
  return count - 1;  // that of the list itself
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// A block of a file, as the log, the outbox and the database want one.
bool can_write(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  // Without a descriptor nothing is known about the disk; that is another check's business.
  if (fd < 0) return errno == EMFILE || errno == ENFILE;
  constexpr std::array<char, 4096> kBlock{};
  const bool written = ::write(fd, kBlock.data(), kBlock.size()) == ssize_t{kBlock.size()};
  return ::close(fd) == 0 && written;
}

}  // namespace

ProcessFigures process_figures() {
  ProcessFigures figures;
  figures.resident_bytes = resident_bytes();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.most_descriptors = limit.rlim_cur;
  figures.open_descriptors = open_descriptors(figures.most_descriptors);
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return figures;
}

bool nearly_out_of_descriptors(const ProcessFigures& figures) {
  return figures.open_descriptors >= figures.most_descriptors / 100 * kFullPercent +
                                         figures.most_descriptors % 100 * kFullPercent / 100;
}

DiskWatch::DiskWatch(std::filesystem::path folder)
    : folder_(std::move(folder)), looked_ms_(base::steady_ms()), thread_([this] { loop(); }) {
  ::pthread_setname_np(thread_.native_handle(), "disk-watch");
}

DiskWatch::~DiskWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void DiskWatch::loop() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    look();
    lock.lock();
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
  }
}

void DiskWatch::look() {
  const bool written = can_write(folder_ / "disk-check");
  struct statvfs disk{};
  if (::statvfs(folder_.c_str(), &disk) == 0) {
    free_ = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    size_ = static_cast<std::uint64_t>(disk.f_blocks) * disk.f_frsize;
  }
  writable_ = written && (size_ == 0 || free_ >= kLeastFree);
  looked_ms_ = base::steady_ms();
}

DiskWatch::State DiskWatch::state() const {
  const bool answers = base::steady_ms() - looked_ms_ < kDiskSilenceMs;
  return {writable_ && answers, free_, size_};
}

}  // namespace api
