#include "sio/node.h"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "net/listen.h"
#include "net/loop.h"
#include "sio/engine.h"
#include "sio/hub.h"

namespace sio {

namespace {

// A session waits for its upgrade less than this before it closes (engine_session.cc).
constexpr std::chrono::milliseconds kLastUpgrades{1'000};

constexpr unsigned kMaxShards = 64;

std::string fault_of(const NodeSettings& settings) {
  const Settings& sio = settings.sio;
  if (settings.shards < 1 || settings.shards > kMaxShards) return "shards must be 1 to 64";
  if (sio.path.size() < 3 || sio.path.front() != '/' || sio.path.back() != '/') {
    return "the Socket.IO path must begin and end with a slash: " + sio.path;
  }
  if (sio.ping_interval.count() <= 0 || sio.ping_timeout.count() <= 0)
    return "ping times must be positive";
  return {};
}

}  // namespace

struct Node::Impl {
  // Destroyed from the last to the first: nothing outlives what it points to.
  struct Core {
    std::unique_ptr<net::Loop> loop;
    std::unique_ptr<Handler> application;
    std::unique_ptr<EngineHandler> handler;
    std::unique_ptr<Engine> engine;
    std::thread thread;
  };

  NodeSettings settings;
  MakeHandler make_handler;
  MakeEngineHandler make_engine;
  MakeHttp make_http;
  std::vector<Core> cores;
  std::vector<Engine*> engines;
  std::uint16_t port = 0;
  bool running = false;

  void build() {
    for (unsigned i = 0; i < settings.shards; ++i) {
      Core& core = cores.emplace_back();
      core.loop = std::make_unique<net::Loop>(static_cast<net::ShardId>(i));
      if (settings.on_fault) core.loop->on_fault(settings.on_fault);
    }
  }

  void furnish(Core& core) {
    net::Loop& loop = *core.loop;
    if (make_engine) {
      core.handler = make_engine(loop);
    } else {
      core.application = make_handler(loop);
      core.handler = std::make_unique<Hub>(loop, settings.sio, *core.application, settings.shards);
    }
    core.engine = std::make_unique<Engine>(loop, settings, engines);
    core.engine->set_handlers(*core.handler, make_http ? make_http(loop) : net::HttpHandler{});
    engines.push_back(core.engine.get());
  }

  // On the shard's thread: each step only marks what the end of the batch carries out, in this
  // order.
  static void wind_up(Core& core) {
    core.engine->connections().stop_accepting();
    core.engine->close_all();
    core.loop->after_batch(
        [&core, until = core.loop->now() + kLastUpgrades] { settle(core, until); });
  }

  // Waits for those in the middle of an upgrade.
  static void settle(Core& core, net::SteadyTime until) {
    constexpr std::chrono::milliseconds kLookAgain{10};
    const net::SteadyTime now = core.loop->now();
    if (!core.engine->all_closed() && now < until) {
      core.loop->at(now + kLookAgain, [&core, until] { settle(core, until); });
      return;
    }
    core.loop->after_batch([&core] {
      if (core.application) static_cast<Hub&>(*core.handler).end_waiting();
      core.loop->after_batch([&core] { core.loop->stop(); });
    });
  }
};

Node::Node(NodeSettings settings, MakeHandler make_handler, MakeHttp make_http)
    : impl_(std::make_unique<Impl>()) {
  impl_->settings = std::move(settings);
  impl_->make_handler = std::move(make_handler);
  impl_->make_http = std::move(make_http);
  impl_->build();
}

Node::Node(NodeSettings settings, MakeEngineHandler make_engine, MakeHttp make_http)
    : impl_(std::make_unique<Impl>()) {
  impl_->settings = std::move(settings);
  impl_->make_engine = std::move(make_engine);
  impl_->make_http = std::move(make_http);
  impl_->build();
}

Node::~Node() { stop(); }

base::Result<void> Node::start() {
  if (std::string fault = fault_of(impl_->settings); !fault.empty())
    return base::Error{"invalid", std::move(fault)};
  auto listening =
      net::listen_on(impl_->settings.host, impl_->settings.port, impl_->settings.shards);
  if (!listening) return listening.error();
  impl_->port = listening->port;
  net::Listening second;
  if (impl_->settings.second_port != 0) {
    auto opened =
        net::listen_on(impl_->settings.host, impl_->settings.second_port, impl_->settings.shards);
    if (!opened) {
      for (const int fd : listening->sockets) ::close(fd);
      return opened.error();
    }
    second = std::move(opened).value();
  }
  for (auto& core : impl_->cores) impl_->furnish(core);
  impl_->running = true;
  for (std::size_t i = 0; i < impl_->cores.size(); ++i) {
    Impl::Core& core = impl_->cores[i];
    core.engine->connections().listen(listening->sockets[i], impl_->settings.door);
    if (!second.sockets.empty())
      core.engine->connections().listen(second.sockets[i], impl_->settings.second_door);
    core.thread = std::thread([loop = core.loop.get()] { loop->run(); });
    // For those who look at the process with ps or a debugger.
    ::pthread_setname_np(core.thread.native_handle(),
                         ("shard-" + std::to_string(core.loop->id())).c_str());
  }
  return {};
}

std::uint16_t Node::port() const { return impl_->port; }
unsigned Node::shard_count() const { return static_cast<unsigned>(impl_->cores.size()); }
net::Shard& Node::shard(unsigned index) { return *impl_->cores.at(index).loop; }
const net::Counters& Node::counters(unsigned index) const {
  return impl_->cores.at(index).loop->counters();
}

void Node::stop_accepting() {
  if (!impl_->running) return;
  for (auto& core : impl_->cores) {
    core.loop->post([engine = core.engine.get()] { engine->connections().stop_accepting(); });
  }
}

void Node::stop() {
  if (!std::exchange(impl_->running, false)) return;
  for (auto& core : impl_->cores) core.loop->post([&core] { Impl::wind_up(core); });
  for (auto& core : impl_->cores) core.thread.join();
  impl_->engines.clear();
  for (auto& core : impl_->cores) {
    core.engine.reset();
    core.handler.reset();
    core.application.reset();
  }
}

}  // namespace sio
