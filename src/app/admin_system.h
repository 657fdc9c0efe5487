#pragma once

// The admin API put together from the rooms of a running server.

#include <memory>

#include "api/admin_api.h"
#include "app/account_system.h"
#include "base/config.h"
#include "base/error.h"
#include "cluster/cluster.h"
#include "lobby/replay_archive.h"
#include "moderation/moderation.h"
#include "store/store.h"

namespace app {

// All of it outlives the API.
struct AdminParts {
  const base::Config& config;
  store::Store& store;
  AccountSystem& accounts;
  moderation::Moderation& moderation;
  cluster::Cluster& cluster;
  const lobby::Directory& directory;
  const api::StaticFiles& pages;
  const lobby::ReplayArchive* replays;  // null: matches are not recorded
  base::ClientAddress client_address;
  api::FigureSources figures;
  std::function<std::shared_ptr<const store::BusinessReport>()> business;
  // Runs fn with the lobbies of a shard, on that shard.
  std::function<void(lobby::ShardIndex, std::function<void(lobby::Engine&)>)> on_engine;
  api::AdminActions actions;
};

// The Error names the setting at fault.
base::Result<std::unique_ptr<api::AdminApi>> make_admin_api(AdminParts parts);

}  // namespace app
