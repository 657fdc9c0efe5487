#include "lobby/replay_archive.h"

#include <algorithm>

#include "base/log.h"

namespace lobby {

namespace fs = std::filesystem;
namespace log = base::log;

ReplayArchive::ReplayArchive(Options options)
    : options_(std::move(options)), thread_([this] { loop(); }) {}

ReplayArchive::~ReplayArchive() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

fs::path ReplayArchive::path_of(const std::string& match_id) const {
  return options_.folder / (match_id + ".replay");
}

bool ReplayArchive::append(const std::string& match_id, std::span<const std::uint8_t> bytes,
                           bool last) {
  const std::lock_guard lock(mutex_);
  if (waiting_bytes_ + bytes.size() > options_.max_waiting) {
    queue({match_id, {}, Piece::Then::abandoned});
    return false;
  }
  waiting_bytes_ += bytes.size();
  queue({match_id, {bytes.begin(), bytes.end()}, last ? Piece::Then::finished : Piece::Then::more});
  return true;
}

void ReplayArchive::abandon(const std::string& match_id) {
  const std::lock_guard lock(mutex_);
  queue({match_id, {}, Piece::Then::abandoned});
}

// Under the mutex.
void ReplayArchive::queue(Piece piece) {
  waiting_.push_back(std::move(piece));
  wake_.notify_one();
}

void ReplayArchive::loop() {
  auto next_sweep = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (true) {
    if (std::chrono::steady_clock::now() >= next_sweep) {
      lock.unlock();
      sweep();
      next_sweep = std::chrono::steady_clock::now() + options_.sweep_every;
      lock.lock();
    }
    wake_.wait_until(lock, next_sweep, [this] { return stop_ || !waiting_.empty(); });
    while (!waiting_.empty()) {
      const Piece piece = std::move(waiting_.front());
      waiting_.pop_front();
      waiting_bytes_ -= piece.bytes.size();
      lock.unlock();
      write(piece);
      lock.lock();
    }
    if (stop_) return;
  }
}

void ReplayArchive::write(const Piece& piece) {
  const auto lose = [&](const base::Error& reason) {
    log::error("replay_lost", {{"match", piece.match_id}, {"reason", reason.message}});
    if (piece.then == Piece::Then::more) lost_.insert(piece.match_id);
  };
  auto found = open_.find(piece.match_id);
  const bool is_lost = piece.then == Piece::Then::more ? lost_.contains(piece.match_id)
                                                       : lost_.erase(piece.match_id);
  if (is_lost) return;
  if (piece.then == Piece::Then::abandoned) {
    if (found == open_.end()) return;
    found->second.discard();
    open_.erase(found);
    return;
  }
  if (found == open_.end()) {
    auto created = ReplayFile::create(options_.folder, piece.match_id);
    if (!created) return lose(created.error());
    found = open_.emplace(piece.match_id, std::move(created).value()).first;
  }
  const bool last = piece.then == Piece::Then::finished;
  base::Result<void> done = found->second.append(piece.bytes);
  if (done && last) done = found->second.finish();
  if (!done) {
    found->second.discard();
    lose(done.error());
  }
  if (!done || last) open_.erase(found);
}

void ReplayArchive::sweep() {
  const auto removed = remove_old_replays(options_.folder, options_.keep);
  if (!removed) log::warn("replay_sweep", {{"reason", removed.error().message}});
  std::error_code error;
  std::vector<fs::directory_entry> files;
  std::uint64_t total = 0;
  for (const auto& entry : fs::directory_iterator(options_.folder, error)) {
    if (entry.path().extension() != ".replay") continue;
    files.push_back(entry);
    total += entry.file_size(error);
  }
  std::sort(files.begin(), files.end(), [&](const auto& a, const auto& b) {
    std::error_code ignored;  // a file that vanished meanwhile sorts as the oldest
    return a.last_write_time(ignored) < b.last_write_time(ignored);
  });
  for (const auto& entry : files) {
    if (total <= options_.max_bytes) break;
    total -= entry.file_size(error);
    if (!fs::remove(entry.path(), error))
      log::warn("replay_sweep", {{"file", entry.path().filename().string()}});
  }
}

}  // namespace lobby
