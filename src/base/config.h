#pragma once

// Every setting of the server, in one value that is read once at the start and never changed. Where
// each comes from: command line over environment over settings file over the default written here.
// What each means, its range and its names stand in settings.cc; config/trespasser.toml shows them
// all to the operator.

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace base {

struct Config {
  // Process and network.
  std::string node_env = "development";
  std::string host = "auto";  // after load_config an address: 127.0.0.1, in production 0.0.0.0
  int port = 3000;
  int shards = 0;                // 0 = one per core
  std::string node_id = "auto";  // "auto" = made once and kept in data_dir (app/node_identity.h)
  std::string region = "local";
  std::vector<std::string> cors_origins;
  std::vector<std::string> trusted_proxies;
  std::string proxy_protocol = "off";
  int tls_port = 0;                        // 0 = none
  std::string tls_cert;                    // file; needed with tls_port, as is the key
  std::string tls_key;                     // file
  int socket_opens_per_minute = 300;       // a school behind one address fits, a flood does not
  int connections_per_address = 256;       // open at once; players hold one each, pages six
  int connection_opens_per_minute = 3000;  // a school at the bell, six a page; a handshake each
  int address_requests_per_minute = 300;   // as above, with a search each
  std::chrono::seconds ping_interval{10};
  std::chrono::seconds ping_timeout{20};
  int max_payload = 100'000;  // bytes

  // Folders and logs.
  std::string data_dir = "data";
  std::string maps_dir = "maps";
  std::string web_dir = "web/dist";
  std::string log_level = "info";
  std::vector<std::string> metrics_allow = {
      "127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"};
  std::string metrics_token;  // "" = none

  // Limits.
  int max_lobbies_per_node = 2500;
  int max_players_per_node = 10'000;
  int max_players_per_lobby = 8;
  int memory_limit_mb = 1024;
  std::chrono::seconds drain_limit{1200};

  // The game.
  std::string default_map;  // "" = drawn from all maps
  int kill_limit = 50;
  std::chrono::seconds countdown{10};
  std::vector<std::string> queue_modes{"deathmatch"};
  std::chrono::seconds results_time{15};
  std::chrono::seconds vote_time{10};
  std::chrono::seconds reconnect_grace{60};
  int bot_fill = 0;
  std::string bot_skill = "normal";

  // Players and safety.
  std::string allow_guests = "auto";  // after load_config "true" or "false"; ask guests_allowed()
  bool test_hooks = false;
  std::string jwt_secret;
  std::string jwt_previous_secret;
  std::chrono::seconds token_life{900};
  int bcrypt_cost = 10;
  std::string smtp_url;
  std::string smtp_from = "trespasser@localhost";
  std::string public_url = "http://127.0.0.1:3000";

  // Where things are kept.
  std::string database_url;  // "" = SQLite in data_dir
  int database_pool = 8;
  std::string redis_url;  // "" = this node alone
  int replay_days = 14;
  int replay_megabytes = 2000;

  // Moderation.
  std::string appeals;     // "" = not said
  int reports_to_ban = 5;  // 0 = never
  int reporter_hours = 24;
  int reporter_matches = 3;

  bool production() const { return node_env == "production"; }
  bool guests_allowed() const { return allow_guests == "true"; }
};

// What the command line asked for besides settings.
struct CommandLine {
  Config config;
  std::vector<std::string> words;  // what is no flag, e.g. {"migrate"}
  bool help = false;               // --help was given; the settings may then be unchecked
};

// Looks up an environment variable; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

// Reads all settings. `arguments` is the command line without the program's name. The file is the
// one named by --config or CONFIG; without it there is none. The Error names the setting at fault
// and where its value came from; a secret's value is never repeated. Its code is "usage" for a flag
// that is not known or lacks its value, "invalid" for a setting.
Result<CommandLine> load_config(std::span<const std::string_view> arguments,
                                const Environment& environment);

// The text of --help: every setting with its flag, range and default.
std::string config_help();

}  // namespace base
