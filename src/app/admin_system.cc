#include "app/admin_system.h"

namespace app {

base::Result<std::unique_ptr<api::AdminApi>> make_admin_api(AdminParts parts) {
  auto secret = accounts::token_secret(parts.config.jwt_secret, parts.config.production(),
                                       parts.config.data_dir);
  if (!secret) return secret.error();
  api::AdminSources sources;
  sources.service = &parts.accounts.service();
  sources.store = &parts.store;
  sources.moderation = &parts.moderation;
  sources.directory = &parts.directory;
  sources.nodes = &parts.cluster.nodes();
  if (!parts.config.redis_url.empty()) {
    sources.lobbies = &parts.cluster.lobbies();
    sources.channel = &parts.cluster.channel();
  }
  sources.pages = &parts.pages;
  sources.node_id = parts.config.node_id;
  sources.token_secrets.push_back(std::move(secret).value());
  if (!parts.config.jwt_previous_secret.empty())
    sources.token_secrets.push_back(parts.config.jwt_previous_secret);
  sources.public_url = parts.config.public_url;
  sources.client_address = std::move(parts.client_address);
  sources.on_engine = std::move(parts.on_engine);
  if (parts.replays != nullptr) {
    sources.replay_of = [replays = parts.replays](const std::string& match_id) {
      return replays->path_of(match_id);
    };
  }
  sources.figures = std::move(parts.figures);
  sources.business = std::move(parts.business);
  sources.actions = std::move(parts.actions);
  return std::make_unique<api::AdminApi>(std::move(sources));
}

}  // namespace app
