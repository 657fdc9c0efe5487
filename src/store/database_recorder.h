#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "store/chat_log.h"
#include "store/outbox.h"
#include "store/recorder.h"
#include "store/store.h"
#include "store/suspicions.h"

namespace store {

struct RecorderOptions {
  OutboxOptions outbox;
  std::string node_id;  // lobbies that this node left open when it crashed are closed at start; ""
                        // = none are
  std::size_t max_notes = 65536;  // notes of lobbies kept while the database is away (about 20 MB)
};

// The Recorder that writes to a Store: results through the outbox, notes of lobbies by one thread,
// many in a transaction.
class DatabaseRecorder final : public Recorder {
 public:
  // Fails when the outbox cannot be opened. The store must outlive the recorder.
  static base::Result<std::unique_ptr<DatabaseRecorder>> open(RecorderOptions options,
                                                              Store& store);
  // Makes every result durable and tries once to write the notes that are left. Until it returns,
  // `durable` callbacks may still be called.
  ~DatabaseRecorder() override;

  void lobby_opened(LobbyOpened lobby) override;
  void lobby_state(std::string lobby_id, LobbyState state, Time at) override;
  void player_joined(std::string lobby_id, std::string player_id, Side team, Time at) override;
  void player_left(std::string lobby_id, std::string player_id, Time at) override;
  void match_finished(MatchResult result, std::function<void(bool ok)> durable) override;

  // A line of chat for the log (S6): a note like those of lobbies.
  void chat_said(ChatLine line);
  // What a detector found (S4): likewise.
  void suspected(Suspicion suspicion);

  struct Stats {
    Outbox::Stats results;
    std::size_t notes_waiting = 0;
    std::uint64_t notes_dropped = 0;  // to a full queue, or refused by the database
  };
  Stats stats() const;

 private:
  struct Impl;
  explicit DatabaseRecorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
