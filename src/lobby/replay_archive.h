#pragma once

// Where the matches of all lobbies of a node go on record (issue: replays). One thread of its own
// packs and writes; the shards only hand over bytes. When the disk cannot keep up or refuses,
// replays are given up, never a tick.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "lobby/replay_file.h"

namespace lobby {

class ReplayArchive {
 public:
  struct Options {
    std::filesystem::path folder;
    std::chrono::hours keep{14 * 24};         // older replays are removed
    std::uint64_t max_bytes = 2'000'000'000;  // and the oldest, when all together are larger
    std::size_t max_waiting =
        64 * 1024 * 1024;  // bytes not yet written, beyond which pieces are refused
    std::chrono::seconds sweep_every{600};
  };

  explicit ReplayArchive(Options options);
  // Writes what was handed over, then stops.
  ~ReplayArchive();
  ReplayArchive(const ReplayArchive&) = delete;
  ReplayArchive& operator=(const ReplayArchive&) = delete;

  // The next piece of a match's replay; `last` closes the file. Any thread; never waits for the
  // disk. False: too much is waiting, the match goes without a replay (the caller stops recording
  // it and what was written of it is removed).
  bool append(const std::string& match_id, std::span<const std::uint8_t> bytes, bool last);

  // Closes and removes what there is of a match's replay that will not be finished. Any thread;
  // never refused.
  void abandon(const std::string& match_id);

  std::filesystem::path path_of(const std::string& match_id) const;

 private:
  struct Piece {
    std::string match_id;
    std::vector<std::uint8_t> bytes;
    enum class Then : std::uint8_t { more, finished, abandoned } then = Then::more;
  };
  void queue(Piece piece);
  void loop();
  void write(const Piece& piece);
  void sweep();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Piece> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool stop_ = false;
  // The thread's own.
  std::map<std::string, ReplayFile> open_;
  std::set<std::string> lost_;  // their pieces are dropped until their end
  std::thread thread_;
};

}  // namespace lobby
