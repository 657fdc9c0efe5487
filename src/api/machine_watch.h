#pragma once

// What the node gets from its machine: room on the disk, file descriptors, memory, processor time.
// The disk is asked on a thread of its own, because a disk that hangs holds up whoever asks.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>

namespace api {

// Of this process, read now; 0 where the kernel does not say.
struct ProcessFigures {
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;  // that it may open
  double cpu_seconds = 0;
};
ProcessFigures process_figures();

// So few left that the next players may get none.
bool nearly_out_of_descriptors(const ProcessFigures& figures);

class DiskWatch {
 public:
  // Writes a small file into `folder` and asks how much room is left, once a second from now on.
  explicit DiskWatch(std::filesystem::path folder);
  ~DiskWatch();  // waits for a question under way
  DiskWatch(const DiskWatch&) = delete;
  DiskWatch& operator=(const DiskWatch&) = delete;

  struct State {
    bool ok = true;                // could be written to lately, and has some room
    std::uint64_t free_bytes = 0;  // for this process
    std::uint64_t size_bytes = 0;
  };
  // Any thread, never waits. Until the first answer all is taken to be well.
  State state() const;

 private:
  void loop();
  void look();

  const std::filesystem::path folder_;
  std::atomic<bool> writable_{true};
  std::atomic<std::uint64_t> free_{0};
  std::atomic<std::uint64_t> size_{0};
  std::atomic<std::int64_t> looked_ms_;  // steady clock of the last answer
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace api
