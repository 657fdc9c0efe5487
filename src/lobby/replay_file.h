#pragma once

// Replays on disk: <folder>/<name>.replay, one zstd frame for each piece the recorder gave away,
// one after the other (so `zstd -d` reads it too). Everything here blocks: call it on a pool
// thread, never on a shard.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace lobby {

inline constexpr std::size_t kReplayPiece = 32 * 1024;           // bytes worth a frame of their own
inline constexpr std::size_t kMaxReplayFile = 16 * 1024 * 1024;  // bytes on disk
inline constexpr std::size_t kMaxReplayBytes =
    64 * 1024 * 1024;  // bytes unpacked: more is taken for an attack

// A replay being written. Until finish() the file is called <name>.replay.part; what a crash leaves
// behind is removed by remove_old_replays(). One owner, one thread at a time.
class ReplayFile {
 public:
  // Makes the folder when it is missing. `name` must be made of letters, digits, '-', '_': else
  // error "invalid". Error "unavailable": the disk refuses.
  static base::Result<ReplayFile> create(const std::filesystem::path& folder,
                                         std::string_view name);

  // Packs the bytes and writes them to the end. Errors "unavailable": the disk is full or refuses.
  base::Result<void> append(std::span<const std::uint8_t> bytes);
  // Closes the file and gives it its name.
  base::Result<void> finish();
  // Closes the unfinished file and removes it.
  void discard();

 private:
  ReplayFile(std::filesystem::path path, std::ofstream stream)
      : path_(std::move(path)), stream_(std::move(stream)) {}

  std::filesystem::path path_;  // the final one
  std::ofstream stream_;
};

// The bytes of a replay file, for match::ReplayReader. Errors: "not_found", and "invalid" for what
// is no zstd, is cut off, or is larger than a replay may be.
base::Result<std::vector<std::uint8_t>> read_replay_file(const std::filesystem::path& path);

// Unpacks a replay file's bytes; the same errors.
base::Result<std::vector<std::uint8_t>> unpack_replay(std::span<const std::uint8_t> packed);

// Removes replays, finished or not, that were last written before now - age. Gives how many. A
// missing folder is an empty one. Error "unavailable": the folder cannot be read or a file cannot
// be removed.
base::Result<std::size_t> remove_old_replays(const std::filesystem::path& folder,
                                             std::chrono::seconds age);

}  // namespace lobby
