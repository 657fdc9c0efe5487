#include "store/database_recorder.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/lobby_notes.h"

namespace store {
namespace {

constexpr std::size_t kBatch = 256;               // notes in a transaction
constexpr auto kPause = std::chrono::seconds(1);  // before the next try while the database is away

}  // namespace

struct DatabaseRecorder::Impl {
  Impl(Store& database, std::size_t limit) : store(database), max_notes(limit) {}

  void add(LobbyNote note) {
    {
      std::lock_guard lock(mutex);
      notes.push_back(std::move(note));
      if (notes.size() > max_notes) {
        notes.pop_front();
        ++dropped;
      }
    }
    added.notify_one();
  }

  void write_down() {
    for (;;) {
      std::vector<LobbyNote> batch;
      bool last_chance = false;
      {
        std::unique_lock lock(mutex);
        added.wait(lock, [&] { return stopping || !notes.empty(); });
        if (notes.empty()) return;
        const auto count = static_cast<std::ptrdiff_t>(std::min(kBatch, notes.size()));
        std::move(notes.begin(), notes.begin() + count, std::back_inserter(batch));
        notes.erase(notes.begin(), notes.begin() + count);
        last_chance = stopping;
      }
      if (write_batch(batch)) continue;
      std::unique_lock lock(mutex);
      notes.insert(notes.begin(), std::make_move_iterator(batch.begin()),
                   std::make_move_iterator(batch.end()));
      if (last_chance) return give_up();
      added.wait_for(lock, kPause, [&] { return stopping; });
    }
  }

  // With the mutex held.
  void give_up() {
    base::log::warn("lobby_notes_lost", {{"notes", notes.size()}});
    dropped += notes.size();
    notes.clear();
  }

  // false: the database is away, keep the batch. A note that it refuses is logged and left out.
  bool write_batch(const std::vector<LobbyNote>& batch) {
    const auto together = write_notes(batch);
    if (together.ok()) return true;
    if (together.error().code == "unavailable") {
      base::log::warn("lobby_notes_delayed",
                      {{"notes", batch.size()}, {"reason", together.error().message}});
      return false;
    }
    for (const LobbyNote& note : batch) {
      const auto alone = write_notes({note});
      if (alone.ok()) continue;
      base::log::error("lobby_note_refused", {{"reason", alone.error().message}});
      ++dropped;
    }
    return true;
  }

  base::Result<void> write_notes(const std::vector<LobbyNote>& batch) {
    return store.transact([&](Connection& db) -> base::Result<void> {
      for (const LobbyNote& note : batch) {
        if (auto written = write_note(db, note); !written.ok()) return written;
      }
      return {};
    });
  }

  Store& store;
  const std::size_t max_notes;
  std::unique_ptr<Outbox> outbox;

  std::mutex mutex;
  std::condition_variable added;
  std::deque<LobbyNote> notes;
  bool stopping = false;
  std::atomic<std::uint64_t> dropped = 0;
  std::thread writer;
};

base::Result<std::unique_ptr<DatabaseRecorder>> DatabaseRecorder::open(RecorderOptions options,
                                                                       Store& store) {
  auto outbox = Outbox::open(std::move(options.outbox), store);
  if (!outbox.ok()) return outbox.error();
  auto impl = std::make_unique<Impl>(store, options.max_notes);
  impl->outbox = std::move(*outbox);
  if (!options.node_id.empty()) impl->add(NodeStarted{options.node_id, now()});
  impl->writer = std::thread([state = impl.get()] { state->write_down(); });
  return std::unique_ptr<DatabaseRecorder>(new DatabaseRecorder(std::move(impl)));
}

DatabaseRecorder::DatabaseRecorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

DatabaseRecorder::~DatabaseRecorder() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->added.notify_all();
  impl_->writer.join();
}

void DatabaseRecorder::lobby_opened(LobbyOpened lobby) { impl_->add(std::move(lobby)); }

void DatabaseRecorder::lobby_state(std::string lobby_id, LobbyState state, Time at) {
  impl_->add(LobbyChanged{std::move(lobby_id), state, at});
}

void DatabaseRecorder::player_joined(std::string lobby_id, std::string player_id, Side team,
                                     Time at) {
  impl_->add(PlayerJoined{std::move(lobby_id), std::move(player_id), team, at});
}

void DatabaseRecorder::player_left(std::string lobby_id, std::string player_id, Time at) {
  impl_->add(PlayerLeft{std::move(lobby_id), std::move(player_id), at});
}

void DatabaseRecorder::match_finished(MatchResult result, std::function<void(bool ok)> durable) {
  impl_->outbox->deliver(std::move(result), std::move(durable));
}

void DatabaseRecorder::chat_said(ChatLine line) { impl_->add(std::move(line)); }

void DatabaseRecorder::suspected(Suspicion suspicion) { impl_->add(std::move(suspicion)); }

DatabaseRecorder::Stats DatabaseRecorder::stats() const {
  Stats stats;
  stats.results = impl_->outbox->stats();
  stats.notes_dropped = impl_->dropped;
  std::lock_guard lock(impl_->mutex);
  stats.notes_waiting = impl_->notes.size();
  return stats;
}

}  // namespace store
