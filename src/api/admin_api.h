#pragma once

// The HTTP API and the page of staff (O5): /api/admin/... and /admin. Neither is there until the
// first administrator exists. docs/http-api.json describes the API.
//
// What keeps others out, in this order: the caller's own limit of requests; the origin (only the
// server's own pages, and programs, which send none); a signed-in account; its role, looked up in
// the database for every call; a second factor shown by this login session. The token travels in
// the Authorization header only, so that no other page can make a browser send it along.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "accounts/service.h"
#include "accounts/work_pool.h"
#include "api/admin_figures.h"
#include "api/admin_seal.h"
#include "api/static_files.h"
#include "base/client_address.h"
#include "base/rate_limit.h"
#include "lobby/directory.h"
#include "lobby/types.h"
#include "moderation/moderation.h"
#include "net/http.h"
#include "store/business.h"
#include "store/store.h"

namespace cluster {
class Channel;
class Lobbies;
class Nodes;
}  // namespace cluster
namespace lobby {
class Engine;
}

namespace api {

// What staff can have done that is not the API's own business. Called on the API's threads.
struct AdminActions {
  // Begins the draining of a node; "not_found" when there is none of that name.
  std::function<base::Result<void>(const std::string& node_id)> drain_node;
};

// What the API reads from and acts through. Pointers are never null unless it says so, outlive the
// API and may be used from any thread.
struct AdminSources {
  accounts::Service* service = nullptr;
  store::Store* store = nullptr;
  moderation::Moderation* moderation = nullptr;
  const lobby::Directory* directory = nullptr;
  cluster::Nodes* nodes = nullptr;
  // Of the other nodes; both null when there can be none.
  cluster::Lobbies* lobbies = nullptr;
  cluster::Channel* channel = nullptr;
  const StaticFiles* pages = nullptr;
  std::string node_id;                     // of this node
  std::vector<std::string> token_secrets;  // the first one seals the secrets of second factors
  std::string public_url;                  // origin of the pages behind a proxy; "" = not known
  base::ClientAddress client_address;
  // Runs fn with the lobbies of a shard, on that shard.
  std::function<void(lobby::ShardIndex, std::function<void(lobby::Engine&)>)> on_engine;
  // Where the replay of a match is kept, if it was recorded here. Empty = none are.
  std::function<std::filesystem::path(const std::string& match_id)> replay_of;
  FigureSources figures;
  // Business figures as they were read last; null before the first time.
  std::function<std::shared_ptr<const store::BusinessReport>()> business;
  AdminActions actions;
};

// One a node; any thread may call handle(). Make it when the shards run, destroy it before they
// stop: it waits for its calls under way.
class AdminApi {
 public:
  explicit AdminApi(AdminSources sources);
  ~AdminApi();

  // Is this path the API's, or its page's?
  static bool owns(std::string_view path);

  // Answers through `reply`, once, now or later, on any thread.
  void handle(const net::HttpRequest& request, std::function<void(net::HttpResponse)> reply);

  // A frame from another node: is it one for the API (admin_link.h), and then hears it.
  static bool owns_frame(std::string_view frame);
  void hear_frame(std::string_view from, std::string_view frame);

  struct Call;   // a request, copied, with what was found out about its caller
  struct Core;   // what the routes work with
  struct Route;  // a line of the tables in admin_*_routes.cc

 private:
  bool admit(const net::HttpRequest& request, Call& call);
  void serve_page(const net::HttpRequest& request, std::shared_ptr<Call> call);
  void run(const Route& route, std::shared_ptr<Call> call);
  net::HttpResponse answer(const Route& route, Call& call);
  base::Result<void> recognise(const Route& route, Call& call);
  bool is_on();
  void submit(std::shared_ptr<Call> call, std::function<net::HttpResponse()> work);
  void finish(const Call& call, net::HttpResponse response) const;
  void remember(const std::string& session_id);
  bool remembers(const std::string& session_id);

  const std::unique_ptr<Core> core_;
  base::RateLimit stranger_limit_;  // by address
  base::RateLimit staff_limit_;     // by login session
  std::atomic<bool> on_{false};     // an administrator was seen
  std::mutex mutex_;
  // Sessions lately seen as verified staff's, and when: their calls are counted apart.
  std::unordered_map<std::string, std::int64_t> lately_;
  // These go first: their jobs use all of the above. Questions of other nodes have threads of their
  // own, or two nodes that ask each other would wait for each other.
  accounts::WorkPool pool_;
  accounts::WorkPool others_pool_;
};

}  // namespace api
