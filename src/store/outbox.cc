#include "store/outbox.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/outbox_file.h"
#include "store/write_match.h"

namespace store {
namespace {

constexpr std::size_t kBatch = 64;  // results read from the file at a time
constexpr auto kFilePause =
    std::chrono::seconds(1);  // before the file is tried again after an error

}  // namespace

struct Outbox::Impl {
  struct Arrival {
    MatchResult result;
    std::function<void(bool)> durable;  // empty once it was called
  };

  Impl(OutboxOptions given, Store& database, std::unique_ptr<OutboxFile> opened)
      : options(std::move(given)), store(database), file(std::move(opened)) {}

  // Thread 1: memory -> file.
  void take_in() {
    for (;;) {
      std::vector<Arrival> batch;
      bool last_chance = false;
      {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return stopping || !arrivals.empty(); });
        if (arrivals.empty()) return;
        batch.swap(arrivals);
        last_chance = stopping;
      }
      if (put(batch)) continue;
      if (last_chance) return give_up(batch);
      std::unique_lock lock(mutex);
      arrivals.insert(arrivals.begin(), std::make_move_iterator(batch.begin()),
                      std::make_move_iterator(batch.end()));
      arrived.wait_for(lock, kFilePause, [&] { return stopping; });
    }
  }

  bool put(std::vector<Arrival>& batch) {
    drop_unsound(batch);
    std::vector<Waiting> results;
    for (const Arrival& arrival : batch)
      results.push_back({0, arrival.result.match_id, encode(arrival.result)});
    const auto fresh = file->add(results);
    if (!fresh.ok()) {
      base::log::error("outbox_write_failed",
                       {{"reason", fresh.error().message}, {"results", results.size()}});
    }
    for (Arrival& arrival : batch) {
      if (auto durable = std::exchange(arrival.durable, nullptr)) durable(fresh.ok());
    }
    if (!fresh.ok()) return false;
    {
      std::lock_guard lock(mutex);
      in_memory -= batch.size();
      in_file += *fresh;
      ++rounds;
    }
    stored.notify_one();
    return true;
  }

  // What no database would take is logged whole, so that a person can still mend it.
  void drop_unsound(std::vector<Arrival>& batch) {
    std::vector<std::function<void(bool)>> told;
    const auto unsound = [&](Arrival& arrival) {
      const auto good = check(arrival.result);
      if (good.ok()) return false;
      base::log::error("match_result_rejected", {{"matchId", arrival.result.match_id},
                                                 {"reason", good.error().message},
                                                 {"result", encode(arrival.result)}});
      ++rejected;
      told.push_back(std::move(arrival.durable));
      return true;
    };
    const std::size_t dropped = std::erase_if(batch, unsound);
    {
      std::lock_guard lock(mutex);
      in_memory -= dropped;
    }
    for (const auto& durable : told) {
      if (durable) durable(false);
    }
  }

  // Nothing is left to try: the log is the last place where these results can be kept.
  static void give_up(const std::vector<Arrival>& batch) {
    for (const Arrival& arrival : batch) {
      base::log::error("match_result_lost",
                       {{"matchId", arrival.result.match_id}, {"result", encode(arrival.result)}});
    }
  }

  // Thread 2: file -> database.
  void carry_out() {
    auto pause = options.first_pause;
    std::uint64_t seen = 0;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        stored.wait(lock, [&] { return stopping || rounds != seen; });
        if (stopping) return;
        seen = rounds;
      }
      while (!empty_file()) {
        std::unique_lock lock(mutex);
        if (stored.wait_for(lock, pause, [&] { return stopping; })) return;
        pause = std::min(pause * 2, options.longest_pause);
      }
      pause = options.first_pause;
    }
  }

  // Delivers what is in the file; false when something must be tried again later.
  bool empty_file() {
    bool all = true;
    std::int64_t last = 0;
    for (;;) {
      auto batch = file->next(last, kBatch);
      if (!batch.ok()) {
        base::log::error("outbox_read_failed", {{"reason", batch.error().message}});
        return false;
      }
      if (batch->empty()) return all;
      for (const Waiting& waiting : *batch) {
        if (is_stopping()) return true;
        last = waiting.number;
        const Carried carried = carry(waiting);
        if (carried == Carried::nothing_goes) return false;
        all = all && carried == Carried::gone;
      }
    }
  }

  enum class Carried { gone, stays, nothing_goes };

  // An "invalid" result will never be taken. "unavailable" holds for all of them. Anything else (no
  // tables yet, a bug in on_match) may be mended by the operator, so the result stays and the
  // others go on.
  Carried carry(const Waiting& waiting) {
    const auto written = write(waiting);
    const bool refused = !written.ok() && written.error().code == "invalid";
    if (!written.ok() && !refused) {
      base::log::warn("match_result_delayed",
                      {{"matchId", waiting.match_id}, {"reason", written.error().message}});
      return written.error().code == "unavailable" ? Carried::nothing_goes : Carried::stays;
    }
    if (refused) {
      base::log::error("match_result_rejected",
                       {{"matchId", waiting.match_id}, {"reason", written.error().message}});
    }
    const auto removed =
        refused ? file->reject(waiting, written.error().message) : file->remove(waiting.number);
    if (!removed.ok()) {
      base::log::error("outbox_write_failed",
                       {{"matchId", waiting.match_id}, {"reason", removed.error().message}});
      return Carried::nothing_goes;
    }
    ++(refused ? rejected : delivered);
    std::lock_guard lock(mutex);
    --in_file;
    return Carried::gone;
  }

  base::Result<void> write(const Waiting& waiting) {
    auto result = decode(waiting.body);
    if (!result.ok()) return result.error();
    return store.transact([&](Connection& db) -> base::Result<void> {
      auto fresh = write_match(db, *result);
      if (!fresh.ok()) return fresh.error();
      if (*fresh && options.on_match) return options.on_match(db, *result);
      return {};
    });
  }

  bool is_stopping() {
    std::lock_guard lock(mutex);
    return stopping;
  }

  const OutboxOptions options;
  Store& store;
  const std::unique_ptr<OutboxFile> file;

  std::mutex mutex;
  std::condition_variable arrived;
  std::condition_variable stored;
  std::vector<Arrival> arrivals;
  std::size_t in_memory = 0;
  std::size_t in_file = 0;
  std::uint64_t rounds =
      1;  // commits to the file; the first stands for what an earlier process left
  bool stopping = false;

  std::atomic<std::uint64_t> delivered = 0;
  std::atomic<std::uint64_t> rejected = 0;

  std::thread intake;
  std::thread delivery;
};

base::Result<std::unique_ptr<Outbox>> Outbox::open(OutboxOptions options, Store& store) {
  auto file = OutboxFile::open(options.path);
  if (!file.ok()) return file.error();
  auto left = (*file)->count();
  if (!left.ok()) return left.error();
  auto impl = std::make_unique<Impl>(std::move(options), store, std::move(*file));
  impl->in_file = *left;
  impl->intake = std::thread([state = impl.get()] { state->take_in(); });
  impl->delivery = std::thread([state = impl.get()] { state->carry_out(); });
  return std::unique_ptr<Outbox>(new Outbox(std::move(impl)));
}

Outbox::Outbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Outbox::~Outbox() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->arrived.notify_all();
  impl_->stored.notify_all();
  impl_->intake.join();
  impl_->delivery.join();
}

void Outbox::deliver(MatchResult result, std::function<void(bool ok)> durable) {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->arrivals.push_back({std::move(result), std::move(durable)});
    ++impl_->in_memory;
  }
  impl_->arrived.notify_one();
}

Outbox::Stats Outbox::stats() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->in_memory + impl_->in_file, impl_->delivered, impl_->rejected};
}

}  // namespace store
