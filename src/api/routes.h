#pragma once

// What the server answers over plain HTTP besides Engine.IO (wire contract 1.4): its JSON greeting,
// health, pages.

#include <atomic>

#include "api/health.h"
#include "api/static_files.h"
#include "lobby/directory.h"
#include "net/http.h"

namespace api {

// Shared by all shards; everything in it outlives them and may be used from any thread.
struct Site {
  const lobby::Directory* directory = nullptr;
  std::atomic<const Health*> health{nullptr};  // set once the shards run
  const StaticFiles* pages = nullptr;
  bool test_hooks = false;  // GET /debug/lobbies (L11)
};

// Answers one request. Any shard.
void answer(const Site& site, const net::HttpRequest& request, const net::HttpReply& reply);

}  // namespace api
