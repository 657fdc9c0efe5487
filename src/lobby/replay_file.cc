#include "lobby/replay_file.h"

#include <zstd.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <system_error>

namespace lobby {
namespace {

namespace fs = std::filesystem;

constexpr int kLevel =
    9;  // packs 32 KiB in about a millisecond; higher levels gain under 2 % on so little
constexpr std::string_view kExtension = ".replay";
constexpr std::string_view kPartExtension = ".part";

base::Error unavailable(const fs::path& path, const char* what) {
  return {"unavailable", path.string() + ": " + what};
}

bool plain(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
}

fs::path part_of(const fs::path& path) { return fs::path(path) += kPartExtension; }

bool is_replay(const fs::path& path) {
  return path.extension() == kExtension ||
         (path.extension() == kPartExtension && path.stem().extension() == kExtension);
}

}  // namespace

base::Result<ReplayFile> ReplayFile::create(const fs::path& folder, std::string_view name) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), plain)) {
    return base::Error{"invalid", "a replay cannot be called \"" + std::string(name) + "\""};
  }
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return unavailable(folder, failed.message().c_str());
  fs::path path = folder / (std::string(name) + std::string(kExtension));
  std::ofstream stream(part_of(path), std::ios::binary | std::ios::trunc);
  if (!stream) return unavailable(path, "cannot be written");
  return ReplayFile(std::move(path), std::move(stream));
}

base::Result<void> ReplayFile::append(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return {};
  std::vector<char> packed(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) return unavailable(path_, ZSTD_getErrorName(size));
  stream_.write(packed.data(), static_cast<std::streamsize>(size));
  stream_.flush();
  if (!stream_) return unavailable(path_, "cannot be written");
  return {};
}

base::Result<void> ReplayFile::finish() {
  stream_.close();
  if (!stream_) return unavailable(path_, "cannot be written");
  std::error_code failed;
  fs::rename(part_of(path_), path_, failed);
  if (failed) return unavailable(path_, failed.message().c_str());
  return {};
}

void ReplayFile::discard() {
  stream_.close();
  std::error_code left_to_the_sweep;
  fs::remove(part_of(path_), left_to_the_sweep);
}

base::Result<std::vector<std::uint8_t>> unpack_replay(std::span<const std::uint8_t> packed) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream);
  if (!stream) return base::Error{"unavailable", "no memory to unpack a replay"};
  std::vector<std::uint8_t> out;
  std::vector<std::uint8_t> piece(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  bool within_frame = false;
  while (true) {
    ZSTD_outBuffer unpacked{piece.data(), piece.size(), 0};
    const std::size_t before = in.pos;
    const std::size_t hint = ZSTD_decompressStream(stream.get(), &unpacked, &in);
    if (ZSTD_isError(hint) != 0) return base::Error{"invalid", "this replay file is damaged"};
    if (out.size() + unpacked.pos > kMaxReplayBytes)
      return base::Error{"invalid", "this replay file is too large"};
    out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(unpacked.pos));
    if (in.pos != before || unpacked.pos != 0) within_frame = hint != 0;
    if (in.pos == in.size && unpacked.pos < unpacked.size) break;
  }
  if (within_frame || out.empty()) return base::Error{"invalid", "this replay file is cut off"};
  return out;
}

base::Result<std::vector<std::uint8_t>> read_replay_file(const fs::path& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed) return base::Error{"not_found", path.string() + ": " + failed.message()};
  if (size > kMaxReplayFile)
    return base::Error{"invalid", path.string() + " is too large for a replay"};
  std::vector<std::uint8_t> packed(static_cast<std::size_t>(size));
  std::ifstream stream(path, std::ios::binary);
  stream.read(reinterpret_cast<char*>(packed.data()), static_cast<std::streamsize>(packed.size()));
  if (!stream) return base::Error{"invalid", path.string() + " cannot be read"};
  return unpack_replay(packed);
}

base::Result<std::size_t> remove_old_replays(const fs::path& folder, std::chrono::seconds age) {
  std::error_code failed;
  fs::directory_iterator entries(folder, failed);
  if (failed == std::errc::no_such_file_or_directory) return std::size_t{0};
  if (failed) return unavailable(folder, failed.message().c_str());
  const auto limit = fs::file_time_type::clock::now() - age;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : entries) {
    if (!is_replay(entry.path())) continue;
    const auto written = entry.last_write_time(failed);
    if (!failed && written < limit) old.push_back(entry.path());
  }
  for (const fs::path& path : old) {
    fs::remove(path, failed);
    if (failed) return unavailable(path, failed.message().c_str());
  }
  return old.size();
}

}  // namespace lobby
