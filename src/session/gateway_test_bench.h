#pragma once

// One shard with its lobbies and its gateway, for tests: what it posts waits until the test lets it
// run.

#include <memory>
#include <string>
#include <string_view>

#include "lobby/lobby_test_bench.h"
#include "session/gateway.h"
#include "session/lobby_host.h"
#include "session/presence.h"
#include "session/router.h"
#include "session/test_doubles.h"

namespace session::testing {

// What the shards of a node share.
struct NodeBench {
  explicit NodeBench(lobby::ShardIndex shards) : directory(100, 100, shards) {}

  lobby::Directory directory;
  lobby::MapPool maps =
      lobby::MapPool::load(std::string(TRESPASSER_SOURCE_DIR) + "/maps", "").value();
  lobby::testing::Recorder recorder;
  Presence presence;
};

// The routers are linked by the test, for it knows how many there are.
struct ShardBench {
  ShardBench(NodeBench& node, lobby::ShardIndex id, GatewaySettings settings)
      : shard(id),
        router(shard),
        host(shard, {.outlet = router,
                     .directory = node.directory,
                     .maps = node.maps,
                     .recorder = node.recorder,
                     .replays = nullptr,
                     .post = [this](std::function<void()> fn) { shard.post(std::move(fn)); },
                     .result_kept = {},
                     .node_id = "test",
                     .shard = id,
                     .bot_fill = 0,
                     .bot_skill = "normal",
                     .timing = {}}),
        gateway(std::move(settings), router, node.directory, node.presence) {
    router.attach(gateway, host);
  }

  void say(FakeSocket& socket, std::string_view name, std::string_view args = "") {
    sio::Event event;
    event.name = name;
    event.args = args;
    gateway.on_event(socket, event);
  }

  FakeShard shard;
  Router router;
  LobbyHost host;
  Gateway gateway;
};

}  // namespace session::testing
